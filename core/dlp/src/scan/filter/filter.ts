/**
 * Where a pattern cannot match, told by an automaton without the pattern: faster, and it never says no where there is a match.
 * Its states are made when a text first needs them.
 */
import type { ByteSet } from './byte-set.ts';
import { edge } from './byte-set.ts';
import { Net } from './net.ts';
import { outlineOf } from './outline.ts';
import { longestMatch } from './shape.ts';
import { Steps } from './steps.ts';

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
  readonly #steps: Steps;
  readonly #classes = new Uint8Array(edge);
  readonly #states: State[] = [];
  readonly #numbers = new Map<string, number>();
  /** Next state by state, way (0: threads go on, 1: others begin, too) and class; `state * 2 + 1` where something matches. */
  #table = new Int32Array(0);
  #width = 0;
  readonly #firsts = new Map<number, number>();
  readonly #budget: Budget;

  /** By pattern: bytes of its longest match; Infinity without a bound. */
  readonly longest: readonly number[];

  private constructor(net: Net, longest: readonly number[], budget: Budget) {
    this.longest = longest;
    this.#budget = budget;
    this.#steps = new Steps(net);
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

  /** Patterns that match when the text ends in `state`. */
  atEnd(state: number): readonly number[] {
    return this.#states[state]?.acceptsAtEnd ?? [];
  }

  /** Where all patterns begin. */
  #first(before: number): number {
    const known = this.#firsts.get(before);
    if (known !== undefined) return known;
    const { threads, accepts } = this.#steps.first(before);
    const made = this.#numberOf(threads, accepts);
    // The first byte is not consumed yet, so a pattern that matches nothing at all is for the pattern to find.
    const first = accepts.length > 0 ? overflow : made;
    this.#firsts.set(before, first);
    return first;
  }

  #made(state: number, byte: number, begins: boolean, cell: number): number {
    const { threads, accepts } = this.#steps.next(this.#states[state]?.threads ?? [], byte, begins);
    const isFull = this.#states.length >= mostStates;
    if (isFull) this.#forget();
    const number = this.#numberOf(threads, accepts);
    const next = number < 0 ? overflow : number * 2 + (accepts.length > 0 ? 1 : 0);
    if (next !== overflow && !isFull) this.#table[cell] = next;
    return next;
  }

  #numberOf(threads: number[], accepts: number[]): number {
    threads.sort((a, b) => a - b);
    const key = `${threads.join(' ')}|${accepts.join(' ')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#budget.states <= 0) return overflow;
    this.#budget.states -= 1;
    const atEnd = [...accepts, ...this.#steps.next(threads, edge, false).accepts];
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
      const split = new Int32Array(count * 2).fill(-1);
      count = 0;
      for (let byte = 0; byte < edge; byte++) {
        const key = (this.#classes[byte] ?? 0) * 2 + (set[byte] ?? 0);
        if (split[key] === -1) split[key] = count++;
        this.#classes[byte] = split[key] ?? 0;
      }
    }
    this.#width = count;
  }
}
