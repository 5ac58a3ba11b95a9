/** Cheap looks at many bytes that say where a name, a postcode or an amount may be, and how much of a text is code. */
import { cuesModule } from './cues-module.ts';
import { tableWords } from './financial-words.ts';
import { givenNames } from './given-names.ts';
import { binary } from './letters.ts';
import { markOf } from './line-forms.ts';
import { languageWords } from './source-languages.ts';
import { clearSurnames, sureEndings } from './surnames.ts';

/** The part of the engine's WebAssembly that is used; its types come with those of browsers only. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

type Exports = {
  readonly codeMarks: (from: number, to: number) => number;
  readonly hasCapital: (from: number, to: number) => number;
  readonly amounts: (from: number, to: number) => number;
  readonly postcodes: (from: number, to: number, out: number) => number;
  readonly keywords: (from: number, to: number, beginnings: number, table: number, marks: number) => void;
  readonly lines: (from: number, to: number, table: number, out: number) => number;
  readonly cells: (from: number, to: number, table: number, out: number) => number;
  readonly names: (
    from: number,
    to: number,
    table: number,
    endings: number,
    spaced: number,
    out: number,
    note: number,
  ) => number;
};

/** A look reads this much at a time. */
const mostBytes = 1 << 16;
/** Seen ahead of a place and behind it: a name has at most 25 letters of 3 bytes. */
const ahead = 16;
const behind = 112;

const tableBits = 18;
const [otherLetter, mark] = [27, 28];

const noteAt = 64;
const marksAt = 128;
const mostKeywords = 512;
const keywordsAt = 1024;
const keywordBits = 10;
const lineMarksAt = keywordsAt + (8 << keywordBits);
const beginningsAt = lineMarksAt + 1024;
const cellsAt = beginningsAt + 128;
const cellBits = 14;
const endingsAt = cellsAt + (1 << (cellBits - 3));
const givenAt = endingsAt + (1 << 12);
const knownAt = givenAt + (1 << (tableBits - 3));
const textAt = knownAt + (1 << (tableBits - 3)) + 64;
const outAt = (textAt + mostBytes + behind + 127) & ~63;
const pages = Math.ceil((outAt + 2 * mostBytes) / 65_536);

export class Cues {
  readonly #exports: Exports;
  readonly #text: Uint8Array;
  readonly #places: Uint32Array;
  readonly #note: Uint32Array;
  readonly #marks: Uint8Array;

  /** @param keywords ASCII letters, at most 512 @param lineMarks bits by byte @param labels lower case, binary text */
  constructor(keywords: readonly string[], lineMarks: Int32Array, labels: readonly string[]) {
    const memory = new WebAssembly.Memory({ initial: pages });
    const module = new WebAssembly.Module(Uint8Array.from(atob(cuesModule), (one) => one.charCodeAt(0)));
    this.#exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
    this.#text = new Uint8Array(memory.buffer, textAt - ahead, ahead + mostBytes + behind);
    this.#places = new Uint32Array(memory.buffer, outAt, mostBytes >> 1);
    this.#note = new Uint32Array(memory.buffer, noteAt, 1);
    this.#marks = new Uint8Array(memory.buffer, marksAt, keywords.length);
    const beginnings = new Uint8Array(memory.buffer, beginningsAt, 128);
    for (const word of keywords)
      put(beginnings, ((word.charCodeAt(0) & 31) << 5) | (word.charCodeAt(1) & 31));
    putKeywords(new Uint32Array(memory.buffer, keywordsAt, 2 << keywordBits), keywords);
    new Int32Array(memory.buffer, lineMarksAt, 256).set(lineMarks);
    const cells = new Uint8Array(memory.buffer, cellsAt, 1 << (cellBits - 3));
    for (const label of labels) put(cells, firstWordOf(label));
    const given = new Uint8Array(memory.buffer, givenAt, 1 << (tableBits - 3));
    const known = new Uint8Array(memory.buffer, knownAt, given.length);
    const names = binary(givenNames).trim().split(/\s+/);
    for (const name of names) put(given, hashOf(name));
    known.set(given);
    for (const name of clearSurnames()) put(known, hashOf(name));
    const endings = new Uint8Array(memory.buffer, endingsAt, 1 << 12);
    for (const ending of sureEndings()) for (const last of lastThree(codesOf(ending))) put(endings, last);
  }

  /** Share of the bytes that programs have and prose has not. */
  codeShare(bytes: Uint8Array): number {
    const to = this.#load(bytes, 0, bytes.length);
    return this.#exports.codeMarks(textAt, to) / Math.max(bytes.length, 256);
  }

  hasCapital(bytes: Uint8Array): boolean {
    return this.#exports.hasCapital(textAt, this.#load(bytes, 0, bytes.length)) !== 0;
  }

  /** How often a comma or a point stands between a digit and two more. */
  amounts(bytes: Uint8Array): number {
    return this.#exports.amounts(textAt, this.#load(bytes, 0, bytes.length));
  }

  /** Where in [from, to), of at most 64 KB, the space within a postcode may be. Valid until the next look. */
  postcodes(bytes: Uint8Array, from: number, to: number): Uint32Array {
    const end = this.#load(bytes, from, to);
    return this.#given(this.#exports.postcodes(textAt, end, outAt), from);
  }

  /**
   * Where in [from, to), of at most 64 KB, a known name may begin, and where the last word ends. Valid until the next look.
   * @param isBeforeMore only given names ahead of a space
   */
  names(
    bytes: Uint8Array,
    from: number,
    to: number,
    isBeforeMore: boolean,
  ): { readonly places: Uint32Array; readonly end: number } {
    const end = this.#load(bytes, from, to);
    const count = isBeforeMore
      ? this.#exports.names(textAt, end, givenAt, 0, 1, outAt, noteAt)
      : this.#exports.names(textAt, end, knownAt, endingsAt, 0, outAt, noteAt);
    return { places: this.#given(count, from), end: (this.#note[0] ?? 0) - textAt + from };
  }

  /** Where in a text of at most 64 KB a cell begins with the first word of a label of tables. Valid until the next look. */
  labels(bytes: Uint8Array): Uint32Array {
    const to = this.#load(bytes, 0, bytes.length);
    return this.#given(this.#exports.cells(textAt, to, cellsAt, outAt), 0);
  }

  /** For each keyword 1 where the text, at most 64 KB, has it as a word, else 0. Valid until the next such look. */
  keywords(bytes: Uint8Array): Uint8Array {
    this.#marks.fill(0);
    const to = this.#load(bytes, 0, bytes.length);
    this.#exports.keywords(textAt, to, beginningsAt, keywordsAt, marksAt);
    return this.#marks;
  }

  /**
   * Four numbers for each line of a text of at most 16 KB that is not only white space: offset, first byte behind the white space, last byte,
   * marks of all bytes. Valid until the next look.
   */
  lines(bytes: Uint8Array): Uint32Array {
    const to = this.#load(bytes, 0, bytes.length);
    this.#text[ahead + bytes.length] = 10;
    const count = this.#exports.lines(textAt, to, lineMarksAt, outAt);
    const lines = this.#places.subarray(0, 4 * count);
    for (let at = 0; at < lines.length; at += 4) lines[at] = (lines[at] ?? 0) - textAt;
    return lines;
  }

  /** @returns the address behind [from, to) */
  #load(bytes: Uint8Array, from: number, to: number): number {
    const first = Math.max(0, from - ahead);
    const some = bytes.subarray(first, to + behind);
    const at = ahead - (from - first);
    this.#text.fill(0, 0, at);
    this.#text.set(some, at);
    this.#text.fill(0, at + some.length, at + some.length + behind);
    return textAt + to - from;
  }

  #given(count: number, from: number): Uint32Array {
    const places = this.#places.subarray(0, count);
    for (let at = 0; at < count; at++) places[at] = (places[at] ?? 0) - textAt + from;
    return places;
  }
}

function put(table: Uint8Array, bit: number): void {
  table[bit >> 3] = (table[bit >> 3] ?? 0) | (1 << (bit & 7));
}

/** Pairs of hash and number. @throws RangeError when there are too many */
function putKeywords(table: Uint32Array, keywords: readonly string[]): void {
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
function hashOf(name: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const code of codesOf(name)) hash = Math.imul(hash ^ code, 0x01_00_01_93);
  return hash >>> (32 - tableBits);
}

/** As the module hashes the first word of a cell. */
function firstWordOf(label: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const letter of /^[a-z0-9\x80-\xff]*/.exec(label)?.[0] ?? '') {
    const code = letter >= '\x80' ? otherLetter : letter <= '9' ? mark : letter.charCodeAt(0) & 31;
    hash = Math.imul(hash ^ code, 0x01_00_01_93);
  }
  return hash >>> (32 - cellBits);
}

function codesOf(name: string): number[] {
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
function lastThree(codes: readonly number[]): number[] {
  const last = codes.slice(-3).reduce((sum, code) => (sum << 5) | code, 0);
  return codes.length > 2 ? [last] : Array.from({ length: 32 }, (_, first) => (first << 10) | last);
}

let shared: Cues | undefined;

/** Made when it is first needed: tables of what never changes. */
export function cues(): Cues {
  shared ??= new Cues(languageWords, markOf, Object.values(tableWords).flat());
  return shared;
}
