import { Decimal, fromParts, integerOf, normal as normalInteger, parseNumber, toDouble } from '../decimal.ts';
import type { Num } from '../decimal.ts';
import { extended } from '../extended.ts';
import { compare, isNumber, RegoSet } from '../values.ts';
import type { Value } from '../values.ts';
import { operands } from './operands.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** A number in its one shape: a double, or a bigint for integers that a double may not hold. */
export function normal(n: number | bigint): number | bigint | undefined {
  if (typeof n === 'bigint') return normalInteger(n);
  if (!Number.isFinite(n)) return undefined;
  return n === 0 ? 0 : n;
}

/** The integer as a bigint, or undefined for what is not an integer. */
export function integer(v: Value | undefined): bigint | undefined {
  return isNumber(v) ? integerOf(v) : undefined;
}

/** The integer as a safe JavaScript number, or undefined. */
export function smallInteger(v: Value | undefined): number | undefined {
  return typeof v === 'number' && Number.isSafeInteger(v) ? v : undefined;
}

interface Operation {
  readonly small: (x: number, y: number) => number;
  readonly exact: (x: bigint, y: bigint) => bigint;
  readonly floating: (x: Num, y: Num) => Num;
}

const ADD: Operation = { small: (x, y) => x + y, exact: (x, y) => x + y, floating: extended.add };
const SUBTRACT: Operation = { small: (x, y) => x - y, exact: (x, y) => x - y, floating: extended.subtract };
const MULTIPLY: Operation = { small: (x, y) => x * y, exact: (x, y) => x * y, floating: extended.multiply };

/** Exact for integers of any size; 64-bit floating point otherwise. */
function arith(a: Num, b: Num, { small, exact, floating }: Operation): Num {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const r = small(a as number, b as number);
    return Number.isSafeInteger(r) ? r + 0 : normalInteger(exact(BigInt(a as number), BigInt(b as number)));
  }
  const [x, y] = [integerOf(a), integerOf(b)];
  return x !== undefined && y !== undefined ? normalInteger(exact(x, y)) : floating(a, b);
}

function divide(a: Num, b: Num): Num {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const r = (a as number) / (b as number);
    if (Number.isInteger(r)) return r + 0;
  }
  return extended.divide(a, b);
}

function round(v: Num): Num {
  if (Number.isSafeInteger(v)) return v;
  return normalInteger(
    extended.truncate(compare(v, 0) < 0 ? extended.subtract(v, 0.5) : extended.add(v, 0.5)).whole,
  );
}

/** The next integer in one direction; as in OPA, a number is first rounded to 64 bits. */
function toward(v: Num, up: boolean): Num {
  if (Number.isSafeInteger(v)) return v;
  const { whole, exact } = extended.truncate(v);
  const negative = compare(v, 0) < 0;
  return normalInteger(exact || negative === up ? whole : whole + (up ? 1n : -1n));
}

function absolute(v: Num): Num {
  if (v instanceof Decimal) {
    const { digits, exponent } = Decimal.parts(v);
    return digits < 0n ? Decimal.of(-digits, exponent) : v;
  }
  return typeof v === 'bigint' ? (v < 0n ? -v : v) : Math.abs(v);
}

/** Shifts wider than this would allocate without bound. */
const MAX_SHIFT = 65_536n;

const ZERO_STEP = 'numbers.range_step: step must be a positive integer';

/** Built-ins that compute with numbers. */
export function numberBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { fail } = ctx;
  const op = operands(fail);
  /** Large numbers grow without loops; their size is paid for. */
  const pay = (...all: readonly (Num | Value | undefined)[]): void => {
    for (const n of all) {
      if (typeof n === 'bigint') ctx.charge(n.toString(16).length);
      else if (n instanceof Decimal) ctx.charge(16 + Math.abs(Decimal.parts(n).exponent));
    }
  };
  const binary =
    (f: (x: Num, y: Num) => Value | undefined) =>
    (a?: Value, b?: Value): Value | undefined => {
      if (!isNumber(a)) return fail.type(1, 'number', a);
      if (!isNumber(b)) return fail.type(2, 'number', b);
      if (typeof a !== 'number' || typeof b !== 'number') pay(a, b);
      return f(a, b);
    };
  const unary =
    (f: (x: Num) => Num) =>
    (v?: Value): Value | undefined => {
      if (!isNumber(v)) return fail.type(1, 'number', v);
      pay(v);
      return f(v);
    };
  const minus = (a?: Value, b?: Value): Value | undefined => {
    if (isNumber(a) && isNumber(b)) {
      if (typeof a !== 'number' || typeof b !== 'number') pay(a, b);
      return arith(a, b, SUBTRACT);
    }
    if (a instanceof RegoSet && b instanceof RegoSet) {
      const map = new Map(a.map);
      for (const k of b.map.keys()) map.delete(k);
      return new RegoSet(map);
    }
    if (!isNumber(a) && !(a instanceof RegoSet)) return fail.type(1, ['number', 'set'], a);
    return fail.type(2, isNumber(b) ? 'set' : 'number', b);
  };
  const fold =
    (start: number, f: (a: Num, b: Num) => Num) =>
    (v?: Value): Value | undefined => {
      const list = op.members(v, 1);
      let total: Num | undefined = start;
      for (const item of list ?? []) {
        if (!isNumber(item)) return op.element(1, v ?? null, item, 'number');
        pay(item);
        total = f(total, item);
      }
      return list === undefined ? undefined : total;
    };
  const extreme =
    (sign: number) =>
    (v?: Value): Value | undefined => {
      let best: Value | undefined;
      for (const item of op.members(v, 1) ?? [])
        if (best === undefined || compare(item, best) * sign > 0) best = item;
      return best;
    };
  const bits =
    (f: (a: bigint, b: bigint) => bigint | undefined) =>
    (a?: Value, b?: Value): Value | undefined => {
      pay(a, b);
      const x = op.big(a, 1);
      const y = x === undefined ? undefined : op.big(b, 2);
      const r = x === undefined || y === undefined ? undefined : f(x, y);
      return r === undefined ? undefined : normal(r);
    };
  const shift =
    (f: (a: bigint, b: bigint) => bigint | undefined) =>
    (a: bigint, b: bigint): bigint | undefined =>
      b < 0n ? fail.operand(2, 'must be an unsigned integer number but got a negative integer') : f(a, b);
  const range = (
    a: Value | undefined,
    b: Value | undefined,
    step: () => bigint | undefined,
  ): Value | undefined => {
    pay(a, b);
    const from = op.big(a, 1);
    const to = from === undefined ? undefined : op.big(b, 2);
    const by = to === undefined ? undefined : step();
    if (from === undefined || to === undefined || by === undefined) return undefined;
    if (by <= 0n) return fail.error(ZERO_STEP);
    const out: Value[] = [];
    const up = from <= to;
    ctx.charge(Number((up ? to - from : from - to) / by));
    for (let i = from; up ? i <= to : i >= to; i += up ? by : -by) out.push(normalInteger(i));
    return out;
  };
  // Sums and products of integers are exact; a product with fractions has the precision of a double, as in OPA.
  const product = (a: Num, b: Num): Num => {
    if (integerOf(a) !== undefined && integerOf(b) !== undefined) return arith(a, b, MULTIPLY);
    const r = toDouble(a) * toDouble(b);
    return Number.isFinite(r) ? r + 0 : extended.multiply(a, b);
  };
  return {
    plus: { arity: 2, fn: binary((x, y) => arith(x, y, ADD)) },
    minus: { arity: 2, fn: minus },
    set_diff: {
      arity: 2,
      fn: (a?: Value, b?: Value) => (a instanceof RegoSet ? minus(a, b) : fail.type(1, 'set', a)),
    },
    mul: { arity: 2, fn: binary((x, y) => arith(x, y, MULTIPLY)) },
    div: {
      arity: 2,
      fn: binary((x, y) => (y === 0 || y === 0n ? fail.error('divide by zero') : divide(x, y))),
    },
    rem: {
      arity: 2,
      fn: binary((x, y) => {
        const [m, n] = [integerOf(x), integerOf(y)];
        if (m === undefined || n === undefined) return fail.error('modulo on floating-point number');
        return n === 0n ? fail.error('modulo by zero') : normalInteger(m % n);
      }),
    },
    abs: { arity: 1, fn: unary(absolute) },
    round: { arity: 1, fn: unary(round) },
    ceil: { arity: 1, fn: unary((v) => toward(v, true)) },
    floor: { arity: 1, fn: unary((v) => toward(v, false)) },
    sum: { arity: 1, fn: fold(0, (a, b) => arith(a, b, ADD)) },
    product: { arity: 1, fn: fold(1, product) },
    max: { arity: 1, fn: extreme(1) },
    min: { arity: 1, fn: extreme(-1) },
    'numbers.range': { arity: 2, fn: (a, b) => range(a, b, () => 1n) },
    'numbers.range_step': { arity: 3, fn: (a, b, by) => range(a, b, () => op.big(by, 3)) },
    'bits.and': { arity: 2, fn: bits((a, b) => a & b) },
    'bits.or': { arity: 2, fn: bits((a, b) => a | b) },
    'bits.xor': { arity: 2, fn: bits((a, b) => a ^ b) },
    'bits.negate': {
      arity: 1,
      fn: (v) => {
        pay(v);
        const n = op.big(v, 1);
        return n === undefined ? undefined : normal(~n);
      },
    },
    'bits.lsh': {
      arity: 2,
      fn: bits(
        shift((a, b) => (b > MAX_SHIFT ? fail.error(`shift by more than ${MAX_SHIFT} bits`) : a << b)),
      ),
    },
    'bits.rsh': { arity: 2, fn: bits(shift((a, b) => a >> b)) },
    to_number: {
      arity: 1,
      fn: (v) => {
        if (isNumber(v)) return v;
        if (v === null || v === false) return 0;
        if (v === true) return 1;
        if (typeof v !== 'string') return fail.type(1, ['null', 'boolean', 'number', 'string'], v);
        if (/^[+-]*(?:inf|infinity|nan)$/i.test(v)) return fail.type(1, 'valid number string', v);
        const wrong = (why: string): undefined =>
          fail.error(`strconv.ParseFloat: parsing ${JSON.stringify(v)}: ${why}`);
        if (/^\s|\s$|^$|[xXbBoO_]/.test(v) || Number.isNaN(Number(v.replace(/^\+/, ''))))
          return wrong('invalid syntax');
        return Number.isFinite(Number(v))
          ? (parseNumber(v) ?? wrong('invalid syntax'))
          : wrong('value out of range');
      },
    },
  };
}

/** A quotient of two integers as a number of at most ten decimal places, as `units.parse` gives it. */
export function decimalQuotient(n: bigint, d: bigint): Num {
  if (n % d === 0n) return normalInteger(n / d);
  const negative = n < 0n !== d < 0n;
  const [x, y] = [n < 0n ? -n : n, d < 0n ? -d : d];
  const scaled = x * 10n ** 10n;
  const digits = scaled / y + ((scaled % y) * 2n >= y ? 1n : 0n);
  return fromParts(negative ? -digits : digits, -10);
}
