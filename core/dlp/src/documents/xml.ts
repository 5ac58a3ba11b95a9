/**
 * XML 1.0 as a row of tokens over bytes, for getting text out of it: no tree, no entities but the five of the standard and
 * characters by number, no check that it is well-formed. Each step moves forward, so it ends on any input.
 */

import { type DocumentsKernel, documentsKernel, tokenFields } from './kernel.ts';

/** Identifies a local name: names are compared as numbers. */
export function nameHash(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at += 1) hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
  return hash;
}

export type Token = 'end' | 'open' | 'close' | 'empty' | 'text' | 'comment';

/** As the kernel numbers them. */
const kinds: readonly Token[] = ['open', 'close', 'empty', 'text', 'comment'];
const [opening, closing, firstText] = [0, 1, 3];
const kindBits = 7;
const [countsReferences, hasAny] = [8, 16];
/** Read one by one before the kernel is asked again, where it stopped in front of something. */
const tokensAlone = 1024;
/** Less is read at once. */
const leastBytes = 512;

const less = 0x3c;
const greater = 0x3e;
const slash = 0x2f;
const colon = 0x3a;
const bang = 0x21;
const question = 0x3f;
const quote = 0x22;
const apostrophe = 0x27;
const equals = 0x3d;

/** One token at a time; the fields say where it is. */
export class XmlReader {
  /** The token, with its angle brackets. */
  start = 0;
  end = 0;
  /** Text within it: of character data, CDATA, comments; of an attribute after `nextAttribute`. */
  from = 0;
  to = 0;
  /** Hash of the local name of a tag; of an attribute after `nextAttribute`. */
  name = 0;
  attribute = 0;
  /** Whether references are to be resolved in the text: not in CDATA. */
  hasReferences = true;
  /** Whether there may be some. */
  hasAmpersand = true;
  /** A tag, comment or element that does not end. */
  isDamaged = false;
  hasDoctype = false;
  private at = 0;
  private depth = 0;
  private readonly bytes: Uint8Array;
  /** What the kernel wrote when it was called for the `call`th time, from here to there. */
  private readonly kernel: DocumentsKernel | undefined;
  private call = 0;
  private record = 0;
  private records = 0;
  /** Tokens to read before the kernel is asked again. */
  private alone = 0;

  /** @param withKernel false: each token is read here; what comes out is the same */
  constructor(bytes: Uint8Array, withKernel = bytes.length >= leastBytes) {
    this.bytes = bytes;
    this.kernel = withKernel ? documentsKernel() : undefined;
  }

  next(): Token {
    const { kernel } = this;
    if (kernel === undefined) return this.read();
    if (this.alone > 0) {
      this.alone -= 1;
      return this.read();
    }
    if (this.record >= this.records || this.call !== kernel.calls()) {
      const count = kernel.tokens(this.bytes, this.end);
      this.call = kernel.calls();
      this.record = 0;
      this.records = count * tokenFields;
      if (count === 0) {
        this.alone = tokensAlone;
        return this.read();
      }
    }
    const { table } = kernel;
    const at = this.record;
    this.record = at + tokenFields;
    const bits = table[at] ?? 0;
    const kind = bits & kindBits;
    this.start = table[at + 1] ?? 0;
    this.end = table[at + 2] ?? 0;
    if (kind < firstText) {
      this.at = table[at + 3] ?? 0;
      this.name = table[at + 5] ?? 0;
      if (kind === opening) this.depth += 1;
      else if (kind === closing) this.depth -= 1;
    } else {
      this.from = table[at + 3] ?? 0;
      this.to = table[at + 4] ?? 0;
      this.hasReferences = (bits & countsReferences) !== 0;
      this.hasAmpersand = (bits & (countsReferences | hasAny)) !== countsReferences;
    }
    return kinds[kind] ?? 'end';
  }

  /** One token without the kernel. */
  private read(): Token {
    const { bytes } = this;
    for (;;) {
      const start = this.end;
      this.start = start;
      if (start >= bytes.length) {
        this.isDamaged ||= this.depth !== 0;
        return 'end';
      }
      if (bytes[start] !== less) {
        let end = start + 1;
        while (end < bytes.length && bytes[end] !== less) end += 1;
        return this.text('text', start, end, end, true);
      }
      const second = bytes[start + 1];
      if (second === bang) {
        if (this.isAt(start, '<!--')) return this.enclosed('comment', start + 4, '-->');
        if (this.isAt(start, '<![CDATA[')) return this.enclosed('text', start + 9, ']]>');
        this.hasDoctype = true;
        this.skipTag(start + 2, true);
      } else if (second === question) this.enclosed('comment', start + 2, '?>');
      else return this.tag(start, second === slash);
    }
  }

  /** Leaves the element that has just been opened; its closing tag ends at `end`. */
  leave(end: number): void {
    this.end = end;
    this.depth -= 1;
    const table = this.kernel?.table ?? [];
    while (this.record < this.records && (table[this.record + 1] ?? 0) < end) this.record += tokenFields;
    // Where it ends within a token, the tokens behind are others.
    if (table[this.record + 1] !== end) this.record = this.records;
  }

  /** Moves through the attributes of an opening or empty tag, without declarations of namespaces. */
  nextAttribute(): boolean {
    const { bytes } = this;
    const end = this.end - 1;
    let at = this.at;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (byte <= 0x20 || byte === slash) {
        at += 1;
        continue;
      }
      let hash = 0;
      const isNamespace = this.isAt(at, 'xmlns');
      for (; at < end; at += 1) {
        const letter = bytes[at] ?? 0;
        if (letter === equals || letter <= 0x20) break;
        hash = letter === colon ? 0 : (Math.imul(hash, 31) + letter) | 0;
      }
      while (at < end && bytes[at] !== quote && bytes[at] !== apostrophe) at += 1;
      const mark = bytes[at];
      this.from = at + 1;
      at += 1;
      while (at < end && bytes[at] !== mark) at += 1;
      this.to = Math.min(at, end);
      this.at = at + 1;
      at += 1;
      if (isNamespace) continue;
      this.attribute = hash;
      return this.from <= this.to;
    }
    this.at = end;
    return false;
  }

  private tag(start: number, isClose: boolean): Token {
    const { bytes } = this;
    let at = isClose ? start + 2 : start + 1;
    let hash = 0;
    for (; at < bytes.length; at += 1) {
      const letter = bytes[at] ?? 0;
      if (letter <= 0x20 || letter === greater || letter === slash || letter === less) break;
      hash = letter === colon ? 0 : (Math.imul(hash, 31) + letter) | 0;
    }
    this.name = hash;
    this.at = at;
    this.skipTag(at, false);
    if (isClose) {
      this.depth -= 1;
      return 'close';
    }
    if (bytes[this.end - 2] === slash && this.end - 2 >= at) return 'empty';
    this.depth += 1;
    return 'open';
  }

  /** To behind the next `>` that no quotes enclose, or to a `<` that does not belong there. */
  private skipTag(from: number, isDoctype: boolean): void {
    const { bytes } = this;
    let at = from;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === greater) {
        this.end = at + 1;
        return;
      }
      if (byte === less && !isDoctype) {
        this.isDamaged = true;
        this.end = at;
        return;
      }
      if (byte !== quote && byte !== apostrophe) continue;
      at += 1;
      while (at < bytes.length && bytes[at] !== byte) at += 1;
    }
    this.isDamaged = true;
    this.end = bytes.length;
  }

  private enclosed(token: Token, from: number, ending: string): Token {
    const { bytes } = this;
    const first = ending.charCodeAt(0);
    for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
      if (this.isAt(at, ending)) return this.text(token, from, at, at + ending.length, false);
    this.isDamaged = true;
    return this.text(token, Math.min(from, bytes.length), bytes.length, bytes.length, false);
  }

  private text(token: Token, from: number, to: number, end: number, hasReferences: boolean): Token {
    this.from = from;
    this.to = to;
    this.end = end;
    this.hasReferences = hasReferences;
    this.hasAmpersand = true;
    return token;
  }

  private isAt(at: number, text: string): boolean {
    for (let index = 0; index < text.length; index += 1)
      if (this.bytes[at + index] !== text.charCodeAt(index)) return false;
    return true;
  }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const longestReference = 12;

/** The character of a reference, from behind `&`. @returns undefined where there is none; `end` is behind the semicolon */
export function reference(
  bytes: Uint8Array,
  from: number,
  to: number,
): { text: string; end: number } | undefined {
  let end = from;
  const limit = Math.min(to, from + longestReference);
  while (end < limit && bytes[end] !== 0x3b) end += 1;
  if (end >= limit) return undefined;
  const name = String.fromCharCode(...bytes.subarray(from, end));
  if (!name.startsWith('#')) {
    const text = named[name];
    return text === undefined ? undefined : { text, end: end + 1 };
  }
  const digits = name.slice(1);
  const code = /^x[\da-f]+$/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits);
  if (!Number.isInteger(code) || code < 1 || code > 0x10ffff) return undefined;
  return { text: String.fromCodePoint(code), end: end + 1 };
}

/** Character data or an attribute's value with its references resolved. */
export function decoded(bytes: Uint8Array, from: number, to: number): string {
  if (isPlain(bytes, from, to)) return String.fromCharCode(...bytes.subarray(from, to));
  return new TextDecoder()
    .decode(bytes.subarray(from, to))
    .replace(/&(#\d{1,8}|#x[\da-f]{1,7}|[a-z]{2,4});/gi, (whole) => {
      const escape = new TextEncoder().encode(whole);
      return reference(escape, 1, escape.length)?.text ?? whole;
    });
}

/** Short ASCII without references: nearly all that is decoded at all. */
function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > 64) return false;
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) > 0x7e || bytes[at] === 0x26) return false;
  return true;
}
