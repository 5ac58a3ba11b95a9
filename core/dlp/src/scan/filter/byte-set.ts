/** Sets of bytes, with one more member for "no byte": the beginning or the end of a text. */

export type ByteSet = Uint8Array;

/** Stands for the beginning or the end of a text. */
export const edge = 256;
const size = 257;

export function byteSet(holds: (byte: number) => boolean, withEdge = false): ByteSet {
  const set = new Uint8Array(size);
  for (let byte = 0; byte < edge; byte++) set[byte] = holds(byte) ? 1 : 0;
  set[edge] = withEdge ? 1 : 0;
  return set;
}

export function united(sets: readonly ByteSet[]): ByteSet {
  const all = new Uint8Array(size);
  for (const set of sets)
    for (let byte = 0; byte < size; byte++) all[byte] = (all[byte] ?? 0) | (set[byte] ?? 0);
  return all;
}

/** @param withEdge whether the complement has the edge */
export function complement(set: ByteSet, withEdge = false): ByteSet {
  return byteSet((byte) => set[byte] === 0, withEdge);
}

/** With both cases of each letter, of ASCII and of the upper half of Latin-1; 215 and 247 are signs. */
export function caseless(set: ByteSet): ByteSet {
  const both = Uint8Array.from(set);
  for (let upper = 65; upper <= 222; upper++) {
    if ((upper > 90 && upper < 192) || upper === 215) continue;
    if (set[upper] === 1 || set[upper + 32] === 1) both[upper] = both[upper + 32] = 1;
  }
  return both;
}

const isWord = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122);

export const notLineEnd = byteSet((byte) => byte !== 10 && byte !== 13);
const digits = byteSet((byte) => byte >= 48 && byte <= 57);
export const wordBytes = byteSet(isWord);
const blanks = byteSet((byte) => (byte >= 9 && byte <= 13) || byte === 32 || byte === 160);

/** `\d`, `\W` and the like. */
export const classEscapes: Readonly<Record<string, ByteSet>> = {
  d: digits,
  D: complement(digits),
  w: wordBytes,
  W: complement(wordBytes),
  s: blanks,
  S: complement(blanks),
};
