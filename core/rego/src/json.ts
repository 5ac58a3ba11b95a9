import { AnyUnder, undetermined } from './abstract.ts';
import { Decimal, parseNumber, toDouble } from './decimal.ts';
import type { Num } from './decimal.ts';
import {
  compare,
  isArray,
  isNumber,
  isObject,
  objectEntries,
  objectFrom,
  objectGet,
  RegoObject,
  RegoSet,
  sizeOf,
} from './values.ts';
import type { Json, Value } from './values.ts';
import { Visits } from './visits.ts';

/**
 * Turns a result into plain JSON: sets become sorted arrays, keys that are not strings become their JSON text, other
 * numbers than doubles become the nearest one (JSON in JavaScript has no other).
 */
export function toJson(v: Value): Json {
  return typeof v !== 'object' || v === null ? scalarJson(v) : collectionJson(v, new Visits());
}

function scalarJson(v: Exclude<Value, object>): Json {
  return typeof v === 'bigint' ? Number(v) : v;
}

function collectionJson(v: Value & object, visits: Visits): Json {
  const inner = (item: Value): Json =>
    typeof item !== 'object' || item === null ? scalarJson(item) : collectionJson(item, visits);
  if (isArray(v)) {
    visits.take(v.length);
    return v.map(inner);
  }
  if (v instanceof Decimal) return toDouble(v);
  if (v instanceof AnyUnder) return undetermined();
  if (v instanceof RegoSet) {
    visits.take(v.size);
    return v.sorted().map(inner);
  }
  const out: Record<string, Json> = {};
  if (v instanceof RegoObject) {
    visits.take(v.map.size);
    for (const [k, value] of v.map.values()) set(out, keyText(k), inner(value));
    return out;
  }
  const keys = Object.keys(v);
  visits.take(keys.length);
  for (const k of keys) {
    const value = v[k];
    if (value !== undefined) set(out, k, inner(value));
  }
  return out;
}

function set(out: Record<string, Json>, k: string, value: Json): void {
  if (k === '__proto__')
    Object.defineProperty(out, k, { value, enumerable: true, configurable: true, writable: true });
  else out[k] = value;
}

function keyText(k: Value): string {
  return typeof k === 'string' ? k : marshal(k);
}

/** JSON text of a value, with sorted keys and exact numbers, as `json.marshal` prints it. */
export function marshal(v: Value, indent = '', newline = '', prefix = ''): string {
  const visits = new Visits();
  const write = (value: Value, pad: string): string => {
    if (typeof value === 'string') {
      visits.take(value.length >> 3);
      return jsonString(value);
    }
    if (isNumber(value)) return numberText(value);
    if (typeof value !== 'object' || value === null) return String(value);
    if (value instanceof AnyUnder) return undetermined();
    visits.take(sizeOf(value));
    const inner = pad + indent;
    const list = (open: string, items: readonly string[], close: string): string => {
      if (items.length === 0) return open + close;
      return `${open}${newline}${newline === '' ? '' : inner}${items.join(`,${newline}${newline === '' ? '' : inner}`)}${newline}${newline === '' ? '' : pad}${close}`;
    };
    if (isArray(value))
      return list(
        '[',
        value.map((item) => write(item, inner)),
        ']',
      );
    if (value instanceof RegoSet)
      return list(
        '[',
        value.sorted().map((item) => write(item, inner)),
        ']',
      );
    const entries = objectEntries(value).map(([k, item]) => [keyText(k), item] as const);
    entries.sort((a, b) => compare(a[0], b[0]));
    const colon = newline === '' ? ':' : ': ';
    return list(
      '{',
      entries.map(([k, item]) => `${jsonString(k)}${colon}${write(item, inner)}`),
      '}',
    );
  };
  return write(v, prefix);
}

/** A JSON string as Go's encoder writes it: also escapes <, >, & and the line separators. */
function jsonString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A number as JSON text. */
export function numberText(n: Num): string {
  if (typeof n === 'bigint') return n.toString();
  if (n instanceof Decimal) return Decimal.text(n);
  return Number.isInteger(n) && Math.abs(n) < 1e21
    ? BigInt(n).toString()
    : String(n).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** The exponent is too large to compute with. */
function notANumber(): never {
  throw new RangeError('number out of range');
}

interface ParseContext {
  readonly source?: string;
}

/** A number that a double may not hold as it is written: with many digits, or an exponent. Finds such text in strings, too. */
const DOUBTFUL = /(?:^|[\s:,[])-?\d(?:[\d.]{14}|[\d.]*[eE])/;

/** Parses JSON with exact numbers; undefined when the text is not JSON. */
export function parseJson(text: string): Value | undefined {
  try {
    if (!DOUBTFUL.test(text)) return JSON.parse(text) as Value;
    // The third argument gives the number's own digits, which the double may have lost.
    const reviver = (_key: string, value: unknown, context?: ParseContext): unknown =>
      typeof value === 'number' &&
      context?.source !== undefined &&
      (context.source.length > 15 || !Number.isInteger(value))
        ? (parseNumber(context.source) ?? notANumber())
        : value;
    const parsed: unknown = JSON.parse(
      text,
      reviver as (this: unknown, key: string, value: unknown) => unknown,
    );
    return parsed as Value;
  } catch {
    return undefined;
  }
}

/** A value as Rego source text, as `sprintf("%v")`, `print` and template strings show it. */
export function display(v: Value, top = true, visits = new Visits()): string {
  if (typeof v === 'string') {
    if (top) return v;
    visits.take(v.length >> 3);
    return JSON.stringify(v);
  }
  if (isNumber(v)) return numberText(v);
  if (typeof v !== 'object' || v === null) return String(v);
  if (v instanceof AnyUnder) return undetermined();
  visits.take(sizeOf(v));
  if (isArray(v)) return `[${v.map((item) => display(item, false, visits)).join(', ')}]`;
  if (v instanceof RegoSet)
    return v.size === 0
      ? 'set()'
      : `{${v
          .sorted()
          .map((item) => display(item, false, visits))
          .join(', ')}}`;
  const entries = objectEntries(v).sort((a, b) => compare(a[0], b[0]));
  return `{${entries.map(([k, item]) => `${display(k, false, visits)}: ${display(item, false, visits)}`).join(', ')}}`;
}

/** The object with one path set to a value; copies property descriptors, so that lazy getters are not called. */
export function patch(root: Value | undefined, path: readonly string[], value: Value): Value {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  const copy: Record<string, Value> = Object.create(null) as Record<string, Value>;
  let below: Value | undefined;
  if (root instanceof RegoObject) {
    const map = new Map(root.map);
    map.set(head, [head, patch(root.map.get(head)?.[1], rest, value)]);
    return new RegoObject(map);
  }
  if (
    typeof root === 'object' &&
    root !== null &&
    !isArray(root) &&
    !(root instanceof RegoSet) &&
    !(root instanceof Decimal) &&
    !(root instanceof AnyUnder)
  ) {
    for (const k of Object.keys(root))
      if (k !== head) Object.defineProperty(copy, k, Object.getOwnPropertyDescriptor(root, k) ?? {});
    if (rest.length > 0 && Object.hasOwn(root, head)) below = root[head];
  }
  copy[head] = patch(below, rest, value);
  return copy;
}

/** A base document and the virtual one at the same place as one: objects merge key by key, otherwise the base document wins, as in OPA. */
export function merge(base: Value | undefined, virtual: Value): Value {
  if (base === undefined) return virtual;
  if (!isObject(base) || !isObject(virtual)) return base;
  const both = objectEntries(virtual).map(([k, v]) => [k, merge(objectGet(base, k), v)] as const);
  return both.length === 0 ? base : objectFrom([...objectEntries(base), ...both]);
}
