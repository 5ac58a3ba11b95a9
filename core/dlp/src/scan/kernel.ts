/** The compiled loops with their memory: automaton, window, and what they found. */
import { linked, memoryOf } from '../compiled.ts';
import type { Gates } from './gates.ts';
import { kernelModule } from './kernel-module.ts';
import { hereTail } from './reach.ts';
import type { Automaton } from './words.ts';

/** A digit run longer than this is seen in pieces that share some bytes. */
export const longestRun = 192;
export const sharedRun = 64;

/** Bytes that a look at 16 at once may read behind the window. */
const slack = 64;

type Exports = {
  words: (
    table: number,
    classes: number,
    shift: number,
    accepts: number,
    from: number,
    to: number,
    warm: number,
    before: number,
    out: number,
    slots: number,
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
  tokens: (
    from: number,
    to: number,
    first: number,
    last: number,
    least: number,
    most: number,
    out: number,
  ) => number;
  ask: (
    hit: number,
    lastHit: number,
    finders: number,
    accept: number,
    askers: number,
    searched: number,
    shift: number,
    window: number,
    end: number,
    hereTail: number,
    out: number,
    room: number,
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
  readonly runsAt: number;
  /** For others: memory from `freeAt` on, and a compiled module that shares it, as its functions. */
  readonly memory: ArrayBuffer;
  readonly freeAt: number;
  readonly link: (module: string, calls: Readonly<Record<string, unknown>>) => unknown;
  readonly tokens: Exports['tokens'];
  /** Four numbers each: detector, addresses from and up to where a match may begin, address where its text ends. */
  readonly asked: Uint32Array;
  /**
   * Asks at the words of the hits from `hit` on, of `hits` in all, whether someone's pattern may match there.
   * @param base offset of the window in the part
   * @returns how many may, and the hit to go on with
   */
  readonly ask: (
    hit: number,
    hits: number,
    base: number,
    length: number,
  ) => { readonly count: number; readonly next: number };
};

/**
 * @param leastDigits runs with fewer are not noted
 * @param freeBytes of memory for others
 */
export function kernelOf(
  automaton: Automaton,
  windowBytes: number,
  leastDigits: number,
  gates: Gates,
  freeBytes = 0,
): Kernel {
  const { classes, columns, states, ends, longest, accept } = automaton;
  const shift = Math.log2(columns) + 1;
  const up = (at: number): number => (at + 63) & ~63;
  const noteAt = 16;
  const slotsAt = 32;
  const classesAt = 64;
  const tableAt = up(classesAt + classes.byteLength);
  const windowAt = up(tableAt + (states + 1) * columns * 2 + slack);
  const hitsAt = up(windowAt + windowBytes + slack);
  const runsAt = up(hitsAt + 8 * (windowBytes + slack));
  const gatesAt = up(runsAt + 6 * (windowBytes + slack) + slack);
  const bytes = up(gatesAt + gates.bytes);
  const memory = memoryOf(bytes + freeBytes);
  new Uint8Array(memory.buffer, classesAt, classes.length).set(classes);
  // Only rows that texts come by are written, so that neither the time nor the memory for the whole of it is spent.
  const table = new Uint16Array(memory.buffer, tableAt, (states + 1) * columns);
  const learn = (state: number, byte: number): number => {
    automaton.writeRow(table, state);
    return table[state * columns + (classes[byte] ?? 0)] ?? 0;
  };
  const link: Kernel['link'] = (module, calls) => linked(module, memory, calls);
  gates.attach(memory.buffer, gatesAt);
  const { words, digits, tokens, ask } = link(kernelModule, { learn, ...gates.calls }) as Exports;
  const note = new Uint32Array(memory.buffer, noteAt, 1);
  const runs = new Uint32Array(memory.buffer, runsAt, (6 * (windowBytes + slack)) >> 2);
  return {
    windowAt,
    window: new Uint8Array(memory.buffer, windowAt, windowBytes),
    hits: new Uint32Array(memory.buffer, hitsAt, 2 * (windowBytes + slack)),
    runs,
    runsAt,
    memory: memory.buffer,
    freeAt: bytes,
    link,
    tokens,
    findWords(from, to, known) {
      const out = hitsAt + known * 8;
      const warm = Math.max(0, longest - 1);
      const [start, end] = [windowAt + from, windowAt + to];
      const before = Math.min(from, warm);
      return known + words(tableAt, classesAt, shift, ends.length, start, end, warm, before, out, slotsAt);
    },
    findRuns(from, to, last, known) {
      const out = runsAt + known * 12;
      const [start, end] = [windowAt + from, windowAt + to];
      const found = digits(start, end, last ? 1 : 0, leastDigits, longestRun, sharedRun, out, noteAt);
      return { count: known + found, next: (note[0] ?? 0) - windowAt };
    },
    asked: gates.asked,
    ask(hit, hits, base, length) {
      const count = ask(
        hitsAt + 8 * hit,
        hitsAt + 8 * hits,
        gates.findersAt,
        accept,
        gates.askersAt,
        gates.searchedAt,
        base - windowAt,
        windowAt,
        windowAt + length,
        hereTail,
        gates.askedAt,
        gates.askedAt + gates.askedRoom,
        noteAt,
      );
      return { count, next: ((note[0] ?? 0) - hitsAt) >> 3 };
    },
  };
}
