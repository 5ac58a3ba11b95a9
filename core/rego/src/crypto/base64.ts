import { latin1, utf8 } from './bytes.ts';
import { problem } from './problem.ts';

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function values(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i += 1) table[alphabet.charCodeAt(i)] = i;
  return table;
}

/** Which letters stand for 62 and 63, and whether the last group is filled up with `=`. */
export interface Base64 {
  readonly alphabet: 'standard' | 'url';
  readonly padded: boolean;
}

export const std: Base64 = { alphabet: 'standard', padded: true };
export const url: Base64 = { alphabet: 'url', padded: true };

const tables: Readonly<Record<Base64['alphabet'], Int8Array>> = Object.freeze({
  standard: values(STANDARD),
  url: values(`${STANDARD.slice(0, 62)}-_`),
});

/** Bytes of base64, or the offset of the first thing that is not (RFC 4648; line ends are skipped, as Go does). */
export function decodeBase64(text: string, { alphabet, padded }: Base64): Uint8Array | number {
  const table = tables[alphabet];
  const out = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let at = 0;
  const skipLineEnds = (): void => {
    while (at < text.length && (text[at] === '\n' || text[at] === '\r')) at += 1;
  };
  for (;;) {
    const group: number[] = [];
    let ended = false;
    while (group.length < 4) {
      skipLineEnds();
      if (at === text.length) {
        if (group.length === 0) return out.subarray(0, length);
        if (group.length === 1 || padded) return at - group.length;
        ended = true;
        break;
      }
      const code = text.charCodeAt(at);
      const value = code < 128 ? (table[code] ?? -1) : -1;
      at += 1;
      if (value >= 0) {
        group.push(value);
        continue;
      }
      if (code !== 0x3d || !padded) return at - 1;
      if (group.length < 2) return at - 1;
      if (group.length === 2) {
        skipLineEnds();
        if (at === text.length) return text.length;
        if (text[at] !== '=') return at - 1;
        at += 1;
      }
      skipLineEnds();
      if (at < text.length) return at;
      ended = true;
      break;
    }
    const [a = 0, b = 0, c = 0, d = 0] = group;
    const word = (a << 18) | (b << 12) | (c << 6) | d;
    out[length] = word >> 16;
    if (group.length > 2) out[length + 1] = (word >> 8) & 255;
    if (group.length > 3) out[length + 2] = word & 255;
    length += group.length - 1;
    if (ended) return out.subarray(0, length);
  }
}

/** Bytes of base64; throws Problem with the offset. */
export function mustDecode(text: string, kind: Base64): Uint8Array {
  const found = decodeBase64(text, kind);
  // Offsets count bytes; nothing before the offset is more than one.
  return typeof found === 'number' ? problem(`illegal base64 data at input byte ${found}`) : found;
}

export function toStandard(bytes: Uint8Array): string {
  return btoa(latin1(bytes));
}

/** Without padding. */
export function toUrl(bytes: Uint8Array): string {
  return toStandard(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** A part of a token: base64url with or without padding (RFC 7515, appendix C). */
export function decodeTokenPart(text: string): Uint8Array {
  let whole = text;
  if (!text.endsWith('=')) {
    const rest = utf8(text).length % 4;
    if (rest === 1) problem(`illegal base64url string: ${text}`);
    if (rest !== 0) whole += '='.repeat(4 - rest);
  }
  return mustDecode(whole, url);
}
