/** Which words speak for or against what a detector finds, by the state of the automaton that ends them. */
import type { Word } from './plan.ts';

/** Sides that a word may be on, as bits. */
export const supporting = 1;
export const opposing = 2;

export class Sides {
  readonly #words: readonly Word[];
  readonly #ends: readonly (readonly number[])[];
  /** By detector that found something. */
  readonly #known = new Map<number, Uint8Array>();
  /** By word: states that it ends in, made when something is found. */
  #statesOf: readonly (readonly number[] | undefined)[] | undefined;
  /** Words that are on a side, and by detector those that support it. */
  #supporting: readonly (readonly number[] | undefined)[] = [];
  #opposing: readonly number[] = [];

  /** @param ends by final state: words */
  constructor(words: readonly Word[], ends: readonly (readonly number[])[]) {
    this.#words = words;
    this.#ends = ends;
  }

  /** By final state: on which sides of the detector its words are. */
  of(detector: number): Uint8Array {
    let sides = this.#known.get(detector);
    if (sides === undefined) this.#known.set(detector, (sides = this.#made(detector)));
    return sides;
  }

  #made(detector: number): Uint8Array {
    const states = (this.#statesOf ??= this.#indexed());
    const sides = new Uint8Array(this.#ends.length);
    const note = (word: number, side: number): void => {
      for (const state of states[word] ?? []) sides[state] = (sides[state] ?? 0) | side;
    };
    for (const word of this.#supporting[detector] ?? []) note(word, supporting);
    for (const word of this.#opposing)
      if (isIn(this.#words[word]?.opposes ?? [], detector)) note(word, opposing);
    return sides;
  }

  #indexed(): readonly (readonly number[] | undefined)[] {
    const supported: number[][] = [];
    const opposed: number[] = [];
    for (const [index, { supports, opposes }] of this.#words.entries()) {
      for (const detector of supports) (supported[detector] ??= []).push(index);
      if (opposes.length > 0) opposed.push(index);
    }
    this.#supporting = supported;
    this.#opposing = opposed;
    const states: number[][] = [];
    for (const [state, words] of this.#ends.entries())
      for (const word of words) (states[word] ??= []).push(state);
    return states;
  }
}

/** @param some in ascending order */
export function isIn(some: readonly number[], one: number): boolean {
  let [low, high] = [0, some.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((some[middle] ?? 0) < one) low = middle + 1;
    else high = middle;
  }
  return some[low] === one;
}
