import { Machine, programSize } from './machine.ts';
import { nativeRegex } from './native.ts';
import type { NativeRegex } from './native.ts';
import { parseRegex } from './parse.ts';
import type { ParsedRegex } from './parse.ts';
import { RegexSyntaxError } from './syntax.ts';

/** One match: offsets (UTF-16) of the whole and of each group, -1 for groups that took no part. */
export type Match = ArrayLike<number>;

/** Longer texts go to the Machine when the other matcher's work would grow with their square. */
const MAX_QUADRATIC = 4096;

/** The other matcher spells repetitions out: a larger one takes seconds to make, or overflows its stack. */
const MAX_NATIVE = 5000;

/** A compiled RE2 expression. Its running time is bounded whatever the pattern: see nativeRegex and Machine. */
export class CompiledRegex {
  readonly parsed: ParsedRegex;
  /** Instructions that it may take up in memory, which is also what it cost to make. */
  readonly size: number;
  private readonly native: NativeRegex | null;
  private machineMade: Machine | null = null;

  constructor(parsed: ParsedRegex) {
    this.parsed = parsed;
    this.size = programSize(parsed.root);
    this.native = this.size > MAX_NATIVE ? null : nativeRegex(parsed);
    // Builds it at once when it is needed, so that an expression that is too large is refused here.
    if (this.native === null) this.machineMade = new Machine(parsed);
  }

  private get machine(): Machine {
    this.machineMade ??= new Machine(this.parsed);
    return this.machineMade;
  }

  /** Steps that matching a text of this length may take, for the evaluation's budget; 0 when it is too cheap to count. */
  cost(length: number): number {
    if (!this.isNative(length)) return this.machine.cost(length);
    return this.native?.quadratic === true ? (length * length) >> 12 : length >> 6;
  }

  test(text: string): boolean {
    return this.native !== null && this.isNative(text.length)
      ? this.native.regex.test(text)
      : this.machine.exec(text, 0) !== null;
  }

  private isNative(length: number): boolean {
    return this.native !== null && (length <= MAX_QUADRATIC || !this.native.quadratic);
  }

  /** The first match at or after `from`. */
  exec(text: string, from: number): Match | null {
    return this.machine.exec(text, from);
  }

  /**
   * All matches, at most `limit` (negative: all), as Go's FindAll: an empty match directly after a match does not count.
   * @param pay is told the steps of each search before its result is kept
   */
  all(text: string, limit: number, pay: (steps: number) => void): Match[] {
    const found: Match[] = [];
    const steps = 1 + (this.machine.cost(text.length) >> 3);
    let at = 0;
    let lastEnd = -1;
    while (at <= text.length && (limit < 0 || found.length < limit)) {
      pay(steps);
      const match = this.exec(text, at);
      if (match === null) break;
      const start = match[0] ?? 0;
      const end = match[1] ?? 0;
      if (end > start || start !== lastEnd) found.push(match);
      lastEnd = end;
      at = end > start ? end : end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
    }
    return found;
  }
}

/** Why a pattern is not valid RE2, in the words of Go's regexp package. */
export function regexComplaint(pattern: string): string {
  try {
    new CompiledRegex(parseRegex(pattern)); // oxlint-disable-line no-new -- for its error
    return 'error parsing regexp';
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.message;
    throw error;
  }
}

/** Compiles a pattern; null when it is not valid RE2. */
export function compileRegex(pattern: string): CompiledRegex | null {
  try {
    return new CompiledRegex(parseRegex(pattern));
  } catch (error) {
    if (error instanceof RegexSyntaxError) return null;
    throw error;
  }
}
