/** The word nearest to a place that says something for or against what is found there. */
import type { Beside } from './judge.ts';
import { nearer } from './judge.ts';
import type { Kernel } from './kernel.ts';
import type { Plan, Word } from './plan.ts';
import { isIn, supporting } from './sides.ts';
import { isEdge } from './vocabulary.ts';

export class Nearby {
  readonly #plan: Plan;
  readonly #kernel: Kernel;
  #length = 0;
  #hits = 0;

  constructor(plan: Plan, kernel: Kernel) {
    this.#plan = plan;
    this.#kernel = kernel;
  }

  /** So much of the window is known, and so many hits of words in it. */
  move(length: number, hits: number): void {
    this.#length = length;
    this.#hits = hits;
  }

  /** Of words within [least, most), but not where [start, end) is. @param side `supporting` or `opposing` */
  nearest(
    detector: number,
    side: number,
    [start, end]: readonly [start: number, end: number],
    [least, most]: readonly [least: number, most: number],
  ): Beside | undefined {
    const { hits, windowAt } = this.#kernel;
    const { accept, longest } = this.#plan.automaton;
    const says = this.#plan.sides.of(detector);
    let best: Beside | undefined;
    for (let hit = this.#firstBehind(start) - 1; hit >= 0 && best === undefined; hit--) {
      const to = (hits[hit * 2 + 1] ?? 0) - windowAt;
      if (to <= least) break;
      const state = (hits[hit * 2] ?? 0) - accept;
      if (((says[state] ?? 0) & side) === 0) continue;
      const word = this.#wordAt(state, to, least, detector, side);
      if (word !== undefined) best = { word: word.text, start: to - word.text.length, distance: start - to };
    }
    for (let hit = this.#firstBehind(end); hit < this.#hits; hit++) {
      const to = (hits[hit * 2 + 1] ?? 0) - windowAt;
      if (to > most || (best !== undefined && to - longest - end > best.distance)) break;
      const state = (hits[hit * 2] ?? 0) - accept;
      if (((says[state] ?? 0) & side) === 0) continue;
      const word = this.#wordAt(state, to, end, detector, side);
      if (word === undefined) continue;
      const from = to - word.text.length;
      best = nearer(best, { word: word.text, start: from, distance: from - end });
    }
    return best;
  }

  /** The longest word of a state that is on the side, begins at `least` or behind it and ends at `to`. */
  #wordAt(state: number, to: number, least: number, detector: number, side: number): Word | undefined {
    let longest: Word | undefined;
    for (const index of this.#plan.automaton.ends[state] ?? []) {
      const word = this.#plan.words[index];
      if (word === undefined || to - word.text.length < least) continue;
      if (longest !== undefined && word.text.length <= longest.text.length) continue;
      if (!isIn(side === supporting ? word.supports : word.opposes, detector)) continue;
      if ((side === supporting && !word.needsEdges) || this.#isWhole(to - word.text.length, to))
        longest = word;
    }
    return longest;
  }

  /** First hit that ends behind `at`. */
  #firstBehind(at: number): number {
    const { hits, windowAt } = this.#kernel;
    let [low, high] = [0, this.#hits];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((hits[middle * 2 + 1] ?? 0) - windowAt > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #isWhole(start: number, end: number): boolean {
    return (
      isEdge(this.#byteAt(start - 1), this.#byteAt(start)) && isEdge(this.#byteAt(end - 1), this.#byteAt(end))
    );
  }

  #byteAt(at: number): number {
    return at < 0 || at >= this.#length ? 0 : (this.#kernel.window[at] ?? 0);
  }
}
