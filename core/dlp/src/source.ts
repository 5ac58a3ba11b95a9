import type { Source } from './document.ts';

/** Bytes in memory as a source. They are not copied: do not change them meanwhile. */
export function sourceOf(bytes: Uint8Array): Source {
  return { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}
