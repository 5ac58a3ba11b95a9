import { sizeOf } from '../values.ts';
import type { Value } from '../values.ts';
import type { Builtin, BuiltinContext } from './types.ts';

/** Those that look at a bounded part of their arguments, or pay for all of it themselves. */
const BOUNDED: ReadonlySet<string> = new Set([
  'array.slice',
  'endswith',
  'glob.match',
  'is_array',
  'is_boolean',
  'is_null',
  'is_number',
  'is_object',
  'is_set',
  'is_string',
  'numbers.range',
  'object.get',
  'regex.match',
  'startswith',
  'trim_prefix',
  'trim_suffix',
  'type_name',
]);

/** Characters or members that one step pays for. */
const PER_STEP = 4;

function size(v: Value | undefined): number {
  return typeof v === 'string' ? v.length : sizeOf(v);
}

/** The built-in, with its arguments paid for before it reads them: one long text asked for often stalls as a loop would. */
export function paying(name: string, builtin: Builtin, charge: BuiltinContext['charge']): Builtin {
  if (BOUNDED.has(name)) return builtin;
  const { fn } = builtin;
  const pay = (v: Value | undefined): void => {
    const n = size(v);
    if (n >= 1 << PER_STEP) charge(n >> PER_STEP);
  };
  switch (builtin.arity) {
    case 1:
      return {
        ...builtin,
        fn: (a) => {
          pay(a);
          return fn(a as Value);
        },
      };
    case 2:
      return {
        ...builtin,
        fn: (a, b) => {
          pay(a);
          pay(b);
          return fn(a as Value, b as Value);
        },
      };
    default:
      return {
        ...builtin,
        fn: (...args) => {
          for (const arg of args) pay(arg);
          return fn(...args);
        },
      };
  }
}
