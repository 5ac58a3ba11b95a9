import { partsOf } from '../../decimal.ts';
import type { Num } from '../../decimal.ts';
import { numberText } from '../../json.ts';

/** An exact quotient with a positive denominator: decimals like 0.1 have no exact double. */
export interface Ratio {
  readonly n: bigint;
  readonly d: bigint;
}

/** The number as its decimal digits say. */
export function ratioOf(v: Num): Ratio {
  const { digits, exponent } = partsOf(v);
  const scale = 10n ** BigInt(Math.abs(exponent));
  return exponent >= 0 ? { n: digits * scale, d: 1n } : { n: digits, d: scale };
}

export function compareRatios(a: Ratio, b: Ratio): number {
  const [x, y] = [a.n * b.d, b.n * a.d];
  return x < y ? -1 : x > y ? 1 : 0;
}

export function isMultiple(a: Ratio, of: Ratio): boolean {
  return (a.n * of.d) % (a.d * of.n) === 0n;
}

/** Ten significant digits at most, as Go prints a big.Float. */
export function showRatio({ n, d }: Ratio): string {
  const [, digits = '', exponent = '0'] = /^(.*)e(.*)$/.exec((Number(n) / Number(d)).toExponential(9)) ?? [];
  const power = Number(exponent);
  if (power >= -4 && power < 10) return numberText(Number(`${digits}e${power}`));
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  return `${short}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
