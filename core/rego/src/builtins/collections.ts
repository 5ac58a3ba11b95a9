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
  sizeOf,
} from '../values.ts';
import type { Plain, RegoObject, Value } from '../values.ts';
import { keysParam, operands } from './operands.ts';
import { Visits } from '../visits.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** Members of an array or set. */
export function members(v: Value | undefined): readonly Value[] | undefined {
  if (isArray(v)) return v;
  return v instanceof RegoSet ? v.sorted() : undefined;
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

/** As `memberOf`; a known string is equal to nothing but itself. */
function knownMemberOf(x: Value | undefined, coll: Value | undefined): boolean {
  return typeof x === 'string' && isArray(coll) ? coll.includes(x) : memberOf(x, coll);
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

function union(a: RegoSet, b: RegoSet): RegoSet {
  return new RegoSet(new Map([...a.map, ...b.map]));
}

function intersection(a: RegoSet, b: RegoSet): RegoSet {
  const both = new RegoSet();
  for (const [k, member] of a.map) if (b.map.has(k)) both.map.set(k, member);
  return both;
}

/** Merges two values: objects key by key, otherwise the right one wins. */
function deepUnion(a: Value, b: Value, charge: BuiltinContext['charge']): Value {
  if (!isObject(a) || !isObject(b)) return b;
  charge((sizeOf(a) + sizeOf(b)) >> 1);
  const merged = objectEntries(b).map(([k, v]) => {
    const left = objectGet(a, k);
    return [k, left === undefined ? v : deepUnion(left, v, charge)] as const;
  });
  return objectFrom([...objectEntries(a), ...merged]);
}

function get(o: Plain | RegoObject, path: Value, fallback: Value | undefined): Value | undefined {
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

function subset(sup: Value, sub: Value, visits: Visits): Value | undefined {
  if (isObject(sup) && isObject(sub)) {
    return objectEntries(sub).every(([k, v]) => {
      const other = objectGet(sup, k);
      return (
        other !== undefined &&
        (equal(other, v, visits) ||
          (typeof v === 'object' && v !== null && subset(other, v, visits) === true))
      );
    });
  }
  if (sup instanceof RegoSet && sub instanceof RegoSet)
    return [...sub.map.keys()].every((k) => sup.map.has(k));
  const same = (a: Value, b: Value): boolean => {
    visits.take(0);
    return equal(a, b, visits);
  };
  if (isArray(sup) && sub instanceof RegoSet)
    return sub.sorted().every((v) => sup.some((other) => same(other, v)));
  if (isArray(sup) && isArray(sub)) {
    return (
      sup.some((_, i) => i + sub.length <= sup.length && sub.every((v, j) => same(v, sup[i + j] as Value))) ||
      sub.length === 0
    );
  }
  return undefined;
}

/** Built-ins over arrays, sets and objects. */
export function collectionBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { fail } = ctx;
  const op = operands(fail);
  const paid = <T extends Value>(v: T): T => {
    if (isArray(v)) ctx.charge(v.length);
    else if (v instanceof RegoSet) ctx.charge(v.size);
    return v;
  };
  const counted = (v?: Value): Value | undefined =>
    count(v) ?? fail.type(1, ['array', 'object', 'set', 'string'], v);
  const concat = (a?: Value, b?: Value): Value | undefined => {
    const x = op.array(a, 1);
    const y = x === undefined ? undefined : op.array(b, 2);
    return x === undefined || y === undefined ? undefined : paid([...x, ...y]);
  };
  const binary =
    (f: (a: RegoSet, b: RegoSet) => RegoSet) =>
    (a?: Value, b?: Value): Value | undefined => {
      const x = op.set(a, 1);
      const y = x === undefined ? undefined : op.set(b, 2);
      return x === undefined || y === undefined ? undefined : paid(f(x, y));
    };
  const combined =
    (f: (a: RegoSet, b: RegoSet) => RegoSet) =>
    (v?: Value): Value | undefined => {
      let all: RegoSet | undefined;
      for (const item of op.set(v, 1)?.sorted() ?? []) {
        const next = op.set(item, 1);
        if (next === undefined) return undefined;
        all = all === undefined ? next : f(all, next);
        paid(all);
      }
      return v instanceof RegoSet ? (all ?? new RegoSet()) : undefined;
    };
  const getFrom = (o?: Value, path?: Value, fallback?: Value): Value | undefined => {
    const from = op.object(o, 1);
    return from === undefined || path === undefined ? undefined : get(from, path, fallback);
  };
  const selected =
    (keep: boolean) =>
    (o?: Value, keys?: Value): Value | undefined => {
      const from = op.object(o, 1);
      const list = from === undefined ? undefined : keysParam(fail, keys);
      if (from === undefined || list === undefined) return undefined;
      const set = RegoSet.of(list);
      return objectFrom(objectEntries(from).filter(([k]) => set.has(k) === keep));
    };
  const objects = (v?: Value): readonly (Plain | RegoObject)[] | undefined => {
    const list = op.array(v, 1);
    const odd = list?.find((item) => !isObject(item));
    if (odd !== undefined) return op.element(1, v ?? null, odd, 'object');
    return list as readonly (Plain | RegoObject)[] | undefined;
  };
  return {
    count: { arity: 1, fn: counted, abstract: counted },
    'internal.member_2': { arity: 2, fn: knownMemberOf, abstract: memberOf },
    'internal.member_3': { arity: 3, fn: entryOf, abstract: entryOf },
    sort: {
      arity: 1,
      fn: (v) => {
        const list = op.members(v, 1);
        return list === undefined ? undefined : paid([...list].sort(compare));
      },
    },
    all: { arity: 1, fn: (v) => op.members(v, 1, ['array', 'set'])?.every((item) => item === true) },
    any: { arity: 1, fn: (v) => op.members(v, 1, ['array', 'set'])?.some((item) => item === true) },
    'array.concat': { arity: 2, fn: concat, abstract: concat },
    'array.flatten': {
      arity: 1,
      fn: (v) => {
        const list = op.array(v, 1);
        return list === undefined ? undefined : paid(list.flatMap((item) => (isArray(item) ? item : [item])));
      },
    },
    'array.reverse': {
      arity: 1,
      fn: (v) => {
        const list = op.array(v, 1);
        return list === undefined ? undefined : paid(list.toReversed());
      },
    },
    'array.slice': {
      arity: 3,
      fn: (v, a, b) => {
        const list = op.array(v, 1);
        const from = list === undefined ? undefined : op.int(a, 2);
        const to = from === undefined ? undefined : op.int(b, 3);
        if (list === undefined || from === undefined || to === undefined) return undefined;
        return paid(list.slice(Math.max(from, 0), Math.max(to, 0)));
      },
    },
    or: { arity: 2, fn: binary(union) },
    and: { arity: 2, fn: binary(intersection) },
    union: { arity: 1, fn: combined(union) },
    intersection: { arity: 1, fn: combined(intersection) },
    'object.get': { arity: 3, fn: getFrom, abstract: getFrom },
    'object.keys': {
      arity: 1,
      fn: (o) => {
        const from = op.object(o, 1);
        return from === undefined ? undefined : paid(RegoSet.of(objectKeys(from)));
      },
    },
    'object.remove': { arity: 2, fn: selected(false) },
    'object.filter': { arity: 2, fn: selected(true) },
    'object.union': {
      arity: 2,
      fn: (a, b) => {
        const x = op.object(a, 1);
        const y = x === undefined ? undefined : op.object(b, 2);
        return x === undefined || y === undefined ? undefined : deepUnion(x, y, ctx.charge);
      },
    },
    'object.union_n': {
      arity: 1,
      fn: (v) => objects(v)?.reduce<Value>((a, b) => deepUnion(a, b, ctx.charge), objectFrom([])),
    },
    'object.subset': {
      arity: 2,
      fn: (a, b) => {
        const visits = new Visits();
        const found = subset(a as Value, b as Value, visits);
        ctx.charge(visits.taken >> 4);
        return (
          found ?? fail.invalid('both arguments object.subset must be of the same type or array and set')
        );
      },
    },
  };
}
