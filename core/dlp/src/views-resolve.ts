/** What text that is written in another way says. */
import { encodingOf, toUtf8 } from './documents/encoding.ts';

const names: Readonly<Record<string, string>> = { nbsp: ' ', shy: '', zwnj: '', zwj: '' };
/** Runs of references to single bytes. */
const percents = /(?:%[0-9a-f]{2})+/gi;
const escapes =
  /\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#(\d{1,7});?|&#x([0-9a-f]{1,6});?|&(nbsp|shy|zwnj|zwj);/gi;
/** Characters that are not in ASCII. */
const other = /[\u0080-\uffff]/;
/** They show nothing: format characters, joiners, variation selectors, fillers. */
const unseen = /\p{Cf}|\u034f|[\u115f\u1160\u3164\uffa0]|[\ufe00-\ufe0f]/gu;
const dashes = /[\u2010-\u2015\u2212]/g;
const spaces = /\p{Zs}/gu;
const digits = /(?![0-9])\p{Nd}/gu;
/** Cyrillic and Greek letters that look like Latin ones. */
const twins = new Map(
  Array.from('АВЕКМНОРСТУХЅІЈаеорсухѕіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο', (letter, at) => [
    letter,
    'ABEKMHOPCTYXSIJaeopcyxsijABEZHIKMNOPTYXo'[at] ?? letter,
  ]),
);
const twin = /[\u0370-\u0458]/g;

/** @returns undefined when it says nothing else */
export function resolved(bytes: Uint8Array): Uint8Array | undefined {
  const written = new TextDecoder().decode(bytes);
  let unescaped = written;
  if (written.includes('%'))
    unescaped = unescaped.replace(percents, (run) => new TextDecoder().decode(percentBytes(run)));
  if (unescaped.includes('&') || unescaped.includes('\\'))
    unescaped = unescaped.replace(escapes, unescapedOne);
  const plain = other.test(unescaped) ? plainCharacters(unescaped) : unescaped;
  return plain === written ? undefined : new TextEncoder().encode(plain);
}

function unescapedOne(
  whole: string,
  unicode?: string,
  byte?: string,
  decimal?: string,
  hex?: string,
  name?: string,
): string {
  if (name !== undefined) return names[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(unicode ?? byte ?? hex ?? '', 16) : Number(decimal);
  return character(code, whole);
}

/** Of ASCII it changes nothing. */
function plainCharacters(text: string): string {
  return text
    .normalize('NFKC')
    .replace(unseen, '')
    .replace(dashes, '-')
    .replace(spaces, ' ')
    .replace(digits, (digit) => String(digitOf(digit.codePointAt(0) ?? 0)))
    .replace(twin, (letter) => twins.get(letter) ?? letter);
}

function percentBytes(run: string): Uint8Array {
  const bytes = new Uint8Array(run.length / 3);
  for (let at = 0; at < bytes.length; at += 1)
    bytes[at] = Number.parseInt(run.slice(at * 3 + 1, at * 3 + 3), 16);
  return bytes;
}

function character(code: number, otherwise: string): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}

/** Decimal digits stand in tens, from their zero on. */
function digitOf(code: number): number {
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return code - zero;
}

/** What base64 or hexadecimal digits stand for, where that is text. @param run may have line ends and `=` in it */
export function plainOf(run: Uint8Array): Uint8Array | undefined {
  return textOfHex(run) ?? textOfBase64(run);
}

const hexDigits = valuesOf('0123456789abcdef');
for (let digit = 10; digit < 16; digit += 1) hexDigits[digit + 0x37] = digit;
const base64Digits = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
base64Digits[0x2d] = 62;
base64Digits[0x5f] = 63;

function valuesOf(digits: string): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let at = 0; at < digits.length; at += 1) values[digits.charCodeAt(at)] = at;
  return values;
}

const isPassedOver = (byte: number): boolean => byte === 0x0a || byte === 0x0d || byte === 0x3d;

/** Most are hashes, and show that within a few bytes: nothing is made before those were looked at. */
function textOfHex(run: Uint8Array): Uint8Array | undefined {
  let bytes: Uint8Array | undefined;
  let [high, at] = [-1, 0];
  for (let one = 0; one < run.length; one += 1) {
    const code = run[one] ?? 0;
    const digit = hexDigits[code] ?? -1;
    if (digit < 0 && isPassedOver(code)) continue;
    if (digit < 0) return undefined;
    if (high < 0) {
      high = digit;
      continue;
    }
    const byte = (high << 4) | digit;
    if (!isTextByte(byte)) return undefined;
    bytes ??= new Uint8Array(run.length >> 1);
    bytes[at] = byte;
    at += 1;
    high = -1;
  }
  return bytes?.subarray(0, at);
}

function textOfBase64(run: Uint8Array): Uint8Array | undefined {
  if (!mayBeText(run)) return undefined;
  const bytes = new Uint8Array((run.length * 3) >> 2);
  let [held, bits, at] = [0, 0, 0];
  let isText = true;
  for (let one = 0; one < run.length; one += 1) {
    const digit = base64Digits[run[one] ?? 0] ?? -1;
    if (digit < 0) continue;
    held = ((held << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const byte = (held >> bits) & 0xff;
    bytes[at] = byte;
    at += 1;
    isText &&= isTextByte(byte);
  }
  const plain = bytes.subarray(0, at);
  const encoding = encodingOf(plain.subarray(0, wideBytes));
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return toUtf8(encoding, plain);
  return isText && at > 0 ? plain : undefined;
}

/** Whether the first bytes of base64 are such as a text has, in one byte for each character or in two. */
function mayBeText(run: Uint8Array): boolean {
  let [held, bits, at, zeros] = [0, 0, 0, 0];
  let isText = true;
  for (let one = 0; one < run.length && at < wideBytes; one += 1) {
    const digit = base64Digits[run[one] ?? 0] ?? -1;
    if (digit < 0) continue;
    held = ((held << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const byte = (held >> bits) & 0xff;
    // A mark of byte order.
    if (at === 0 && byte >= 0xfe) return true;
    at += 1;
    if (byte === 0) zeros += 1;
    isText &&= isTextByte(byte);
  }
  // Of UTF-16 without a mark, a fifth are zeros at least.
  return isText || zeros * 6 > at;
}

/** So many tell the encoding of a text. */
const wideBytes = 4096;

/** Random bytes have a control character among the first few. */
function isTextByte(byte: number): boolean {
  return byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
