import { BundleError } from './errors.ts';
import type { BundleLimits } from './limits.ts';

/** A file of a bundle: slash-separated name without a leading slash. */
export type BundleFile = { readonly name: string; readonly bytes: Uint8Array };

/**
 * The name as it counts inside the bundle. Archives write `/a/b`, `./a/b` and `a/b` for the same file; whatever could mean
 * another place, or read differently elsewhere, is refused.
 */
export function bundleName(written: string, limits: BundleLimits): string {
  const refuse = (why: string): never => {
    throw new BundleError('unsafe_entry', `the name ${JSON.stringify(written.slice(0, 200))} ${why}`);
  };
  if (encoder.encode(written).length > limits.nameBytes)
    return refuse(`is longer than ${limits.nameBytes} bytes`);
  const name = written.replace(/^(?:\.?\/)/, '');
  if (/[\p{Cc}\\]/u.test(name)) return refuse('holds a control character or a backslash');
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return refuse('has an empty, . or .. part');
  return name;
}

const encoder = new TextEncoder();

export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** One order on every machine. */
export function byName(a: BundleFile, b: BundleFile): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Text of a file; throws BundleError with the given code when it is not UTF-8. */
export function textOf(
  { name, bytes }: BundleFile,
  code: 'bad_manifest' | 'bad_data' | 'bad_module',
): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new BundleError(code, `${name} is not UTF-8 text`, { cause: error });
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });
