import { integerOf } from '../decimal.ts';
import { isArray, isNumber, isObject, objectEntries, RegoSet, typeName } from '../values.ts';
import type { Plain, RegoObject, Value } from '../values.ts';
import type { Fail } from './types.ts';

/** Go's int, in which OPA keeps indexes and counts. */
const MAX_INT = 2n ** 63n - 1n;

/**
 * Reads the operands of built-ins (counted from 1). Each gives undefined and says why through `fail` when the operand is of another
 * type; the messages are OPA's.
 */
export interface Operands {
  readonly string: (v: Value | undefined, at: number) => string | undefined;
  readonly number: (v: Value | undefined, at: number) => Value | undefined;
  /** An integer of any size. */
  readonly big: (v: Value | undefined, at: number) => bigint | undefined;
  /** An integer that Go's int holds; far numbers come as the nearest double. */
  readonly int: (v: Value | undefined, at: number) => number | undefined;
  readonly array: (v: Value | undefined, at: number) => readonly Value[] | undefined;
  readonly set: (v: Value | undefined, at: number) => RegoSet | undefined;
  readonly object: (v: Value | undefined, at: number) => Plain | RegoObject | undefined;
  /** Members of an array or set. */
  readonly members: (
    v: Value | undefined,
    at: number,
    wanted?: readonly string[],
  ) => readonly Value[] | undefined;
  /** An array or set of strings. */
  readonly strings: (
    v: Value | undefined,
    at: number,
    wanted?: readonly string[],
  ) => readonly string[] | undefined;
  /** `operand 1 must be array of strings but got array containing number`. */
  readonly element: (at: number, composite: Value, got: Value, wanted: string) => undefined;
}

export function operands(fail: Fail): Operands {
  const members: Operands['members'] = (v, at, wanted = ['set', 'array']) => {
    if (isArray(v)) return v;
    return v instanceof RegoSet ? v.sorted() : fail.type(at, wanted, v);
  };
  const element: Operands['element'] = (at, composite, got, wanted) => {
    const type = typeName(composite);
    return fail.operand(at, `must be ${type} of ${wanted}s but got ${type} containing ${typeName(got)}`);
  };
  const floating = (at: number): undefined =>
    fail.operand(at, 'must be integer number but got floating-point number');
  return {
    members,
    element,
    string: (v, at) => (typeof v === 'string' ? v : fail.type(at, 'string', v)),
    number: (v, at) => (isNumber(v) ? v : fail.type(at, 'number', v)),
    big: (v, at) => (isNumber(v) ? (integerOf(v) ?? floating(at)) : fail.type(at, 'integer', v)),
    int: (v, at) => {
      if (!isNumber(v)) return fail.type(at, 'number', v);
      const n = integerOf(v);
      return n === undefined || n > MAX_INT || n < -MAX_INT - 1n ? floating(at) : Number(n);
    },
    array: (v, at) => (isArray(v) ? v : fail.type(at, 'array', v)),
    set: (v, at) => (v instanceof RegoSet ? v : fail.type(at, 'set', v)),
    object: (v, at) => (v !== undefined && isObject(v) ? v : fail.type(at, 'object', v)),
    strings: (v, at, wanted = ['array', 'set']) => {
      const list = members(v, at, wanted);
      const odd = list?.find((item) => typeof item !== 'string');
      return odd === undefined
        ? (list as readonly string[] | undefined)
        : element(at, v ?? null, odd, 'string');
    },
  };
}

/** The keys that an object, set or array lists. */
export function keysParam(fail: Fail, v: Value | undefined): readonly Value[] | undefined {
  if (isArray(v)) return v;
  if (v instanceof RegoSet) return v.sorted();
  if (v !== undefined && isObject(v)) return objectEntries(v).map(([k]) => k);
  return fail.type(2, ['object', 'set', 'array'], v);
}
