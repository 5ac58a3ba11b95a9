import { AnyUnder, undetermined } from '../abstract.ts';
import { compileGlob, parseGlob } from '../glob.ts';
import type { GlobPart } from '../glob.ts';
import { compileRegex, regexComplaint } from '../regex/index.ts';
import type { CompiledRegex, Match } from '../regex/index.ts';
import { RegexSyntaxError } from '../regex/syntax.ts';
import { isArray } from '../values.ts';
import type { Value } from '../values.ts';
import { operands } from './operands.ts';
import { CACHE_SIZE, remember } from './remember.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** A pattern that cannot be used may be found out only at the end of its compilation. */
const UNUSABLE_STEPS = 100;
/** Longer globs are looked up by the way that weighs them. */
const SHORT_GLOB = 256;

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
      if (/^\d+$/.test(name)) return group(Number(name));
      // Of groups with one name, the first that took part.
      const at = regex.parsed.names.findIndex((known, i) => known === name && (match[i * 2] ?? -1) >= 0);
      return group(at);
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
  const { fail } = ctx;
  const op = operands(fail);
  const compiled = remember(
    (pattern: string) => compileRegex(pattern),
    (regex) => regex?.size ?? 0,
  );
  /** Making it is paid with every use, so that steps do not depend on what was asked before. */
  const regexOf = (pattern: string): CompiledRegex | null => {
    const regex = compiled(pattern);
    ctx.charge((pattern.length >> 4) + (regex === null ? UNUSABLE_STEPS : regex.size >> 6));
    return regex;
  };
  const globOf = remember(
    (key: string): Glob | string => {
      const [pattern = '', ...delimiters] = JSON.parse(key) as string[];
      try {
        const parts = parseGlob(pattern, delimiters);
        return { parts, matcher: compileGlob(parts, delimiters) };
      } catch (error) {
        if (error instanceof RegexSyntaxError) return error.message;
        throw error;
      }
    },
    (made) => (typeof made === 'string' ? 0 : made.matcher.size),
  );
  const recent = new Map<string, { readonly delimiter: string | undefined; readonly glob: Glob | string }>();
  const glob = (pattern: string, delimiters: readonly string[]): Glob | string => {
    if (delimiters.length !== 1 || pattern.length > SHORT_GLOB)
      return globOf(JSON.stringify([pattern, ...delimiters]));
    // The usual call has one delimiter, and always the same for a pattern: no key has to be made.
    const [delimiter] = delimiters;
    const known = recent.get(pattern);
    if (known !== undefined && known.delimiter === delimiter) return known.glob;
    const made = globOf(JSON.stringify([pattern, delimiter]));
    if (recent.size >= CACHE_SIZE) recent.clear();
    recent.set(pattern, { delimiter, glob: made });
    return made;
  };
  const using = (
    pattern: Value | undefined,
    text: Value | undefined,
    at: readonly [number, number] = [1, 2],
  ): readonly [CompiledRegex, string] | null => {
    if (typeof pattern !== 'string' || typeof text !== 'string') {
      const [first] = [[pattern, at[0]] as const, [text, at[1]] as const]
        .filter(([v]) => typeof v !== 'string')
        .sort((x, y) => x[1] - y[1]);
      if (first !== undefined) fail.type(first[1], 'string', first[0]);
      return null;
    }
    const regex = regexOf(pattern);
    if (regex === null) {
      fail.error(regexComplaint(pattern));
      return null;
    }
    ctx.charge(regex.cost(text.length));
    return [regex, text];
  };
  /** Pattern and text, and then a limit; operands are checked before the pattern is compiled. */
  const limited = (p?: Value, s?: Value, n?: Value): readonly [CompiledRegex, string, number] | null => {
    if (typeof p === 'string' && typeof s === 'string' && op.int(n, 3) === undefined) return null;
    const u = using(p, s);
    const limit = op.int(n, 3);
    return u === null || limit === undefined ? null : [...u, limit];
  };
  const findAll = (regex: CompiledRegex, text: string, limit: number): Match[] => {
    return regex.all(text, limit, ctx.charge);
  };
  const wrongDelimiters = (v: Value | undefined): undefined => {
    const odd = isArray(v) ? v.find((d) => typeof d !== 'string') : undefined;
    if (!isArray(v)) return fail.type(2, ['array', 'null'], v);
    return odd === undefined ? op.element(2, v, '', 'rune') : op.element(2, v, odd, 'string');
  };
  const globMatch = (pattern?: Value, delimiters?: Value, text?: Value): Value | undefined => {
    if (typeof pattern !== 'string') return fail.type(1, 'string', pattern);
    const list = delimiterList(delimiters);
    if (list === null) return wrongDelimiters(delimiters);
    if (typeof text !== 'string') return fail.type(3, 'string', text);
    const found = glob(pattern, list);
    ctx.charge(
      (pattern.length >> 4) + (typeof found === 'string' ? UNUSABLE_STEPS : found.matcher.size >> 6),
    );
    if (typeof found === 'string') return fail.error(found);
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
        const u = limited(p, s, n);
        return u === null ? undefined : findAll(...u).map((m) => pieces(u[1], m)[0] as Value);
      },
    },
    'regex.find_all_string_submatch_n': {
      arity: 3,
      fn: (p, s, n) => {
        const u = limited(p, s, n);
        return u === null ? undefined : findAll(...u).map((m) => pieces(u[1], m));
      },
    },
    'regex.replace': {
      arity: 3,
      fn: (s, p, value) => {
        if (typeof s === 'string' && typeof p === 'string' && typeof value !== 'string')
          return fail.type(3, 'string', value);
        const u = using(p, s, [2, 1]);
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
        return typeof found === 'string'
          ? undefined
          : (globUnder(found.parts, text.prefix, list) ?? undetermined());
      },
    },
    'glob.quote_meta': {
      arity: 1,
      fn: (s) => op.string(s, 1)?.replaceAll(/[\\*?[\]{}]/g, (c) => `\\${c}`),
    },
  };
}

/** Null means "no delimiters", an empty array means a dot, as OPA has it. Null result: not a list of single characters. */
function delimiterList(v: Value | undefined): readonly string[] | null {
  if (v === null) return [];
  if (!isArray(v)) return null;
  if (v.length === 0) return ['.'];
  if (v.length === 1 && typeof v[0] === 'string' && v[0].length === 1) return v as readonly string[];
  const list = v.filter((d) => typeof d === 'string' && [...d].length === 1) as string[];
  return list.length === v.length ? list : null;
}
