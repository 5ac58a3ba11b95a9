import { AnyUnder, undetermined } from '../abstract.ts';
import { compileGlob, parseGlob } from '../glob.ts';
import type { GlobPart } from '../glob.ts';
import { compileRegex } from '../regex/index.ts';
import type { CompiledRegex, Match } from '../regex/index.ts';
import { RegexSyntaxError } from '../regex/syntax.ts';
import { isArray } from '../values.ts';
import type { Value } from '../values.ts';
import { smallInteger } from './numbers.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** Patterns that the policy computes are kept up to this number; constants are few anyway. */
const CACHE_SIZE = 512;

/** Remembers the last results of a function of one string. */
function remember<T>(make: (text: string) => T): (text: string) => T {
  const cache = new Map<string, T>();
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(text, made);
    return made;
  };
}

interface Glob {
  readonly parts: readonly GlobPart[];
  readonly matcher: CompiledRegex;
}

/** Go's template expansion: `$1`, `${name}`, `$$`. */
function expand(template: string, regex: CompiledRegex, text: string, match: Match): string {
  const group = (i: number): string => {
    const [from, to] = [match[i * 2] ?? -1, match[i * 2 + 1] ?? -1];
    return from < 0 ? '' : text.slice(from, to);
  };
  return template.replaceAll(
    /\$(?:(\$)|\{(\w+)\}|(\w+))/g,
    (_whole: string, dollar?: string, braced?: string, bare?: string) => {
      if (dollar !== undefined) return '$';
      const name = braced ?? bare ?? '';
      return group(/^\d+$/.test(name) ? Number(name) : Math.max(regex.parsed.names.indexOf(name), -1));
    },
  );
}

function pieces(text: string, match: Match): Value[] {
  const out: Value[] = [];
  for (let i = 0; i + 1 < match.length; i += 2) {
    const [from, to] = [match[i] ?? -1, match[i + 1] ?? -1];
    out.push(from < 0 ? '' : text.slice(from, to));
  }
  return out;
}

/**
 * Can the glob match a text of which only the beginning is known? True or false when this holds for every
 * continuation, null otherwise.
 */
export function globUnder(
  parts: readonly GlobPart[],
  prefix: string,
  delimiters: readonly string[],
): boolean | null {
  const [first, second] = parts;
  const head = first?.g === 'text' ? first.text : '';
  const rest = first?.g === 'text' ? parts.slice(1) : parts;
  if (!prefix.startsWith(head)) return head.startsWith(prefix) ? null : false;
  // The text is longer than its known beginning, hence longer than the head.
  if (rest.length === 0) return false;
  const next = first?.g === 'text' ? second : first;
  if (rest.length > 1 || next === undefined) return null;
  if (next.g === 'any') return true;
  if (next.g !== 'star') return null;
  if (delimiters.length === 0) return true;
  const beyond = prefix.slice(head.length);
  return delimiters.some((d) => beyond.includes(d)) ? false : null;
}

/** Built-ins for regular expressions and globs. */
export function patternBuiltins(ctx: BuiltinContext): BuiltinTable {
  const regexOf = remember((pattern: string) => compileRegex(pattern));
  const globOf = remember((key: string): Glob | null => {
    const [pattern = '', ...delimiters] = JSON.parse(key) as string[];
    try {
      const parts = parseGlob(pattern, delimiters);
      return { parts, matcher: compileGlob(parts, delimiters) };
    } catch (error) {
      if (error instanceof RegexSyntaxError) return null;
      throw error;
    }
  });
  const recent = new Map<string, Glob | null>();
  const glob = (pattern: string, delimiters: readonly string[]): Glob | null => {
    // The usual call has one delimiter; its key is cheap to make.
    const key = delimiters.length === 1 ? `${delimiters[0] ?? ''}${pattern}` : null;
    const known = key === null ? undefined : recent.get(key);
    if (known !== undefined) return known;
    const made = globOf(JSON.stringify([pattern, ...delimiters]));
    if (key !== null && recent.size < CACHE_SIZE) recent.set(key, made);
    return made;
  };
  const using = (
    pattern: Value | undefined,
    text: Value | undefined,
  ): readonly [CompiledRegex, string] | null => {
    if (typeof pattern !== 'string' || typeof text !== 'string') return null;
    const regex = regexOf(pattern);
    if (regex === null) return null;
    ctx.charge(regex.cost(text.length));
    return [regex, text];
  };
  const findAll = (regex: CompiledRegex, text: string, limit: number): Match[] => {
    const found = regex.all(text, limit);
    ctx.charge(found.length * (1 + (regex.cost(text.length) >> 3)));
    return found;
  };
  const globMatch = (pattern?: Value, delimiters?: Value, text?: Value): Value | undefined => {
    const list = delimiterList(delimiters);
    if (typeof pattern !== 'string' || list === null || typeof text !== 'string') return undefined;
    const found = glob(pattern, list);
    if (found === null) return undefined;
    ctx.charge(found.matcher.cost(text.length));
    return found.matcher.test(text);
  };
  return {
    'regex.match': {
      arity: 2,
      fn: (p, s) => {
        const u = using(p, s);
        return u?.[0].test(u[1]);
      },
    },
    re_match: {
      arity: 2,
      fn: (p, s) => {
        const u = using(p, s);
        return u?.[0].test(u[1]);
      },
    },
    'regex.is_valid': { arity: 1, fn: (p) => typeof p === 'string' && regexOf(p) !== null },
    'regex.split': {
      arity: 2,
      fn: (p, s) => {
        const u = using(p, s);
        if (u === null) return undefined;
        const [regex, text] = u;
        const out: Value[] = [];
        let from = 0;
        for (const match of findAll(regex, text, -1)) {
          const [start = 0, end = 0] = [match[0], match[1]];
          if (end === 0 && start === 0) continue;
          if (start === end && start === text.length) continue;
          out.push(text.slice(from, start));
          from = end;
        }
        return [...out, text.slice(from)];
      },
    },
    'regex.find_n': {
      arity: 3,
      fn: (p, s, n) => {
        const [u, limit] = [using(p, s), smallInteger(n)];
        return u === null || limit === undefined
          ? undefined
          : findAll(u[0], u[1], limit).map((m) => pieces(u[1], m)[0] as Value);
      },
    },
    'regex.find_all_string_submatch_n': {
      arity: 3,
      fn: (p, s, n) => {
        const [u, limit] = [using(p, s), smallInteger(n)];
        return u === null || limit === undefined
          ? undefined
          : findAll(u[0], u[1], limit).map((m) => pieces(u[1], m));
      },
    },
    'regex.replace': {
      arity: 3,
      fn: (s, p, value) => {
        const u = using(p, s);
        if (u === null || typeof value !== 'string') return undefined;
        const [regex, text] = u;
        let out = '';
        let from = 0;
        for (const match of findAll(regex, text, -1)) {
          out += text.slice(from, match[0]) + expand(value, regex, text, match);
          from = match[1] ?? from;
          ctx.charge(out.length >> 8);
        }
        return out + text.slice(from);
      },
    },
    'glob.match': {
      arity: 3,
      fn: globMatch,
      abstract: (pattern, delimiters, text) => {
        if (!(text instanceof AnyUnder)) {
          if (
            pattern instanceof AnyUnder ||
            (isArray(delimiters) && delimiters.some((d) => d instanceof AnyUnder))
          )
            return undetermined();
          return globMatch(pattern, delimiters, text);
        }
        const list = delimiterList(delimiters);
        if (typeof pattern !== 'string' || list === null) return undetermined();
        const found = glob(pattern, list);
        return found === null ? undefined : (globUnder(found.parts, text.prefix, list) ?? undetermined());
      },
    },
    'glob.quote_meta': {
      arity: 1,
      fn: (s) => (typeof s === 'string' ? s.replaceAll(/[\\*?[\]{}]/g, (c) => `\\${c}`) : undefined),
    },
  };
}

/** Null means "no delimiters", an empty array means a dot, as OPA has it. Null result: not a list of single characters. */
function delimiterList(v: Value | undefined): readonly string[] | null {
  if (v === null) return [];
  if (!isArray(v)) return null;
  if (v.length === 0) return ['.'];
  const list = v.filter((d) => typeof d === 'string' && [...d].length === 1) as string[];
  return list.length === v.length ? list : null;
}
