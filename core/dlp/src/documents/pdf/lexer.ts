/**
 * Reads objects and operators out of bytes (ISO 32000-1, 7.2 and 7.3). Every call of `next` moves forward; what is malformed is
 * skipped. Nesting is bounded.
 */
import { latin } from '../bytes.ts';
import type { PdfValue } from './value.ts';

/** An operator of a content stream, or a keyword such as `obj`. */
export type Operator = { readonly operator: string };
export type Token = PdfValue | Operator;

const maxNesting = 64;
const endOfArray: Operator = { operator: ']' };
const endOfDict: Operator = { operator: '>>' };

/** 1: white space, 2: delimiter, 0: regular. */
const kinds = new Uint8Array(256);
for (const code of [0, 9, 10, 12, 13, 32]) kinds[code] = 1;
for (const character of '()<>[]{}/%') kinds[character.charCodeAt(0)] = 2;

/** What a string cannot hold as it is. */
const marks = new Uint8Array(256);
for (const character of '()\\') marks[character.charCodeAt(0)] = 1;

export class Lexer {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = Math.min(end, bytes.length);
  }

  /** @returns undefined at the end */
  next(depth = 0): Token | undefined {
    this.skipSpace();
    if (this.at >= this.end) return undefined;
    const code = this.bytes[this.at] ?? 0;
    switch (code) {
      case 0x28: // (
        return { bytes: this.#literal() };
      case 0x2f: // /
        return { name: this.#name() };
      case 0x5b: // [
        this.at += 1;
        return this.#array(depth + 1);
      case 0x5d:
        this.at += 1;
        return endOfArray;
      case 0x3c: // <
        if (this.bytes[this.at + 1] === 0x3c) {
          this.at += 2;
          return this.#dict(depth + 1);
        }
        return { bytes: this.#hex() };
      case 0x3e: // >
        this.at += this.bytes[this.at + 1] === 0x3e ? 2 : 1;
        return endOfDict;
      case 0x29: // ) { }
      case 0x7b:
      case 0x7d:
        this.at += 1;
        return { operator: String.fromCharCode(code) };
      default:
        return this.#word(depth);
    }
  }

  skipSpace(): void {
    const { bytes, end } = this;
    while (this.at < end) {
      const code = bytes[this.at] ?? 0;
      if (code === 0x25) {
        while (this.at < end && bytes[this.at] !== 10 && bytes[this.at] !== 13) this.at += 1;
      } else if (kinds[code] === 1) this.at += 1;
      else return;
    }
  }

  #word(depth: number): Token {
    const { bytes, end } = this;
    const start = this.at;
    while (this.at < end && kinds[bytes[this.at] ?? 0] === 0) this.at += 1;
    const first = bytes[start] ?? 0;
    if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e) {
      const number = numberAt(bytes, start, this.at);
      if (number !== undefined)
        return depth >= 0 && Number.isSafeInteger(number) ? this.#refOr(number) : number;
    }
    const word = latin(bytes, start, Math.min(this.at, start + 64));
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    return { operator: word };
  }

  /** `12 0 R` is one object. */
  #refOr(number: number): PdfValue {
    const { bytes } = this;
    let at = this.at;
    if (kinds[bytes[at] ?? 0] !== 1) return number;
    while (kinds[bytes[at] ?? 0] === 1 && at < this.end) at += 1;
    const generation = at;
    while (at < this.end && at - generation < 6 && (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39)
      at += 1;
    if (at === generation || kinds[bytes[at] ?? 0] !== 1) return number;
    while (kinds[bytes[at] ?? 0] === 1 && at < this.end) at += 1;
    if (bytes[at] !== 0x52 || (at + 1 < this.end && kinds[bytes[at + 1] ?? 0] === 0)) return number;
    this.at = at + 1;
    return { ref: number };
  }

  #array(depth: number): PdfValue {
    const items: PdfValue[] = [];
    if (depth > maxNesting) return items;
    for (let token = this.next(depth); token !== undefined && token !== endOfArray; token = this.next(depth))
      if (isValue(token)) items.push(token);
    return items;
  }

  #dict(depth: number): PdfValue {
    const dict = new Map<string, PdfValue>();
    if (depth > maxNesting) return dict;
    for (;;) {
      const key = this.next(depth);
      if (key === undefined || key === endOfDict) return dict;
      if (typeof key !== 'object' || key === null || !('name' in key)) {
        if (isEndOfObject(key)) return dict;
        continue;
      }
      const value = this.next(depth);
      if (value === undefined || value === endOfDict) return dict;
      if (isValue(value)) dict.set(key.name, value);
      else if (isEndOfObject(value)) return dict;
    }
  }

  #name(): string {
    const { bytes, end } = this;
    const start = (this.at += 1);
    while (this.at < end && kinds[bytes[this.at] ?? 0] === 0) this.at += 1;
    const raw = latin(bytes, start, Math.min(this.at, start + 256));
    return raw.includes('#')
      ? raw.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : raw;
  }

  #hex(): Uint8Array {
    const { bytes, end } = this;
    const out: number[] = [];
    let high = -1;
    for (this.at += 1; this.at < end; this.at += 1) {
      const code = bytes[this.at] ?? 0;
      if (code === 0x3e) {
        this.at += 1;
        break;
      }
      const digit = hexDigit(code);
      if (digit < 0) continue;
      if (high < 0) high = digit;
      else {
        out.push(high * 16 + digit);
        high = -1;
      }
    }
    if (high >= 0) out.push(high * 16);
    return Uint8Array.from(out);
  }

  #literal(): Uint8Array {
    const { bytes, end } = this;
    this.at += 1;
    const start = this.at;
    let plain = start;
    while (plain < end && marks[bytes[plain] ?? 0] === 0) plain += 1;
    if (plain < end && bytes[plain] === 0x29) {
      this.at = plain + 1;
      return bytes.subarray(start, plain);
    }
    const out: number[] = [];
    let open = 1;
    while (this.at < end) {
      let code = bytes[this.at] ?? 0;
      this.at += 1;
      if (code === 0x28) open += 1;
      else if (code === 0x29) {
        open -= 1;
        if (open === 0) break;
      } else if (code === 0x5c) {
        code = this.#escape();
        if (code < 0) continue;
      }
      out.push(code);
    }
    return Uint8Array.from(out);
  }

  /** @returns the character behind a backslash, -1 for none */
  #escape(): number {
    const code = this.bytes[this.at] ?? 0;
    this.at += 1;
    switch (code) {
      case 0x6e:
        return 10;
      case 0x72:
        return 13;
      case 0x74:
        return 9;
      case 0x62:
        return 8;
      case 0x66:
        return 12;
      case 13:
        if (this.bytes[this.at] === 10) this.at += 1;
        return -1;
      case 10:
        return -1;
      default: {
        if (code < 0x30 || code > 0x37) return code;
        let value = code - 0x30;
        for (let more = 0; more < 2; more += 1) {
          const digit = this.bytes[this.at] ?? 0;
          if (digit < 0x30 || digit > 0x37) break;
          value = value * 8 + digit - 0x30;
          this.at += 1;
        }
        return value & 255;
      }
    }
  }
}

export function isValue(token: Token): token is PdfValue {
  return !(typeof token === 'object' && token !== null && 'operator' in token);
}

function isEndOfObject(token: Token): boolean {
  return (
    !isValue(token) && 'operator' in token && (token.operator === 'endobj' || token.operator === 'stream')
  );
}

function numberAt(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  let sign = 1;
  if (bytes[at] === 0x2b || bytes[at] === 0x2d) {
    sign = bytes[at] === 0x2d ? -1 : 1;
    at += 1;
  }
  let value = 0;
  let scale = 0;
  for (; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === 0x2e && scale === 0) scale = 1;
    else if (code >= 0x30 && code <= 0x39) {
      value = value * 10 + code - 0x30;
      scale *= 10;
    } else return undefined;
  }
  return (sign * value) / (scale || 1);
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
