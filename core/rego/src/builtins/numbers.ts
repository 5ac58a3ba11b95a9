import { isArray, isNumber, RegoSet, compare } from '../values.ts';
import type { Value } from '../values.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

type Num = number | bigint;

/** A number in its one shape: a double, or a bigint for integers that a double may not hold. */
export function normal(n: Num): Num | undefined {
  if (typeof n === 'bigint')
    return n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n;
  if (!Number.isFinite(n)) return undefined;
  return n === 0 ? 0 : n;
}

function isInt(n: Num): boolean {
  return typeof n === 'bigint' || Number.isInteger(n);
}

/** The integer as a bigint, or undefined for what is not an integer. */
export function integer(v: Value | undefined): bigint | undefined {
  if (typeof v === 'bigint') return v;
  return typeof v === 'number' && Number.isInteger(v) ? BigInt(v) : undefined;
}

/** The integer as a safe JavaScript number, or undefined. */
export function smallInteger(v: Value | undefined): number | undefined {
  return typeof v === 'number' && Number.isSafeInteger(v) ? v : undefined;
}

/** Exact for integers of any size; doubles otherwise. */
function arith(
  a: Value,
  b: Value,
  small: (x: number, y: number) => number,
  big: (x: bigint, y: bigint) => bigint,
): Num | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const r = small(a, b);
    if (Number.isSafeInteger(r) || !Number.isInteger(a) || !Number.isInteger(b)) return normal(r);
    return normal(big(BigInt(a), BigInt(b)));
  }
  if (!isNumber(a) || !isNumber(b)) return undefined;
  if (isInt(a) && isInt(b)) return normal(big(BigInt(a), BigInt(b)));
  return normal(small(Number(a), Number(b)));
}

const add = (a: Value, b: Value): Num | undefined =>
  arith(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
const multiply = (a: Value, b: Value): Num | undefined =>
  arith(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
  );

function minus(a: Value, b: Value): Value | undefined {
  if (a instanceof RegoSet && b instanceof RegoSet) {
    const map = new Map(a.map);
    for (const k of b.map.keys()) map.delete(k);
    return new RegoSet(map);
  }
  return arith(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
  );
}

function divide(a: Value, b: Value): Value | undefined {
  if (!isNumber(a) || !isNumber(b) || Number(b) === 0) return undefined;
  if (
    isInt(a) &&
    isInt(b) &&
    (typeof a === 'bigint' || typeof b === 'bigint' || !Number.isSafeInteger(a) || !Number.isSafeInteger(b))
  ) {
    const [x, y] = [BigInt(a), BigInt(b)];
    if (x % y === 0n) return normal(x / y);
  }
  return normal(Number(a) / Number(b));
}

function remainder(a: Value, b: Value): Value | undefined {
  const [x, y] = [integer(a), integer(b)];
  return x === undefined || y === undefined || y === 0n ? undefined : normal(x % y);
}

function items(v: Value): readonly Value[] | undefined {
  if (isArray(v)) return v;
  return v instanceof RegoSet ? v.sorted() : undefined;
}

function fold(v: Value, start: Num, step: (a: Value, b: Value) => Num | undefined): Value | undefined {
  let total: Num | undefined = start;
  for (const item of items(v) ?? [null]) {
    total = total === undefined ? undefined : step(total, item);
  }
  return total;
}

function extreme(v: Value, sign: number): Value | undefined {
  let best: Value | undefined;
  for (const item of items(v) ?? []) if (best === undefined || compare(item, best) * sign > 0) best = item;
  return best;
}

const rounded =
  (f: (n: number) => number) =>
  (v: Value): Value | undefined =>
    typeof v === 'bigint' ? v : typeof v === 'number' ? normal(f(v)) : undefined;

function bits(f: (a: bigint, b: bigint) => bigint | undefined) {
  return (a: Value, b: Value): Value | undefined => {
    const [x, y] = [integer(a), integer(b)];
    const r = x === undefined || y === undefined ? undefined : f(x, y);
    return r === undefined ? undefined : normal(r);
  };
}

function range(ctx: BuiltinContext, a: Value, b: Value, by: bigint): Value | undefined {
  const [from, to] = [integer(a), integer(b)];
  if (from === undefined || to === undefined || by <= 0n) return undefined;
  const out: Value[] = [];
  const up = from <= to;
  ctx.charge(Number((up ? to - from : from - to) / by));
  for (let i = from; up ? i <= to : i >= to; i += up ? by : -by) out.push(normal(i) as Value);
  return out;
}

/** Shifts wider than this would allocate without bound. */
const MAX_SHIFT = 65_536n;

export function numberBuiltins(ctx: BuiltinContext): BuiltinTable {
  return {
    plus: { arity: 2, fn: (a, b) => add(a as Value, b as Value) },
    minus: { arity: 2, fn: (a, b) => minus(a as Value, b as Value) },
    mul: {
      arity: 2,
      fn: (a, b) => {
        // Products of big integers grow without loops; their size is paid for.
        for (const n of [a, b]) if (typeof n === 'bigint') ctx.charge(n.toString(16).length);
        return multiply(a as Value, b as Value);
      },
    },
    div: { arity: 2, fn: (a, b) => divide(a as Value, b as Value) },
    rem: { arity: 2, fn: (a, b) => remainder(a as Value, b as Value) },
    abs: {
      arity: 1,
      fn: (v) =>
        typeof v === 'bigint' ? normal(v < 0n ? -v : v) : typeof v === 'number' ? Math.abs(v) : undefined,
    },
    // Half away from zero, as Go rounds.
    round: { arity: 1, fn: (v) => rounded((n) => Math.sign(n) * Math.round(Math.abs(n)))(v as Value) },
    ceil: { arity: 1, fn: (v) => rounded(Math.ceil)(v as Value) },
    floor: { arity: 1, fn: (v) => rounded(Math.floor)(v as Value) },
    sum: { arity: 1, fn: (v) => fold(v as Value, 0, add) },
    product: { arity: 1, fn: (v) => fold(v as Value, 1, multiply) },
    max: { arity: 1, fn: (v) => extreme(v as Value, 1) },
    min: { arity: 1, fn: (v) => extreme(v as Value, -1) },
    'numbers.range': { arity: 2, fn: (a, b) => range(ctx, a as Value, b as Value, 1n) },
    'numbers.range_step': {
      arity: 3,
      fn: (a, b, by) => range(ctx, a as Value, b as Value, integer(by) ?? 0n),
    },
    'bits.and': { arity: 2, fn: bits((a, b) => a & b) as never },
    'bits.or': { arity: 2, fn: bits((a, b) => a | b) as never },
    'bits.xor': { arity: 2, fn: bits((a, b) => a ^ b) as never },
    'bits.negate': {
      arity: 1,
      fn: (v) => {
        const n = integer(v);
        return n === undefined ? undefined : normal(~n);
      },
    },
    'bits.lsh': { arity: 2, fn: bits((a, b) => (b < 0n || b > MAX_SHIFT ? undefined : a << b)) as never },
    'bits.rsh': { arity: 2, fn: bits((a, b) => (b < 0n ? undefined : a >> b)) as never },
    to_number: { arity: 1, fn: (v) => toNumber(v as Value) },
  };
}

function toNumber(v: Value): Value | undefined {
  if (isNumber(v)) return v;
  if (v === null || v === false) return 0;
  if (v === true) return 1;
  if (typeof v !== 'string' || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(v)) return undefined;
  return /^[+-]?\d+$/.test(v) ? normal(BigInt(v.replace(/^\+/, ''))) : normal(Number(v));
}
