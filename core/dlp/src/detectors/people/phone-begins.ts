/** Where a telephone number may begin, told by a few bytes: most numbers of a log or a table are none. */

const [lineFeed, space, comma, dash, dot, slash, zero, colon, equals] = [
  10, 32, 44, 45, 46, 47, 48, 58, 61,
] as const;
const [plus, parenthesis] = [0x2b, 0x28] as const;

/** What must not stand right ahead of a number, and what its first six bytes are made of. */
const [touches, inside] = [new Uint8Array(256), new Uint8Array(256)];
for (let byte = 0; byte < 256; byte++) {
  const one = String.fromCharCode(byte);
  touches[byte] = /[A-Za-z0-9_.:/+=~\x80-\xff-]/.test(one) ? 1 : 0;
  inside[byte] = /[\d() ./-]/.test(one) ? 1 : 0;
}

/** Digits of a number without signs that a label may stand ahead of. */
const longest = 13;
/** Digits of a first group. */
const mostInGroup = 4;
/** Blanks and equal signs between a label and its number. */
const mostBlanks = 4;

/** Whether one may begin in [from, to) of a text that ends at `end`. Never false where one does. */
export function mayBeginPhone(bytes: Uint8Array, from: number, to: number, end: number): boolean {
  for (let at = from; at < to; at++) {
    const first = bytes[at] ?? 0;
    if (!isDigit(first) && first !== plus && first !== parenthesis) continue;
    if (at + 6 > end || !isOpen(bytes, at) || !isNumeric(bytes, at + 1) || followsNumber(bytes, at)) continue;
    if (first === plus || first === parenthesis || first === zero) return true;
    let digits = 1;
    while (at + digits < end && digits <= longest && isDigit(bytes[at + digits] ?? 0)) digits += 1;
    const [sign, behind] = [bytes[at + digits] ?? 0, bytes[at + digits + 1] ?? 0];
    if (isGrouped(first, digits, sign)) return true;
    // What has a decimal or a path behind it is nobody's number.
    const goesOn = (sign === comma || sign === dot || sign === slash || sign === colon) && isDigit(behind);
    if (digits <= longest && !goesOn && isLabelled(bytes, at)) return true;
  }
  return false;
}

function isOpen(bytes: Uint8Array, at: number): boolean {
  if (at === 0) return true;
  const before = bytes[at - 1] ?? 0;
  return touches[before] === 0 && !(before === comma && at > 1 && isDigit(bytes[at - 2] ?? 0));
}

function isNumeric(bytes: Uint8Array, at: number): boolean {
  for (let next = at; next < at + 5; next++) if (inside[bytes[next] ?? 0] === 0) return false;
  return true;
}

/** Behind a blank and a number, or what has the form of a code: `12 `, `4711AB `. */
function followsNumber(bytes: Uint8Array, at: number): boolean {
  if (at < 2 || bytes[at - 1] !== space) return false;
  for (let back = at - 2; back >= 0 && back >= at - 6; back--) {
    const byte = bytes[back] ?? 0;
    if (isDigit(byte)) return true;
    if (byte < 65 || byte > 90) return false;
  }
  return false;
}

/** Whether what stands ahead can be the end of a label. */
function isLabelled(bytes: Uint8Array, at: number): boolean {
  let back = at - 1;
  for (let blanks = 0; back >= 0 && blanks < mostBlanks; blanks++, back--) {
    const byte = bytes[back] ?? 0;
    if (byte !== equals && byte !== space && !(byte >= 9 && byte <= 13) && byte !== 0xa0) break;
  }
  const sign = bytes[back] ?? lineFeed;
  if (sign === dot || sign === colon) back -= 1;
  const last = bytes[back] ?? lineFeed;
  // `no.`, `n\xb0`.
  return isLetter(last) || last === dot || last === 0xb0;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 57;
}

/** `12 34`, `12-34`; dots and slashes only as in North America: `212.555`, `1/212`. */
function isGrouped(first: number, digits: number, sign: number): boolean {
  if (sign === space || sign === dash) return digits <= mostInGroup;
  return (sign === dot || sign === slash) && (digits === 3 || (digits === 1 && first === zero + 1));
}

function isLetter(byte: number): boolean {
  return (byte | 32) >= 97 && (byte | 32) <= 122;
}
