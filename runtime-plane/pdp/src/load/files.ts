/** Policies and data from files and folders, as one set. */
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { BundleFile } from '@chaperone/policy/bundle';
import { isPlain, type Json, type Value } from '@chaperone/rego';
import { PdpError } from '../errors.ts';
import { parseOnly } from '../json/parse.ts';
import { parseYaml } from '../json/yaml.ts';
import { mergeDocuments } from '../store/documents.ts';
import type { Claim } from '../store/ownership.ts';
import type { Loaded } from '../store/store.ts';
import type { StoredModule } from '../store/version.ts';

export type LoadPaths = {
  /** `.rego` files, folders with them and with `data.json` or `data.yaml`, and bundles (`.tar.gz`). */
  readonly policies: readonly string[];
  /** JSON or YAML files that hold objects; they become `data`. */
  readonly data: readonly string[];
  /** Bundles: archives, or folders with what is in one. */
  readonly bundles?: readonly string[];
  /** Documents that are in no file, such as the settings of a profile. */
  readonly documents?: Readonly<Record<string, Json>>;
};

/** Reads a bundle's archive, or the files of one; throws PdpError. */
export type BundleReader = (source: Uint8Array | readonly BundleFile[], file: string) => Promise<Loaded>;

/** The files of one load together. A folder that holds more was not meant. */
const maxBytes = 256 * 1024 * 1024;
const maxFiles = 20_000;

type Found = {
  modules: StoredModule[];
  data: Value;
  claims: Claim[];
  revisions: Record<string, string>;
  bytes: number;
  files: number;
};

/** Throws PdpError. */
export async function loadFiles(
  paths: LoadPaths,
  dialect: 'v0' | 'v1',
  readBundle?: BundleReader,
): Promise<Loaded> {
  const found: Found = { modules: [], data: {}, claims: [], revisions: {}, bytes: 0, files: 0 };
  for (const given of paths.policies) {
    if (isFolder(given)) await addFolder(found, given, [], dialect, new Set());
    else if (given.endsWith('.rego')) addModule(found, given, dialect);
    else if (/\.(?:tar\.gz|tgz)$/.test(given)) await addBundle(found, given, readBundle);
    else if (isData(given)) await addData(found, given, []);
    else throw new PdpError('unreadable', `${given} is no .rego file, folder or bundle (.tar.gz)`);
  }
  for (const given of paths.bundles ?? []) await addBundle(found, given, readBundle);
  for (const given of paths.data) {
    if (!isData(given)) throw new PdpError('unreadable', `${given} is no .json or .yaml file`);
    await addData(found, given, []);
  }
  const { modules, claims, revisions } = found;
  const { documents } = paths;
  const data = documents === undefined ? found.data : mergeDocuments(found.data, documents);
  return { modules, data, claims, revisions };
}

async function addFolder(
  found: Found,
  folder: string,
  at: readonly string[],
  dialect: 'v0' | 'v1',
  seen: Set<string>,
): Promise<void> {
  const real = realpathSync(folder);
  // A link to a folder above would go round for ever.
  if (seen.has(real)) return;
  seen.add(real);
  for (const name of listFolder(folder)) {
    if (name.startsWith('.')) continue;
    const file = path.join(folder, name);
    if (isFolder(file)) await addFolder(found, file, [...at, name], dialect, seen);
    else if (name.endsWith('.rego')) addModule(found, file, dialect);
    else if (/^data\.(?:json|ya?ml)$/.test(name)) await addData(found, file, at);
  }
}

function addModule(found: Found, file: string, dialect: 'v0' | 'v1'): void {
  found.modules.push({ id: file, raw: readText(found, file), dialect });
}

async function addBundle(found: Found, file: string, readBundle: BundleReader | undefined): Promise<void> {
  if (readBundle === undefined)
    throw new PdpError(
      'unreadable',
      `${file} is a bundle, which this version cannot read; unpack it and name the folder`,
    );
  const source = isFolder(file) ? bundleFiles(found, file, file) : readBytes(found, file);
  const { modules, data, claims, revisions } = await readBundle(source, file);
  found.modules.push(...modules);
  found.data = mergeDocuments(found.data, data);
  found.claims.push(...claims);
  Object.assign(found.revisions, revisions);
}

/** Every file below the folder, by its name in the bundle. */
function bundleFiles(found: Found, top: string, folder: string): BundleFile[] {
  return listFolder(folder).flatMap((name): BundleFile[] => {
    const file = path.join(folder, name);
    if (lstatSync(file).isDirectory()) return bundleFiles(found, top, file);
    const inside = path.relative(top, file).split(path.sep).join('/');
    // Of the others nothing is read: a folder that people work in has more than a bundle.
    if (!/(?:\.rego|^\.manifest|^\.signatures\.json|(?:^|\/)data\.(?:json|ya?ml))$/.test(inside)) return [];
    return [{ name: inside, bytes: readBytes(found, file) }];
  });
}

async function addData(found: Found, file: string, at: readonly string[]): Promise<void> {
  const text = readText(found, file);
  let value: Value;
  if (file.endsWith('.json')) {
    const parsed = parseOnly(text);
    if (!parsed.ok) throw new PdpError('unreadable', `${file} is not JSON: ${parsed.problem.message}`);
    ({ value } = parsed);
  } else {
    const parsed = await parseYaml(text);
    if (!parsed.ok) throw new PdpError('unreadable', `${file} is not YAML: ${parsed.message}`);
    ({ value } = parsed);
  }
  if (!isPlain(value)) throw new PdpError('unreadable', `${file} must hold an object`);
  const placed = at.toReversed().reduce<Value>((inner, key) => ({ [key]: inner }), value);
  found.data = mergeDocuments(found.data, placed);
}

function isData(file: string): boolean {
  return /\.(?:json|ya?ml)$/.test(file);
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch (error) {
    throw unreadable(file, error);
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function readText(found: Found, file: string): string {
  return new TextDecoder().decode(readBytes(found, file));
}

function readBytes(found: Found, file: string): Uint8Array {
  found.files += 1;
  try {
    const { size } = statSync(file);
    found.bytes += size;
    if (found.bytes > maxBytes || found.files > maxFiles)
      throw new PdpError(
        'unreadable',
        `too much to load: more than ${maxFiles} files or 256 MiB, at ${file}`,
      );
    return readFileSync(file);
  } catch (error) {
    throw error instanceof PdpError ? error : unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): PdpError {
  const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
  return new PdpError('unreadable', `cannot read ${file} (${why})`, { cause: error });
}
