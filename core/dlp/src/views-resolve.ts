/** What text that is written in another way says. */
import { encodingOf, toUtf8 } from './documents/encoding.ts';

const names: Readonly<Record<string, string>> = { nbsp: ' ', shy: '', zwnj: '', zwj: '' };
/** Runs of references to single bytes. */
const percents = /(?:%[0-9a-f]{2})+/gi;
const escapes =
  /\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#(\d{1,7});?|&#x([0-9a-f]{1,6});?|&(nbsp|shy|zwnj|zwj);/gi;
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
  const plain = written
    .replace(percents, (run) => new TextDecoder().decode(hexBytes(run.replaceAll('%', ''))))
    .replace(
      escapes,
      (whole, unicode?: string, byte?: string, decimal?: string, hex?: string, name?: string) =>
        name === undefined
          ? character(
              decimal === undefined ? Number.parseInt(unicode ?? byte ?? hex ?? '', 16) : Number(decimal),
              whole,
            )
          : (names[name.toLowerCase()] ?? whole),
    )
    .normalize('NFKC')
    .replace(unseen, '')
    .replace(dashes, '-')
    .replace(spaces, ' ')
    .replace(digits, (digit) => String(digitOf(digit.codePointAt(0) ?? 0)))
    .replace(twin, (letter) => twins.get(letter) ?? letter);
  return plain === written ? undefined : new TextEncoder().encode(plain);
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

/** What base64 or hexadecimal digits stand for, where that is text. */
export function plainOf(run: Uint8Array): Uint8Array | undefined {
  const written = new TextDecoder('latin1').decode(run).replace(/[\r\n=]/g, '');
  if (/^[0-9a-f]+$/i.test(written)) {
    const bytes = hexBytes(written);
    if (isText(bytes)) return bytes;
  }
  const bytes = base64Bytes(written);
  const encoding = encodingOf(bytes.subarray(0, 4096));
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return toUtf8(encoding, bytes);
  return isText(bytes) ? bytes : undefined;
}

function hexBytes(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length >> 1 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  );
}

const values = new Map(
  Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (letter, at) => [
    letter,
    at,
  ]),
)
  .set('-', 62)
  .set('_', 63);

function base64Bytes(written: string): Uint8Array {
  const bytes = new Uint8Array((written.length * 3) >> 2);
  let [held, bits, at] = [0, 0, 0];
  for (const letter of written) {
    held = ((held << 6) | (values.get(letter) ?? 0)) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 0xff;
    at += 1;
  }
  return bytes.subarray(0, at);
}

/** Random bytes have a control character among the first few. */
function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
