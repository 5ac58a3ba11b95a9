/** One part, scanned as it arrives: a window of bytes slides over it, and a place is looked at when enough behind it is known. */
import { isWithin } from '../class-names.ts';
import { Context } from './context.ts';
import type { DictionaryScan } from '../custom/dictionary.ts';
import type { TextDetector } from '../detector.ts';
import { isPartedRun } from './digit-plan.ts';
import type { Hit } from './hit.ts';
import { judge } from './judge.ts';
import type { Kernel } from './kernel.ts';
import type { Match } from './match.ts';
import { Overlaps } from './overlap.ts';
import type { PartScan } from './part-scan.ts';
import type { Plan } from './plan.ts';
import { digitTail, hereTail, lookBehind, supportReach } from './reach.ts';
import { Sweep } from './sweep.ts';
import { hasEdges } from './vocabulary.ts';
import { ofTexts } from './whole-text.ts';

/** Kept behind a place that is looked at, and known ahead of it. */
const keptBytes = 4_096;
const aheadBytes = hereTail + 1_024;

/** Of a part for the detectors that see it as a whole, whatever they ask for. */
const mostHeadBytes = 4 << 20;
export type StreamOptions = {
  readonly plan: Plan;
  readonly kernel: Kernel;
  readonly textDetectors: readonly TextDetector[];
  readonly textOf: (bytes: Uint8Array) => string;
  /** Classes that hits are given of, with all below them; undefined: all. */
  readonly only?: readonly string[] | undefined;
  /** By number, as the plan's words name them. */
  readonly lists?: readonly DictionaryScan[];
  readonly scans?: readonly PartScan[];
};

export class Stream {
  readonly #plan: Plan;
  readonly #kernel: Kernel;
  readonly #textOf: (bytes: Uint8Array) => string;
  readonly #context: Context;
  readonly #only: readonly string[] | undefined;
  readonly #overlaps = new Overlaps();
  /** Offset of the window in the part. */
  #base = 0;
  #length = 0;
  #scanned = 0;
  #hits = 0;
  #nextHit = 0;
  #runs = 0;
  #nextRun = 0;
  #runsFrom = 0;
  #text = '';
  readonly #sweep: Sweep;
  /** By detector: offset from which a search is news. */
  readonly #searched: Float64Array;
  readonly #refused = new Map<string, number>();

  /** The beginning of the part, until there is enough of it for the detectors that see it as a whole. */
  #head: Uint8Array | undefined;
  #headLength = 0;
  readonly #headBytes: number;
  readonly #textDetectors: readonly TextDetector[];

  readonly #lists: readonly DictionaryScan[];
  readonly #scans: readonly PartScan[];

  constructor({ plan, kernel, textDetectors, textOf, only, lists = [], scans = [] }: StreamOptions) {
    this.#only = only;
    this.#lists = lists;
    this.#scans = scans;
    this.#textDetectors = textDetectors;
    const most = textDetectors.reduce((bytes, { maxBytes }) => Math.max(bytes, maxBytes), 0);
    this.#headBytes = Math.min(most, mostHeadBytes);
    if (most > 0) this.#head = new Uint8Array(0);
    this.#plan = plan;
    this.#kernel = kernel;
    this.#textOf = textOf;
    this.#context = new Context(plan, kernel);
    this.#sweep = new Sweep(plan.digits);
    this.#searched = plan.searched.fill(0);
  }

  /** The next bytes of the part. @returns hits that nothing later changes, in order */
  push(bytes: Uint8Array): Hit[] {
    const { window } = this.#kernel;
    const given: Hit[] = [];
    this.#takeHead(bytes);
    for (const scan of this.#scans) scan.push(bytes);
    for (let at = 0; at < bytes.length;) {
      const some = bytes.subarray(at, at + window.length - this.#length);
      window.set(some, this.#length);
      this.#length += some.length;
      at += some.length;
      if (this.#length === window.length) for (const hit of this.#round(false)) given.push(hit);
    }
    return given;
  }

  /** @returns the last hits; what customers' lists and documents found comes behind them, wherever it lies */
  end(): Hit[] {
    this.#lookAtHead();
    const last = this.#round(true);
    const others = [...this.#lists, ...this.#scans].flatMap((scan) => scan.end());
    return others.length === 0 ? last : [...last, ...others];
  }

  /** How many matches of a detector its check refused. */
  readonly refusedBy = (detector: string): number => this.#refused.get(detector) ?? 0;

  #takeHead(bytes: Uint8Array): void {
    if (this.#head === undefined) return;
    const some = bytes.subarray(0, this.#headBytes - this.#headLength);
    const length = this.#headLength + some.length;
    if (length > this.#head.length) {
      // Most parts are short: room for a long one is made only when it is one.
      const larger = new Uint8Array(Math.min(this.#headBytes, Math.max(length, 2 * this.#head.length)));
      larger.set(this.#head.subarray(0, this.#headLength));
      this.#head = larger;
    }
    this.#head.set(some, this.#headLength);
    this.#headLength = length;
    if (length === this.#headBytes) this.#lookAtHead();
  }

  #lookAtHead(): void {
    if (this.#head === undefined) return;
    const text = this.#textOf(this.#head.subarray(0, this.#headLength));
    for (const hit of ofTexts(text, this.#textDetectors)) this.#add(hit);
    this.#head = undefined;
  }

  /** Looks at all places in the window that enough is known of, and slides it. */
  #round(isLast: boolean): Hit[] {
    const { windowAt, window, findWords, findRuns } = this.#kernel;
    this.#hits = findWords(this.#scanned, this.#length, this.#hits);
    const { count, next } = findRuns(this.#runsFrom, this.#length, isLast, this.#runs);
    this.#runs = count;
    this.#runsFrom = next;
    this.#scanned = this.#length;
    this.#text = '';
    if (this.#base === 0) this.#context.readHead(window.subarray(0, this.#length), this.#hits);
    this.#context.move(this.#base, this.#length, this.#hits);
    this.#sweep.go(this.#kernel, this.#runs, this.#length, isLast);
    const limit = isLast ? this.#length : this.#length - aheadBytes;
    this.#lookAtWords(windowAt + limit);
    this.#lookAtRuns(windowAt + limit);
    const settledTo = isLast ? Infinity : this.#head ? 0 : this.#base + limit - keptBytes;
    if (!isLast) this.#slide(Math.max(0, limit - keptBytes));
    return this.#overlaps.settled(settledTo);
  }

  #lookAtWords(limit: number): void {
    const { hits, windowAt } = this.#kernel;
    const { automaton, finders } = this.#plan;
    for (; this.#nextHit < this.#hits; this.#nextHit++) {
      const end = hits[this.#nextHit * 2 + 1] ?? 0;
      if (end > limit) return;
      const state = (hits[this.#nextHit * 2] ?? 0) - automaton.accept;
      if (this.#lists.length > 0) this.#lookUp(state, end - windowAt);
      const some = finders[state];
      if (some === undefined || some.length === 0) continue;
      for (const { detector, length, at, before, after, tail } of some) {
        const start = end - windowAt - length;
        if (at === 'here') this.#matchAt(detector, start);
        else this.#search(detector, start - before, start + after, tail, true);
      }
    }
  }

  /** Words of dictionaries that end at `end`. */
  #lookUp(state: number, end: number): void {
    const { window } = this.#kernel;
    for (const number of this.#plan.listings[state] ?? []) {
      const { text, listed } = this.#plan.words[number] ?? { text: '', listed: [] };
      const start = end - text.length;
      if (!hasEdges((at) => (at < 0 || at >= this.#length ? 0 : (window[at] ?? 0)), start, end)) continue;
      for (const list of listed) this.#lists[list]?.see(number, text, this.#base + start, this.#base + end);
    }
  }

  #lookAtRuns(limit: number): void {
    const { runs, windowAt, window } = this.#kernel;
    const { digits } = this.#plan;
    const who: number[] = [];
    for (; this.#nextRun < this.#runs; this.#nextRun++) {
      const start = (runs[this.#nextRun * 3] ?? 0) - windowAt;
      const end = (runs[this.#nextRun * 3 + 1] ?? 0) - windowAt;
      if (end + windowAt > limit) return;
      const number = runs[this.#nextRun * 3 + 2] ?? 0;
      const met = this.#sweep.metAround(start, end, isPartedRun(window, start, end, number));
      const supported = this.#context.supportedWithin(
        start - digits.mostBefore - supportReach,
        end + digits.mostAfter + digitTail + supportReach,
      );
      // Most numbers stand near nothing.
      if (!this.#sweep.isAnyMet && !this.#context.supportsAny) continue;
      const follows = isLetter(window[start - 1] ?? 0);
      const asked = digits.asked(window, start, end, number);
      const count = asked.listIn(met, supported, who);
      for (let one = 0; one < count; one++) {
        const finder = digits.detectors[who[one] ?? 0];
        if (finder === undefined || (finder.needsLetter && !follows)) continue;

        const [first, to] = [start - finder.before, end + finder.after];
        this.#search(finder.detector, first, to, digitTail, false, this.#sweep.isSure(who[one] ?? 0));
      }
    }
  }

  #matchAt(index: number, at: number): void {
    if (this.#base + at < (this.#searched[index] ?? 0)) return;
    const end = Math.min(this.#length, at + hereTail);
    if (this.#plan.matchers[index]?.mayMatchAt(this.#kernel.window, at, end) !== true) return;
    const from = Math.max(0, at - lookBehind);
    const match = this.#plan.matchers[index]?.here(this.#slice(from, at + hereTail), at - from);
    if (match === undefined) return;
    this.#found(index, from, match);
    if (match.checked !== false) this.#searched[index] = this.#base + from + match.start + 1;
  }

  /** @param merges whether windows overlap, so that what was searched once is not searched again. @param isSure whether a look ahead of the pattern is not worth while */
  #search(index: number, first: number, to: number, tail: number, merges: boolean, isSure = false): void {
    const begin = Math.max(0, first, (this.#searched[index] ?? 0) - this.#base);
    if (begin >= to) return;
    const end = Math.min(this.#length, to + tail);
    const last = Math.min(to, this.#length);
    if (
      !isSure &&
      begin < last &&
      this.#plan.matchers[index]?.mayMatchIn(this.#kernel.window, begin, last, end) !== true
    ) {
      if (merges) this.#searched[index] = this.#base + last;
      return;
    }
    const from = Math.max(0, begin - lookBehind);
    const text = this.#slice(from, to + tail);
    const went = this.#plan.matchers[index]?.between(
      text,
      begin - from,
      Math.min(to - from, text.length),
      (match) => {
        this.#found(index, from, match);
        if (match.checked !== false) this.#searched[index] = this.#base + from + match.end;
      },
    );
    if (merges) this.#searched[index] = this.#base + from + (went ?? 0);
  }

  #found(index: number, from: number, { start, end, checked }: Match): void {
    const detector = this.#plan.detectors[index];
    if (detector === undefined) return;
    if (checked === false) {
      this.#refused.set(detector.id, this.refusedBy(detector.id) + 1);
      return;
    }
    const around = this.#context.around(index, from + start, from + end);
    const value = this.#slice(from + start, from + end);
    const place = { start: this.#base + from + start, end: this.#base + from + end, value };
    const hit = judge(detector, place, checked, around);
    if (hit !== undefined) this.#add(hit);
  }

  #add(hit: Hit): void {
    if (this.#only?.some((name) => isWithin(hit.detector.class, name)) ?? true) this.#overlaps.add(hit);
  }

  #slice(from: number, to: number): string {
    if (this.#text === '') this.#text = this.#textOf(this.#kernel.window.subarray(0, this.#length));
    return this.#text.slice(from, to);
  }

  #slide(by: number): void {
    const { window, hits, runs, windowAt } = this.#kernel;
    if (by === 0) return;
    window.copyWithin(0, by, this.#length);
    this.#base += by;
    this.#length -= by;
    this.#scanned -= by;
    this.#runsFrom -= by;
    this.#sweep.slide(by, this.#nextRun);
    let first = 0;
    while (first < this.#hits && (hits[first * 2 + 1] ?? 0) <= windowAt + by) first += 1;
    hits.copyWithin(0, first * 2, this.#hits * 2);
    this.#hits -= first;
    this.#nextHit = Math.max(0, this.#nextHit - first);
    for (let at = 1; at < this.#hits * 2; at += 2) hits[at] = (hits[at] ?? 0) - by;
    runs.copyWithin(0, this.#nextRun * 3, this.#runs * 3);
    this.#runs -= this.#nextRun;
    this.#nextRun = 0;
    for (let at = 0; at < this.#runs * 3; at += 3) {
      runs[at] = (runs[at] ?? 0) - by;
      runs[at + 1] = (runs[at + 1] ?? 0) - by;
    }
  }
}

function isLetter(byte: number): boolean {
  return (byte | 32) >= 97 && (byte | 32) <= 122;
}
