import { integerOf, toDouble } from '../../decimal.ts';
import { marshal } from '../../json.ts';
import { isArray, isNumber, isObject, objectEntries, RegoSet, sizeOf } from '../../values.ts';
import type { Value } from '../../values.ts';
import { Visits } from '../../visits.ts';
import { staysText } from './scalars.ts';

/** A key longer than this is written on a line of its own. */
const LONGEST_SIMPLE_KEY = 128;

/** A text of more than these would take minutes to write. */
const MAX_MEMBERS = 500_000;

/** YAML text of a value, in the layout of Go's library with an indent of two. */
export function writeYaml(v: Value): string {
  return block(v, 0, '', new Visits(MAX_MEMBERS)) + '\n';
}

/** The value as it stands after a key or dash; begins a new line itself when it needs one. */
function block(v: Value, depth: number, lead: string, visits: Visits): string {
  visits.take(sizeOf(v));
  const pad = '  '.repeat(depth);
  const list = v instanceof RegoSet ? v.sorted() : isArray(v) ? v : null;
  if (list !== null) {
    if (list.length === 0) return `${lead === '' ? '' : ' '}[]`;
    const items = list.map((item) => `-${inDash(item, depth, visits)}`);
    return start(lead, pad) + items.join(`\n${pad}`);
  }
  if (typeof v === 'object' && v !== null && isObject(v)) {
    const entries = objectEntries(v).map(
      ([k, item]) => [typeof k === 'string' ? k : marshal(k), item] as const,
    );
    if (entries.length === 0) return `${lead === '' ? '' : ' '}{}`;
    entries.sort((a, b) => compareKeys(a[0], b[0]));
    return start(lead, pad) + entries.map(([k, item]) => entry(k, item, depth, visits)).join(`\n${pad}`);
  }
  return (lead === '' ? '' : ' ') + scalar(v, depth);
}

function start(lead: string, pad: string): string {
  if (lead === '-') return ' ';
  return lead === '' ? '' : `\n${pad}`;
}

/** Collections in a list begin on the line of the dash. */
function inDash(item: Value, depth: number, visits: Visits): string {
  return block(item, depth + 1, '-', visits);
}

function entry(k: string, item: Value, depth: number, visits: Visits): string {
  const key = text(k, true, depth);
  const value = block(item, depth + 1, ':', visits);
  return key.length > LONGEST_SIMPLE_KEY ? `? ${key}\n${'  '.repeat(depth)}:${value}` : `${key}:${value}`;
}

function scalar(v: Value, depth: number): string {
  if (typeof v === 'string') return text(v, false, depth);
  if (isNumber(v)) {
    const whole = integerOf(v);
    const isExact = typeof v !== 'number' || Number.isSafeInteger(v);
    if (whole !== undefined && isExact && whole >= -(2n ** 63n) && whole < 2n ** 64n) return String(whole);
    return goFloat(toDouble(v));
  }
  return v === true ? 'true' : v === false ? 'false' : 'null';
}

/** A double as Go's `%g` shows it. */
export function goFloat(n: number): string {
  if (!Number.isFinite(n)) return Number.isNaN(n) ? 'NaN' : n > 0 ? '+Inf' : '-Inf';
  const [digits = '', exponent = '0'] = n.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6) {
    const size = String(Math.abs(power)).padStart(2, '0');
    return `${digits}e${power < 0 ? '-' : '+'}${size}`;
  }
  return String(n);
}

/** Characters that are written as they are; others need double quotes. */
const UNPRINTABLE = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u; // oxlint-disable-line no-control-regex

function text(s: string, isKey: boolean, depth: number): string {
  const needsEscapes = UNPRINTABLE.test(s) || / \n/.test(s) || /[\u2028\u2029]/.test(s);
  if (s.includes('\n')) return isKey || needsEscapes || s.endsWith(' ') ? doubleQuoted(s) : literal(s, depth);
  if (needsEscapes || !staysText(s)) return doubleQuoted(s);
  const plain =
    !/^(?:---|\.\.\.)/.test(s) &&
    !/^[#,[\]{}&*!|>'"%@`]/.test(s) &&
    !/^[?:-](?: |$)/.test(s) &&
    !/:(?: |$)| #/.test(s) &&
    !/^ | $/.test(s);
  return plain ? s : `'${s.replaceAll("'", "''")}'`;
}

function literal(s: string, depth: number): string {
  const hint = /^[ \n]/.test(s) ? '2' : '';
  const chomp = !s.endsWith('\n') ? '-' : s === '\n' || s.endsWith('\n\n') ? '+' : '';
  const pad = '  '.repeat(Math.max(depth, 1));
  const lines = s.replace(/\n$/, '').split('\n');
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\0', '\\0'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\u001b', '\\e'],
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\u0085', '\\N'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

function doubleQuoted(s: string): string {
  const inner = Array.from(s, (c) => {
    const short = ESCAPES.get(c);
    if (short !== undefined) return short;
    if (!UNPRINTABLE.test(c)) return c;
    const point = c.codePointAt(0) ?? 0;
    const hex = (size: number): string => point.toString(16).toUpperCase().padStart(size, '0');
    return point < 0x100 ? `\\x${hex(2)}` : point < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
  });
  return `"${inner.join('')}"`;
}

/** Go's order of keys: numbers in names count as numbers (`a2` before `a10`), letters come after other characters. */
export function compareKeys(x: string, y: string): number {
  const [a, b] = [[...x], [...y]];
  const isDigit = (c: string | undefined): boolean => c !== undefined && /\p{Nd}/u.test(c);
  const isLetter = (c: string): boolean => /\p{L}/u.test(c);
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i += 1;
  const [p, q] = [a[i], b[i]];
  if (p === undefined || q === undefined) return a.length - b.length;
  const byPoint = (p.codePointAt(0) ?? 0) - (q.codePointAt(0) ?? 0);
  const [pl, ql] = [isLetter(p), isLetter(q)];
  if (pl && ql) return byPoint;
  if (pl || ql) return (i > 0 && isDigit(a[i - 1])) === pl ? -1 : 1;
  let lead = '';
  // A zero after other digits is part of their number.
  if (p === '0' || q === '0')
    for (let j = i - 1; j >= 0 && isDigit(a[j]); j -= 1) if (a[j] !== '0') lead = '1';
  const number = (list: readonly string[]): string => {
    let end = i;
    while (isDigit(list[end])) end += 1;
    return list.slice(i, end).join('');
  };
  const [m, n] = [number(a), number(b)];
  const difference = BigInt(`0${lead}${ascii(m)}`) - BigInt(`0${lead}${ascii(n)}`);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return m.length !== n.length ? m.length - n.length : byPoint;
}

/** Only ASCII digits have a value here. */
function ascii(digits: string): string {
  return digits.replaceAll(/[^0-9]/g, '0');
}
