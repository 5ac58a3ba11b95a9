/** Who may find something at which run of digits, told without a look at most of them. */
import type { Bits } from './bits.ts';
import type { Budget } from './filter/filter.ts';
import { Filter } from './filter/filter.ts';
import { Tracker } from './filter/tracker.ts';
import type { Group, Token } from './digit-groups.ts';
import type { DigitPlan } from './digit-plan.ts';
import type { Kernel } from './kernel.ts';
import { Numbers } from './numbers.ts';
import { digitTail, supportReach } from './reach.ts';
import type { Support } from './support.ts';

/** States that an automaton may make for one part: what a text can make of them must not take long. */
const mostStates = 20_000;

/** A token that reaches over the edge of what is looked at. */
const longestToken = 256;

type Tracked = {
  readonly group: Group;
  readonly tracker: Tracker;
  readonly budget: Budget;
  /** In the rest of the part its patterns are tried wherever they may match. */
  isLost: boolean;
};

export class Candidates {
  readonly #plan: DigitPlan;
  readonly #kernel: Kernel;
  #numbers: Numbers | undefined;
  #tracked: readonly Tracked[] = [];
  #others: readonly number[] = [];
  #supportedOthers: readonly number[] = [];
  #tokens: readonly { readonly token: Token; readonly filter: Filter | undefined }[] = [];
  #leastToken = 0;
  /** By detector: matches that begin ahead of this offset of the part were all seen. */
  readonly covered: Float64Array;

  /** Runs with a supporting word near by. */
  #near = 0;
  #next = 0;
  #last = 0;
  #length = 0;

  constructor(plan: DigitPlan, kernel: Kernel) {
    this.#plan = plan;
    this.#kernel = kernel;
    this.covered = new Float64Array(plan.detectors.length);
  }

  /** A part begins. */
  open(): void {
    this.covered.fill(0);
    let isAnyLost = false;
    for (const one of this.#tracked) {
      one.budget.states = mostStates;
      isAnyLost ||= one.isLost;
      one.isLost = false;
    }
    if (isAnyLost) this.#setOthers();
  }

  #setOthers(): void {
    const { others, supportedOthers } = this.#plan.groups;
    this.#others = others;
    this.#supportedOthers = supportedOthers;
  }

  /** Of `some`: triples of run, detector and last place, in order. */
  get found(): Uint32Array {
    return this.#made().found;
  }

  /** Looks around the runs [0, last) of the window; those from `next` on are asked about, which `some` does. */
  look(next: number, last: number, length: number, support: Support): void {
    [this.#next, this.#last, this.#length] = [next, last, length];
    if (this.#plan.detectors.length === 0) this.#next = last;
    if (this.#next === last) return;
    this.#made().begin(next, last, length);
    this.#near = this.#findNear(support);
  }

  /** @returns how many are found at the next runs; undefined behind the last */
  some(): number | undefined {
    if (this.#next === this.#last) return undefined;
    const numbers = this.#made();
    for (let last = this.#last; ; last = this.#next + ((last - this.#next) >> 1)) {
      numbers.ask(this.#next, last);
      for (const [index, { group, isLost }] of this.#tracked.entries())
        if (!isLost && (this.#near > 0 || !group.isSupported) && !numbers.follow(index)) this.#lose(index);
      this.#findTokens(last);
      for (const number of this.#others) numbers.askEverywhere(number, false);
      if (this.#near > 0) for (const number of this.#supportedOthers) numbers.askEverywhere(number, true);
      const count = numbers.collect();
      if (count === undefined) continue;
      this.#next = last;
      return count;
    }
  }

  /** @returns how many runs have a supporting word near by */
  #findNear(support: Support): number {
    const numbers = this.#made();
    const { runs, windowAt } = this.#kernel;
    const before = this.#plan.mostBefore + supportReach;
    const after = this.#plan.mostAfter + digitTail + supportReach;
    let [count, row] = [0, 0];
    let known: Bits | undefined;
    for (let run = this.#next; run < this.#last; run++) {
      const word = support.nextBehind((runs[run * 3] ?? 0) - windowAt - before);
      if (word === Infinity) break;
      run = this.#firstRunBehind(word + windowAt - after - 1, run);
      if (run >= this.#last) break;
      const [start, end] = [(runs[run * 3] ?? 0) - windowAt, (runs[run * 3 + 1] ?? 0) - windowAt];
      const bits = support.within(start - before, end + after);
      if (bits !== known) {
        known = bits;
        row = numbers.addRow((cells, at) => {
          bits.copyTo(cells, at);
        });
      }
      numbers.setNear(run, row);
      count += 1;
    }
    return count;
  }

  #made(): Numbers {
    return (this.#numbers ??= this.#make());
  }

  #make(): Numbers {
    const { groups, tokens } = this.#plan.groups;
    const budget: Budget = { states: mostStates };
    this.#setOthers();
    this.#tokens = tokens.map((token) => ({ token, filter: Filter.of([token.pattern], budget) }));
    this.#leastToken = Math.min(...tokens.map(({ least }) => least));
    const lengths = new Map(groups.flatMap(({ whose }) => whose.map((one) => [one.number, one])));
    const nothing = new Uint8Array(256);
    const asked = this.#plan.detectors.map((one, number) => {
      const { shortest = 0, longest = 0, begins = nothing } = lengths.get(number) ?? {};
      return { ...one, shortest, longest, begins, isForParted: one.unsupported === 'parted' };
    });
    const numbers = new Numbers(
      this.#kernel,
      asked,
      (group, state, cell) => this.#tracked[group]?.tracker.make(state, cell) ?? 0,
    );
    this.#tracked = groups.map((group, index) => {
      const ownBudget: Budget = { states: mostStates };
      const tracker = new Tracker(group.net, numbers.automatonOf(index), ownBudget);
      numbers.setGroup(index, group, tracker.width);
      return { group, tracker, budget: ownBudget, isLost: false };
    });
    return numbers;
  }

  /** There is no room for more states. */
  #lose(index: number): void {
    const tracked = this.#tracked[index];
    if (tracked === undefined) return;
    tracked.isLost = true;
    const lost = tracked.group.whose.map(({ number }) => number);
    if (tracked.group.isSupported) this.#supportedOthers = [...this.#supportedOthers, ...lost];
    else this.#others = [...this.#others, ...lost];
  }

  /** @param last of the runs that are asked about */
  #findTokens(last: number): void {
    const tokens = this.#tokens;
    if (tokens.length === 0) return;
    const { runs, windowAt, window } = this.#kernel;
    const numbers = this.#made();
    const { places } = numbers;
    const reach = longestToken + Math.max(this.#plan.mostBefore, this.#plan.mostAfter);
    const from = Math.max(windowAt, (runs[this.#next * 3] ?? 0) - reach);
    const to = windowAt + this.#length;
    const end = Math.min(to, (runs[last * 3 - 2] ?? 0) + reach);
    const out = places.byteOffset;
    const found = this.#kernel.tokens(from, end, windowAt, to, this.#leastToken, longestToken, out);
    for (let place = 0; place < found * 2; place += 2) {
      const at = (places[place] ?? 0) - windowAt;
      const size = (places[place + 1] ?? 0) - windowAt - at;
      for (const { token, filter } of tokens) {
        const { number, least, most } = token;
        if (size < least || size > most || filter?.mayMatchAt(window, at, this.#length) === false) continue;
        numbers.askAround(number, this.#firstRunBehind(at + windowAt, this.#next), at, false);
      }
    }
  }

  /** First run from `from` on that ends behind an address. */
  #firstRunBehind(at: number, from: number): number {
    const { runs } = this.#kernel;
    let [low, high] = [from, this.#last];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((runs[middle * 3 + 1] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
