import {
  DIGIT,
  foldCase,
  MAX_POINT,
  negate,
  normalize,
  POSIX,
  RegexSyntaxError,
  SPACE,
  unicodeClass,
  WORD,
} from './syntax.ts';
import type { Ranges, Regex } from './syntax.ts';

/** A parsed pattern with the number of its groups and their names. */
export interface ParsedRegex {
  readonly root: Regex;
  readonly groups: number;
  readonly names: readonly (string | null)[];
}

interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  U: boolean;
}

/** RE2's own limit for counted repetition. */
const MAX_REPEAT = 1000;

/** Parses Go's regular expression syntax (RE2); throws RegexSyntaxError. Source: https://github.com/google/re2/wiki/Syntax */
export function parseRegex(pattern: string): ParsedRegex {
  return new Parser(pattern).run();
}

class Parser {
  private readonly src: readonly string[];
  private pos = 0;
  private groups = 0;
  private depth = 0;
  private readonly names: (string | null)[] = [null];
  private flags: Flags = { i: false, m: false, s: false, U: false };

  constructor(pattern: string) {
    this.src = [...pattern];
  }

  run(): ParsedRegex {
    const root = this.alternation();
    if (this.pos < this.src.length) throw this.wrong('unexpected )', 0);
    return { root, groups: this.groups, names: this.names };
  }

  /** An error about a part of the pattern. */
  private wrong(message: string, from: number, to = this.src.length): RegexSyntaxError {
    return new RegexSyntaxError(`error parsing regexp: ${message}: \`${this.src.slice(from, to).join('')}\``);
  }

  private peek(text: string): boolean {
    return [...text].every((c, i) => this.src[this.pos + i] === c);
  }

  private take(text: string): boolean {
    if (!this.peek(text)) return false;
    this.pos += [...text].length;
    return true;
  }

  private alternation(): Regex {
    this.depth += 1;
    if (this.depth > 200) throw this.wrong('expression nests too deeply', 0);
    const items = [this.concatenation()];
    while (this.take('|')) items.push(this.concatenation());
    this.depth -= 1;
    return items.length === 1 && items[0] !== undefined ? items[0] : { r: 'alternate', items };
  }

  private concatenation(): Regex {
    const items: Regex[] = [];
    while (this.pos < this.src.length && !this.peek('|') && !this.peek(')')) {
      const atom = this.atom();
      if (atom !== null)
        items.push(...(Array.isArray(atom) ? (atom as Regex[]) : [this.quantified(atom as Regex)]));
    }
    if (items.length === 0) return { r: 'empty' };
    return items.length === 1 && items[0] !== undefined ? items[0] : { r: 'concat', items };
  }

  private quantified(atom: Regex): Regex {
    let item = atom;
    let count = 0;
    let before = this.pos;
    for (;;) {
      const start = this.pos;
      const bounds = this.quantifier();
      if (bounds === null) return item;
      count += 1;
      if (count > 1) throw this.wrong('invalid nested repetition operator', before, this.pos);
      before = start;
      const [min, max] = bounds;
      if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Infinity) || max < min)
        throw this.wrong('invalid repeat count', start, this.pos);
      const lazy = this.take('?');
      item = { r: 'repeat', item, min, max, greedy: lazy === this.flags.U };
    }
  }

  private quantifier(): readonly [number, number] | null {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    if (!this.peek('{')) return null;
    const text = this.src.slice(this.pos, this.pos + 12).join('');
    const found = /^\{(\d+)(?:(,)(\d*))?\}/.exec(text);
    if (found === null) return null;
    this.pos += found[0].length;
    const min = Number(found[1]);
    return [min, found[2] === undefined ? min : found[3] === '' ? Infinity : Number(found[3])];
  }

  private chars(ranges: Ranges): Regex {
    return { r: 'chars', ranges: this.flags.i ? foldCase(ranges) : normalize(ranges) };
  }

  private atom(): Regex | Regex[] | null {
    const c = this.src[this.pos] ?? '';
    if (c === '(') return this.group();
    if (c === '[') return this.chars(this.bracket());
    if (c === '\\') return this.escape();
    if (c === '*' || c === '+' || c === '?')
      throw this.wrong('missing argument to repetition operator', this.pos, this.pos + 1);
    this.pos += 1;
    if (c === '.') return { r: 'chars', ranges: this.flags.s ? [[0, MAX_POINT]] : negate([[10, 10]]) };
    if (c === '^') return { r: 'assert', kind: this.flags.m ? 'lineStart' : 'textStart' };
    if (c === '$') return { r: 'assert', kind: this.flags.m ? 'lineEnd' : 'textEnd' };
    return this.chars(single(c));
  }

  private group(): Regex | null {
    this.pos += 1;
    const outer = { ...this.flags };
    let name: string | null = null;
    let capture = true;
    if (this.take('?')) {
      if (this.take('P<') || (this.peek('<') && !this.peek('<=') && !this.peek('<!') && this.take('<')))
        name = this.groupName();
      else {
        capture = false;
        if (!this.flagGroup()) return null;
      }
    }
    let index = 0;
    if (capture) {
      this.groups += 1;
      index = this.groups;
      this.names.push(name);
    }
    const item = this.alternation();
    if (!this.take(')')) throw this.wrong('missing closing )', 0);
    this.flags = outer;
    return capture ? { r: 'group', item, index, name } : { r: 'concat', items: [item] };
  }

  private groupName(): string {
    const start = this.src.lastIndexOf('(', this.pos);
    let name = '';
    while (this.pos < this.src.length && !this.peek('>')) {
      name += this.src[this.pos] ?? '';
      this.pos += 1;
    }
    if (!this.take('>')) throw this.wrong('invalid named capture', start);
    if (!/^\w+$/.test(name)) throw this.wrong('invalid named capture', start, this.pos);
    return name;
  }

  /** `(?flags)` (gives false: no group follows) or `(?flags:`. */
  private flagGroup(): boolean {
    const start = this.pos - 2;
    const next = { ...this.flags };
    let on = true;
    for (;;) {
      const c = this.src[this.pos];
      this.pos += 1;
      if (c === 'i' || c === 'm' || c === 's' || c === 'U') next[c] = on;
      else if (c === '-' && on) on = false;
      else if (c === ':' || c === ')') {
        this.flags = next;
        return c === ':';
      } else
        throw c === undefined
          ? this.wrong('missing argument to repetition operator', start + 1, start + 2)
          : this.wrong('invalid or unsupported Perl syntax', start, this.pos);
    }
  }

  private escape(): Regex | Regex[] {
    this.pos += 1;
    const c = this.src[this.pos];
    if (c === undefined) throw this.wrong('trailing backslash at end of expression', this.src.length);
    const asserts = { A: 'textStart', z: 'textEnd', b: 'word', B: 'notWord' } as const;
    if (c === 'A' || c === 'z' || c === 'b' || c === 'B') {
      this.pos += 1;
      return { r: 'assert', kind: asserts[c] };
    }
    if (c === 'Q') return this.quotedRun();
    const ranges = this.classEscape();
    return this.chars(ranges ?? single(this.charEscape()));
  }

  private quotedRun(): Regex[] {
    this.pos += 1;
    const items: Regex[] = [];
    while (this.pos < this.src.length && !this.take('\\E')) {
      items.push(this.chars(single(this.src[this.pos] ?? '')));
      this.pos += 1;
    }
    const last = items.pop();
    return last === undefined ? [] : [...items, this.quantified(last)];
  }

  /** `\d`, `\pL`, …: at the letter after the backslash; null when it is not a class. */
  private classEscape(): Ranges | null {
    const c = this.src[this.pos] ?? '';
    const perl = { d: DIGIT, w: WORD, s: SPACE }[c.toLowerCase()];
    if (perl !== undefined) {
      this.pos += 1;
      return c === c.toLowerCase() ? perl : negate(perl);
    }
    if (c !== 'p' && c !== 'P') return null;
    const start = this.pos - 1;
    this.pos += 1;
    let name = this.src[this.pos] ?? '';
    this.pos += 1;
    if (name === '{') {
      name = '';
      while (this.pos < this.src.length && !this.peek('}')) {
        name += this.src[this.pos] ?? '';
        this.pos += 1;
      }
      if (!this.take('}')) throw this.wrong('invalid character class range', start);
    }
    const inverted = name.startsWith('^');
    const ranges = unicodeClass(inverted ? name.slice(1) : name);
    return (c === 'P') === inverted ? ranges : negate(ranges);
  }

  /** A single escaped character: at the letter after the backslash. */
  private charEscape(): string {
    const c = this.src[this.pos] ?? '';
    this.pos += 1;
    const simple = { a: '\x07', f: '\f', t: '\t', n: '\n', r: '\r', v: '\v' }[c];
    if (simple !== undefined) return simple;
    if (c === 'x') return this.hexEscape();
    if (c === '0' || (/[1-7]/.test(c) && /[0-7]/.test(this.src[this.pos] ?? ''))) {
      let digits = c;
      while (digits.length < 3 && /[0-7]/.test(this.src[this.pos] ?? '')) {
        digits += this.src[this.pos] ?? '';
        this.pos += 1;
      }
      return String.fromCodePoint(Number.parseInt(digits, 8));
    }
    if (/[A-Za-z0-9]/.test(c) || c.codePointAt(0) === undefined || (c.codePointAt(0) ?? 0) > 127)
      throw this.wrong('invalid escape sequence', this.pos - 2, this.pos);
    return c;
  }

  private hexEscape(): string {
    const rest = this.src.slice(this.pos, this.pos + 12).join('');
    const found = /^\{([0-9A-Fa-f]{1,8})\}|^([0-9A-Fa-f]{2})/.exec(rest);
    const point = Number.parseInt(found?.[1] ?? found?.[2] ?? 'x', 16);
    if (found === null || !(point <= MAX_POINT))
      throw this.wrong('invalid escape sequence', this.pos - 2, this.pos + 1);
    this.pos += found[0].length;
    return String.fromCodePoint(point);
  }

  private bracket(): Ranges {
    const start = this.pos;
    this.pos += 1;
    const inverted = this.take('^');
    const ranges: (readonly [number, number])[] = [];
    let first = true;
    for (;;) {
      const c = this.src[this.pos];
      if (c === undefined) throw this.wrong('missing closing ]', start);
      if (c === ']' && !first) break;
      first = false;
      if (c === '[' && this.src[this.pos + 1] === ':') {
        const posix = this.posix();
        if (posix !== null) {
          ranges.push(...posix);
          continue;
        }
      }
      if (c === '\\') {
        this.pos += 1;
        const set = this.classEscape();
        if (set !== null) {
          ranges.push(...set);
          continue;
        }
        this.pos -= 1;
      }
      ranges.push(this.bracketRange());
    }
    this.pos += 1;
    const all = this.flags.i ? foldCase(ranges) : normalize(ranges);
    return inverted ? negate(all) : all;
  }

  private bracketRange(): readonly [number, number] {
    const start = this.pos;
    const from = this.bracketChar();
    if (!this.peek('-') || this.src[this.pos + 1] === ']') return [from, from];
    this.pos += 1;
    const to = this.bracketChar();
    if (to < from) throw this.wrong('invalid character class range', start, this.pos);
    return [from, to];
  }

  private bracketChar(): number {
    if (this.take('\\')) return this.charEscape().codePointAt(0) ?? 0;
    const c = this.src[this.pos];
    if (c === undefined) throw this.wrong('missing closing ]', this.src.lastIndexOf('['));
    this.pos += 1;
    return c.codePointAt(0) ?? 0;
  }

  private posix(): Ranges | null {
    const text = this.src.slice(this.pos, this.pos + 14).join('');
    const found = /^\[:(\^?)([a-z]+):\]/.exec(text);
    if (found === null) return null;
    const ranges = Object.hasOwn(POSIX, found[2] ?? '') ? POSIX[found[2] ?? ''] : undefined;
    if (ranges === undefined)
      throw this.wrong('invalid character class range', this.pos, this.pos + found[0].length);
    this.pos += found[0].length;
    return found[1] === '^' ? negate(ranges) : ranges;
  }
}

function single(c: string): Ranges {
  const point = c.codePointAt(0) ?? 0;
  return [[point, point]];
}
