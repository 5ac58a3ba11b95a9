/** Which detectors of digits may match near a run, told for all of them in one pass over the bytes around runs. */
import { Bits } from './bits.ts';
import type { DigitPlan } from './digit-plan.ts';
import type { Kernel } from './kernel.ts';
import { digitTail } from './reach.ts';

/** Positions are in the window. */
export class Sweep {
  readonly #plan: DigitPlan;
  /** Bytes around a run that belong to it. */
  readonly #before: number;
  readonly #after: number;
  #at = 0;
  /** Up to where it goes for the runs that are known. */
  #goal = 0;
  /** By sweep of the plan. */
  readonly #states: number[];
  #isAtStart = true;
  /** From here on nothing is known of the rest of the part. */
  #isLost: boolean;
  #runs = 0;
  /** Ends of matches, whose they may be and how long at most, in order of the slices that were looked at; those ahead of `#first` are used up. */
  #ends: number[] = [];
  #whose: number[] = [];
  #longest: number[] = [];
  #first = 0;
  readonly #met: Bits;
  /** Whether the last answer of `metAround` had anyone in it. */
  isAnyMet = false;

  constructor(plan: DigitPlan) {
    this.#plan = plan;
    this.#isLost = plan.sweeps === undefined;
    this.#states = (plan.sweeps ?? []).map(() => 0);
    this.#met = new Bits(plan.detectors.length);
    const always = plan.filtered.flatMap((index) => plan.detectors[index] ?? []);
    this.#before = Math.max(0, ...always.map(({ before }) => before));
    this.#after = Math.max(0, ...always.map(({ after }) => after)) + digitTail;
  }

  /** Looks at what is new in the window: the first `count` runs are known, those of the rounds before among them. */
  go({ window, runs, windowAt }: Kernel, count: number, length: number, isLast: boolean): void {
    this.#advance(window, Math.min(this.#goal, length));
    for (; this.#runs < count; this.#runs++) {
      const start = (runs[this.#runs * 3] ?? 0) - windowAt - this.#before;
      this.#goal = (runs[this.#runs * 3 + 1] ?? 0) - windowAt + this.#after;
      if (start > this.#at) {
        this.#at = start;
        this.#isAtStart = true;
      }
      this.#advance(window, Math.min(this.#goal, length));
    }
    if (isLast && !this.#isLost && !this.#isAtStart && this.#at === length)
      for (const [one, { filter, whose }] of (this.#plan.sweeps ?? []).entries())
        for (const pattern of filter.atEnd(this.#states[one] ?? 0))
          this.#note(whose[pattern] ?? 0, filter.longest[pattern] ?? Infinity, length);
  }

  /** Who may match around the run [start, end) without support; runs come in order. */
  metAround(start: number, end: number, isParted: boolean): Bits {
    if (this.isAnyMet) this.#met.clear();
    this.isAnyMet = isParted || this.#isLost;
    if (isParted) this.#met.addAll(this.#plan.parted);
    if (this.#isLost)
      for (const index of this.#plan.filtered)
        if (isParted || this.#plan.always.has(index)) this.#met.add(index);
    while (this.#first < this.#ends.length && (this.#ends[this.#first] ?? 0) <= start - this.#before)
      this.#first += 1;
    for (let one = this.#first; one < this.#ends.length; one++) {
      const place = this.#ends[one] ?? 0;
      if (place > end + this.#after) break;
      const index = this.#whose[one] ?? 0;
      const finder = this.#plan.detectors[index];
      const longest = this.#longest[one] ?? Infinity;
      if (finder === undefined || place <= start - finder.before || place > end + finder.after + longest)
        continue;
      if (finder.unsupported === 'parted' && !isParted) continue;
      this.#met.add(index);
      this.isAnyMet = true;
    }
    return this.#met;
  }

  /** Whether the last answer has it because its pattern may match, and not for want of knowing. */
  isSure(index: number): boolean {
    return !this.#isLost && this.#plan.always.has(index);
  }

  /** The window has moved. @param usedRuns how many runs are forgotten */
  slide(by: number, usedRuns: number): void {
    this.#at -= by;
    this.#goal -= by;
    this.#runs -= usedRuns;
    this.#ends = this.#ends.slice(this.#first).map((end) => end - by);
    this.#whose = this.#whose.slice(this.#first);
    this.#longest = this.#longest.slice(this.#first);
    this.#first = 0;
  }

  #note(index: number, longest: number, end: number): void {
    this.#ends.push(end);
    this.#whose.push(index);
    this.#longest.push(longest);
  }

  #advance(window: Uint8Array, to: number): void {
    const { sweeps } = this.#plan;
    if (this.#isLost || sweeps === undefined || this.#at >= to) return;
    const noted = this.#ends.length;
    for (const [one, { filter, whose }] of sweeps.entries()) {
      const from = this.#isAtStart ? filter.begin(window, this.#at) : this.#states[one];
      const note = (pattern: number, end: number): void =>
        this.#note(whose[pattern] ?? 0, filter.longest[pattern] ?? Infinity, end);
      const state = from === undefined ? undefined : filter.sweep(window, this.#at, to, from, note);
      if (state === undefined) {
        this.#isLost = true;
        return;
      }
      this.#states[one] = state;
    }
    this.#sort(noted);
    this.#isAtStart = false;
    this.#at = to;
  }

  /** What each sweep noted is in order; together it is not. */
  #sort(from: number): void {
    let isSorted = true;
    for (let one = from + 1; one < this.#ends.length && isSorted; one++)
      isSorted = (this.#ends[one] ?? 0) >= (this.#ends[one - 1] ?? 0);
    if (isSorted) return;
    const ends = this.#ends.slice(from);
    const [whose, longest] = [this.#whose.slice(from), this.#longest.slice(from)];
    const order = ends.map((_, index) => index).sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0));
    for (const [index, one] of order.entries()) {
      this.#ends[from + index] = ends[one] ?? 0;
      this.#whose[from + index] = whose[one] ?? 0;
      this.#longest[from + index] = longest[one] ?? Infinity;
    }
  }
}
