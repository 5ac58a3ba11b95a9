/** From the bytes of a bundle to what it holds: unpack, verify, parse, check against its roots. Nothing is kept of a bundle that fails. */
import { type Module, outline, type Outline, RegoError, settleDialect } from '@chaperone/rego';
import { PolicyError } from '../errors.ts';
import { type Data, dataOf, isDataFile } from './documents.ts';
import { BundleError } from './errors.ts';
import { gunzip } from './gzip.ts';
import { type BundleLimits, defaultLimits } from './limits.ts';
import { dialects, emptyManifest, type Manifest, manifestName, parseManifest } from './manifest.ts';
import { baseName, type BundleFile, bundleName, textOf } from './names.ts';
import { assertData, assertPackage } from './roots.ts';
import { type Signature, signaturesName, type Verification, verifyFiles } from './signature.ts';
import { readTar } from './tar.ts';

/** A gzipped tar, or the files of one. */
export type BundleSource = Uint8Array | readonly BundleFile[];

export type BundleModule = Module & { readonly dialect: 'v0' | 'v1'; readonly outline: Outline };

export type Bundle = {
  readonly manifest: Manifest;
  readonly modules: readonly BundleModule[];
  readonly data: Data;
  /** Whose signature was verified; absent when the bundle is not signed. */
  readonly signature?: Signature;
};

export type ReadBundleOptions = {
  readonly verification?: Verification;
  readonly limits?: Partial<BundleLimits>;
  /** Of modules whose manifest does not say; the first that can read them when absent. */
  readonly dialect?: 'v0' | 'v1';
};

/** Throws BundleError, and PolicyError `refused` for a module that cannot be parsed. */
export async function readBundle(source: BundleSource, options: ReadBundleOptions = {}): Promise<Bundle> {
  const files = await unpackBundle(source, options);
  const signature = await verifyFiles(files, options.verification);
  return { ...parseBundle(files, options), ...(signature ? { signature } : {}) };
}

/** The files of a bundle, unverified. Throws BundleError. */
export async function unpackBundle(
  source: BundleSource,
  { limits: given }: ReadBundleOptions = {},
): Promise<readonly BundleFile[]> {
  const limits = { ...defaultLimits, ...given };
  if (source instanceof Uint8Array) return readTar(await gunzip(source, limits), limits);
  return checkFiles(source, limits);
}

/** A list of files by the same rules as an archive. */
function checkFiles(files: readonly BundleFile[], limits: BundleLimits): readonly BundleFile[] {
  if (files.length > limits.files)
    throw new BundleError('too_large', `the bundle holds more than ${limits.files} files`);
  const found = new Map<string, BundleFile>();
  let total = 0;
  for (const { name: written, bytes } of files) {
    const name = bundleName(written, limits);
    total += bytes.length;
    if (bytes.length > limits.fileBytes || total > limits.unpackedBytes)
      throw new BundleError('too_large', `the bundle is larger than the limit (at ${name})`);
    if (found.has(name))
      throw new BundleError('unsafe_entry', `${JSON.stringify(name)} is in the bundle twice`);
    found.set(name, { name, bytes });
  }
  return [...found.values()];
}

/** What unpacked files say; their signature is not looked at. Throws BundleError and PolicyError `refused`. */
export function parseBundle(
  files: readonly BundleFile[],
  { limits: given, dialect }: Omit<ReadBundleOptions, 'verification'> = {},
): Bundle {
  const limits = { ...defaultLimits, ...given };
  for (const { name } of files) assertSupported(name);
  const found = files.find(({ name }) => name === manifestName);
  const manifest = found ? parseManifest(found) : emptyManifest;
  const dialectOf = dialects(manifest);
  const modules = files
    .filter(({ name }) => name.endsWith('.rego'))
    .map((file): BundleModule => moduleOf(file, dialectOf(file.name) ?? dialect));
  for (const { file, outline: found } of modules) assertPackage(manifest.roots, found.package, file);
  const data = dataOf(
    files.filter(({ name }) => isDataFile(name)),
    limits,
  );
  assertData(manifest.roots, data);
  return { manifest, modules, data };
}

function assertSupported(name: string): void {
  const base = baseName(name);
  const refuse = (what: string): never => {
    throw new BundleError('unsupported', `${name}: ${what}`);
  };
  if (base === 'policy.wasm')
    refuse('WebAssembly is not supported; build the bundle with `opa build -t rego`');
  if (base === 'plan.json') refuse('plans are not supported; build the bundle with `opa build -t rego`');
  if (base === 'patch.json') refuse('delta bundles are not supported; serve snapshots');
  // OPA takes these anywhere; one that is passed over in silence could hold what the bundle is meant to be limited by.
  const isMisplaced = base.endsWith(manifestName) || base.endsWith(signaturesName.slice(1));
  if (isMisplaced && name !== manifestName && name !== signaturesName)
    refuse(
      `belongs to the top of the bundle, as ${base.endsWith(manifestName) ? manifestName : signaturesName}`,
    );
}

function moduleOf(file: BundleFile, dialect: 'v0' | 'v1' | undefined): BundleModule {
  const source = textOf(file, 'bad_module');
  const module = settleDialect({ file: file.name, source, ...(dialect ? { dialect } : {}) });
  try {
    return { ...module, dialect: module.dialect ?? 'v1', outline: outline(module) };
  } catch (error) {
    if (error instanceof RegoError) throw new PolicyError('refused', [error], { cause: error });
    if (error instanceof RangeError) throw new BundleError('bad_module', `${file.name} nests too deeply`);
    throw error;
  }
}
