/** Tables of words as the compiled looks at texts read them. */

/** Of a hash: as many bits as say a place in a table. */
export const tableBits = 18;
export const keywordBits = 10;
export const cellBits = 14;

const mostKeywords = 512;
const [otherLetter, mark] = [27, 28];

/** Sets a bit. */
export function put(table: Uint8Array, bit: number): void {
  table[bit >> 3] = (table[bit >> 3] ?? 0) | (1 << (bit & 7));
}

/** Pairs of hash and number. @throws RangeError when there are too many */
export function putKeywords(table: Uint32Array, keywords: readonly string[]): void {
  if (keywords.length > mostKeywords) throw new RangeError(`more than ${mostKeywords} keywords`);
  for (const [number, keyword] of keywords.entries()) {
    let hash = 0x81_1c_9d_c5;
    for (let at = 0; at < keyword.length; at++)
      hash = Math.imul(hash ^ keyword.charCodeAt(at), 0x01_00_01_93);
    let slot = hash >>> (32 - keywordBits);
    while (table[2 * slot] !== 0) slot = (slot + 1) & ((1 << keywordBits) - 1);
    table.set([hash >>> 0, number], 2 * slot);
  }
}

/** As the module hashes letters. @param name lower case, binary text */
export function hashOf(name: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const code of codesOf(name)) hash = Math.imul(hash ^ code, 0x01_00_01_93);
  return hash >>> (32 - tableBits);
}

/** As the module hashes the first word of a cell. */
export function firstWordOf(label: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const letter of /^[a-z0-9\x80-\xff]*/.exec(label)?.[0] ?? '') {
    const code = letter >= '\x80' ? otherLetter : letter <= '9' ? mark : letter.charCodeAt(0) & 31;
    hash = Math.imul(hash ^ code, 0x01_00_01_93);
  }
  return hash >>> (32 - cellBits);
}

export function codesOf(name: string): number[] {
  const codes: number[] = [];
  for (let at = 0; at < name.length;) {
    const byte = name.charCodeAt(at);
    if (byte < 0x80) codes.push(byte === 39 || byte === 45 ? mark : byte & 31);
    else codes.push(byte === 0xe2 ? mark : otherLetter);
    at += byte < 0x80 ? 1 : byte < 0xe0 ? 2 : 3;
  }
  return codes;
}

/** The last three codes as one number; all such numbers where there are two only. */
export function lastThree(codes: readonly number[]): number[] {
  const last = codes.slice(-3).reduce((sum, code) => (sum << 5) | code, 0);
  return codes.length > 2 ? [last] : Array.from({ length: 32 }, (_, first) => (first << 10) | last);
}
