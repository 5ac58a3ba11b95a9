/**
 * A number that neither a double nor a bigint spells: a fraction with more digits than a double has, or a magnitude beyond its range.
 * Its value is `digits * 10 ** exponent`, and the digits do not end in zero, so equal values have equal fields.
 * The fields are private: generated code reads properties by names that policies choose.
 */
export class Decimal {
  readonly #digits: bigint;
  readonly #exponent: number;
  readonly #text: string;

  private constructor(digits: bigint, exponent: number, text: string) {
    this.#digits = digits;
    this.#exponent = exponent;
    this.#text = text;
  }

  static of(digits: bigint, exponent: number, text?: string): Decimal {
    return new Decimal(digits, exponent, text ?? spell(digits, exponent));
  }

  static parts(v: Decimal): Parts {
    return { digits: v.#digits, exponent: v.#exponent };
  }

  /** As it was written, or as JSON spells it. */
  static text(v: Decimal): string {
    return v.#text;
  }
}

/** `digits * 10 ** exponent`. */
export interface Parts {
  readonly digits: bigint;
  readonly exponent: number;
}

/** A number at run time. Doubles stand for the shortest decimal that spells them, as JSON prints them. */
export type Num = number | bigint | Decimal;

const SYNTAX = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Exponents beyond this are no numbers: even comparing two of them would take their size in memory. */
const MAX_EXPONENT = 100_000;

/** The number that a decimal text spells, in its one shape; undefined when it spells none. */
export function parseNumber(text: string): Num | undefined {
  const double = Number(text);
  // Nearly all numbers: few digits, which a double holds as they are.
  if (text.length <= 15 && Number.isFinite(double) && text !== '' && !/[eExXoObB\s]/.test(text))
    return double + 0;
  const found = SYNTAX.exec(text);
  if (found === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found;
  if (whole === '' && fraction === '') return undefined;
  const power = Number(exponent) - fraction.length;
  if (!Number.isSafeInteger(power) || Math.abs(power) > MAX_EXPONENT) return undefined;
  return fromParts(
    BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n),
    power,
    Number.isFinite(double) ? undefined : text,
    text,
  );
}

/**
 * The number of this value in its one shape.
 * @param huge how it was written, when it is beyond the range of a double: with an exponent, it stays as it is
 * @param text how it was written
 */
export function fromParts(digits: bigint, exponent: number, huge?: string, text?: string): Num {
  if (digits === 0n) return 0;
  const zeros = trailingZeros(digits);
  const d = digits / 10n ** BigInt(zeros);
  const e = exponent + zeros;
  if (e >= 0)
    return huge !== undefined && /e/i.test(huge) ? Decimal.of(d, e, huge) : normal(d * 10n ** BigInt(e));
  const double = Number(`${d}e${e}`);
  const shortest = Number.isFinite(double) && double !== 0 ? partsOf(double) : null;
  return shortest !== null && shortest.digits === d && shortest.exponent === e
    ? double
    : Decimal.of(d, e, text);
}

/** An integer in its one shape: a double as long as that is safe. */
export function normal(n: bigint): number | bigint {
  return n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n;
}

/** The decimal value of a number. */
export function partsOf(n: Num): Parts {
  if (n instanceof Decimal) return Decimal.parts(n);
  if (typeof n === 'bigint') return { digits: n, exponent: 0 };
  if (Number.isInteger(n)) return { digits: BigInt(n), exponent: 0 };
  const found = SYNTAX.exec(String(n));
  const fraction = found?.[3] ?? '';
  const digits = BigInt(`${found?.[2] ?? '0'}${fraction}`);
  return { digits: n < 0 ? -digits : digits, exponent: Number(found?.[4] ?? 0) - fraction.length };
}

/** The order of two numbers by value. */
export function compareNumbers(a: Num, b: Num): number {
  if (!(a instanceof Decimal) && !(b instanceof Decimal)) return a < b ? -1 : a > b ? 1 : 0;
  const [x, y] = [partsOf(a), partsOf(b)];
  const signs = signOf(x.digits) - signOf(y.digits);
  if (signs !== 0 || x.digits === 0n) return Math.sign(signs);
  // The places before the point decide first: lining up 1e400 and 1e-400 would take hundreds of digits.
  const size = lengthOf(x.digits) + x.exponent - (lengthOf(y.digits) + y.exponent);
  if (size !== 0) return Math.sign(size) * signOf(x.digits);
  const low = Math.min(x.exponent, y.exponent);
  const difference = x.digits * 10n ** BigInt(x.exponent - low) - y.digits * 10n ** BigInt(y.exponent - low);
  return signOf(difference);
}

/** The integer that a number is, or undefined. */
export function integerOf(n: Num): bigint | undefined {
  if (typeof n === 'bigint') return n;
  if (typeof n === 'number') return Number.isInteger(n) ? BigInt(n) : undefined;
  const { digits, exponent } = Decimal.parts(n);
  return exponent < 0 ? undefined : digits * 10n ** BigInt(exponent);
}

/** The nearest double. */
export function toDouble(n: Num): number {
  return n instanceof Decimal ? Number(`${Decimal.parts(n).digits}e${Decimal.parts(n).exponent}`) : Number(n);
}

/** A text that is the same for equal decimals, and for the bigint of the same value. */
export function decimalKey(n: Decimal | bigint): string {
  const { digits, exponent } = partsOf(n);
  const zeros = trailingZeros(digits);
  return `${digits / 10n ** BigInt(zeros)}e${exponent + zeros}`;
}

function signOf(n: bigint): number {
  return n < 0n ? -1 : n > 0n ? 1 : 0;
}

function lengthOf(n: bigint): number {
  const text = String(n);
  return n < 0n ? text.length - 1 : text.length;
}

function trailingZeros(n: bigint): number {
  return n % 10n === 0n ? (/0+$/.exec(String(n))?.[0].length ?? 0) : 0;
}

function spell(digits: bigint, exponent: number): string {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits);
  const point = text.length + exponent;
  if (point > 21 || point < -5) {
    const power = String(Math.abs(point - 1)).padStart(2, '0');
    return `${sign}${text[0] ?? ''}${text.length > 1 ? '.' : ''}${text.slice(1)}e${point > 0 ? '+' : '-'}${power}`;
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${text}`;
  return point < text.length
    ? `${sign}${text.slice(0, point)}.${text.slice(point)}`
    : sign + text + '0'.repeat(point - text.length);
}
