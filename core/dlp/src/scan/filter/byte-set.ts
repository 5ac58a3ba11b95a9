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

/** Puts what is in `others` into `set`. */
export function add(set: ByteSet, others: ByteSet): void {
  for (let byte = 0; byte < size; byte++) set[byte] = (set[byte] ?? 0) | (others[byte] ?? 0);
}

export function united(sets: readonly ByteSet[]): ByteSet {
  const all = new Uint8Array(size);
  for (const set of sets) add(all, set);
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

/**
 * Sets by how they are written. Patterns say the same few in thousands of places, and what uses them asks whether two are the
 * same: a cache of what never changes, of the patterns that ship.
 */
const written = new Map<string, ByteSet>();

/** @param source of a character or a class, as the pattern has it */
export function setOf(source: string, isCaseless: boolean, made: () => ByteSet): ByteSet {
  const name = isCaseless ? `i${source}` : `-${source}`;
  let set = written.get(name);
  if (set === undefined) written.set(name, (set = made()));
  return set;
}
