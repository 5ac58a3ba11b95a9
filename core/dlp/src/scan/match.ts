/** Where a detector's pattern matches around a place that was found for it. */
import type { Checked, Detector } from '../detector.ts';
import type { Budget } from './filter/filter.ts';
import { Filter } from './filter/filter.ts';

export type Match = { readonly start: number; readonly end: number; readonly checked: Checked };

/** Milliseconds; how long a pattern may take in one part. */
export type Clock = { readonly now: () => number; readonly maxMs: number };

/** A pattern that is tried so often is worth a filter. */
const triesBeforeFilter = 48;

/** Tries between two looks at how often a filter says no; one that seldom does is not asked for a while. */
const triesPerLook = 64;
const triesWithout = 1_024;

/** A value of more characters may be longer than its pattern allows: what a machine draws has any length. */
const longValue = 900;
const tokenRest = /[\w+/=-]+/y;

function endOf(text: string, start: number, end: number): number {
  if (end - start < longValue || text[end - 1] === '-') return end;
  tokenRest.lastIndex = end - 1;
  return tokenRest.test(text) ? tokenRest.lastIndex : end;
}

/** A detector's pattern, ready to be used at a position. */
export class Matcher {
  readonly detector: Detector;
  #hasValue = false;
  // Most patterns are never needed, and to make one takes longer than to scan a small file.
  #at: RegExp | undefined;
  #from: RegExp | undefined;
  #exact: RegExp | undefined;

  readonly #budget: Budget | undefined;
  #filter: Filter | undefined;
  #tries = 0;
  #refused = 0;

  readonly #clock: Clock | undefined;
  #usedMs = 0;

  /**
   * @param clock absent for patterns that are known to be fast
   * @param budget of states for its filter; without one it is not filtered
   */
  constructor(detector: Detector, clock?: Clock, budget?: Budget) {
    this.#budget = budget;
    this.detector = detector;
    this.#clock = clock;
  }

  /** Whether it took more than its time in this part: from there on it finds nothing. */
  get isTooSlow(): boolean {
    return this.#clock !== undefined && this.#usedMs > this.#clock.maxMs;
  }

  /** A part begins. */
  reset(): void {
    this.#usedMs = 0;
  }

  /** Whether `between` is worth while; the text ends at `end`. */
  mayMatchIn(bytes: Uint8Array, from: number, to: number, end: number): boolean {
    const { mayBegin } = this.detector;
    if (mayBegin) return mayBegin(bytes, from, to, end);
    if (this.#tries < 0) {
      this.#tries += 1;
      return true;
    }
    const mayMatch = this.#filtering()?.mayMatchIn(bytes, from, to, end) ?? true;
    if (!mayMatch) this.#refused += 1;
    if (this.#tries >= triesBeforeFilter + triesPerLook) {
      this.#tries = this.#refused < triesPerLook / 8 ? -triesWithout : triesBeforeFilter;
      this.#refused = 0;
    }
    return mayMatch;
  }

  #filtering(): Filter | undefined {
    this.#tries += 1;
    if (this.#filter === undefined && this.#tries === triesBeforeFilter && this.#budget)
      this.#filter = Filter.of([this.detector.pattern], this.#budget);
    return this.#filter;
  }

  /** The match that begins at `at`, when it passes the check. */
  here(text: string, at: number): Match | undefined {
    this.#at ??= this.#made('y');
    this.#at.lastIndex = at;
    const match = this.#at.exec(text);
    return match ? this.#checked(text, match, false) : undefined;
  }

  /**
   * All matches that begin in [from, to) of the text, the next one behind the value of the one before.
   * @returns where a search that follows may begin
   */
  between(text: string, from: number, to: number, found: (match: Match) => void): number {
    this.#from ??= this.#made('g');
    let at = from;
    while (at < to) {
      this.#from.lastIndex = at;
      if (this.isTooSlow) return to;
      const started = this.#clock?.now() ?? 0;
      const match = this.#from.exec(text);
      if (this.#clock) this.#usedMs += this.#clock.now() - started;
      if (!match || match.index >= to) return to;
      const checked = this.#checked(text, match, true);
      if (checked && checked.checked !== false) found(checked);
      // Behind the value where it holds, otherwise within it: the text that was taken for a name may be one.
      const next =
        checked === undefined ? match.index : checked.checked === false ? checked.start : checked.end;
      at = Math.max(match.index + 1, next);
    }
    return at;
  }

  /** @param isPlaced whether it matters where a value is that the check refuses */
  #checked(text: string, match: RegExpExecArray, isPlaced: boolean): Match | undefined {
    const value = (this.#hasValue ? match.groups?.['value'] : undefined) ?? match[0];
    if (value.length === 0) return undefined;
    const checked = this.detector.check?.(value, match) ?? true;
    if (checked === false && !isPlaced) return { start: match.index, end: match.index, checked };
    const start = match.index + (value.length === match[0].length ? 0 : this.#placeOf(text, value, match));
    return { start, end: endOf(text, start, start + value.length), checked };
  }

  /** Where the value lies in its match. */
  #placeOf(text: string, value: string, { 0: whole, index }: RegExpExecArray): number {
    const first = whole.indexOf(value);
    if (whole.indexOf(value, first + 1) < 0) return first;
    // Places of groups make a match slow, so they are asked for only where the value occurs in it twice.
    this.#exact ??= this.#made('dy');
    this.#exact.lastIndex = index;
    return (this.#exact.exec(text)?.indices?.groups?.['value']?.[0] ?? index + first) - index;
  }

  #made(flags: string): RegExp {
    const { pattern } = this.detector;
    this.#hasValue = pattern.source.includes('(?<value>');
    return new RegExp(pattern.source, `${pattern.flags}${flags}`);
  }
}
