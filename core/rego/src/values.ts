import { AnyUnder, mayEqual, undetermined } from './abstract.ts';
import { compareNumbers, Decimal, decimalKey } from './decimal.ts';
import type { Num } from './decimal.ts';
import { compareStrings, isAscending, sortedNames } from './text-order.ts';
import { Visits } from './visits.ts';

export { compareStrings };

/** A plain JSON value as it goes in and out. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [k: string]: Json };

/** A plain object: from the input, from data, or built by a policy (then without prototype). */
export interface Plain {
  readonly [k: string]: Value;
}

/**
 * An object without properties that inherits none either. The engine keeps an object whose prototype is null as a hash table, which
 * is much slower than one whose prototype is empty.
 */
export const Bare = function Bare() {} as unknown as new () => Record<string, Value>;
Object.assign(Bare, { prototype: Object.freeze(Object.create(null)) as object });

/** A value at run time. Undefined is JavaScript's `undefined` and is not a value. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | Decimal
  | string
  | readonly Value[]
  | Plain
  | RegoSet
  | RegoObject
  | AnyUnder;

/** What a map can be keyed by so that equal values have equal keys. */
export type Key = null | boolean | number | bigint | string;

/** A set. Members are kept under canonical keys, so membership is one look-up. */
export class RegoSet {
  readonly map: Map<Key, Value>;
  private sortedCache: readonly Value[] | null = null;

  constructor(map: Map<Key, Value> = new Map()) {
    this.map = map;
  }

  static of(items: Iterable<Value>): RegoSet {
    const set = new RegoSet();
    for (const item of items) set.add(item);
    return set;
  }

  get size(): number {
    return this.map.size;
  }

  add(value: Value): void {
    this.addKeyed(keyOf(value), value);
  }

  /** Adds a value whose key (see `keyOf`) is known. */
  addKeyed(key: Key, value: Value): void {
    this.sortedCache = null;
    if (!this.map.has(key)) this.map.set(key, value);
  }

  has(value: Value): boolean {
    return this.map.has(keyOf(value));
  }

  /** Members in Rego's order. */
  sorted(): readonly Value[] {
    if (this.sortedCache === null) {
      const members = [...this.map.values()];
      this.sortedCache = members.length > 1 ? members.sort(compare) : members;
    }
    return this.sortedCache;
  }
}

/** An object with at least one key that is not a string. */
export class RegoObject {
  readonly map: Map<Key, readonly [Value, Value]>;

  constructor(map: Map<Key, readonly [Value, Value]> = new Map()) {
    this.map = map;
  }
}

export function isArray(v: Value | undefined): v is readonly Value[] {
  return Array.isArray(v);
}

/** A plain JavaScript object, hence a Rego object with string keys. */
export function isPlain(v: Value | undefined): v is Plain {
  return (
    typeof v === 'object' &&
    v !== null &&
    !Array.isArray(v) &&
    !(v instanceof RegoSet) &&
    !(v instanceof RegoObject) &&
    !(v instanceof Decimal) &&
    !(v instanceof AnyUnder)
  );
}

export function isObject(v: Value | undefined): v is Plain | RegoObject {
  return isPlain(v) || v instanceof RegoObject;
}

export function isNumber(v: Value | undefined): v is Num {
  return typeof v === 'number' || typeof v === 'bigint' || v instanceof Decimal;
}

/** The own property `k`, never an inherited one. */
export function own(o: Plain, k: string): Value | undefined {
  return Object.hasOwn(o, k) ? o[k] : undefined;
}

/** Keys of an object in no particular order. */
export function objectKeys(o: Plain | RegoObject): Value[] {
  if (o instanceof RegoObject) return [...o.map.values()].map((entry) => entry[0]);
  return Object.keys(o);
}

export function objectGet(o: Plain | RegoObject, k: Value): Value | undefined {
  if (o instanceof RegoObject) return o.map.get(keyOf(k))?.[1];
  return typeof k === 'string' ? own(o, k) : undefined;
}

export function objectEntries(o: Plain | RegoObject): (readonly [Value, Value])[] {
  if (o instanceof RegoObject) return [...o.map.values()];
  const entries: (readonly [Value, Value])[] = [];
  for (const k of Object.keys(o)) {
    const v = o[k];
    if (v !== undefined) entries.push([k, v]);
  }
  return entries;
}

/** An object from entries; a later entry replaces an earlier one with the same key. */
export function objectFrom(entries: Iterable<readonly [Value, Value]>): Plain | RegoObject {
  const all = [...entries];
  if (all.every(([k]) => typeof k === 'string')) {
    const plain = new Bare();
    for (const [k, v] of all) plain[k as string] = v;
    return plain;
  }
  const map = new Map<Key, readonly [Value, Value]>();
  for (const entry of all) map.set(keyOf(entry[0]), entry);
  return new RegoObject(map);
}

/** Members of a collection; 0 for any other value. */
export function sizeOf(v: Value | undefined): number {
  if (typeof v !== 'object' || v === null) return 0;
  if (isArray(v)) return v.length;
  if (v instanceof RegoSet || v instanceof RegoObject) return v.map.size;
  return isPlain(v) ? Object.keys(v).length : 0;
}

/** A key under which equal values, and only they, meet. */
export function keyOf(v: Value): Key {
  if (typeof v === 'string') return v.charCodeAt(0) === 0 ? `\0s${v}` : v;
  if (typeof v === 'number' || typeof v === 'boolean' || v === null) return v;
  // A bigint that a double holds exactly must meet that double.
  if (typeof v === 'bigint') {
    const double = Number(v);
    if (!Number.isFinite(double)) return `\0n${decimalKey(v)}`;
    return BigInt(double) === v ? double : v;
  }
  if (v instanceof Decimal) return `\0n${decimalKey(v)}`;
  return `\0c${canonical(v, new Visits())}`;
}

/** A text that is the same for equal values and different for others. */
function canonical(v: Value, visits: Visits): string {
  // The length in front says where a text ends, so that nothing in it needs escaping.
  if (typeof v === 'string') {
    visits.take(v.length >> 3);
    return `"${v.length}:${v}`;
  }
  if (typeof v !== 'object' || v === null || v instanceof Decimal) return String(keyOf(v));
  if (v instanceof AnyUnder) return undetermined();
  visits.take(sizeOf(v));
  const inner = (item: Value): string => canonical(item, visits);
  if (isArray(v)) return `[${v.map(inner).join()}]`;
  if (v instanceof RegoSet) return `<${v.sorted().map(inner).join()}>`;
  if (v instanceof RegoObject) {
    const entries = objectEntries(v).sort((a, b) => compare(a[0], b[0]));
    return `(${entries.map(([k, value]) => `${inner(k)}:${inner(value)}`).join()})`;
  }
  let text = '{';
  const names = Object.keys(v);
  // Any order will do that is the same for equal objects; this is the cheapest.
  if (!isAscending(names)) names.sort();
  for (const k of names) {
    const value = v[k];
    if (value !== undefined) text += `${inner(k)}:${inner(value)},`;
  }
  return `${text}}`;
}

/** Rego equality. An unknown string is equal to nothing outside its class; inside it the question is undetermined. */
export function equal(a: Value, b: Value, given?: Visits): boolean {
  // The same object may hold unknown strings, which need not be equal to themselves at another place.
  if (a === b)
    return typeof a !== 'object' || a === null || isKnown(a, given ?? new Visits()) || undetermined();
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (a instanceof Decimal || b instanceof Decimal)
      return isNumber(a) && isNumber(b) && compareNumbers(a, b) === 0;
    if (a instanceof AnyUnder) return typeof b === 'string' && mayEqual(a, b) && undetermined();
    if (b instanceof AnyUnder) return typeof a === 'string' && mayEqual(b, a) && undetermined();
    // A number and a bigint compare by mathematical value.
    return isNumber(a) && isNumber(b) && a == b; // oxlint-disable-line eqeqeq
  }
  if (a instanceof AnyUnder || b instanceof AnyUnder) return equalUnknown(a, b);
  const visits = given ?? new Visits();
  if (isArray(a)) {
    if (!isArray(b) || a.length !== b.length) return false;
    visits.take(a.length);
    return a.every((item, i) => equal(item, b[i] as Value, visits));
  }
  if (isArray(b)) return false;
  if (a instanceof Decimal || b instanceof Decimal)
    return a instanceof Decimal && b instanceof Decimal && compareNumbers(a, b) === 0;
  if (a instanceof RegoSet)
    return b instanceof RegoSet && a.size === b.size && [...a.map.keys()].every((k) => b.map.has(k));
  if (b instanceof RegoSet) return false;
  const entries = objectEntries(a);
  visits.take(entries.length);
  if (entries.length !== objectEntries(b).length) return false;
  return entries.every(([k, value]) => {
    const other = objectGet(b, k);
    return other !== undefined && equal(value, other, visits);
  });
}

/** Is there no unknown string anywhere in the value? */
export function isKnown(v: Value | undefined, visits = new Visits()): boolean {
  if (typeof v !== 'object' || v === null) return true;
  if (v instanceof AnyUnder) return false;
  // Sets never hold an unknown: adding one is already undetermined.
  if (v instanceof RegoSet || v instanceof Decimal) return true;
  visits.take(sizeOf(v));
  if (isArray(v)) return v.every((item) => isKnown(item, visits));
  return objectEntries(v).every(([, value]) => isKnown(value, visits));
}

function equalUnknown(a: Value, b: Value): boolean {
  if (!(a instanceof AnyUnder) || !(b instanceof AnyUnder)) return false;
  return a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix) ? undetermined() : false;
}

function rank(v: Value): number {
  switch (typeof v) {
    case 'boolean':
      return 1;
    case 'number':
    case 'bigint':
      return 2;
    case 'string':
      return 3;
    default:
      if (v === null) return 0;
      if (v instanceof AnyUnder) return 3;
      if (isArray(v)) return 4;
      if (v instanceof Decimal) return 2;
      return v instanceof RegoSet ? 6 : 5;
  }
}

/** Rego's total order: null, booleans, numbers, strings (by code point), arrays, objects, sets. */
export function compare(a: Value, b: Value, visits?: Visits): number {
  const ra = rank(a);
  const rb = rank(b);
  if (ra !== rb) return ra < rb ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (ra === 2 && isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (ra < 2) return Number(a) - Number(b);
  if (a instanceof AnyUnder || b instanceof AnyUnder) return undetermined();
  if (isArray(a) && isArray(b)) return compareLists(a, b, visits);
  if (a instanceof RegoSet && b instanceof RegoSet) return compareLists(a.sorted(), b.sorted(), visits);
  if (isObject(a) && isObject(b)) return compareObjects(a, b, visits);
  return 0;
}

function compareLists(a: readonly Value[], b: readonly Value[], visits = new Visits()): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i += 1) {
    visits.take(0);
    const order = compare(a[i] as Value, b[i] as Value, visits);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: Plain | RegoObject, b: Plain | RegoObject, visits = new Visits()): number {
  const ka = sortedKeys(a);
  const kb = sortedKeys(b);
  visits.take(ka.length);
  const n = Math.min(ka.length, kb.length);
  for (let i = 0; i < n; i += 1) {
    const x = ka[i] as Value;
    const y = kb[i] as Value;
    const order =
      compare(x, y, visits) || compare(objectGet(a, x) as Value, objectGet(b, y) as Value, visits);
    if (order !== 0) return order;
  }
  return ka.length - kb.length;
}

function sortedKeys(o: Plain | RegoObject): readonly Value[] {
  return o instanceof RegoObject ? objectKeys(o).sort(compare) : sortedNames(o);
}

/** The name that `type_name` gives. */
export function typeName(v: Value): string {
  return ['null', 'boolean', 'number', 'string', 'array', 'object', 'set'][rank(v)] ?? 'unknown';
}
