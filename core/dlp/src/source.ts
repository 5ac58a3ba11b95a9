import type { Source } from './document.ts';

/** Bytes in memory as a source. They are not copied: do not change them meanwhile. */
export function sourceOf(bytes: Uint8Array): Source {
  const size = bytes.length;
  // Most reads are of all of a small file.
  const read = (at: number, length: number): Uint8Array =>
    at === 0 && length >= size ? bytes : bytes.subarray(at, at + length);
  return { size, read };
}
