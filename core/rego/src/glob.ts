import { CompiledRegex } from './regex/index.ts';
import type { ParsedRegex } from './regex/parse.ts';
import { MAX_POINT, negate, normalize, RegexSyntaxError } from './regex/syntax.ts';
import type { Ranges, Regex } from './regex/syntax.ts';

/** A glob as parts: literal text, or something that matches more than one text. */
export type GlobPart =
  | { readonly g: 'text'; readonly text: string }
  | { readonly g: 'star' }
  | { readonly g: 'any' }
  | { readonly g: 'other'; readonly regex: Regex };

/**
 * Reads a glob: `*` (no delimiter), `**` (anything), `?`, `[a-z]`, `[!a]`, `{a,b}`, backslash escapes. Throws RegexSyntaxError.
 * Source of the dialect: https://github.com/gobwas/glob, which OPA uses.
 */
export function parseGlob(pattern: string, delimiters: readonly string[]): GlobPart[] {
  return new Parser(pattern, delimiters).run(false);
}

/** A glob as a matcher of whole texts, with the regular expressions' bound on running time. */
export function compileGlob(parts: readonly GlobPart[], delimiters: readonly string[]): CompiledRegex {
  const root: Regex = {
    r: 'concat',
    items: [
      { r: 'assert', kind: 'textStart' },
      ...toRegex(parts, delimiters),
      { r: 'assert', kind: 'textEnd' },
    ],
  };
  return new CompiledRegex({ root, groups: 0, names: [null] } satisfies ParsedRegex);
}

function notDelimiter(delimiters: readonly string[]): Ranges {
  return negate(delimiters.map((d) => [d.codePointAt(0) ?? 0, d.codePointAt(0) ?? 0] as const));
}

function toRegex(parts: readonly GlobPart[], delimiters: readonly string[]): Regex[] {
  const repeat = (ranges: Ranges): Regex => ({
    r: 'repeat',
    item: { r: 'chars', ranges },
    min: 0,
    max: Infinity,
    greedy: true,
  });
  return parts.flatMap((part): Regex[] => {
    if (part.g === 'text')
      return [...part.text].map((c) => ({
        r: 'chars',
        ranges: [[c.codePointAt(0) ?? 0, c.codePointAt(0) ?? 0]],
      }));
    if (part.g === 'any') return [repeat([[0, MAX_POINT]])];
    return part.g === 'star' ? [repeat(notDelimiter(delimiters))] : [part.regex];
  });
}

class Parser {
  private readonly src: readonly string[];
  private readonly delimiters: readonly string[];
  private pos = 0;
  private depth = 0;

  constructor(pattern: string, delimiters: readonly string[]) {
    this.src = [...pattern];
    this.delimiters = delimiters;
  }

  run(nested: boolean): GlobPart[] {
    const parts: GlobPart[] = [];
    const text = (c: string): void => {
      const last = parts.at(-1);
      if (last?.g === 'text') parts[parts.length - 1] = { g: 'text', text: last.text + c };
      else parts.push({ g: 'text', text: c });
    };
    for (; this.pos < this.src.length;) {
      const c = this.src[this.pos] ?? '';
      if (nested && (c === ',' || c === '}')) return parts;
      this.pos += 1;
      if (c === '\\') {
        const next = this.src[this.pos];
        if (next === undefined) throw new RegexSyntaxError('glob: syntax error: trailing backslash');
        this.pos += 1;
        text(next);
      } else if (c === '*') {
        const stars = this.stars();
        parts.push(stars > 1 ? { g: 'any' } : { g: 'star' });
      } else if (c === '?')
        parts.push({ g: 'other', regex: { r: 'chars', ranges: notDelimiter(this.delimiters) } });
      else if (c === '[') parts.push({ g: 'other', regex: { r: 'chars', ranges: this.bracket() } });
      else if (c === '{') parts.push({ g: 'other', regex: this.alternatives() });
      else text(c);
    }
    if (nested) throw new RegexSyntaxError('glob: syntax error: unclosed `{`');
    return parts;
  }

  private stars(): number {
    let n = 1;
    while (this.src[this.pos] === '*') {
      this.pos += 1;
      n += 1;
    }
    return n;
  }

  private alternatives(): Regex {
    this.depth += 1;
    if (this.depth > 50) throw new RegexSyntaxError('glob: syntax error: nests too deeply');
    const items: Regex[] = [];
    do {
      items.push({ r: 'concat', items: toRegex(this.run(true), this.delimiters) });
      this.pos += 1;
    } while (this.src[this.pos - 1] === ',');
    this.depth -= 1;
    return { r: 'alternate', items };
  }

  private bracket(): Ranges {
    const inverted = this.src[this.pos] === '!' || this.src[this.pos] === '^';
    if (inverted) this.pos += 1;
    const ranges: [number, number][] = [];
    for (;;) {
      const from = this.bracketChar();
      if (this.src[this.pos] === '-' && this.src[this.pos + 1] !== ']') {
        this.pos += 1;
        ranges.push([from, this.bracketChar()]);
      } else ranges.push([from, from]);
      if (this.src[this.pos] === ']') break;
    }
    this.pos += 1;
    return inverted ? negate(ranges) : normalize(ranges);
  }

  private bracketChar(): number {
    if (this.src[this.pos] === '\\') this.pos += 1;
    const c = this.src[this.pos];
    if (c === undefined) throw new RegexSyntaxError('glob: syntax error: unexpected end of input');
    this.pos += 1;
    return c.codePointAt(0) ?? 0;
  }
}

/** Whether a whole text matches, without delimiters (`*` matches slashes, too); undefined when the pattern is no glob. */
export function globMatcher(
  pattern: string,
  delimiters: readonly string[] = [],
): ((text: string) => boolean) | undefined {
  try {
    const matcher = compileGlob(parseGlob(pattern, delimiters), delimiters);
    return (text) => matcher.test(text);
  } catch (error) {
    if (error instanceof RegexSyntaxError) return undefined;
    throw error;
  }
}
