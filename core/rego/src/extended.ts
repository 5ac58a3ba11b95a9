import { fromParts, partsOf } from './decimal.ts';
import type { Num, Parts } from './decimal.ts';

/**
 * Arithmetic on numbers with a fraction, as OPA does it: in binary floating point with 64 significant bits, whose results are spelled
 * with as few digits as tell them apart. A double has 53 bits, which shows: 0.1 + 0.2 is 0.3 here.
 */
const BITS = 64;

/** `mantissa * 2 ** exponent`; the mantissa has at most 64 bits. */
interface Float {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const ZERO: Float = { mantissa: 0n, exponent: 0 };

function bitsOf(n: bigint): number {
  const hex = (n < 0n ? -n : n).toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)));
}

/** The quotient of two integers, times a power of two, rounded to 64 bits (half to even). */
function rounded(numerator: bigint, denominator: bigint, exponent: number): Float {
  if (numerator === 0n) return ZERO;
  const negative = numerator < 0n;
  const n = negative ? -numerator : numerator;
  // Two bits more than needed and a sticky one decide the rounding.
  const shift = BITS + 2 - (bitsOf(n) - bitsOf(denominator));
  const scaled = shift >= 0 ? n << BigInt(shift) : n;
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift);
  let quotient = scaled / divisor;
  const sticky = quotient * divisor !== scaled;
  const extra = BigInt(bitsOf(quotient) - BITS);
  const half = 1n << (extra - 1n);
  const rest = quotient & ((1n << extra) - 1n);
  quotient >>= extra;
  if (rest > half || (rest === half && (sticky || (quotient & 1n) === 1n))) quotient += 1n;
  return { mantissa: negative ? -quotient : quotient, exponent: exponent - shift + Number(extra) };
}

function toFloat({ digits, exponent }: Parts): Float {
  return exponent < 0
    ? rounded(digits, 10n ** BigInt(-exponent), 0)
    : rounded(digits * 10n ** BigInt(exponent), 1n, 0);
}

/** The shortest decimal that no other float of 64 bits is nearer to. */
function toNumber({ mantissa, exponent }: Float): Num {
  if (mantissa === 0n) return 0;
  const negative = mantissa < 0n;
  const n = negative ? -mantissa : mantissa;
  // Twice the mantissa at full width, so that the borders half way to its neighbours are the integers beside it.
  const lift = BITS - bitsOf(n);
  const middle = n << BigInt(lift + 1);
  const power = exponent - lift - 1;
  const scale = power < 0 ? 5n ** BigInt(-power) : 1n << BigInt(power);
  const inclusive = (middle & 2n) === 0n;
  const text = String(middle * scale);
  const lower = String((middle - 1n) * scale).padStart(text.length, '0');
  const upper = String((middle + 1n) * scale).padStart(text.length, '0');
  const value = text.padStart(upper.length, '0');
  const below = lower.padStart(upper.length, '0');
  const [digits, cut] = shortest(value, below, upper, inclusive);
  return fromParts(negative ? -digits : digits, (power < 0 ? power : 0) + cut);
}

/** The leading digits of `value` that suffice, and how many are cut off. */
function shortest(
  value: string,
  below: string,
  above: string,
  inclusive: boolean,
): readonly [bigint, number] {
  for (let i = 0; i < value.length; i += 1) {
    const [l, m, u] = [below.charCodeAt(i), value.charCodeAt(i), above.charCodeAt(i)];
    const last = i + 1 === value.length;
    const down = l !== m || (inclusive && last);
    const up = m !== u && (inclusive || m + 1 < u || !last);
    if (!down && !up) continue;
    const head = BigInt(value.slice(0, i + 1));
    const cut = value.length - i - 1;
    if (head === 0n && !up) continue;
    const rest = value.slice(i + 1);
    const tie = rest.startsWith('5') && /^50*$/.test(rest);
    const nearerUp = tie ? (head & 1n) === 1n : rest >= '5';
    if (down && up) return [nearerUp ? head + 1n : head, cut];
    return [up ? head + 1n : head, cut];
  }
  return [BigInt(value), 0];
}

/** Is the number a binary fraction of few bits? Doubles add, subtract and multiply these without loss. */
function isShort(n: Num): n is number {
  return typeof n === 'number' && Number.isInteger(n * 1024) && Math.abs(n) < 2 ** 15;
}

function combine(a: Num, b: Num, f: (x: Float, y: Float) => Float): Num {
  return toNumber(f(toFloat(partsOf(a)), toFloat(partsOf(b))));
}

function aligned(x: Float, y: Float, f: (m: bigint, n: bigint) => bigint): Float {
  if (x.mantissa === 0n) return rounded(f(0n, y.mantissa), 1n, y.exponent);
  if (y.mantissa === 0n) return rounded(f(x.mantissa, 0n), 1n, x.exponent);
  // What lies this far below the other operand's last bit can only decide a rounding.
  const gap = x.exponent - y.exponent;
  if (Math.abs(gap) > 4 * BITS) {
    const tiny =
      gap > 0 ? { ...y, exponent: x.exponent - 4 * BITS } : { ...x, exponent: y.exponent - 4 * BITS };
    return gap > 0 ? aligned(x, tiny, f) : aligned(tiny, y, f);
  }
  const low = Math.min(x.exponent, y.exponent);
  return rounded(f(x.mantissa << BigInt(x.exponent - low), y.mantissa << BigInt(y.exponent - low)), 1n, low);
}

export const extended = {
  add: (a: Num, b: Num): Num =>
    isShort(a) && isShort(b) ? a + b : combine(a, b, (x, y) => aligned(x, y, (m, n) => m + n)),
  subtract: (a: Num, b: Num): Num =>
    isShort(a) && isShort(b) ? a - b : combine(a, b, (x, y) => aligned(x, y, (m, n) => m - n)),
  multiply: (a: Num, b: Num): Num =>
    isShort(a) && isShort(b)
      ? a * b + 0
      : combine(a, b, (x, y) => rounded(x.mantissa * y.mantissa, 1n, x.exponent + y.exponent)),
  /** The divisor is not zero. */
  divide: (a: Num, b: Num): Num =>
    isShort(a) && isShort(b) && isShort(a / b) && (a / b) * b === a
      ? a / b + 0
      : combine(a, b, (x, y) =>
          y.mantissa < 0n
            ? rounded(-x.mantissa, -y.mantissa, x.exponent - y.exponent)
            : rounded(x.mantissa, y.mantissa, x.exponent - y.exponent),
        ),
  /** The integer part of the number as a float of 64 bits, and whether it has a fraction. */
  truncate: (a: Num): { readonly whole: bigint; readonly exact: boolean } => {
    const { mantissa, exponent } = toFloat(partsOf(a));
    if (exponent >= 0) return { whole: mantissa << BigInt(exponent), exact: true };
    const divisor = 1n << BigInt(-exponent);
    return { whole: mantissa / divisor, exact: mantissa % divisor === 0n };
  },
};
