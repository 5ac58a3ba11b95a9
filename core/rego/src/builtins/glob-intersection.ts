import type { Value } from '../values.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/**
 * `regex.globs_match`: do two patterns of characters, `.`, `[sets]` and the flags `+` and `*` have a text in common? The
 * question is answered as OPA's library answers it (github.com/yashtewari/glob-intersection), which gives up on some pairs of
 * patterns that do have one.
 */
interface Token {
  /** The characters it stands for; null stands for all. */
  readonly points: readonly Range[] | null;
  readonly flag: '' | '+' | '*';
}

type Range = readonly [number, number];

class GlobError extends Error {}

/** Reads tokens one character at a time; positions in messages count code points, from 0. */
class Tokenizer {
  private readonly points: readonly string[];
  private at = 0;

  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.points = [...text];
  }

  all(): Token[] {
    const tokens: Token[] = [];
    while (this.at < this.points.length) tokens.push(this.token());
    return tokens;
  }

  private fail(message: string): never {
    throw new GlobError(`input:${this.text}, pos:${this.at}, ${message}: the input provided is invalid`);
  }

  private next(): { c: string; escaped: boolean } | null {
    const c = this.points[this.at];
    if (c === undefined) return null;
    if (c !== '\\') {
      this.at += 1;
      return { c, escaped: false };
    }
    const after = this.points[this.at + 1];
    if (after === undefined) return this.fail('input ends with a \\ (escape) character');
    this.at += 2;
    return { c: after, escaped: true };
  }

  private token(): Token {
    const found = this.next();
    const c = found?.c ?? '';
    let points: readonly Range[] | null = [pointRange(c)];
    if (found?.escaped === false) {
      if (c === '.') points = null;
      else if (c === ']') this.fail("set-close ']' with no preceding '['");
      else if (c === '+' || c === '*') this.fail(`flag '${c}' must be preceded by a non-flag`);
      else if (c === '[') points = this.set();
    }
    const flag = this.points[this.at];
    // An escape that ends the text is an error here already, as in the library.
    if (flag === '\\' && this.at === this.points.length - 1) this.next();
    if (flag !== '+' && flag !== '*') return { points, flag: '' };
    this.at += 1;
    return { points, flag };
  }

  private set(): Range[] {
    const ranges: Range[] = [];
    let previous: string | null = null;
    for (;;) {
      const found = this.next();
      if (found === null) return this.fail('found [ without matching ]');
      if (found.escaped || (found.c !== '-' && found.c !== ']')) {
        ranges.push(pointRange(found.c));
        previous = found.c;
      } else if (found.c === ']') return ranges;
      else {
        if (previous === null)
          return this.fail("range character '-' must be preceded by a Unicode character");
        if (this.at >= this.points.length - 1)
          return this.fail("range character '-' must be followed by a Unicode character");
        const end = this.next();
        const last = end?.c ?? '';
        if (end?.escaped === false && (last === ']' || last === '-'))
          return this.fail("range character '-' cannot be followed by a special symbol");
        const range: Range = [pointOf(previous), pointOf(last)];
        if (range[1] < range[0])
          return this.fail(`range is out of order: '${last}' comes before '${previous}' in Unicode`);
        ranges.push(range);
        previous = null;
      }
    }
  }
}

function pointOf(c: string): number {
  return c.codePointAt(0) ?? 0;
}

function pointRange(c: string): Range {
  return [pointOf(c), pointOf(c)];
}

const sameContent = (a: Token, b: Token): boolean =>
  a.points === null || b.points === null
    ? a.points === b.points
    : covers(a.points, b.points) && covers(b.points, a.points);

function covers(outer: readonly Range[], inner: readonly Range[]): boolean {
  return inner.every(([from, to]) => {
    let at = from;
    for (const [x, y] of outer.toSorted((a, b) => a[0] - b[0])) if (x <= at && y >= at) at = y + 1;
    return at > to;
  });
}

/** Joins neighbours with the same content that both have a flag: `a*a*` is `a*`, `a+a*` is `a+`. */
function simplify(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (const token of tokens) {
    const last = out.at(-1);
    // A set and a character never count as the same, even when the set has one member.
    if (last !== undefined && last.flag !== '' && token.flag !== '' && sameContent(last, token))
      out[out.length - 1] = { ...last, flag: last.flag === '+' || token.flag === '+' ? '+' : '*' };
    else out.push(token);
  }
  return out;
}

class Intersection {
  private readonly charge: (steps: number) => void;

  constructor(charge: (steps: number) => void) {
    this.charge = charge;
  }

  private matches(a: Token | undefined, b: Token | undefined): boolean {
    if (a === undefined || b === undefined) return false;
    if (a.points === null || b.points === null) return true;
    this.charge(1 + ((a.points.length * b.points.length) >> 2));
    return a.points.some(([from, to]) => (b.points ?? []).some(([x, y]) => x <= to && from <= y));
  }

  nonEmpty(a: readonly Token[], b: readonly Token[]): boolean {
    let left = 0;
    const plain = (x: Token | undefined, y: Token | undefined): boolean => x?.flag === '' && y?.flag === '';
    for (; plain(a[left], b[left]); left += 1) if (!this.matches(a[left], b[left])) return false;
    let [endA, endB] = [a.length - 1, b.length - 1];
    if (left > 0) left -= 1;
    for (; endA >= left && endB >= left && plain(a[endA], b[endB]); endA -= 1, endB -= 1)
      if (!this.matches(a[endA], b[endB])) return false;
    if (endA < a.length - 1) {
      endA += 1;
      endB += 1;
    }
    return this.normal(a.slice(left, endA + 1), b.slice(left, endB + 1));
  }

  private normal(a: readonly Token[], b: readonly Token[]): boolean {
    this.charge(1 + ((a.length + b.length) >> 3));
    let i = 0;
    for (; i < a.length && i < b.length; i += 1) {
      const [x, y] = [a[i], b[i]];
      if (x?.flag !== '' || y?.flag !== '')
        return x?.flag === '' ? this.flagged(b.slice(i), a.slice(i)) : this.flagged(a.slice(i), b.slice(i));
      if (!this.matches(x, y)) return false;
    }
    return i === a.length && i === b.length;
  }

  /** `a` begins with a token that has a flag. */
  private flagged(a: readonly Token[], b: readonly Token[]): boolean {
    if (a[0]?.flag === '*') return this.starred(a, b);
    if (!this.matches(a[0], b[0])) return false;
    if (this.starred(a, b.slice(1))) return true;
    return b[0]?.flag !== '' && this.normal(a.slice(1), b);
  }

  private starred(a: readonly Token[], b: readonly Token[]): boolean {
    const [star, next] = a;
    for (let i = 0; i < b.length; i += 1) {
      this.charge(1);
      if (next !== undefined && this.matches(b[i], next) && this.normal(a.slice(1), b.slice(i))) return true;
      if (!this.matches(b[i], star)) return false;
    }
    return next === undefined;
  }
}

export function globIntersectionBuiltins(ctx: BuiltinContext): BuiltinTable {
  const match = (a: Value | undefined, b: Value | undefined): Value | undefined => {
    if (typeof a !== 'string') return ctx.fail.type(1, 'string', a);
    if (typeof b !== 'string') return ctx.fail.type(2, 'string', b);
    ctx.charge(1 + ((a.length + b.length) >> 4));
    try {
      const [x, y] = [a, b].map((text) => simplify(new Tokenizer(text).all()));
      return new Intersection(ctx.charge).nonEmpty(x ?? [], y ?? []);
    } catch (error) {
      if (error instanceof GlobError) return ctx.fail.error(error.message);
      throw error;
    }
  };
  return { 'regex.globs_match': { arity: 2, fn: match } };
}
