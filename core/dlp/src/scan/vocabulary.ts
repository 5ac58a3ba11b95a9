/** When a word that stands in a text counts as that word. */

const shortest = 4;
/** Bytes of so many characters of two bytes each. */
const longest = 2 * shortest;
const asciiCapitals = /[A-Z]+/g;

/** A word as detectors give it, with the other ways that its letters outside of ASCII are written in capitals. */
export function variantsOf(word: string): readonly string[] {
  const lower = asciiLower(word);
  if (isAscii(lower)) return [lower];
  let upper = '';
  let titled = '';
  for (let at = 0; at < lower.length;) {
    const end = at + lengthAt(lower, at);
    const one = capitalOf(lower.slice(at, end));
    if (one === undefined) return [lower];
    if (at === 0) titled = one + lower.slice(end);
    upper += one;
    at = end;
  }
  return [...new Set([lower, upper, titled])];
}

/** Bytes of the character at a place of UTF-8. */
function lengthAt(text: string, at: number): number {
  const lead = text.charCodeAt(at);
  return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** What never changes, of the few letters that words have. */
const capitals = new Map<string, string | undefined>();

/** @param character as binary text; of ASCII it stays as it is. @returns the same, with what is ASCII in lower case; undefined for what is no character */
function capitalOf(character: string): string | undefined {
  if (character < '\x80') return character;
  if (capitals.has(character)) return capitals.get(character);
  const text = decoded(character);
  const capital = text.includes('\ufffd') ? undefined : asciiLower(encoded(text.toUpperCase()));
  capitals.set(character, capital);
  return capital;
}

/** Only ASCII: the other bytes are parts of characters. */
export function asciiLower(text: string): string {
  for (let at = 0; at < text.length; at++)
    if (isUpper(text.charCodeAt(at))) return text.replace(asciiCapitals, (upper) => upper.toLowerCase());
  return text;
}

/** Whether a word is so short that it counts only when nothing else of a word stands beside it. */
export function needsEdges(word: string): boolean {
  if (word.length > longest) return false;
  if (isAscii(word)) return word.length <= shortest;
  // Scripts that put no blanks between words begin at \xe0 in UTF-8.
  return !/[\xe0-\xff]/.test(word) && decoded(word).length <= shortest;
}

/** Whether [start, end) is a word of its own: `ssn`, `userSsn`, `SSN_2`, but not `tan` in `standard`. */
export function hasEdges(byteAt: (at: number) => number, start: number, end: number): boolean {
  return isEdge(byteAt(start - 1), byteAt(start)) && isEdge(byteAt(end - 1), byteAt(end));
}

/** Whether a word ends between two neighbours; 0 is nothing. */
export function isEdge(left: number, right: number): boolean {
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

const decoder = new TextDecoder();
const encoder = new TextEncoder();

// Called for thousands of words, where a regular expression takes longer.
function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) >= 0x80) return false;
  return true;
}

function decoded(word: string): string {
  const bytes = new Uint8Array(word.length);
  for (let at = 0; at < word.length; at++) bytes[at] = word.charCodeAt(at);
  return decoder.decode(bytes);
}

function encoded(text: string): string {
  return String.fromCharCode(...encoder.encode(text));
}
