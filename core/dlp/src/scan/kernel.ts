/** The compiled loops with their memory: automaton, window, and what they found. */
import { kernelModule } from './kernel-module.ts';
import type { Automaton } from './words.ts';

/** The part of the engine's WebAssembly that is used; its types come with those of browsers only. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** A digit run longer than this is seen in pieces that share some bytes. */
export const longestRun = 192;
export const sharedRun = 64;

/** Bytes that a look at 16 at once may read behind the window. */
const slack = 64;
const pageBytes = 65_536;

type Exports = {
  words: (
    table: number,
    classes: number,
    columns: number,
    accept: number,
    from: number,
    to: number,
    warm: number,
    known: number,
    out: number,
  ) => number;
  digits: (
    from: number,
    to: number,
    last: number,
    least: number,
    longest: number,
    shared: number,
    out: number,
    note: number,
  ) => number;
};

/** Positions in what the kernel writes are addresses: subtract `windowAt`. */
export type Kernel = {
  readonly windowAt: number;
  /** The text, `windowBytes` long. */
  readonly window: Uint8Array;
  /** Pairs of state and address behind the word. */
  readonly hits: Uint32Array;
  /** Triples of first address, address behind, number of digits. */
  readonly runs: Uint32Array;
  /** Looks at [from, to) of the window and writes behind the first `known` hits. @returns how many hits there are now */
  readonly findWords: (from: number, to: number, known: number) => number;
  /** Looks at [from, to). @returns how many runs there are now, and where to go on */
  readonly findRuns: (
    from: number,
    to: number,
    last: boolean,
    known: number,
  ) => { readonly count: number; readonly next: number };
};

/** @param leastDigits runs with fewer are not noted */
export function kernelOf(automaton: Automaton, windowBytes: number, leastDigits: number): Kernel {
  const { table, classes, columns, accept, longest } = automaton;
  const up = (at: number): number => (at + 63) & ~63;
  const noteAt = 16;
  const classesAt = 64;
  const tableAt = up(classesAt + classes.byteLength);
  const windowAt = up(tableAt + table.byteLength + slack);
  const hitsAt = up(windowAt + windowBytes + slack);
  const runsAt = up(hitsAt + 8 * (windowBytes + slack));
  const bytes = up(runsAt + 6 * (windowBytes + slack) + slack);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  new Uint8Array(memory.buffer, classesAt, classes.length).set(classes);
  new Uint16Array(memory.buffer, tableAt, table.length).set(table);
  const module = new WebAssembly.Module(Uint8Array.from(atob(kernelModule), (one) => one.charCodeAt(0)));
  const { words, digits } = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  const note = new Uint32Array(memory.buffer, noteAt, 1);
  const runs = new Uint32Array(memory.buffer, runsAt, (6 * (windowBytes + slack)) >> 2);
  return {
    windowAt,
    window: new Uint8Array(memory.buffer, windowAt, windowBytes),
    hits: new Uint32Array(memory.buffer, hitsAt, 2 * (windowBytes + slack)),
    runs,
    findWords(from, to, known) {
      const out = hitsAt + known * 8;
      const warm = Math.max(0, longest - 1);
      const [start, end] = [windowAt + from, windowAt + to];
      return known + words(tableAt, classesAt, columns, accept, start, end, warm, Math.min(from, warm), out);
    },
    findRuns(from, to, last, known) {
      const out = runsAt + known * 12;
      const [start, end] = [windowAt + from, windowAt + to];
      const found = digits(start, end, last ? 1 : 0, leastDigits, longestRun, sharedRun, out, noteAt);
      return { count: known + found, next: (note[0] ?? 0) - windowAt };
    },
  };
}
