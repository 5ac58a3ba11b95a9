/**
 * Which encoding a text is in, from its bytes: marks, the pattern of zero bytes, validity as UTF-8. Texts in an ASCII-compatible
 * encoding that nobody can name are looked at as they are: digits, tokens and English words are the same bytes in all of them.
 */
import { mark, marksOf } from '../survey.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | 'utf-7' | 'ebcdic';

/** @param head the first bytes, 4 KB are enough @param known the marks of it and of what follows, where they are known. Undefined: no text. */
export function encodingOf(head: Uint8Array, known?: number): TextEncoding | undefined {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'utf-32le';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0x2b && b === 0x2f && c === 0x76 && (d === 0x38 || d === 0x39 || d === 0x2b || d === 0x2f))
    return 'utf-7';
  const marks = known ?? marksOf(head);
  if (marks === 0) return 'utf-8';
  const zeros = (marks & mark.zero) === 0 ? undefined : zeroPattern(head);
  if (zeros !== undefined) return zeros;
  if ((marks & mark.high) !== 0 && isEbcdic(head)) return 'ebcdic';
  return (marks & mark.control) === 0 ? 'utf-8' : undefined;
}

/** Without a mark: where the zero bytes of Latin letters stand. */
function zeroPattern(head: Uint8Array): TextEncoding | undefined {
  const length = head.length - (head.length % 4);
  if (length < 8) return undefined;
  const zeros = [0, 0, 0, 0];
  for (let at = 0; at < length; at += 1) if (head[at] === 0) zeros[at % 4] = (zeros[at % 4] ?? 0) + 1;
  const quarter = length / 4;
  const [a = 0, b = 0, c = 0, d = 0] = zeros.map((count) => count / quarter);
  if (b > 0.9 && c > 0.9 && d > 0.9 && a < 0.1) return 'utf-32le';
  if (a > 0.9 && b > 0.9 && c > 0.9 && d < 0.1) return 'utf-32be';
  if (b > 0.4 && d > 0.4 && a + c < 0.05) return 'utf-16le';
  if (a > 0.4 && c > 0.4 && b + d < 0.05) return 'utf-16be';
  return undefined;
}

/** Mostly EBCDIC's letters, digits and spaces, and nearly nothing of ASCII's. */
function isEbcdic(head: Uint8Array): boolean {
  if (head.length < 32) return false;
  let space = 0;
  let left = Math.ceil((head.length * 15) / 100) - 1;
  for (const byte of head)
    if (byte === 0x40) space += 1;
    else if (!((byte >= 0x81 && byte <= 0xa9) || (byte >= 0xc1 && byte <= 0xe9) || byte >= 0xf0)) {
      if (left === 0) return false;
      left -= 1;
    }
  return space > head.length / 50;
}

/** A piece of text as UTF-8; `at` says where to go on when the piece ends within a character. */
export function toUtf8(encoding: TextEncoding, bytes: Uint8Array): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return bytes;
    case 'utf-16le':
    case 'utf-16be':
      return new TextEncoder().encode(new TextDecoder(encoding).decode(bytes));
    case 'utf-32le':
    case 'utf-32be':
      return fromUtf32(bytes, encoding === 'utf-32le');
    case 'utf-7':
      return fromUtf7(bytes);
    case 'ebcdic':
      return bytes.map((byte) => ebcdic[byte] ?? 0x3f);
    default:
      return encoding satisfies never;
  }
}

function fromUtf32(bytes: Uint8Array, little: boolean): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, little);
    part += point === 0xfeff ? '' : point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    if (part.length > 8192) {
      parts.push(part);
      part = '';
    }
  }
  return new TextEncoder().encode(parts.join('') + part);
}

/** RFC 2152: `+` starts base64 of UTF-16, `-` ends it. */
function fromUtf7(bytes: Uint8Array): Uint8Array {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let text = '';
  let shifted = false;
  let isFirst = false;
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    const digit = shifted ? digits.indexOf(String.fromCharCode(byte)) : -1;
    if (shifted && digit >= 0) {
      isFirst = false;
      bits = ((bits << 6) | digit) & 0xffffff;
      held += 6;
      if (held >= 16) {
        held -= 16;
        text += String.fromCharCode((bits >> held) & 0xffff);
      }
    } else if (shifted) {
      shifted = false;
      if (byte === 0x2d) text += isFirst ? '+' : '';
      else text += String.fromCharCode(byte);
    } else if (byte === 0x2b) {
      shifted = true;
      isFirst = true;
      bits = 0;
      held = 0;
    } else text += String.fromCharCode(byte);
  }
  return new TextEncoder().encode(text.startsWith('\ufeff') ? text.slice(1) : text);
}

/** IBM code page 037 to ASCII, for what both have. */
const ebcdic = ebcdicTable();

function ebcdicTable(): Uint8Array {
  const table = new Uint8Array(256).fill(0x3f);
  const put = (at: number, text: string): void => {
    for (const [index, character] of [...text].entries()) table[at + index] = character.charCodeAt(0);
  };
  put(0x81, 'abcdefghi');
  put(0x91, 'jklmnopqr');
  put(0xa2, 'stuvwxyz');
  put(0xc1, 'ABCDEFGHI');
  put(0xd1, 'JKLMNOPQR');
  put(0xe2, 'STUVWXYZ');
  put(0xf0, '0123456789');
  put(0x4b, '.<(+|&');
  put(0x5a, '!$*);');
  put(0x60, '-/');
  put(0x6b, ',%_>?');
  put(0x79, '`:#@\'="');
  table[0x40] = 0x20;
  table[0x05] = 9;
  table[0x15] = 10;
  table[0x25] = 10;
  table[0x0d] = 13;
  return table;
}
