/**
 * Where a pattern cannot match, told by an automaton without the pattern: faster, and it never says no where there is a match.
 * Its states are made when a text first needs them.
 */
import type { ByteSet } from './byte-set.ts';
import { edge } from './byte-set.ts';
import { Net } from './net.ts';
import { longestMatch, outlineOf } from './outline.ts';

/** States of one automaton, and of all that share a budget: what a text can make of them must not fill the memory or take long. */
const mostStates = 4_000;
export type Budget = { states: number };

/** Bytes that are looked at for one place: what goes on for longer is for the pattern. */
const longestWalk = 512;

/** No thread is under way. */
const dead = 0;
const unknown = -1;
/** There is no room for the state: whoever asks has to assume a match. */
const overflow = -2;

type State = {
  readonly threads: readonly number[];
  /** Outlines that match here. */
  readonly accepts: readonly number[];
  /** Outlines that match here when the text ends. */
  readonly acceptsAtEnd: readonly number[];
};

export class Filter {
  readonly #net: Net;
  readonly #classes = new Uint8Array(edge);
  readonly #states: State[] = [];
  readonly #numbers = new Map<string, number>();
  /** Next state by state, way (0: threads go on, 1: others begin, too) and class; `state * 2 + 1` where something matches. */
  #table = new Int32Array(0);
  #width = 0;
  readonly #firsts = new Map<number, number>();
  readonly #budget: Budget;
  /** By state of the net: when it was last met. */
  readonly #met: Uint32Array;
  #round = 0;

  /** By pattern: bytes of its longest match; Infinity without a bound. */
  readonly longest: readonly number[];

  private constructor(net: Net, longest: readonly number[], budget: Budget) {
    this.#net = net;
    this.longest = longest;
    this.#budget = budget;
    this.#met = new Uint32Array(net.kinds.length);
    this.#classify(new Set(net.sets.filter((set) => set !== undefined)));
    this.#stateOf([], [], []);
  }

  /** @returns undefined when the patterns are beyond it */
  static of(patterns: readonly RegExp[], budget: Budget): Filter | undefined {
    const net = new Net();
    const longest: number[] = [];
    for (const [number, pattern] of patterns.entries()) {
      const outline = outlineOf(pattern);
      if (outline === undefined || !net.add(outline, number)) return undefined;
      longest.push(longestMatch(outline));
    }
    return new Filter(net, longest, budget);
  }

  /** Whether a match may begin at `at`; the text ends at `end`. */
  mayMatchAt(text: Uint8Array, at: number, end: number): boolean {
    let state = this.#first(at === 0 ? edge : (text[at - 1] ?? 0));
    if (state < 0) return true;
    const stop = Math.min(end, at + longestWalk);
    for (let place = at; place < stop; place++) {
      const cell = state * 2 * this.#width + (this.#classes[text[place] ?? 0] ?? 0);
      let next = this.#table[cell] ?? unknown;
      if (next === unknown) next = this.#made(state, text[place] ?? 0, false, cell);
      if ((next & 1) === 1 || next === overflow) return true;
      state = next >> 1;
      if (state === dead) return false;
    }
    return stop < end || this.atEnd(state).length > 0;
  }

  /** Whether a match may begin in [from, to); the text ends at `end`. */
  mayMatchIn(text: Uint8Array, from: number, to: number, end: number): boolean {
    let state = this.#first(from === 0 ? edge : (text[from - 1] ?? 0));
    if (state < 0) return true;
    const stop = Math.min(end, to + longestWalk);
    const width = this.#width;
    for (let place = from; place < stop; place++) {
      const begins = place + 1 < to;
      const cell = (state * 2 + (begins ? 1 : 0)) * width + (this.#classes[text[place] ?? 0] ?? 0);
      let next = this.#table[cell] ?? unknown;
      if (next === unknown) next = this.#made(state, text[place] ?? 0, begins, cell);
      if ((next & 1) === 1 || next === overflow) return true;
      state = next >> 1;
      if (state === dead && !begins) return false;
    }
    return stop < end || this.atEnd(state).length > 0;
  }

  /**
   * A search that goes on where one before ended: over [from, to), with matches that begin anywhere.
   * @param state from `begin` or the sweep before
   * @param met called with the place behind which a match of the pattern may end
   * @returns undefined when it cannot be told
   */
  sweep(
    text: Uint8Array,
    from: number,
    to: number,
    state: number,
    met: (pattern: number, end: number) => void,
  ): number | undefined {
    const width = this.#width * 2;
    const classes = this.#classes;
    let table = this.#table;
    let row = state * width + this.#width;
    for (let place = from; place < to; place++) {
      const cell = row + (classes[text[place] ?? 0] ?? 0);
      let next = table[cell] ?? unknown;
      if (next === unknown) {
        next = this.#made((row - this.#width) / width, text[place] ?? 0, true, cell);
        if (next === overflow) return undefined;
        table = this.#table;
      }
      const reached = next >> 1;
      row = reached * width + this.#width;
      if ((next & 1) === 1) for (const one of this.#states[reached]?.accepts ?? []) met(one, place + 1);
    }
    return (row - this.#width) / width;
  }

  /** The state ahead of `at`; undefined when it cannot be told. */
  begin(text: Uint8Array, at: number): number | undefined {
    const state = this.#first(at === 0 ? edge : (text[at - 1] ?? 0));
    return state < 0 ? undefined : state;
  }

  /** Patterns that match when the text ends in `state`. */
  atEnd(state: number): readonly number[] {
    return this.#states[state]?.acceptsAtEnd ?? [];
  }

  /** Where all patterns begin. */
  #first(before: number): number {
    const known = this.#firsts.get(before);
    if (known !== undefined) return known;
    this.#round += 1;
    const threads: number[] = [];
    const accepts: number[] = [];
    for (const start of this.#net.starts) this.#follow(start, before, threads, accepts);
    const made = this.#numberOf(threads, accepts);
    // The first byte is not consumed yet, so a pattern that matches nothing at all is for the pattern to find.
    const first = accepts.length > 0 ? overflow : made;
    this.#firsts.set(before, first);
    return first;
  }

  #made(state: number, byte: number, begins: boolean, cell: number): number {
    const threads: number[] = [];
    const accepts: number[] = [];
    const resolved: number[] = [];
    this.#round += 1;
    for (const thread of this.#states[state]?.threads ?? []) this.#resolve(thread, byte, resolved, accepts);
    this.#round += 1;
    for (const thread of resolved) this.#follow(this.#net.next[thread] ?? 0, byte, threads, accepts);
    if (begins) for (const start of this.#net.starts) this.#follow(start, byte, threads, accepts);
    const isFull = this.#states.length >= mostStates;
    if (isFull) this.#forget();
    const number = this.#numberOf(threads, accepts);
    const next = number < 0 ? overflow : number * 2 + (accepts.length > 0 ? 1 : 0);
    if (next !== overflow && !isFull) this.#table[cell] = next;
    return next;
  }

  /** Goes on from what looked ahead, now that the byte is known, to the states that consume it. */
  #resolve(thread: number, byte: number, resolved: number[], accepts: number[]): void {
    const { kinds, sets, next, other } = this.#net;
    if (this.#met[thread] === this.#round) return;
    this.#met[thread] = this.#round;
    switch (kinds[thread]) {
      case 'byte':
        if (sets[thread]?.[byte] === 1) resolved.push(thread);
        return;
      case 'ahead':
        if (sets[thread]?.[byte] !== 1) return;
        break;
      case 'accept':
        accepts.push(next[thread] ?? 0);
        return;
      case 'fork':
        this.#resolve(other[thread] ?? 0, byte, resolved, accepts);
        break;
      case 'behind':
      case undefined:
        break;
    }
    this.#resolve(next[thread] ?? 0, byte, resolved, accepts);
  }

  /** The states that a thread at `state` waits in, behind the byte `before`. */
  #follow(state: number, before: number, threads: number[], accepts: number[]): void {
    const { kinds, sets, next, other } = this.#net;
    if (this.#met[state] === this.#round) return;
    this.#met[state] = this.#round;
    switch (kinds[state]) {
      case 'byte':
      case 'ahead':
        threads.push(state);
        return;
      case 'accept':
        accepts.push(next[state] ?? 0);
        return;
      case 'behind':
        if (sets[state]?.[before] !== 1) return;
        break;
      case 'fork':
        this.#follow(other[state] ?? 0, before, threads, accepts);
        break;
      case undefined:
        return;
    }
    this.#follow(next[state] ?? 0, before, threads, accepts);
  }

  #numberOf(threads: number[], accepts: number[]): number {
    threads.sort((a, b) => a - b);
    const key = `${threads.join(' ')}|${accepts.join(' ')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#budget.states <= 0) return overflow;
    this.#budget.states -= 1;
    const atEnd: number[] = [...accepts];
    this.#round += 1;
    for (const thread of threads) this.#resolve(thread, edge, [], atEnd);
    return this.#stateOf(threads, accepts, atEnd);
  }

  /** Begins anew where there are too many states: a text rarely needs the old ones again. */
  #forget(): void {
    this.#budget.states += this.#states.length;
    this.#states.length = 0;
    this.#numbers.clear();
    this.#firsts.clear();
    this.#table.fill(unknown);
    this.#stateOf([], [], []);
  }

  #stateOf(threads: readonly number[], accepts: readonly number[], acceptsAtEnd: readonly number[]): number {
    const number = this.#states.push({ threads, accepts, acceptsAtEnd }) - 1;
    this.#numbers.set(`${threads.join(' ')}|${accepts.join(' ')}`, number);
    const needed = (number + 1) * 2 * this.#width;
    if (needed > this.#table.length) {
      const larger = new Int32Array(Math.max(needed, this.#table.length * 2)).fill(unknown);
      larger.set(this.#table);
      this.#table = larger;
    }
    return number;
  }

  /** Bytes that no set tells apart share a class. */
  #classify(sets: ReadonlySet<ByteSet>): void {
    let count = 1;
    for (const set of sets) {
      const split = new Map<number, number>();
      for (let byte = 0; byte < edge; byte++) {
        const key = (this.#classes[byte] ?? 0) * 2 + (set[byte] ?? 0);
        let to = split.get(key);
        if (to === undefined) split.set(key, (to = split.size));
        this.#classes[byte] = to;
      }
      count = split.size;
    }
    this.#width = count;
  }
}
