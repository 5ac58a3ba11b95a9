import { Machine } from './machine.ts';
import { nativeRegex } from './native.ts';
import { parseRegex } from './parse.ts';
import type { ParsedRegex } from './parse.ts';
import { RegexSyntaxError } from './syntax.ts';

/** One match: offsets (UTF-16) of the whole and of each group, -1 for groups that took no part. */
export type Match = ArrayLike<number>;

/** A compiled RE2 expression. Its running time is bounded whatever the pattern: see nativeRegex and Machine. */
export class CompiledRegex {
  readonly parsed: ParsedRegex;
  private readonly native: RegExp | null;
  private machineMade: Machine | null = null;

  constructor(parsed: ParsedRegex) {
    this.parsed = parsed;
    this.native = nativeRegex(parsed);
    // Builds it at once when it is needed, so that an expression that is too large is refused here.
    if (this.native === null) this.machineMade = new Machine(parsed);
  }

  private get machine(): Machine {
    this.machineMade ??= new Machine(this.parsed);
    return this.machineMade;
  }

  /** Steps that matching a text of this length may take, for the evaluation's budget; 0 when it is too cheap to count. */
  cost(length: number): number {
    return this.native !== null ? length >> 6 : (length + 1) * Math.max(1, this.machine.size >> 4);
  }

  test(text: string): boolean {
    return this.native !== null ? this.native.test(text) : this.machine.exec(text, 0) !== null;
  }

  /** The first match at or after `from`. */
  exec(text: string, from: number): Match | null {
    return this.machine.exec(text, from);
  }

  /** All matches, at most `limit` (negative: all), as Go's FindAll: an empty match directly after a match does not count. */
  all(text: string, limit: number): Match[] {
    const found: Match[] = [];
    let at = 0;
    let lastEnd = -1;
    while (at <= text.length && (limit < 0 || found.length < limit)) {
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
