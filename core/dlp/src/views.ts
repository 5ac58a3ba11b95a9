/**
 * The same text as a person or a program would read it: references, escapes, base64 and look-alike characters resolved. Only what
 * stands around such places is written anew, so ordinary text costs a look for them and nothing more.
 */
import { plainOf, resolved } from './views-resolve.ts';

/** Context counts within 300 characters. */
const around = 320;
const shortestRun = 40;
const blockBytes = 4096;
const isRunByte = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  isRunByte[character.charCodeAt(0)] = 1;
const isWordByte = new Uint8Array(256);
for (let at = 0; at < 128; at += 1) isWordByte[at] = /[a-zA-Z0-9]/.test(String.fromCharCode(at)) ? 1 : 0;

const newline = new Uint8Array([0x0a]);

/**
 * @param isAscii whether all bytes are below 0x80, where the host can tell faster than by looking at each
 * @returns UTF-8; undefined where nothing is written in another way
 */
export function otherView(
  text: Uint8Array,
  isAscii: (bytes: Uint8Array) => boolean = () => false,
): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  for (const [from, to] of windows(placesOf(text, isAscii), text.length)) {
    const seen = text.subarray(from, to);
    const plain = resolved(seen);
    if (plain) pieces.push(plain, newline);
  }
  for (const [from, to] of runs(text)) {
    const plain = plainOf(text.subarray(from, to));
    if (plain) pieces.push(newline, plain, newline);
  }
  return pieces.length === 0 ? undefined : joined(pieces);
}

function windows(places: readonly number[], length: number): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const at of places) {
    const last = found.at(-1);
    const to = Math.min(length, at + around);
    if (last && at - around <= last[1]) last[1] = to;
    else found.push([Math.max(0, at - around), to]);
  }
  return found;
}

/** Where something is written in another way, in ascending order. */
function placesOf(text: Uint8Array, isAscii: (bytes: Uint8Array) => boolean): number[] {
  const found: number[] = [];
  for (const [lead, test] of leads)
    for (let at = text.indexOf(lead); at >= 0; at = text.indexOf(lead, at + 1))
      if (test(text, at)) {
        found.push(at);
        at += around >> 1;
      }
  for (let at = 0; at < text.length; at += blockBytes)
    if (!isAscii(text.subarray(at, at + blockBytes)))
      foreign(text, at, Math.min(text.length, at + blockBytes), found);
  return found.sort((a, b) => a - b);
}

/** The high half of an encoded letter or digit: those are encoded for no other reason than to hide them. */
function isPlainCode(high: number, low: number): boolean {
  const value = (nibble(high) << 4) | nibble(low);
  return (isWordByte[value] ?? 0) === 1 || value === 0x40;
}

function nibble(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 0x80;
}

const leads: readonly (readonly [lead: number, test: (text: Uint8Array, at: number) => boolean])[] = [
  // Percent-encoding (RFC 3986).
  [0x25, (text, at) => isPlainCode(text[at + 1] ?? 0, text[at + 2] ?? 0)],
  // Character references of HTML and XML.
  [0x26, (text, at) => text[at + 1] === 0x23 || /^(?:nbs|shy|zwn|zwj)/.test(ascii(text, at + 1, at + 4))],
  // Escapes of JSON and most programming languages.
  [
    0x5c,
    (text, at) => {
      if (text[at + 1] === 0x78) return isPlainCode(text[at + 2] ?? 0, text[at + 3] ?? 0);
      if (text[at + 1] !== 0x75) return false;
      const [a = 0, b = 0] = text.subarray(at + 2, at + 4);
      if (a !== 0x30 || b !== 0x30) return /^(?:20|ff|06|fe)/i.test(ascii(text, at + 2, at + 4));
      return isPlainCode(text[at + 4] ?? 0, text[at + 5] ?? 0) || /^ad/i.test(ascii(text, at + 4, at + 6));
    },
  ],
];

function ascii(text: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...text.subarray(from, to));
}

/** Characters of UTF-8 that look like others, or like nothing. */
function foreign(text: Uint8Array, from: number, to: number, found: number[]): void {
  for (let at = from; at < to; at += 1)
    if ((text[at] ?? 0) >= 0xc2 && isForeign(text, at)) {
      found.push(at);
      at += around >> 1;
    }
}

function isForeign(text: Uint8Array, at: number): boolean {
  const [a = 0, b = 0, c = 0] = [text[at], text[at + 1], text[at + 2]];
  switch (a) {
    case 0xc2: // soft hyphen; no-break space
      return b === 0xad || (b === 0xa0 && isBetweenDigits(text, at, 2));
    case 0xcd: // combining grapheme joiner
      return b === 0x8f;
    case 0xd0:
    case 0xd1: // Cyrillic within a Latin word
      return (isWordByte[text[at - 1] ?? 0] ?? 0) === 1 || (isWordByte[c] ?? 0) === 1;
    case 0xd9: // Arabic digits
      return b >= 0xa0 && b <= 0xa9;
    case 0xdb:
      return b >= 0xb0 && b <= 0xb9;
    case 0xe0: // Indian digits
      return c >= 0xa6 && c <= 0xaf && (b === 0xa5 || b === 0xa7);
    case 0xe1:
      return b === 0x85 && (c === 0x9f || c === 0xa0);
    case 0xe2:
      if (b === 0x80) {
        if (c >= 0x90 && c <= 0x95) return isBetweenDigits(text, at, 3);
        return (c >= 0x8b && c <= 0x8f) || (c >= 0xaa && c <= 0xae) || c === 0xaf;
      }
      if (b === 0x88) return c === 0x92 && isBetweenDigits(text, at, 3);
      return b === 0x81 || (b === 0x82 && c <= 0x89) || b === 0x91;
    case 0xef: // full-width digits and letters, a mark of byte order within the text, variation selectors
      if (b === 0xbc) return (c >= 0x90 && c <= 0x99) || (c >= 0xa1 && c <= 0xba);
      if (b === 0xbd) return c >= 0x81 && c <= 0x9a;
      return (b === 0xbb && c === 0xbf && at > 0) || (b === 0xb8 && c >= 0x80 && c <= 0x8f);
    case 0xf0: // mathematical letters and digits
      return b === 0x9d && c >= 0x90;
    default:
      return false;
  }
}

function isBetweenDigits(text: Uint8Array, at: number, length: number): boolean {
  const isDigit = (byte = 0): boolean => byte >= 0x30 && byte <= 0x39;
  return isDigit(text[at - 1]) || isDigit(text[at + length]);
}

/** Runs of at least 40 characters of base64 or hexadecimal digits; lines of them are one. */
function* runs(text: Uint8Array): Generator<[from: number, to: number]> {
  let from = 0;
  for (let at = shortestRun - 1; at < text.length; at = from + shortestRun - 1) {
    let start = at;
    while (start >= from && isRunByte[text[start] ?? 0] === 1) start -= 1;
    if (start >= from) {
      from = start + 1;
      continue;
    }
    let end = endOfRun(text, at + 1);
    for (let next = wholeLine(text, end); next > end; next = wholeLine(text, end)) end = next;
    while (text[end] === 0x3d) end += 1;
    yield [from, end];
    from = end;
  }
}

function endOfRun(text: Uint8Array, from: number): number {
  let end = from;
  while (end < text.length && isRunByte[text[end] ?? 0] === 1) end += 1;
  return end;
}

/** @returns where the next line ends, if it is nothing but such characters; else `end` */
function wholeLine(text: Uint8Array, end: number): number {
  const feed = text[end] === 0x0d ? end + 1 : end;
  if (text[feed] !== 0x0a) return end;
  const next = endOfRun(text, feed + 1);
  const after = text[next] ?? 0x0a;
  return next > feed + 1 && (after === 0x0a || after === 0x0d || after === 0x3d) ? next : end;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
