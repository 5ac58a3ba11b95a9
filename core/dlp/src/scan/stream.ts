/** One part, scanned as it arrives: a window of bytes slides over it, and a place is looked at when enough behind it is known. */
import { isWithin } from '../class-names.ts';
import { Context } from './context.ts';
import type { DictionaryScan } from '../custom/dictionary.ts';
import type { Candidates } from './candidates.ts';
import type { Hit } from './hit.ts';
import { judge } from './judge.ts';
import type { Kernel } from './kernel.ts';
import type { Match } from './match.ts';
import { Numbers } from './numbers.ts';
import { Overlaps } from './overlap.ts';
import type { PartScan } from './part-scan.ts';
import type { Plan } from './plan.ts';
import { digitTail, hereTail, lookBehind } from './reach.ts';
import type { StreamOptions } from './stream-options.ts';
import type { Support } from './support.ts';
import { hasEdges } from './vocabulary.ts';
import { WholeText } from './whole-text.ts';

/** Kept behind a place that is looked at, and known ahead of it. */
const keptBytes = 4_096;
const aheadBytes = hereTail + 1_024;

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
  readonly #candidates: Candidates;
  readonly #support: Support;
  /** By detector: offset from which a search is news. */
  readonly #searched: Float64Array;
  readonly #refused = new Map<string, number>();

  readonly #wholeText: WholeText;
  readonly #lists: readonly DictionaryScan[];
  readonly #scans: readonly PartScan[];

  constructor({
    plan,
    kernel,
    candidates,
    support,
    textDetectors,
    textOf,
    only,
    lists = [],
    scans = [],
  }: StreamOptions) {
    this.#only = only;
    this.#lists = lists;
    this.#scans = scans;
    this.#wholeText = new WholeText(textDetectors);
    this.#plan = plan;
    this.#kernel = kernel;
    this.#textOf = textOf;
    this.#context = new Context(plan, kernel);
    this.#candidates = candidates;
    candidates.open();
    this.#support = support;
    this.#searched = plan.searched.fill(0);
    plan.asking.searched.fill(0);
  }

  /** The next bytes of the part. @returns hits that nothing later changes, in order */
  push(bytes: Uint8Array): Hit[] {
    const { window } = this.#kernel;
    const given: Hit[] = [];
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
    const last = this.#round(true);
    const others = [...this.#lists, ...this.#scans].flatMap((scan) => scan.end());
    return others.length === 0 ? last : [...last, ...others];
  }

  /** How many matches of a detector its check refused. */
  readonly refusedBy = (detector: string): number => this.#refused.get(detector) ?? 0;

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
    this.#support.move(this.#length, this.#hits, this.#context.headed);
    const limit = isLast ? this.#length : this.#length - aheadBytes;
    this.#lookAtWords(windowAt + limit);
    this.#lookAtRuns(windowAt + limit);
    this.#lookAtText(limit, isLast);
    const settledTo = isLast ? Infinity : this.#base + limit - keptBytes;
    if (!isLast) this.#slide(Math.max(0, limit - keptBytes));
    return this.#overlaps.settled(settledTo);
  }

  #lookAtWords(limit: number): void {
    const { hits, windowAt, asked } = this.#kernel;
    let last = this.#hits;
    while (last > this.#nextHit && (hits[last * 2 - 1] ?? 0) > limit) last -= 1;
    if (this.#lists.length > 0) for (let hit = this.#nextHit; hit < last; hit++) this.#lookUp(hit);
    while (this.#nextHit < last) {
      const { count, next } = this.#kernel.ask(this.#nextHit, last, this.#base, this.#length);
      this.#nextHit = next;
      for (let at = 0; at < count * 4; at += 4) {
        const detector = asked[at] ?? 0;
        const from = (asked[at + 1] ?? 0) - windowAt;
        const to = (asked[at + 2] ?? 0) - windowAt;
        const end = (asked[at + 3] ?? 0) - windowAt;
        if (this.#plan.areas[detector] === undefined) this.#matchAt(detector, from, end);
        else this.#search(detector, from, to, end);
      }
    }
  }

  #lookAtText(limit: number, isLast: boolean): void {
    if (this.#wholeText.isDone) return;
    const bytes = this.#kernel.window.subarray(0, this.#length);
    const [base, to] = [this.#base, this.#base + limit];
    this.#wholeText.see({ bytes, text: () => this.#windowText(), base, to, isLast }, (hit) => {
      this.#add(hit);
    });
  }

  /** Words of dictionaries that end at a hit. */
  #lookUp(hit: number): void {
    const { window, hits, windowAt } = this.#kernel;
    const end = (hits[hit * 2 + 1] ?? 0) - windowAt;
    for (const number of this.#plan.listings[(hits[hit * 2] ?? 0) - this.#plan.automaton.accept] ?? []) {
      const { text, listed } = this.#plan.words[number] ?? { text: '', listed: [] };
      const start = end - text.length;
      if (!hasEdges((at) => (at < 0 || at >= this.#length ? 0 : (window[at] ?? 0)), start, end)) continue;
      for (const list of listed) this.#lists[list]?.see(number, text, this.#base + start, this.#base + end);
    }
  }

  #lookAtRuns(limit: number): void {
    const { runs } = this.#kernel;
    const first = this.#nextRun;
    let last = first;
    while (last < this.#runs && (runs[last * 3 + 1] ?? 0) <= limit) last += 1;
    this.#nextRun = last;
    const candidates = this.#candidates;
    candidates.look(first, last, this.#length, this.#support);
    for (let count = candidates.some(); count !== undefined; count = candidates.some()) {
      const { found } = candidates;
      for (let at = 0; at < count * 3; at += 3)
        this.#lookAtRun(found[at] ?? 0, found[at + 1] ?? 0, found[at + 2] ?? 0);
    }
  }

  /** @param place where a match begins at last that the detector is asked for */
  #lookAtRun(run: number, number: number, place: number): void {
    const { runs, windowAt } = this.#kernel;
    const finder = this.#plan.digits.detectors[number];
    if (finder === undefined) return;
    const { detector, before, after, unsupported } = finder;
    const start = (runs[run * 3] ?? 0) - windowAt;
    const { covered } = this.#candidates;
    // Most matches are in the windows of several runs: what begins ahead of here was seen.
    const seen = Math.max(covered[number] ?? 0, this.#searched[detector] ?? 0) - this.#base;
    const isKnown = place !== Numbers.anyPlace;
    if (isKnown && place < seen) return;
    const known = isKnown ? (covered[number] ?? 0) - this.#base : -Infinity;
    const to = (runs[run * 3 + 1] ?? 0) - windowAt + after;
    const isSure = isKnown && unsupported === 'always';
    const behind = isKnown ? Math.min(to, place + 1) : to;
    this.#searchRun(detector, Math.max(start - before, known), behind, to + digitTail, isSure);
    covered[number] = this.#base + to;
  }

  #matchAt(index: number, at: number, end: number): void {
    if (this.#base + at < (this.#searched[index] ?? 0)) return;
    const from = Math.max(0, at - lookBehind);
    const match = this.#plan.matchers[index]?.here(this.#slice(from, end), at - from);
    if (match === undefined) return;
    this.#found(index, from, match);
    if (match.checked !== false) this.#searched[index] = this.#base + from + match.start + 1;
  }

  /** Around a run of digits, for matches that begin in [first, behind). @param isSure whether a look ahead of the pattern is not worth while */
  #searchRun(index: number, first: number, behind: number, tailEnd: number, isSure: boolean): void {
    const begin = Math.max(0, first, (this.#searched[index] ?? 0) - this.#base);
    if (begin >= behind) return;
    const end = Math.min(this.#length, tailEnd);
    const last = Math.min(behind, this.#length);
    const matcher = this.#plan.matchers[index];
    if (!isSure && begin < last && matcher?.mayMatchIn(this.#kernel.window, begin, last, end) !== true)
      return;
    this.#between(index, begin, behind, end);
  }

  /** Where nothing is searched twice. */
  #search(index: number, first: number, to: number, end: number): void {
    const begin = Math.max(first, (this.#searched[index] ?? 0) - this.#base);
    if (begin < to) this.#searched[index] = this.#base + this.#between(index, begin, to, end);
  }

  /** Matches that begin in [begin, to) and end by `end`. @returns where to go on */
  #between(index: number, begin: number, to: number, end: number): number {
    if (begin >= to) return begin;
    const from = Math.max(0, begin - lookBehind);
    const text = this.#slice(from, end);
    const went = this.#plan.matchers[index]?.between(
      text,
      begin - from,
      Math.min(to - from, text.length),
      (match) => {
        this.#found(index, from, match);
        if (match.checked !== false) this.#searched[index] = this.#base + from + match.end;
      },
    );
    return from + (went ?? 0);
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
    return this.#windowText().slice(from, to);
  }

  #windowText(): string {
    if (this.#text === '') this.#text = this.#textOf(this.#kernel.window.subarray(0, this.#length));
    return this.#text;
  }

  #slide(by: number): void {
    const { window, hits, runs, windowAt } = this.#kernel;
    if (by === 0) return;
    window.copyWithin(0, by, this.#length);
    this.#base += by;
    this.#length -= by;
    this.#scanned -= by;
    this.#runsFrom -= by;
    let first = 0;
    while (first < this.#hits && (hits[first * 2 + 1] ?? 0) <= windowAt + by) first += 1;
    hits.copyWithin(0, first * 2, this.#hits * 2);
    this.#hits -= first;
    this.#nextHit = Math.max(0, this.#nextHit - first);
    for (let at = 1; at < this.#hits * 2; at += 2) hits[at] = (hits[at] ?? 0) - by;
    // Runs that were looked at may be part of what begins with them.
    let used = 0;
    while (used < this.#nextRun && (runs[used * 3] ?? 0) < windowAt + by + keptBytes / 2) used += 1;
    runs.copyWithin(0, used * 3, this.#runs * 3);
    this.#runs -= used;
    this.#nextRun -= used;
    for (let at = 0; at < this.#runs * 3; at += 3) {
      runs[at] = (runs[at] ?? 0) - by;
      runs[at + 1] = (runs[at + 1] ?? 0) - by;
    }
  }
}
