/** Bundles as OPA reads them. */
import { BundleError } from './errors.ts';
import { gzip } from './gzip.ts';
import { defaultLimits } from './limits.ts';
import { emptyManifest, type Manifest, manifestName, manifestText, parseManifest } from './manifest.ts';
import { type BundleFile, bundleName, byName } from './names.ts';
import { type BundleSource, parseBundle, unpackBundle } from './read.ts';
import { type Signing, signaturesName, signFiles } from './signature.ts';
import { writeTar } from './tar.ts';

export type BuildOptions = Partial<Manifest> & {
  readonly signing?: Signing;
};

/**
 * The bundle of these files; the same files and options give the same bytes. What a `.manifest` among the files says holds
 * where the options do not. What could not be read again is refused.
 *
 * Throws BundleError and PolicyError as `readBundle` does.
 */
export async function buildBundle(
  files: readonly BundleFile[],
  { signing, ...given }: BuildOptions = {},
): Promise<Uint8Array> {
  const named = files.map(({ name, bytes }) => ({ name: bundleName(name, defaultLimits), bytes }));
  const own = named.find(({ name }) => name === manifestName);
  const text = manifestText({ ...(own ? parseManifest(own) : emptyManifest), ...given });
  const contents = named.filter(({ name }) => name !== manifestName && name !== signaturesName);
  if (text !== undefined) contents.push({ name: manifestName, bytes: new TextEncoder().encode(text) });
  const all = await unpackBundle(contents.toSorted(byName));
  parseBundle(all);
  return pack(all, signing);
}

/** The same bundle with a signature in place of the one that it may have. Throws BundleError and PolicyError. */
export async function signBundle(source: BundleSource, signing: Signing): Promise<Uint8Array> {
  const files = await unpackBundle(source);
  parseBundle(files);
  return pack(
    files.filter(({ name }) => name !== signaturesName),
    signing,
  );
}

async function pack(files: readonly BundleFile[], signing: Signing | undefined): Promise<Uint8Array> {
  if (files.length === 0) throw new BundleError('bad_archive', 'there is nothing to put into the bundle');
  return gzip(writeTar(signing ? [...files, await signFiles(files, signing)] : files));
}
