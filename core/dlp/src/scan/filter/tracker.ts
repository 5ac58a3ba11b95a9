/** An automaton of many patterns whose table lies where the kernel can follow it. States are made when a text first needs them. */
import type { ByteSet } from './byte-set.ts';
import { edge } from './byte-set.ts';
import type { Budget } from './filter.ts';
import type { Net } from './net.ts';
import type { Step } from './steps.ts';
import { Steps } from './steps.ts';

/** Numbers of states are half of what a cell holds. */
const mostStates = 0x7ff0;

/**
 * Memory that the kernel sees: cells of the table, the class of each byte and of the edge, and by state the address of the list of
 * outlines that match there: how many, and their numbers.
 */
export type TrackerMemory = {
  readonly cells: Uint16Array;
  readonly classes: Uint8Array;
  readonly accepts: Uint32Array;
  readonly lists: Uint16Array;
};

export class Tracker {
  readonly #steps: Steps;
  readonly #cells: Uint16Array;
  readonly #accepts: Uint32Array;
  readonly #lists: Uint16Array;
  #listed = 0;
  readonly #states: (Step | undefined)[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #budget: Budget;
  /** By class: a byte of it. */
  readonly #examples: readonly number[];
  readonly #most: number;
  readonly width: number;

  constructor(net: Net, { cells, classes, accepts, lists }: TrackerMemory, budget: Budget) {
    this.#steps = new Steps(net);
    this.#cells = cells;
    this.#accepts = accepts;
    this.#lists = lists;
    this.#budget = budget;
    this.#examples = classify(new Set(net.sets.filter((set) => set !== undefined)), classes);
    this.width = this.#examples.length;
    this.#most = Math.min(mostStates, accepts.length, Math.floor(cells.length / (2 * this.width)));
    this.#forget();
  }

  /**
   * Makes what an unknown cell leads to. Numbers of states may be others from then on.
   * @returns the state to go on from; undefined when its budget is used up
   */
  make(state: number, cell: number): number | undefined {
    const row = Math.floor(cell / this.width);
    const byte = this.#examples[cell % this.width] ?? edge;
    const { threads } = this.#states[state] ?? { threads: [] };
    const step = this.#steps.next(threads, byte, (row & 1) === 1);
    const known = this.#numbers.get(keyOf(step));
    if (known === undefined && this.#isFull(step.accepts.length)) {
      this.#forget();
      const again = this.#numberOf(threads, []);
      if (again === undefined) return undefined;
      const next = this.#numberOf(step.threads, step.accepts);
      if (next === undefined) return undefined;
      this.#cells[(again * 2 + (row & 1)) * this.width + (cell % this.width)] =
        next * 2 + (step.accepts.length > 0 ? 1 : 0);
      return again;
    }
    const next = known ?? this.#numberOf(step.threads, step.accepts);
    if (next === undefined) return undefined;
    this.#cells[cell] = next * 2 + (step.accepts.length > 0 ? 1 : 0);
    return state;
  }

  #numberOf(threads: number[] | readonly number[], accepts: readonly number[]): number | undefined {
    const step: Step = { threads: [...threads].sort((a, b) => a - b), accepts: [...accepts] };
    const key = keyOf(step);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#budget.states <= 0) return undefined;
    this.#budget.states -= 1;
    this.#numbers.set(key, this.#states.length);
    if (accepts.length > 0) {
      this.#accepts[this.#states.length] = this.#lists.byteOffset + 2 * this.#listed;
      this.#lists.set([accepts.length, ...accepts], this.#listed);
      this.#listed += accepts.length + 1;
    }
    return this.#states.push(step) - 1;
  }

  #isFull(accepts: number): boolean {
    return this.#states.length >= this.#most || this.#listed + accepts >= this.#lists.length;
  }

  /** Begins anew where there are too many states: a text rarely needs the old ones again. */
  #forget(): void {
    this.#cells.fill(0, 0, this.#states.length * 2 * this.width);
    this.#states.length = 0;
    this.#listed = 0;
    // State 0 is none: a cell of 0 is unknown. In state 1 no match is under way.
    this.#states.push(undefined);
    this.#numbers.clear();
    this.#budget.states += 1;
    this.#numberOf([], []);
  }
}

function keyOf({ threads, accepts }: Step): string {
  threads.sort((a, b) => a - b);
  return `${threads.join(' ')}|${accepts.join(' ')}`;
}

/** Bytes that no set tells apart share a class; so does the edge. @returns by class: one of it */
function classify(sets: ReadonlySet<ByteSet>, classes: Uint8Array): number[] {
  classes.fill(0);
  for (const set of sets) {
    const split = new Map<number, number>();
    for (let byte = 0; byte <= edge; byte++) {
      const key = (classes[byte] ?? 0) * 2 + (set[byte] ?? 0);
      let to = split.get(key);
      if (to === undefined) split.set(key, (to = split.size));
      classes[byte] = to;
    }
  }
  const examples: number[] = [];
  for (let byte = 0; byte <= edge; byte++) examples[classes[byte] ?? 0] ??= byte;
  return examples;
}
