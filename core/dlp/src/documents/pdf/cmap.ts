/** ToUnicode CMaps (Adobe Technical Note 5411, ISO 32000-1 9.10.3): from character codes to text. */
import { isValue, Lexer, type Token } from './lexer.ts';
import { isArray, stringOf } from './value.ts';

export type CMap = {
  /** Whether a code of this many bytes may begin with this byte. */
  readonly lengthAt: (first: number) => number;
  readonly textOf: (code: number, length: number) => string | undefined;
};

const maxEntries = 70_000;

export function parseCMap(bytes: Uint8Array): CMap {
  const lexer = new Lexer(bytes);
  const texts = new Map<number, string>();
  const lengths = new Uint8Array(256);
  let operands: Token[] = [];
  let defined = 0;
  const define = (code: number, length: number, text: string): void => {
    if (defined >= maxEntries) return;
    defined += 1;
    texts.set(key(code, length), text);
  };
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (isValue(token)) {
      if (operands.length < 400) operands.push(token);
      continue;
    }
    if (!('operator' in token)) continue;
    switch (token.operator) {
      case 'endcodespacerange':
        for (const [low, high] of tuples(operands, 2)) {
          const [a, b] = [bytesOf(low), bytesOf(high)];
          if (!a || !b || a.length === 0) continue;
          for (let first = a[0] ?? 0; first <= (b[0] ?? 0); first += 1)
            lengths[first] = Math.min(4, a.length);
        }
        break;
      case 'endbfchar':
        for (const [code, text] of tuples(operands, 2)) {
          const [a, b] = [bytesOf(code), bytesOf(text)];
          if (a && b) define(numberOf(a), a.length, utf16(b));
        }
        break;
      case 'endbfrange':
        for (const [low, high, to] of tuples(operands, 3)) {
          const [a, b] = [bytesOf(low), bytesOf(high)];
          if (a && b) range(numberOf(a), numberOf(b), a.length, to, define);
        }
        break;
      default:
    }
    operands = [];
  }
  return {
    lengthAt: (first) => lengths[first] || 0,
    textOf: (code, length) => texts.get(key(code, length)),
  };
}

function range(
  low: number,
  high: number,
  length: number,
  to: Token | undefined,
  define: (code: number, length: number, text: string) => void,
): void {
  const last = Math.min(high, low + 0xffff);
  if (to !== undefined && isValue(to) && isArray(to)) {
    for (const [index, item] of to.entries()) {
      const text = stringOf(item);
      if (text && low + index <= last) define(low + index, length, utf16(text));
    }
    return;
  }
  const first = bytesOf(to);
  if (!first || first.length === 0) return;
  const base = utf16(first);
  const point = base.codePointAt(base.length - 1) ?? 0;
  const head = base.slice(0, -1);
  for (let code = low; code <= last; code += 1) {
    const one = point + code - low;
    if (one > 0x10ffff) return;
    define(code, length, head + String.fromCodePoint(one));
  }
}

function* tuples(operands: readonly Token[], size: number): Generator<readonly Token[]> {
  for (let at = 0; at + size <= operands.length; at += size) yield operands.slice(at, at + size);
}

const bytesOf = (token: Token | undefined): Uint8Array | undefined =>
  token !== undefined && isValue(token) ? stringOf(token) : undefined;

const key = (code: number, length: number): number => code * 8 + length;

const numberOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0) % 2 ** 32;

function utf16(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0));
  return text;
}
