/** The compiled loops over bytes of documents, with their memory. */
import { linked, memoryOf } from '../compiled.ts';
import { documentsModule } from './kernel-module.ts';

type Exports = {
  runs: (from: number, to: number, least: number, out: number) => number;
  tokens: (from: number, to: number, offset: number, out: number, most: number) => number;
};

export type DocumentsKernel = {
  /**
   * Runs of at least `least` characters of text within the first `length` of `bytes`; more of them show whether the last character goes on. Valid until the next call.
   * @returns pairs of start and end; `count` is of numbers
   */
  readonly runs: (
    bytes: Uint8Array,
    length: number,
    least: number,
  ) => { readonly places: Int32Array; readonly count: number };
  /** Tokens of the XML in `bytes` that lies there from `at` on, as far as they are ordinary: `tokenFields` numbers for each in `table`. @returns how many */
  readonly tokens: (bytes: Uint8Array, at: number) => number;
  readonly table: Int32Array;
  /** How often it was called: what it wrote stands until that changes. */
  readonly calls: () => number;
};

/** Kind, start, end, start and end of its text, hash of its local name. */
export const tokenFields = 6;
const maxTokens = 4096;

/** Of a document that are looked at in one go. */
const mostBytes = 65_536;
const windowAt = 64;
/** Behind the text, where blocks of 64 bytes are looked at, two at a time. */
const slack = 192;

let made: DocumentsKernel | undefined;

/** Compiled when it is first needed: what it holds is nobody's from one call to the next. */
export function documentsKernel(): DocumentsKernel {
  made ??= kernelOf(mostBytes);
  return made;
}

function kernelOf(windowBytes: number): DocumentsKernel {
  const outAt = (windowAt + windowBytes + 2 * slack + 63) & ~63;
  const outBytes = Math.max(windowBytes, maxTokens * tokenFields * 4);
  const memory = memoryOf(outAt + outBytes + slack);
  const { runs, tokens } = linked(documentsModule, memory) as Exports;
  const window = new Uint8Array(memory.buffer, windowAt, windowBytes + 2 * slack);
  const table = new Int32Array(memory.buffer, outAt, outBytes >> 2);
  let calls = 0;
  return {
    table,
    calls: () => calls,
    tokens(bytes, at) {
      calls += 1;
      const length = Math.min(bytes.length - at, windowBytes);
      window.set(bytes.subarray(at, at + length));
      return tokens(windowAt, windowAt + length, at, outAt, maxTokens);
    },
    runs(bytes, length, least) {
      calls += 1;
      window.set(bytes);
      window.fill(0, bytes.length, bytes.length + slack);
      const count = 2 * runs(windowAt, windowAt + length, least, outAt);
      for (let index = 0; index < count; index += 1) table[index] = (table[index] ?? 0) - windowAt;
      return { places: table, count };
    },
  };
}
