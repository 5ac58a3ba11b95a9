import { AnyUnder, mayEqual, undetermined } from '../abstract.ts';
import {
  compare,
  equal,
  isArray,
  isObject,
  objectEntries,
  objectFrom,
  objectGet,
  objectKeys,
  RegoSet,
} from '../values.ts';
import type { Value } from '../values.ts';
import { smallInteger } from './numbers.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** Members of an array or set. */
export function members(v: Value | undefined): readonly Value[] | undefined {
  if (isArray(v)) return v;
  return v instanceof RegoSet ? v.sorted() : undefined;
}

/** Keys given as an array, a set, or the keys of an object. */
function keyList(v: Value | undefined): readonly Value[] | undefined {
  return v !== undefined && isObject(v) ? objectKeys(v) : members(v);
}

function count(v: Value | undefined): Value | undefined {
  if (typeof v === 'string') return [...v].length;
  if (isArray(v)) return v.length;
  if (v instanceof RegoSet) return v.size;
  if (v instanceof AnyUnder) return undetermined();
  return v !== undefined && isObject(v) ? objectKeys(v).length : undefined;
}

function memberOf(x: Value | undefined, coll: Value | undefined): boolean {
  if (x === undefined || coll === undefined) return false;
  if (coll instanceof RegoSet) {
    if (!(x instanceof AnyUnder)) return coll.has(x);
    return [...coll.map.values()].some((m) => typeof m === 'string' && mayEqual(x, m)) && undetermined();
  }
  if (isArray(coll)) return coll.some((item) => equal(item, x));
  return isObject(coll) && objectEntries(coll).some(([, item]) => equal(item, x));
}

function entryOf(k: Value | undefined, x: Value | undefined, coll: Value | undefined): boolean {
  if (k === undefined || x === undefined) return false;
  if (k instanceof AnyUnder)
    return coll !== undefined && typeof coll === 'object' && coll !== null && undetermined();
  let found: Value | undefined;
  if (isArray(coll)) found = typeof k === 'number' ? coll[k] : undefined;
  else if (coll instanceof RegoSet) found = coll.has(k) ? k : undefined;
  else if (coll !== undefined && isObject(coll)) found = objectGet(coll, k);
  return found !== undefined && equal(found, x);
}

function union(a: Value | undefined, b: Value | undefined): Value | undefined {
  return a instanceof RegoSet && b instanceof RegoSet
    ? new RegoSet(new Map([...a.map, ...b.map]))
    : undefined;
}

function intersection(a: Value | undefined, b: Value | undefined): RegoSet | undefined {
  return a instanceof RegoSet && b instanceof RegoSet
    ? new RegoSet(new Map([...a.map].filter(([k]) => b.map.has(k))))
    : undefined;
}

function sets(v: Value | undefined): RegoSet[] | undefined {
  const all = v instanceof RegoSet ? v.sorted() : undefined;
  const found = all?.filter((item) => item instanceof RegoSet);
  return found?.length === all?.length ? found : undefined;
}

/** Merges two values: objects key by key, otherwise the right one wins. */
function deepUnion(a: Value, b: Value): Value {
  if (!isObject(a) || !isObject(b)) return b;
  const merged = objectEntries(b).map(([k, v]) => {
    const left = objectGet(a, k);
    return [k, left === undefined ? v : deepUnion(left, v)] as const;
  });
  return objectFrom([...objectEntries(a), ...merged]);
}

function get(o: Value | undefined, path: Value | undefined, fallback: Value | undefined): Value | undefined {
  if (o === undefined || !isObject(o) || path === undefined) return undefined;
  if (!isArray(path)) return lookup(o, path) ?? fallback;
  let at: Value | undefined = o;
  for (const key of path) at = at === undefined ? undefined : lookup(at, key);
  return at ?? fallback;
}

function lookup(v: Value, k: Value): Value | undefined {
  if (isArray(v)) return typeof k === 'number' ? v[k] : undefined;
  if (v instanceof RegoSet) return v.has(k) ? k : undefined;
  if (!isObject(v)) return undefined;
  if (k instanceof AnyUnder) {
    return objectKeys(v).some((key) => typeof key === 'string' && mayEqual(k, key))
      ? undetermined()
      : undefined;
  }
  return objectGet(v, k);
}

function subset(sup: Value, sub: Value): Value | undefined {
  if (isObject(sup) && isObject(sub)) {
    return objectEntries(sub).every(([k, v]) => {
      const other = objectGet(sup, k);
      return (
        other !== undefined &&
        (equal(other, v) || (typeof v === 'object' && v !== null && subset(other, v) === true))
      );
    });
  }
  if (sup instanceof RegoSet && sub instanceof RegoSet)
    return [...sub.map.keys()].every((k) => sup.map.has(k));
  if (isArray(sup) && sub instanceof RegoSet)
    return sub.sorted().every((v) => sup.some((other) => equal(other, v)));
  if (isArray(sup) && isArray(sub)) {
    return (
      sup.some(
        (_, i) => i + sub.length <= sup.length && sub.every((v, j) => equal(v, sup[i + j] as Value)),
      ) || sub.length === 0
    );
  }
  return undefined;
}

function without(o: Value | undefined, keys: Value | undefined, keep: boolean): Value | undefined {
  const list = keyList(keys);
  if (o === undefined || !isObject(o) || list === undefined) return undefined;
  const set = RegoSet.of(list);
  return objectFrom(objectEntries(o).filter(([k]) => set.has(k) === keep));
}

function flatten(v: Value | undefined): Value | undefined {
  return isArray(v) ? v.flatMap((item) => (isArray(item) ? item : [item])) : undefined;
}

/** Built-ins over arrays, sets and objects. */
export function collectionBuiltins(ctx: BuiltinContext): BuiltinTable {
  const paid = <T extends Value>(v: T | undefined): T | undefined => {
    if (isArray(v)) ctx.charge(v.length);
    else if (v instanceof RegoSet) ctx.charge(v.size);
    return v;
  };
  return {
    count: { arity: 1, fn: count, abstract: count },
    'internal.member_2': { arity: 2, fn: memberOf, abstract: memberOf },
    'internal.member_3': { arity: 3, fn: entryOf, abstract: entryOf },
    sort: {
      arity: 1,
      fn: (v) => {
        const list = members(v);
        return list === undefined ? undefined : paid([...list].sort(compare));
      },
    },
    all: { arity: 1, fn: (v) => members(v)?.every((item) => item === true) },
    any: { arity: 1, fn: (v) => members(v)?.some((item) => item === true) },
    'array.concat': {
      arity: 2,
      fn: (a, b) => (isArray(a) && isArray(b) ? paid([...a, ...b]) : undefined),
      abstract: (a, b) => (isArray(a) && isArray(b) ? [...a, ...b] : undefined),
    },
    'array.flatten': { arity: 1, fn: (v) => paid(flatten(v)) },
    'array.reverse': { arity: 1, fn: (v) => (isArray(v) ? paid(v.toReversed()) : undefined) },
    'array.slice': {
      arity: 3,
      fn: (v, a, b) => {
        const [from, to] = [smallInteger(a), smallInteger(b)];
        if (!isArray(v) || from === undefined || to === undefined) return undefined;
        return paid(v.slice(Math.max(from, 0), Math.max(to, 0)));
      },
    },
    or: { arity: 2, fn: (a, b) => paid(union(a, b)) },
    and: { arity: 2, fn: (a, b) => paid(intersection(a, b)) },
    union: {
      arity: 1,
      fn: (v) => paid(sets(v)?.reduce((a, b) => new RegoSet(new Map([...a.map, ...b.map])), new RegoSet())),
    },
    intersection: {
      arity: 1,
      fn: (v) => {
        const all = sets(v);
        const [first, ...rest] = all ?? [];
        if (all === undefined) return undefined;
        return rest.reduce((a, b) => intersection(a, b) ?? a, first ?? new RegoSet());
      },
    },
    'object.get': { arity: 3, fn: get, abstract: get },
    'object.keys': {
      arity: 1,
      fn: (o) => (o !== undefined && isObject(o) ? paid(RegoSet.of(objectKeys(o))) : undefined),
    },
    'object.remove': { arity: 2, fn: (o, keys) => without(o, keys, false) },
    'object.filter': { arity: 2, fn: (o, keys) => without(o, keys, true) },
    'object.union': {
      arity: 2,
      fn: (a, b) =>
        a !== undefined && b !== undefined && isObject(a) && isObject(b) ? deepUnion(a, b) : undefined,
    },
    'object.union_n': {
      arity: 1,
      fn: (v) =>
        isArray(v) && v.every((item) => isObject(item))
          ? v.reduce<Value>((a, b) => deepUnion(a, b), objectFrom([]))
          : undefined,
    },
    'object.subset': { arity: 2, fn: (a, b) => subset(a as Value, b as Value) },
  };
}
