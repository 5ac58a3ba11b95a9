import type { Scalar } from '../ast.ts';

/** What is known of a value before evaluation. `null` in place of a type: nothing is known yet. */
export type Type =
  | { readonly t: 'null' | 'boolean' | 'number' | 'string' }
  /** One of `of`; of anything at all when that is empty. */
  | { readonly t: 'any'; readonly of: readonly Type[] }
  /** The first items one by one, then the type of all further ones (null: there are none). */
  | { readonly t: 'array'; readonly items: readonly Maybe[]; readonly rest: Maybe }
  | { readonly t: 'object'; readonly props: readonly Property[]; readonly rest: Entries | null }
  | { readonly t: 'set'; readonly of: Maybe }
  | FunctionType;

export type Maybe = Type | null;

/** A key that is known, with the type of its value. */
export interface Property {
  readonly key: Scalar;
  readonly value: Maybe;
}

/** Keys that are not known. */
export interface Entries {
  readonly key: Maybe;
  readonly value: Maybe;
}

export interface FunctionType {
  readonly t: 'function';
  readonly args: readonly Maybe[];
  /** Names of the arguments and then of the result, where they have one; for messages. */
  readonly names?: readonly string[];
  /** The type of all further arguments. */
  readonly variadic: Maybe;
  /** null: it gives no value. */
  readonly result: Maybe;
}

export const ANY: Type = { t: 'any', of: [] };
export const NULL: Type = { t: 'null' };
export const BOOLEAN: Type = { t: 'boolean' };
export const NUMBER: Type = { t: 'number' };
export const STRING: Type = { t: 'string' };

const ORDER: readonly Type['t'][] = [
  'null',
  'boolean',
  'number',
  'string',
  'array',
  'object',
  'set',
  'any',
  'function',
];

export function isAnything(type: Maybe): boolean {
  return type?.t === 'any' && type.of.length === 0;
}

/** The type of a scalar. */
export function scalarType(v: Scalar): Type {
  if (v === null) return NULL;
  if (typeof v === 'boolean') return BOOLEAN;
  return typeof v === 'string' ? STRING : NUMBER;
}

/** Puts types in an order; 0 when they are equal. */
export function compareTypes(a: Maybe, b: Maybe): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (a.t !== b.t) return ORDER.indexOf(a.t) - ORDER.indexOf(b.t);
  if (a.t === 'array' && b.t === 'array')
    return compareTypes(a.rest, b.rest) || compareLists(a.items, b.items);
  if (a.t === 'set' && b.t === 'set') return compareTypes(a.of, b.of);
  if (a.t === 'any' && b.t === 'any') return compareLists(a.of, b.of);
  if (a.t === 'object' && b.t === 'object') return compareObjects(a, b);
  if (a.t === 'function' && b.t === 'function')
    return compareLists(a.args, b.args) || compareTypes(a.result, b.result);
  return 0;
}

function compareLists(a: readonly Maybe[], b: readonly Maybe[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = compareTypes(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

type ObjectType = Extract<Type, { t: 'object' }>;

function compareObjects(a: ObjectType, b: ObjectType): number {
  if ((a.rest === null) !== (b.rest === null)) return a.rest === null ? -1 : 1;
  const rest =
    compareTypes(a.rest?.key ?? null, b.rest?.key ?? null) ||
    compareTypes(a.rest?.value ?? null, b.rest?.value ?? null);
  if (rest !== 0) return rest;
  for (let i = 0; i < Math.min(a.props.length, b.props.length); i += 1) {
    const [x, y] = [a.props[i] as Property, b.props[i] as Property];
    const order = compareKeys(x.key, y.key) || compareTypes(x.value, y.value);
    if (order !== 0) return order;
  }
  return a.props.length - b.props.length;
}

function compareKeys(a: Scalar, b: Scalar): number {
  if (a === b) return 0;
  const order = ORDER.indexOf(scalarType(a).t) - ORDER.indexOf(scalarType(b).t);
  if (order !== 0 || a === null || b === null) return order;
  return a < b ? -1 : 1;
}

/** An object type; of properties with equal keys the last one counts. */
export function objectType(props: readonly Property[], rest: Entries | null): Type {
  const sorted = new Map(props.map((prop) => [prop.key, prop]));
  return { t: 'object', props: [...sorted.values()].toSorted((a, b) => compareKeys(a.key, b.key)), rest };
}

/** The union. Of functions with different arguments there is none. */
export function unionOf(a: Maybe, b: Maybe): Maybe {
  if (a === null) return b;
  if (b === null) return a;
  if (a.t === 'function' || b.t === 'function') return a.t === b.t ? functionUnion(a, b) : null;
  if (a.t === 'any') return b.t === 'any' ? mergeAny(a.of, b.of) : mergeAny(a.of, [b]);
  if (b.t === 'any') return mergeAny(b.of, [a]);
  return compareTypes(a, b) === 0 ? a : { t: 'any', of: [a, b].toSorted(compareTypes) };
}

function mergeAny(a: readonly Type[], b: readonly Type[]): Type {
  if (a.length === 0 || b.length === 0) return ANY;
  const of = [...a];
  for (const type of b) if (!of.some((other) => compareTypes(other, type) === 0)) of.push(type);
  return { t: 'any', of: of.toSorted(compareTypes) };
}

function functionUnion(a: Type, b: Type): Maybe {
  if (a.t !== 'function' || b.t !== 'function' || a.args.length !== b.args.length) return null;
  return {
    t: 'function',
    args: a.args.map((arg, i) => unionOf(arg, b.args[i] ?? null)),
    variadic: null,
    result: unionOf(a.result, b.result),
  };
}

/** What can be said of the member that a known key selects; null when there is no such member. */
export function selectKey(type: Maybe, key: Scalar): Maybe {
  switch (type?.t) {
    case 'array': {
      const i = typeof key === 'number' && Number.isInteger(key) ? key : -1;
      return i < 0 ? null : i < type.items.length ? (type.items[i] ?? null) : type.rest;
    }
    case 'object': {
      const found = type.props.find((prop) => prop.key === key);
      if (found !== undefined) return found.value;
      return type.rest !== null && covers(type.rest.key, scalarType(key)) ? type.rest.value : null;
    }
    case 'set': {
      const of = scalarType(key);
      if (compareTypes(type.of, of) === 0) return of;
      return type.of?.t === 'any' && covers(type.of, of) ? of : null;
    }
    case 'any':
      if (type.of.length === 0) return ANY;
      return type.of.reduce((all: Maybe, one) => unionOf(selectKey(one, key), all), null);
    default:
      return null;
  }
}

function covers(a: Maybe, b: Type): boolean {
  if (a?.t === 'any') return a.of.length === 0 || a.of.some((one) => compareTypes(one, b) === 0);
  return compareTypes(a, b) === 0;
}

/** The type of the keys that can be enumerated; null when the value has none. */
export function keysOf(type: Maybe): Maybe {
  switch (type?.t) {
    case 'array':
      return NUMBER;
    case 'object':
      return unionOf(
        type.props.reduce((all: Maybe, prop) => unionOf(all, scalarType(prop.key)), null),
        type.rest?.key ?? null,
      );
    case 'set':
      return type.of;
    case 'any':
      if (type.of.length === 0) return ANY;
      return type.of.reduce((all: Maybe, one) => unionOf(keysOf(one), all), null);
    default:
      return null;
  }
}

/** The type of the values that can be enumerated; null when the value has none. */
export function valuesOf(type: Maybe): Maybe {
  switch (type?.t) {
    case 'array':
      return unionOf(
        type.items.reduce((all, item) => unionOf(all, item), null),
        type.rest,
      );
    case 'object':
      return unionOf(
        type.props.reduce((all: Maybe, prop) => unionOf(all, prop.value), null),
        type.rest?.value ?? null,
      );
    case 'set':
      return type.of;
    case 'any':
      if (type.of.length === 0) return ANY;
      return type.of.reduce((all: Maybe, one) => unionOf(valuesOf(one), all), null);
    default:
      return null;
  }
}

/** Is something of the type not known yet? */
export function isOpen(type: Maybe): boolean {
  switch (type?.t) {
    case undefined:
      return true;
    case 'array':
      return type.items.some(isOpen) || (type.rest !== null && isOpen(type.rest));
    case 'object':
      return (
        type.props.some((prop) => isOpen(prop.value)) ||
        (type.rest !== null && (isOpen(type.rest.key) || isOpen(type.rest.value)))
      );
    case 'set':
      return isOpen(type.of);
    case 'function':
      return type.args.some(isOpen) || isOpen(type.result);
    default:
      return false;
  }
}
