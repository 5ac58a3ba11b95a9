import { sprintf } from '../sprintf.ts';
import { goType, isList, isTrue, JsonNumber, show } from './values.ts';
import type { Item } from './values.ts';

/** Why a function of a template has no result. */
export class CallError extends Error {}

type Fn = (...args: readonly Item[]) => Item;

/** Go's kinds that can be compared; a number of the data is a text there. */
function kindOf(v: Item): 'bool' | 'int' | 'float' | 'string' {
  if (typeof v === 'boolean') return 'bool';
  if (typeof v === 'bigint') return 'int';
  if (typeof v === 'number') return 'float';
  if (typeof v === 'string' || v instanceof JsonNumber) return 'string';
  throw new CallError('invalid type for comparison');
}

const plain = (v: Item): Item => (v instanceof JsonNumber ? v.text : v);

function incompatible(a: Item, b: Item): CallError {
  return new CallError(`incompatible types for comparison: ${goType(a)} and ${goType(b)}`);
}

function equalItems(a: Item, b: Item): boolean {
  for (const v of [a, b])
    if (isList(v) || v instanceof Map) throw new CallError(`non-comparable type ${show(v)}: ${goType(v)}`);
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  if (kindOf(a) !== kindOf(b)) throw incompatible(a, b);
  return plain(a) === plain(b);
}

function less(a: Item, b: Item): boolean {
  const kind = kindOf(a);
  if (kind !== kindOf(b)) throw incompatible(a, b);
  if (kind === 'bool') throw new CallError('invalid type for comparison');
  return (plain(a) as string) < (plain(b) as string);
}

function eq(first: Item, ...others: readonly Item[]): Item {
  if (others.length === 0) throw new CallError('missing argument for comparison');
  return others.some((other) => equalItems(first, other));
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function len(v: Item): Item {
  if (v === undefined || v === null) throw new CallError('reflect: call of reflect.Value.Type on zero Value');
  if (typeof v === 'string') return BigInt(byteLength(v));
  if (v instanceof JsonNumber) return BigInt(v.text.length);
  if (isList(v)) return BigInt(v.length);
  if (v instanceof Map) return BigInt(v.size);
  throw new CallError(`len of type ${goType(v)}`);
}

function position(i: Item, length: number): number {
  if (i === undefined || i === null) throw new CallError('cannot index slice/array with nil');
  if (typeof i !== 'bigint') throw new CallError(`cannot index slice/array with type ${goType(i)}`);
  if (i < 0n || i > BigInt(length)) throw new CallError(`index out of range: ${i}`);
  return Number(i);
}

function index(v: Item, ...places: readonly Item[]): Item {
  let at = v;
  if (at === undefined || at === null) throw new CallError('index of untyped nil');
  for (const place of places) {
    if (at === undefined || at === null) throw new CallError('index of nil pointer');
    if (at instanceof Map) {
      if (typeof place !== 'string' && !(place instanceof JsonNumber))
        throw new CallError(`value has type ${goType(place)}; should be string`);
      at = (at as ReadonlyMap<string, Item>).get(typeof place === 'string' ? place : place.text);
    } else if (isList(at) || typeof at === 'string') {
      const list: readonly Item[] =
        typeof at === 'string' ? Array.from(new TextEncoder().encode(at), BigInt) : at;
      const i = position(place, list.length);
      if (i === list.length) throw new CallError(`index out of range: ${i}`);
      at = list[i];
    } else throw new CallError(`can't index item of type ${goType(at)}`);
  }
  return at;
}

function slice(v: Item, ...bounds: readonly Item[]): Item {
  if (v === undefined || v === null) throw new CallError('slice of untyped nil');
  if (bounds.length > 3) throw new CallError(`too many slice indexes: ${bounds.length}`);
  if (typeof v !== 'string' && !isList(v)) throw new CallError(`can't slice item of type ${goType(v)}`);
  if (typeof v === 'string' && bounds.length === 3) throw new CallError('cannot 3-index slice a string');
  const bytes = typeof v === 'string' ? new TextEncoder().encode(v) : null;
  const size = bytes?.length ?? (v as readonly Item[]).length;
  const [from = 0, to = size] = bounds.map((bound) => position(bound, size));
  if (from > to) throw new CallError(`invalid slice index: ${from} > ${to}`);
  return bytes === null
    ? (v as readonly Item[]).slice(from, to)
    : new TextDecoder().decode(bytes.slice(from, to));
}

const isText = (v: Item): boolean => typeof v === 'string' || v instanceof JsonNumber;

/** Go's Sprint: a blank between operands of which neither is text. */
function print(...args: readonly Item[]): string {
  return args.map((v, i) => (i > 0 && !isText(v) && !isText(args[i - 1]) ? ' ' : '') + show(v)).join('');
}

function printf(format: Item, ...args: readonly Item[]): Item {
  if (typeof format !== 'string')
    throw new CallError(`wrong type for value; expected string; got ${goType(format)}`);
  const values = args.map((v) =>
    typeof v === 'bigint' || typeof v === 'number' || typeof v === 'boolean' ? v : show(v),
  );
  let i = 0;
  // Numbers of the data are text; only these verbs show it.
  const typed = format.replaceAll(/%[-+# 0]*\d*(?:\.\d+)?([a-zA-Z%])/g, (whole, verb: string) => {
    if (verb === '%') return whole;
    const arg = args[i];
    i += 1;
    if (verb === 'T') {
      values[i - 1] = goType(arg);
      return whole.replace('T', 's');
    }
    return whole;
  });
  const text = sprintf(typed, values);
  if (text === undefined) throw new CallError('width or precision is too large');
  return args.some((v) => v instanceof JsonNumber)
    ? text.replaceAll(/(%![a-z]\()string=/g, '$1json.Number=')
    : text;
}

const HTML: Readonly<Record<string, string>> = {
  '\0': '\uFFFD',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

function jsEscape(text: string): string {
  return text.replaceAll(/[\\'"<>&=]|[^\x20-\x7e]/gu, (c) => {
    // oxlint-disable-line no-control-regex
    if (c === '\\' || c === "'" || c === '"') return `\\${c}`;
    const point = c.codePointAt(0) ?? 0;
    if (point > 0x7e && /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(c)) return c;
    return `\\u${point.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

function queryEscape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The functions that Go predefines. `and` and `or` are evaluated elsewhere, because they stop early. */
export const FUNCTIONS: ReadonlyMap<string, Fn> = new Map<string, Fn>([
  ['and', (v) => v],
  ['or', (v) => v],
  ['not', (v) => !isTrue(v)],
  ['len', len],
  ['index', index],
  ['slice', slice],
  ['print', print],
  ['println', (...args) => `${args.map(show).join(' ')}\n`],
  ['printf', printf],
  ['html', (...args) => print(...args).replaceAll(/[\0"'&<>]/g, (c) => HTML[c] ?? c)], // oxlint-disable-line no-control-regex
  ['js', (...args) => jsEscape(print(...args))],
  ['urlquery', (...args) => queryEscape(print(...args))],
  ['eq', eq],
  ['ne', (a, b) => !equalItems(a, b)],
  ['lt', less],
  ['le', (a, b) => less(a, b) || equalItems(a, b)],
  ['gt', (a, b) => !less(a, b) && !equalItems(a, b)],
  ['ge', (a, b) => !less(a, b)],
  [
    'call',
    (v) => {
      throw new CallError(`non-function of type ${goType(v)}`);
    },
  ],
]);

/** How many arguments each function takes: at least, at most. */
export const ARITIES: Readonly<Record<string, readonly [number, number]>> = {
  and: [1, Infinity],
  or: [1, Infinity],
  not: [1, 1],
  len: [1, 1],
  index: [1, Infinity],
  slice: [1, Infinity],
  printf: [1, Infinity],
  eq: [1, Infinity],
  ne: [2, 2],
  lt: [2, 2],
  le: [2, 2],
  gt: [2, 2],
  ge: [2, 2],
  call: [1, Infinity],
};
