/** When a word that stands in a text counts as that word. */

const shortest = 4;

/** A word as detectors give it, with the other ways that its letters outside of ASCII are written in capitals. */
export function variantsOf(word: string): readonly string[] {
  const lower = asciiLower(word);
  if (!/[\x80-\xff]/.test(lower)) return [lower];
  const text = decoded(lower);
  const capital = text.slice(0, 1).toUpperCase() + text.slice(1);
  return [...new Set([lower, ...[text.toUpperCase(), capital].map((one) => asciiLower(encoded(one)))])];
}

/** Only ASCII: the other bytes are parts of characters. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
}

/** Whether a word is so short that it counts only when nothing else of a word stands beside it. */
export function needsEdges(word: string): boolean {
  // Scripts that put no blanks between words begin at \xe0 in UTF-8.
  return !/[\xe0-\xff]/.test(word) && decoded(word).length <= shortest;
}

/** Whether [start, end) is a word of its own: `ssn`, `userSsn`, `SSN_2`, but not `tan` in `standard`. */
export function hasEdges(byteAt: (at: number) => number, start: number, end: number): boolean {
  return isEdge(byteAt(start - 1), byteAt(start)) && isEdge(byteAt(end - 1), byteAt(end));
}

/** Whether a word ends between two neighbours; 0 is nothing. */
function isEdge(left: number, right: number): boolean {
  if (!isLetter(left) || !isLetter(right)) return true;
  return isLower(left) && isUpper(right);
}

function isLetter(byte: number): boolean {
  return isLower(byte) || isUpper(byte) || byte >= 0x80;
}

function isLower(byte: number): boolean {
  return byte >= 97 && byte <= 122;
}

function isUpper(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}

function decoded(word: string): string {
  return new TextDecoder().decode(Uint8Array.from(word, (one) => one.charCodeAt(0)));
}

function encoded(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
