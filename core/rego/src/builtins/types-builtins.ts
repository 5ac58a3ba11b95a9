import { AnyUnder } from '../abstract.ts';
import { compare, equal, isArray, isNumber, isObject, RegoSet, typeName } from '../values.ts';
import type { Value } from '../values.ts';
import { operands } from './operands.ts';
import type { Builtin, BuiltinContext, BuiltinTable } from './types.ts';

/** A type test looks at the outermost value only; an unknown string is a string. */
function shallow(test: (v: Value) => Value | undefined): Builtin {
  const fn = (v?: Value): Value | undefined => test(v as Value);
  return { arity: 1, fn, abstract: fn };
}

const orTrue = (test: (v: Value) => boolean): Builtin => shallow((v) => test(v));
/** Built-ins that ask for a value's type, compare values or pass them through. */
export function typeBuiltins({ fail }: BuiltinContext): BuiltinTable {
  const op = operands(fail);
  const same = (test: (v: Value) => boolean, name: string): Builtin =>
    shallow((v) => (test(v) ? v : fail.type(1, name, v)));
  const castable = ['array', 'set'];
  const isString = (v: Value): boolean => typeof v === 'string' || v instanceof AnyUnder;
  const comparison = (test: (order: number) => boolean): Builtin => ({
    arity: 2,
    fn: (a, b) => test(compare(a as Value, b as Value)),
  });
  const eq = (a?: Value, b?: Value): Value => equal(a as Value, b as Value);
  const neq = (a?: Value, b?: Value): Value => !equal(a as Value, b as Value);
  return {
    equal: { arity: 2, fn: eq, abstract: eq },
    neq: { arity: 2, fn: neq, abstract: neq },
    lt: comparison((n) => n < 0),
    lte: comparison((n) => n <= 0),
    gt: comparison((n) => n > 0),
    gte: comparison((n) => n >= 0),
    is_string: orTrue(isString),
    is_number: orTrue(isNumber),
    is_boolean: orTrue((v) => typeof v === 'boolean'),
    is_null: orTrue((v) => v === null),
    is_array: orTrue(isArray),
    is_set: orTrue((v) => v instanceof RegoSet),
    is_object: orTrue(isObject),
    type_name: shallow(typeName),
    cast_array: shallow((v) => op.members(v, 1, castable)),
    cast_set: {
      arity: 1,
      fn: (v) => (v instanceof RegoSet ? v : isArray(v) ? RegoSet.of(v) : fail.type(1, castable, v)),
    },
    cast_string: same(isString, 'string'),
    cast_boolean: same((v) => typeof v === 'boolean', 'boolean'),
    cast_null: same((v) => v === null, 'null'),
    cast_object: same(isObject, 'object'),
    trace: { arity: 1, fn: (v) => (op.string(v, 1) === undefined ? undefined : true) },
  };
}
