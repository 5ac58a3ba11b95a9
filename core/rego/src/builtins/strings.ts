import { AnyUnder, undetermined } from '../abstract.ts';
import { extended } from '../extended.ts';
import { compare, isNumber, objectEntries } from '../values.ts';
import type { Value } from '../values.ts';
import { smallInteger } from './numbers.ts';
import { operands } from './operands.ts';
import { createSprintf } from './plain-format.ts';
import type { Builtin, BuiltinContext, BuiltinTable } from './types.ts';

/** `startswith` where one side is an unknown string. */
function startsUnknown(s: Value | undefined, prefix: Value | undefined): Value | undefined {
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

function indexOf(s: string, part: string): Value {
  const at = s.indexOf(part);
  return at < 0 ? -1 : points(s.slice(0, at)).length;
}

function indexOfAll(s: string, part: string): Value {
  const found: Value[] = [];
  let [before, counted] = [0, 0];
  for (let at = s.indexOf(part); at >= 0; at = s.indexOf(part, at + 1)) {
    for (; before < at; counted += 1) before += (s.codePointAt(before) ?? 0) > 0xffff ? 2 : 1;
    found.push(counted);
  }
  return found;
}

function trimSet(s: string, cutset: string, left: boolean, right: boolean): string {
  const cut = new Set(points(cutset));
  const all = points(s);
  let [from, to] = [0, all.length];
  while (left && from < to && cut.has(all[from] ?? '')) from += 1;
  while (right && to > from && cut.has(all[to - 1] ?? '')) to -= 1;
  return all.slice(from, to).join('');
}

/** Replaces the first of the patterns that stands at each place, as Go's Replacer; the pairs are sorted. */
function replaceAll(
  pairs: readonly (readonly [string, string])[],
  s: string,
  charge: (steps: number) => void,
): string {
  charge(Math.floor((s.length * pairs.length) / 64));
  let out = '';
  let unpaid = 0;
  for (let i = 0; i < s.length;) {
    const hit = pairs.find(([k]) => k !== '' && s.startsWith(k, i));
    out += hit === undefined ? s[i] : hit[1];
    i += hit === undefined ? 1 : hit[0].length;
    unpaid += hit?.[1].length ?? 1;
    if (unpaid < 1 << 16) continue;
    charge(unpaid >> 4);
    unpaid = 0;
  }
  return out;
}

/** The length of the text with every `from` replaced, without making it. */
function replacedLength(s: string, from: string, to: string): number {
  if (from === '') return s.length + (s.length + 1) * to.length;
  let hits = 0;
  for (let at = s.indexOf(from); at >= 0; at = s.indexOf(from, at + from.length)) hits += 1;
  return s.length + hits * (to.length - from.length);
}

function trimSpace(s: string): string {
  let to = s.length;
  while (to > 0 && SPACE.test(s.charAt(to - 1))) to -= 1;
  let from = 0;
  while (from < to && SPACE.test(s.charAt(from))) from += 1;
  return s.slice(from, to);
}

function isAscii(s: string): boolean {
  for (let i = 0; i < s.length; i += 1) if (s.charCodeAt(i) > 127) return false;
  return true;
}

/** Unicode's white space, to which JavaScript's `\s` adds U+FEFF. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Built-ins over strings. Positions and lengths count code points. */
export function stringBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { fail } = ctx;
  const op = operands(fail);
  const paid = (text: string): string => {
    ctx.charge(text.length >> 4);
    return text;
  };
  /** A function of strings only. */
  const strings = (f: (...texts: string[]) => Value | undefined, arity: number): Builtin => ({
    arity,
    fn: (...args) => {
      const odd = args.findIndex((arg) => typeof arg !== 'string');
      return odd < 0 ? f(...(args as string[])) : fail.type(odd + 1, 'string', args[odd]);
    },
  });
  const startsWith = (s?: Value, prefix?: Value): Value | undefined => {
    if (typeof s === 'string' && typeof prefix === 'string') return s.startsWith(prefix);
    if (s instanceof AnyUnder || prefix instanceof AnyUnder) return startsUnknown(s, prefix);
    return typeof s === 'string' ? fail.type(2, 'string', prefix) : fail.type(1, 'string', s);
  };
  const found = (part: string, f: () => Value): Value | undefined =>
    part === '' ? fail.error('empty search character') : f();
  const substring = (v?: Value, from?: Value, length?: Value): Value | undefined => {
    const s = op.string(v, 1);
    const start = s === undefined ? undefined : op.int(from, 2);
    const n = start === undefined ? undefined : op.int(length, 3);
    if (s === undefined || start === undefined || n === undefined) return undefined;
    if (start < 0) return fail.error('negative offset');
    return points(s)
      .slice(start, n < 0 ? undefined : start + n)
      .join('');
  };
  const textList = (v: Value | undefined, at: number): readonly string[] | undefined =>
    typeof v === 'string' ? [v] : op.strings(v, at, ['string', 'set', 'array']);
  const anyMatch = (test: (s: string, part: string) => boolean): Builtin => ({
    arity: 2,
    fn: (a, b) => {
      const all = textList(a, 1);
      const parts = all === undefined ? undefined : textList(b, 2);
      if (all === undefined || parts === undefined) return undefined;
      ctx.charge(Math.floor((all.length * parts.length) / 16));
      return all.some((s) => parts.some((part) => test(s, part)));
    },
  });
  const replaceN = (v?: Value, text?: Value): Value | undefined => {
    const patterns = op.object(v, 1);
    const s = patterns === undefined ? undefined : op.string(text, 2);
    if (patterns === undefined || s === undefined) return undefined;
    const pairs = objectEntries(patterns).sort(([a], [b]) => compare(a, b));
    for (const [k, to] of pairs) {
      if (typeof k !== 'string') return fail.operand(1, 'non-string key found in pattern object');
      if (typeof to !== 'string') return fail.operand(1, 'non-string value found in pattern object');
    }
    return paid(replaceAll(pairs as [string, string][], s, ctx.charge));
  };
  const formatInt = (v?: Value, base?: Value): Value | undefined => {
    if (!isNumber(v)) return fail.type(1, 'number', v);
    if (!isNumber(base)) return fail.type(2, 'number', base);
    const radix = smallInteger(base);
    if (radix === undefined || ![2, 8, 10, 16].includes(radix))
      return fail.operand(2, 'must be one of {2, 8, 10, 16}');
    return extended.truncate(v).whole.toString(radix);
  };
  const formatted = createSprintf();
  return {
    startswith: { arity: 2, fn: startsWith, abstract: startsWith },
    endswith: strings((s = '', part = '') => s.endsWith(part), 2),
    contains: strings((s = '', part = '') => s.includes(part), 2),
    lower: strings(
      (s = '') =>
        isAscii(s)
          ? s.toLowerCase()
          : points(s)
              .map((c) => (points(c.toLowerCase()).length === 1 ? c.toLowerCase() : c))
              .join(''),
      1,
    ),
    upper: strings(
      (s = '') =>
        isAscii(s)
          ? s.toUpperCase()
          : points(s)
              .map((c) => (points(c.toUpperCase()).length === 1 ? c.toUpperCase() : c))
              .join(''),
      1,
    ),
    concat: {
      arity: 2,
      fn: (sep, list) => {
        const by = op.string(sep, 1);
        const texts = by === undefined ? undefined : op.strings(list, 2, ['set', 'array']);
        if (by === undefined || texts === undefined) return undefined;
        ctx.charge(Math.floor(texts.reduce((n, text) => n + text.length + by.length, 0) / 16));
        return texts.join(by);
      },
    },
    split: strings((s = '', sep = '') => (sep === '' ? points(s) : s.split(sep)), 2),
    indexof: strings((s = '', part = '') => found(part, () => indexOf(s, part)), 2),
    indexof_n: strings((s = '', part = '') => found(part, () => indexOfAll(s, part)), 2),
    substring: { arity: 3, fn: substring },
    replace: strings((s = '', from = '', to = '') => {
      ctx.charge(Math.floor(replacedLength(s, from, to) / 16));
      return s.replaceAll(from, () => to);
    }, 3),
    'strings.replace_n': { arity: 2, fn: replaceN },
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
    trim_space: strings((s = '') => trimSpace(s), 1),
    sprintf: {
      arity: 2,
      fn: (format, args) => {
        const template = op.string(format, 1);
        const list = template === undefined ? undefined : op.array(args, 2);
        if (template === undefined || list === undefined) return undefined;
        const text = formatted(template, list);
        return text === undefined ? fail.error('width or precision too large') : paid(text);
      },
    },
    format_int: { arity: 2, fn: formatInt },
  };
}
