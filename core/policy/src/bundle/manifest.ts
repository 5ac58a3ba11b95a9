import { globMatcher, type Json } from '@chaperone/rego';
import { BundleError } from './errors.ts';
import { type BundleFile, textOf } from './names.ts';
import { assertDistinct, normalRoot } from './roots.ts';
import { reasonOf } from './structured.ts';

/** What `.manifest` says. */
export type Manifest = {
  /** Empty when the bundle has none. */
  readonly revision: string;
  /** Slash-separated, without outer slashes; `""` is all of `data`. */
  readonly roots: readonly string[];
  readonly regoVersion?: 0 | 1;
  /** Globs over file names; each overrides `regoVersion`. */
  readonly fileRegoVersions: Readonly<Record<string, 0 | 1>>;
  readonly metadata: Readonly<Record<string, Json>>;
};

export const manifestName = '.manifest';

export const emptyManifest: Manifest = { revision: '', roots: [''], fileRegoVersions: {}, metadata: {} };

const known = ['revision', 'roots', 'rego_version', 'file_rego_versions', 'wasm', 'metadata'];

/** Members that are not known are ignored, as in OPA. Throws BundleError. */
export function parseManifest(file: BundleFile): Manifest {
  const text = textOf(file, 'bad_manifest');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(`is not JSON: ${reasonOf(error)}`, error);
  }
  if (!isRecord(value)) throw bad('must hold a JSON object');
  for (const name of Object.keys(value)) {
    const lower = name.toLowerCase();
    // OPA takes any case; a root that one reader sees and the other does not would change what a bundle may define.
    if (lower !== name && known.includes(lower))
      throw bad(`has ${JSON.stringify(name)}; write it as ${lower}`);
  }
  const member = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
  const {
    revision = '',
    roots = [''],
    metadata = {},
    versions = {},
  } = {
    revision: member('revision'),
    roots: member('roots'),
    metadata: member('metadata'),
    versions: member('file_rego_versions'),
  };
  const wasm = member('wasm') ?? [];
  if (typeof revision !== 'string') throw bad('revision must be a text');
  if (!isTexts(roots)) throw bad('roots must be a list of texts');
  if (!isRecord(metadata)) throw bad('metadata must be an object');
  if (!isRecord(versions)) throw bad('file_rego_versions must be an object');
  if (!Array.isArray(wasm)) throw bad('wasm must be a list');
  if (wasm.length > 0)
    throw new BundleError(
      'unsupported',
      'the bundle asks for WebAssembly, which is not supported; build it with `opa build -t rego`',
    );
  const regoVersion = member('rego_version');
  const normal = roots.map(normalRoot);
  assertDistinct(normal);
  return {
    revision,
    roots: normal,
    ...(regoVersion === undefined ? {} : { regoVersion: versionOf('rego_version', regoVersion) }),
    fileRegoVersions: Object.fromEntries(
      Object.entries(versions).map(([pattern, version]) => [
        pattern,
        versionOf(`file_rego_versions ${JSON.stringify(pattern)}`, version),
      ]),
    ),
    metadata: metadata as Readonly<Record<string, Json>>,
  };
}

/** The manifest as it goes into a bundle; undefined when it says nothing. */
export function manifestText(manifest: Manifest): string | undefined {
  const { revision, roots, regoVersion, fileRegoVersions, metadata } = manifest;
  const has = (value: object): boolean => Object.keys(value).length > 0;
  const isDefault = roots.length === 1 && roots[0] === '';
  if (revision === '' && isDefault && regoVersion === undefined && !has(fileRegoVersions) && !has(metadata))
    return undefined;
  return `${JSON.stringify({
    revision,
    roots,
    ...(regoVersion === undefined ? {} : { rego_version: regoVersion }),
    ...(has(fileRegoVersions) ? { file_rego_versions: fileRegoVersions } : {}),
    ...(has(metadata) ? { metadata } : {}),
  })}\n`;
}

/** The dialect of each file by name; undefined where the manifest leaves it open. Throws BundleError. */
export function dialects({
  regoVersion,
  fileRegoVersions,
}: Manifest): (name: string) => 'v0' | 'v1' | undefined {
  const rules = Object.entries(fileRegoVersions).map(([pattern, version]) => {
    const matches = globMatcher(pattern);
    if (!matches) throw bad(`file_rego_versions has ${JSON.stringify(pattern)}, which is no glob`);
    return { matches, version };
  });
  return (name) => {
    // OPA matches the name as the archive has it, and writes archives with a leading slash.
    const found = new Set(
      rules.filter(({ matches }) => matches(`/${name}`) || matches(name)).map(({ version }) => version),
    );
    if (found.size > 1) throw bad(`file_rego_versions gives ${JSON.stringify(name)} both versions`);
    const [version = regoVersion] = found;
    return version === undefined ? undefined : version === 0 ? 'v0' : 'v1';
  };
}

function versionOf(where: string, value: unknown): 0 | 1 {
  if (value === 0 || value === 1) return value;
  throw bad(`${where} must be 0 or 1`);
}

function bad(what: string, cause?: unknown): BundleError {
  return new BundleError('bad_manifest', `.manifest ${what}`, cause === undefined ? {} : { cause });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
