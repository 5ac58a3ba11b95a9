/** Cheap looks at many bytes that say where a name, a postcode or an amount may be, and how much of a text is code. */
import { linked, memoryOf } from '../../compiled.ts';
import { columnHeaders } from './column-headers.ts';
import {
  cellBits,
  codesOf,
  firstWordOf,
  hashOf,
  keywordBits,
  lastThree,
  put,
  putKeywords,
  tableBits,
} from './cue-tables.ts';
import { cuesModule } from './cues-module.ts';
import { tableWords } from './financial-words.ts';
import { givenNames } from './given-names.ts';
import { binary } from './letters.ts';
import { FormTable } from './form-table.ts';
import { type LineForm, markOf } from './line-forms.ts';
import { languageWords } from './source-languages.ts';
import { clearSurnames, sureEndings } from './surnames.ts';

type Exports = {
  readonly codeMarks: (from: number, to: number) => number;
  readonly hasCapital: (from: number, to: number) => number;
  readonly amounts: (from: number, to: number) => number;
  readonly postcodes: (from: number, to: number, out: number) => number;
  readonly keywords: (from: number, to: number, beginnings: number, table: number, marks: number) => void;
  readonly lines: (from: number, to: number, table: number, out: number, note: number) => number;
  readonly possible: (lines: number, count: number, heads: number, out: number) => number;
  readonly cells: (from: number, to: number, table: number, most: number, out: number) => number;
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

const noteAt = 64;
const marksAt = 128;
const allLines = 0xffff_ffff;
const keywordsAt = 1024;
const lineMarksAt = keywordsAt + (8 << keywordBits);
const beginningsAt = lineMarksAt + 1024;
const cellsAt = beginningsAt + (1 << 12);
const columnsAt = cellsAt + (1 << (cellBits - 3));
const endingsAt = columnsAt + (1 << (cellBits - 3));
const givenAt = endingsAt + (1 << 12);
const knownAt = givenAt + (1 << (tableBits - 3));
/** The head of a text, of which the language is told. */
const headAt = knownAt + (1 << (tableBits - 3)) + 64;
const mostHead = 1 << 14;
const textAt = headAt + mostHead + behind + ahead;
const outAt = (textAt + mostBytes + behind + 127) & ~63;
const outBytes = 4 * mostBytes;
/** Which lines may be of a language, behind as many lines as the head of a text has. */
const mostLines = mostHead >> 1;
const possibleAt = outAt + outBytes;
const formsAt = possibleAt + mostLines;
const formsBytes = 1 << 18;
const memoryBytes = formsAt + formsBytes;

/** `count` lines, of which `code` are no comments. */
export type LineMarks = {
  readonly count: number;
  readonly code: number;
  /** Four numbers for each: offset plus `textAt`, first byte behind the white space, last byte, marks of all bytes. */
  readonly places: Uint32Array;
  readonly textAt: number;
};

export class Cues {
  readonly #exports: Exports;
  readonly #text: Uint8Array;
  readonly #places: Uint32Array;
  readonly #note: Uint32Array;
  readonly #marks: Uint8Array;
  readonly #possible: Uint8Array;
  readonly #head: Uint8Array;
  /** The text that is in memory as a whole. */
  #loaded: Uint8Array | undefined;
  /** Address of what is looked at. */
  #from = textAt;
  /** The share of code in so many bytes of it. */
  #share = 0;
  #shared = -1;
  readonly #forms: FormTable;

  /** @param keywords ASCII letters, at most 512 @param lineMarks bits by byte @param labels of tables of finance, lower case, binary text @param headers the same, of columns */
  constructor(
    keywords: readonly string[],
    lineMarks: Int32Array,
    labels: readonly string[],
    headers: readonly string[],
  ) {
    const memory = memoryOf(memoryBytes);
    this.#exports = linked(cuesModule, memory) as Exports;
    this.#text = new Uint8Array(memory.buffer, textAt - ahead, ahead + mostBytes + behind);
    this.#head = new Uint8Array(memory.buffer, headAt - ahead, ahead + mostHead + behind);
    this.#places = new Uint32Array(memory.buffer, outAt, outBytes >> 2);
    this.#note = new Uint32Array(memory.buffer, noteAt, 1);
    this.#marks = new Uint8Array(memory.buffer, marksAt, keywords.length);
    this.#possible = new Uint8Array(memory.buffer, possibleAt, mostLines);
    this.#forms = new FormTable(memory.buffer, formsAt, formsBytes);
    const beginnings = new Uint8Array(memory.buffer, beginningsAt, 1 << 12);
    for (const word of keywords) {
      const [first = 0, second = 0, third = 0] = [0, 1, 2].map((at) => word.charCodeAt(at) & 31);
      put(beginnings, (first << 10) | (second << 5) | third);
    }
    putKeywords(new Uint32Array(memory.buffer, keywordsAt, 2 << keywordBits), keywords);
    new Int32Array(memory.buffer, lineMarksAt, 256).set(lineMarks);
    const cells = new Uint8Array(memory.buffer, cellsAt, 1 << (cellBits - 3));
    for (const label of labels) put(cells, firstWordOf(label));
    const columns = new Uint8Array(memory.buffer, columnsAt, 1 << (cellBits - 3));
    for (const header of headers) put(columns, firstWordOf(header));
    const given = new Uint8Array(memory.buffer, givenAt, 1 << (tableBits - 3));
    const known = new Uint8Array(memory.buffer, knownAt, given.length);
    const names = binary(givenNames).trim().split(/\s+/);
    for (const name of names) put(given, hashOf(name));
    known.set(given);
    for (const name of clearSurnames()) put(known, hashOf(name));
    const endings = new Uint8Array(memory.buffer, endingsAt, 1 << 12);
    for (const ending of sureEndings()) for (const last of lastThree(codesOf(ending))) put(endings, last);
  }

  /** Share of the first `length` bytes that programs have and prose has not. */
  codeShare(bytes: Uint8Array, length: number): number {
    const to = this.#load(bytes, 0, Math.min(length, bytes.length));
    if (this.#shared !== to - this.#from) {
      this.#shared = to - this.#from;
      this.#share = this.#exports.codeMarks(this.#from, to) / Math.max(this.#shared, 256);
    }
    return this.#share;
  }

  hasCapital(bytes: Uint8Array): boolean {
    const to = this.#load(bytes, 0, bytes.length);
    return this.#exports.hasCapital(this.#from, to) !== 0;
  }

  /** How often a comma or a point in the first `length` bytes stands between a digit and two more. */
  amounts(bytes: Uint8Array, length: number): number {
    const to = this.#load(bytes, 0, Math.min(length, bytes.length));
    return this.#exports.amounts(this.#from, to);
  }

  /** Where in [from, to), of at most 64 KB, the space within a postcode may be. Valid until the next look. */
  postcodes(bytes: Uint8Array, from: number, to: number): Uint32Array {
    const end = this.#load(bytes, from, to);
    return this.#given(this.#exports.postcodes(this.#from, end, outAt), from);
  }

  /**
   * Where in [from, to), of at most 64 KB, a known name may begin and where its word ends, and where the last word of all ends. Valid until
   * the next look.
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
      ? this.#exports.names(this.#from, end, givenAt, 0, 1, outAt, noteAt)
      : this.#exports.names(this.#from, end, knownAt, endingsAt, 0, outAt, noteAt);
    return { places: this.#given(count, from), end: (this.#note[0] ?? 0) - this.#from + from };
  }

  /** Where in the first `length` bytes, at most 64 KB, a cell begins with the first word of a label of tables. Valid until the next look. */
  labels(bytes: Uint8Array, length: number): Uint32Array {
    const to = this.#load(bytes, 0, Math.min(length, bytes.length));
    return this.#given(this.#exports.cells(this.#from, to, cellsAt, allLines, outAt), 0);
  }

  /** Whether a cell of the first lines of a text of at most 64 KB may begin with the first word of a header. */
  mayHaveHeader(bytes: Uint8Array, lines: number): boolean {
    const to = this.#load(bytes, 0, bytes.length);
    return this.#exports.cells(this.#from, to, columnsAt, lines, outAt) > 0;
  }

  /** Of the head of a text, at most 16 KB: for each keyword 1 where it is there as a word, else 0. Valid until the next such look. */
  keywords(head: Uint8Array): Uint8Array {
    this.#marks.fill(0);
    this.#loadHead(head);
    this.#exports.keywords(headAt, headAt + head.length, beginningsAt, keywordsAt, marksAt);
    return this.#marks;
  }

  /** The lines of the head of a text, at most 16 KB, that are not only white space. Valid until the next look. */
  lines(head: Uint8Array): LineMarks {
    this.#loadHead(head);
    this.#head[ahead + head.length] = 10;
    const count = this.#exports.lines(headAt, headAt + head.length, lineMarksAt, outAt, noteAt);
    return { count, code: this.#note[0] ?? 0, textAt: headAt, places: this.#places };
  }

  /** @param forms by first byte @returns where `possibleLines` finds them. @throws RangeError when there is no room */
  keepForms(forms: readonly (readonly LineForm[])[]): number {
    return this.#forms.keep(forms);
  }

  /** Of the lines that were looked at last: 1 for each that one of the forms may match, and how many. @param forms of `keepForms` */
  possibleLines(lines: number, forms: number): { readonly count: number; readonly isPossible: Uint8Array } {
    const count = this.#exports.possible(outAt, lines, forms, possibleAt);
    return { count, isPossible: this.#possible };
  }

  /** Of a text that fits in all of it is kept for further looks. @returns the address behind [from, to), which begins at `#from` */
  #load(bytes: Uint8Array, from: number, to: number): number {
    if (bytes.length <= mostBytes) {
      if (this.#loaded !== bytes) {
        fill(this.#text, bytes, ahead);
        this.#loaded = bytes;
        this.#shared = -1;
      }
      this.#from = textAt + from;
    } else {
      const first = Math.max(0, from - ahead);
      fill(this.#text, bytes.subarray(first, to + behind), ahead - (from - first));
      this.#loaded = undefined;
      this.#shared = -1;
      this.#from = textAt;
    }
    return this.#from + to - from;
  }

  #loadHead(head: Uint8Array): void {
    fill(this.#head, head, ahead);
  }

  #given(count: number, from: number): Uint32Array {
    const places = this.#places.subarray(0, count);
    const shift = from - this.#from;
    for (let at = 0; at < count; at++) places[at] = (places[at] ?? 0) + shift;
    return places;
  }
}

/** Zeros stand ahead of a text and behind it. */
function fill(memory: Uint8Array, text: Uint8Array, at: number): void {
  memory.fill(0, 0, at);
  memory.set(text, at);
  memory.fill(0, at + text.length, at + text.length + behind);
}

let shared: Cues | undefined;

/** Made when it is first needed: tables of what never changes. */
export function cues(): Cues {
  shared ??= new Cues(languageWords, markOf, Object.values(tableWords).flat(), columnHeaders);
  return shared;
}
