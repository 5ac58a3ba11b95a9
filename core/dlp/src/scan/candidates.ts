/** Who may find something at which run of digits, told without a look at most of them. */
import type { Bits } from './bits.ts';
import type { Budget } from './filter/filter.ts';
import { Filter } from './filter/filter.ts';
import { Tracker, dead } from './filter/tracker.ts';
import { keyOf, unique } from './candidate-keys.ts';
import type { Group, Token } from './digit-groups.ts';
import type { DigitPlan } from './digit-plan.ts';
import { isPartedRun } from './digit-plan.ts';
import type { Kernel } from './kernel.ts';
import { digitTail, supportReach } from './reach.ts';
import type { Support } from './support.ts';

const tableBytes = 1 << 21;
const classesBytes = 512;
const mostGroups = 4;
/** Matches that the kernel notes before they are looked at. */
const room = 4_096;
const noteBytes = 12;
const goBytes = 64;
const tokenBytes = 1 << 16;

/** Memory of the kernel that is needed. */
const fixedBytes = goBytes + room * noteBytes + tokenBytes;
export const candidateBytes = (windowBytes: number): number =>
  fixedBytes + mostGroups * (classesBytes + tableBytes) + mostRuns(windowBytes) * runBytes;

/** Runs in a window, of which those that share bytes are counted more than once. */
const mostRuns = (windowBytes: number): number => windowBytes >> 1;
const runBytes = 12;

/** States in a thread's life: what a text can make of them must not take long. */
const mostStates = 100_000;

/** A token that reaches over the edge of what is looked at. */
const longestToken = 256;

type Tracked = {
  readonly group: Group;
  readonly tracker: Tracker;
  /** By detector: bytes of a match. */
  readonly shortest: Uint32Array;
  readonly longest: Uint32Array;
  readonly classesAt: number;
  readonly tableAt: number;
  /** From there on its patterns are tried wherever they may match. */
  isLost: boolean;
};

export class Candidates {
  readonly #plan: DigitPlan;
  readonly #kernel: Kernel;
  readonly #go: Uint32Array;
  readonly #notes: Uint32Array;
  readonly #places: Uint32Array;
  #tracked: readonly Tracked[] | undefined;
  #others: readonly number[] = [];
  #supportedOthers: readonly number[] = [];
  /** Runs with a supporting word near by, and of each: who is supported. */
  readonly #near: Uint32Array;
  readonly #nearRuns: Uint32Array;
  #nearBits: Bits[] = [];
  /** By run: which of the near ones it is, counted from 1. */
  readonly #nearOf: Uint32Array;
  /** By detector: matches that begin ahead of this offset of the part were all seen. */
  readonly covered: Float64Array;
  #tokens: readonly { readonly token: Token; readonly filter: Filter | undefined }[] = [];
  #leastToken = 0;
  /** By run of this round: who looks at so many digits, and whether it is written in parts. */
  readonly #asked = new Map<number, { readonly who: Bits; readonly isParted: boolean }>();
  #keys = new Float64Array(256);
  #count = 0;
  #next = 0;
  #last = 0;

  constructor(plan: DigitPlan, kernel: Kernel) {
    this.#plan = plan;
    this.#kernel = kernel;
    const { memory, freeAt } = kernel;
    this.#go = new Uint32Array(memory, freeAt, goBytes >> 2);
    this.#notes = new Uint32Array(memory, freeAt + goBytes, room * 3);
    this.#places = new Uint32Array(memory, freeAt + goBytes + room * noteBytes, tokenBytes >> 2);
    const most = mostRuns(kernel.window.length);
    const nearAt = freeAt + fixedBytes + mostGroups * (classesBytes + tableBytes);
    this.#near = new Uint32Array(memory, nearAt, most * 3);
    this.#nearRuns = new Uint32Array(most);
    this.#nearOf = new Uint32Array(most);
    this.covered = new Float64Array(plan.detectors.length);
  }

  /**
   * Looks around the runs [0, last) of the window, of which those from `next` on are asked about.
   * @returns numbers for `runOf`, `detectorOf` and `lastPlaceOf`, ascending
   */
  find(next: number, last: number, length: number, support: Support): Float64Array {
    this.#count = 0;
    this.#asked.clear();
    this.#next = next;
    this.#last = last;
    if (next === last || this.#plan.detectors.length === 0) return this.#keys.subarray(0, 0);
    const near = this.#findNear(support);
    for (const tracked of this.#made())
      if (!tracked.isLost && (near > 0 || !tracked.group.isSupported)) this.#track(tracked, length);
    this.#findTokens(length);
    this.#askOthers(near);
    for (let one = 0; one < near; one++) this.#nearOf[this.#nearRuns[one] ?? 0] = 0;
    const keys = this.#keys.subarray(0, this.#count);
    return keys.subarray(0, unique(keys));
  }

  /** @returns how many runs have a supporting word near by */
  #findNear(support: Support): number {
    const { runs, windowAt } = this.#kernel;
    const before = this.#plan.mostBefore + supportReach;
    const after = this.#plan.mostAfter + digitTail + supportReach;
    this.#nearBits = [];
    let count = 0;
    for (let run = this.#next; run < this.#last; run++) {
      const word = support.nextBehind((runs[run * 3] ?? 0) - windowAt - before);
      if (word === Infinity) break;
      run = this.#firstRunBehind(word + windowAt - after - 1, run);
      if (run >= this.#last) break;
      const [start, end] = [(runs[run * 3] ?? 0) - windowAt, (runs[run * 3 + 1] ?? 0) - windowAt];
      this.#nearBits.push(support.within(start - before, end + after));
      this.#near.set(runs.subarray(run * 3, run * 3 + 3), count * 3);
      this.#nearRuns[count++] = run;
      this.#nearOf[run] = count;
    }
    return count;
  }

  #made(): readonly Tracked[] {
    if (this.#tracked) return this.#tracked;
    const { groups, tokens, others, supportedOthers } = this.#plan.groups;
    const { memory, freeAt } = this.#kernel;
    const budget: Budget = { states: mostStates };
    this.#others = others;
    this.#supportedOthers = supportedOthers;
    this.#tokens = tokens.map((token) => ({ token, filter: Filter.of([token.pattern], budget) }));
    this.#leastToken = Math.min(...tokens.map(({ least }) => least));
    this.#tracked = groups.map((group, index) => {
      const classesAt = freeAt + fixedBytes + index * (classesBytes + tableBytes);
      const tableAt = classesAt + classesBytes;
      const tracker = new Tracker(
        group.net,
        {
          classes: new Uint8Array(memory, classesAt, classesBytes),
          cells: new Uint16Array(memory, tableAt, tableBytes >> 1),
        },
        { states: mostStates },
      );
      const shortest = new Uint32Array(this.#plan.detectors.length);
      const longest = new Uint32Array(this.#plan.detectors.length);
      for (const one of group.whose) {
        shortest[one.number] = one.shortest;
        longest[one.number] = one.longest;
      }
      return { group, tracker, shortest, longest, classesAt, tableAt, isLost: false };
    });
    return this.#tracked;
  }

  #track(tracked: Tracked, length: number): void {
    const { group, tracker, classesAt, tableAt } = tracked;
    const { windowAt, runsAt, track } = this.#kernel;
    const go = this.#go;
    const isNear = group.isSupported;
    const count = isNear ? this.#nearBits.length : this.#last;
    [go[1], go[2], go[3]] = [windowAt - 1, dead, 0];
    do {
      const noted = track(
        tableAt,
        classesAt,
        tracker.width,
        isNear ? this.#near.byteOffset : runsAt,
        count,
        group.lead,
        windowAt,
        windowAt + length,
        group.leastParted,
        group.isBack ? 1 : 0,
        this.#notes.byteOffset,
        room,
        go.byteOffset,
      );
      for (let note = 0; note < noted * 3; note += 3) this.#take(tracked, count, length, note);
      if (go[0] !== 1) continue;
      const state = tracker.make(go[2] ?? 0, go[4] ?? 0);
      if (state === undefined) {
        tracked.isLost = true;
        const lost = group.whose.map(({ number }) => number);
        if (isNear) this.#supportedOthers = [...this.#supportedOthers, ...lost];
        else this.#others = [...this.#others, ...lost];
        return;
      }
      go[2] = state;
    } while (go[0] !== 0);
  }

  /** A match that was noted, for the runs around it. */
  #take({ group, tracker, shortest, longest }: Tracked, count: number, length: number, note: number): void {
    const notes = this.#notes;
    const place = (notes[note] ?? 0) - this.#kernel.windowAt;
    const index = Math.min(notes[note + 2] ?? 0, count - 1);
    const run = group.isSupported ? (this.#nearRuns[index] ?? 0) : group.isBack ? count - 1 - index : index;
    for (const number of tracker.accepts(notes[note + 1] ?? 0)) {
      // Behind the match, or behind the byte that it had to be followed by.
      const most = group.isBack ? length - place + 1 : place - (shortest[number] ?? 0);
      const least = group.isBack ? length - place : place - 1 - (longest[number] ?? 0);
      this.#askAround(number, run, least, most, group.isSupported);
    }
  }

  /** A match of a detector begins in [least, most]: whoever of the runs around `run` has it in its window is asked. */
  #askAround(number: number, run: number, least: number, most: number, isSupported = false): void {
    const { runs, windowAt } = this.#kernel;
    const finder = this.#plan.detectors[number];
    if (finder === undefined) return;
    const { before, after } = finder;
    for (let one = run; one < this.#last && (runs[one * 3] ?? 0) - windowAt - before <= most; one++)
      if ((runs[one * 3 + 1] ?? 0) - windowAt + after > least) this.#ask(number, one, most, isSupported);
    for (let one = run - 1; one >= this.#next && (runs[one * 3 + 1] ?? 0) - windowAt + after > least; one--)
      if ((runs[one * 3] ?? 0) - windowAt - before <= most) this.#ask(number, one, most, isSupported);
  }

  /** @param place where a match begins at last */
  #ask(number: number, run: number, place: number, isSupported: boolean): void {
    if (run < this.#next) return;
    if (isSupported && this.#nearBits[(this.#nearOf[run] ?? 0) - 1]?.has(number) !== true) return;
    let asked = this.#asked.get(run);
    if (asked === undefined) {
      const { runs, windowAt, window } = this.#kernel;
      const start = (runs[run * 3] ?? 0) - windowAt;
      const end = (runs[run * 3 + 1] ?? 0) - windowAt;
      const count = runs[run * 3 + 2] ?? 0;
      const who = this.#plan.asked(window, start, end, count);
      asked = { who, isParted: isPartedRun(window, start, end, count) };
      this.#asked.set(run, asked);
    }
    if (!isSupported && !asked.isParted && this.#plan.detectors[number]?.unsupported === 'parted') return;
    if (!asked.who.has(number)) return;
    if (this.#count === this.#keys.length) {
      const larger = new Float64Array(this.#keys.length * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    this.#keys[this.#count++] = keyOf(run, number, place);
  }

  #findTokens(length: number): void {
    const tokens = this.#tokens;
    if (tokens.length === 0) return;
    const { runs, windowAt, window } = this.#kernel;
    const reach = longestToken + Math.max(this.#plan.mostBefore, this.#plan.mostAfter);
    const start = Math.max(windowAt, (runs[this.#next * 3] ?? 0) - reach);
    const end = Math.min(windowAt + length, (runs[this.#last * 3 - 2] ?? 0) + reach);
    const found = this.#kernel.tokens(
      start,
      end,
      windowAt,
      windowAt + length,
      this.#leastToken,
      longestToken,
      this.#places.byteOffset,
    );
    for (let place = 0; place < found * 2; place += 2) {
      const at = (this.#places[place] ?? 0) - windowAt;
      const size = (this.#places[place + 1] ?? 0) - windowAt - at;
      for (const { token, filter } of tokens)
        if (size >= token.least && size <= token.most && filter?.mayMatchAt(window, at, length) !== false)
          this.#askAround(token.number, this.#firstRunBehind(at + windowAt, this.#next), at, at);
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

  #askOthers(near: number): void {
    for (const number of this.#others)
      for (let run = this.#next; run < this.#last; run++) this.#ask(number, run, Infinity, false);
    for (const number of this.#supportedOthers)
      for (let one = 0; one < near; one++) this.#ask(number, this.#nearRuns[one] ?? 0, Infinity, true);
  }
}
