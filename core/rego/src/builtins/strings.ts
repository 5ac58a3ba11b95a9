import { AnyUnder, undetermined } from '../abstract.ts';
import { compare, isArray, isObject, objectEntries } from '../values.ts';
import type { Value } from '../values.ts';
import { members } from './collections.ts';
import { integer, smallInteger } from './numbers.ts';
import { sprintf } from './sprintf.ts';
import type { Builtin, BuiltinContext, BuiltinTable } from './types.ts';

function strings(f: (...texts: string[]) => Value | undefined, arity: number): Builtin {
  return { arity, fn: (...args) => (args.every((arg) => typeof arg === 'string') ? f(...args) : undefined) };
}

/** `startswith` where one side may be an unknown string. */
function startsWith(s: Value | undefined, prefix: Value | undefined): Value | undefined {
  if (typeof s === 'string' && typeof prefix === 'string') return s.startsWith(prefix);
  if (s instanceof AnyUnder && typeof prefix === 'string') {
    if (s.prefix.startsWith(prefix)) return true;
    return prefix.startsWith(s.prefix) ? undetermined() : false;
  }
  if (typeof s === 'string' && prefix instanceof AnyUnder) {
    return s.length > prefix.prefix.length && s.startsWith(prefix.prefix) ? undetermined() : false;
  }
  return s instanceof AnyUnder && prefix instanceof AnyUnder ? undetermined() : undefined;
}

/** The code points; positions in Rego strings count these. */
function points(s: string): string[] {
  return [...s];
}

function indexOf(s: string, part: string): Value | undefined {
  if (part === '') return undefined;
  const at = s.indexOf(part);
  return at < 0 ? -1 : points(s.slice(0, at)).length;
}

function indexOfAll(s: string, part: string): Value | undefined {
  if (part === '') return undefined;
  const found: Value[] = [];
  for (let at = s.indexOf(part); at >= 0; at = s.indexOf(part, at + 1))
    found.push(points(s.slice(0, at)).length);
  return found;
}

function substring(
  s: Value | undefined,
  from: Value | undefined,
  length: Value | undefined,
): Value | undefined {
  const [start, n] = [smallInteger(from), smallInteger(length)];
  if (typeof s !== 'string' || start === undefined || n === undefined || start < 0) return undefined;
  const all = points(s);
  return all.slice(start, n < 0 ? undefined : start + n).join('');
}

function trimSet(s: string, cutset: string, left: boolean, right: boolean): string {
  const cut = new Set(points(cutset));
  const all = points(s);
  let [from, to] = [0, all.length];
  while (left && from < to && cut.has(all[from] ?? '')) from += 1;
  while (right && to > from && cut.has(all[to - 1] ?? '')) to -= 1;
  return all.slice(from, to).join('');
}

/** A string, or the strings of an array or set; undefined when something is no string. */
function textList(v: Value | undefined): string[] | undefined {
  if (typeof v === 'string') return [v];
  const list = members(v);
  const texts = list?.filter((item) => typeof item === 'string');
  return texts?.length === list?.length ? texts : undefined;
}

function anyMatch(test: (s: string, part: string) => boolean): Builtin {
  return {
    arity: 2,
    fn: (a, b) => {
      const [all, parts] = [textList(a), textList(b)];
      return all === undefined || parts === undefined
        ? undefined
        : all.some((s) => parts.some((part) => test(s, part)));
    },
  };
}

function replaceAll(patterns: Value | undefined, s: Value | undefined): Value | undefined {
  if (patterns === undefined || !isObject(patterns) || typeof s !== 'string') return undefined;
  const pairs = objectEntries(patterns);
  if (!pairs.every(([k, v]) => typeof k === 'string' && typeof v === 'string')) return undefined;
  pairs.sort(([a], [b]) => compare(a, b));
  let out = '';
  for (let i = 0; i < s.length;) {
    const hit = pairs.find(([k]) => k !== '' && s.startsWith(k as string, i));
    out += hit === undefined ? s[i] : (hit[1] as string);
    i += hit === undefined ? 1 : (hit[0] as string).length;
  }
  return out;
}

function formatInt(v: Value | undefined, base: Value | undefined): Value | undefined {
  const radix = smallInteger(base);
  if (radix === undefined || ![2, 8, 10, 16].includes(radix)) return undefined;
  const n = typeof v === 'number' ? BigInt(Math.trunc(v)) : integer(v);
  return n?.toString(radix);
}

const SPACE = /^[\s\u0085]+|[\s\u0085]+$/g;

/** Built-ins over strings. Positions and lengths count code points. */
export function stringBuiltins(ctx: BuiltinContext): BuiltinTable {
  const paid = (text: string): string => {
    ctx.charge(text.length >> 4);
    return text;
  };
  return {
    startswith: { arity: 2, fn: startsWith, abstract: startsWith },
    endswith: strings((s = '', part = '') => s.endsWith(part), 2),
    contains: strings((s = '', part = '') => s.includes(part), 2),
    lower: strings(
      (s = '') =>
        points(s)
          .map((c) => (points(c.toLowerCase()).length === 1 ? c.toLowerCase() : c))
          .join(''),
      1,
    ),
    upper: strings(
      (s = '') =>
        points(s)
          .map((c) => (points(c.toUpperCase()).length === 1 ? c.toUpperCase() : c))
          .join(''),
      1,
    ),
    concat: {
      arity: 2,
      fn: (sep, list) => {
        const texts = typeof list === 'string' ? undefined : textList(list);
        return typeof sep !== 'string' || texts === undefined ? undefined : paid(texts.join(sep));
      },
    },
    split: strings((s = '', sep = '') => (sep === '' ? points(s) : s.split(sep)), 2),
    indexof: strings((s = '', part = '') => indexOf(s, part), 2),
    indexof_n: strings((s = '', part = '') => indexOfAll(s, part), 2),
    substring: { arity: 3, fn: substring },
    replace: strings((s = '', from = '', to = '') => paid(s.replaceAll(from, () => to)), 3),
    'strings.replace_n': { arity: 2, fn: replaceAll },
    'strings.reverse': strings((s = '') => points(s).reverse().join(''), 1),
    'strings.count': strings(
      (s = '', part = '') => (part === '' ? points(s).length + 1 : s.split(part).length - 1),
      2,
    ),
    'strings.any_prefix_match': anyMatch((s, part) => s.startsWith(part)),
    'strings.any_suffix_match': anyMatch((s, part) => s.endsWith(part)),
    trim: strings((s = '', cut = '') => trimSet(s, cut, true, true), 2),
    trim_left: strings((s = '', cut = '') => trimSet(s, cut, true, false), 2),
    trim_right: strings((s = '', cut = '') => trimSet(s, cut, false, true), 2),
    trim_prefix: strings((s = '', part = '') => (s.startsWith(part) ? s.slice(part.length) : s), 2),
    trim_suffix: strings(
      (s = '', part = '') => (part !== '' && s.endsWith(part) ? s.slice(0, -part.length) : s),
      2,
    ),
    trim_space: strings((s = '') => s.replaceAll(SPACE, ''), 1),
    sprintf: {
      arity: 2,
      fn: (format, args) => {
        if (typeof format !== 'string' || !isArray(args)) return undefined;
        const text = sprintf(format, args);
        return text === undefined ? undefined : paid(text);
      },
    },
    format_int: { arity: 2, fn: formatInt },
  };
}
