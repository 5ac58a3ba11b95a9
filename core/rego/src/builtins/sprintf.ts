import { display } from '../json.ts';
import { Decimal, toDouble } from '../decimal.ts';
import { isNumber } from '../values.ts';
import type { Value } from '../values.ts';
import { integer } from './numbers.ts';

interface Spec {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly zero: boolean;
  readonly space: boolean;
  readonly sharp: boolean;
  readonly width: number;
  readonly precision: number | null;
}

const VERB = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*)?)?(?:\[(\d+)\])?(.)?/gsu;

/** Padding wider than this is refused: it is an allocation that no loop pays for. */
const MAX_WIDTH = 10_000;

/** Formats like Go's fmt.Sprintf, on which OPA's sprintf stands; undefined for formats that it does not know. */
export function sprintf(format: string, args: readonly Value[]): string | undefined {
  let used = 0;
  let failed = false;
  const text = format.replaceAll(
    VERB,
    (
      whole,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      index: string | undefined,
      verb: string | undefined,
    ) => {
      if (verb === undefined) return '%!(NOVERB)';
      if (verb === '%') return '%';
      const take = (): Value | undefined => {
        used += 1;
        return args[used - 1];
      };
      const wide = width === '*' ? Number(take() ?? 0) : Number(width ?? 0);
      const exact =
        precision === '*'
          ? Number(take() ?? 0)
          : precision === undefined
            ? whole.includes('.')
              ? 0
              : null
            : Number(precision);
      if (wide > MAX_WIDTH || (exact ?? 0) > MAX_WIDTH) {
        failed = true;
        return '';
      }
      if (index !== undefined) used = Number(index) - 1;
      const arg = goValue(take());
      if (arg === undefined) return `%!${verb}(${index === undefined ? 'MISSING' : 'BADINDEX'})`;
      const spec: Spec = {
        minus: flags.includes('-'),
        plus: flags.includes('+'),
        zero: flags.includes('0'),
        space: flags.includes(' '),
        sharp: flags.includes('#'),
        width: wide,
        precision: exact,
      };
      return formatOne(verb, spec, arg);
    },
  );
  if (failed) return undefined;
  const extra = args.slice(used);
  if (extra.length === 0 || format.includes('[')) return text;
  return `${text}%!(EXTRA ${extra.map((arg) => `${goType(arg)}=${display(arg)}`).join(', ')})`;
}

/**
 * The value as Go's Sprintf gets it from OPA: fractions as doubles, numbers beyond them and all that is neither number nor string as
 * text.
 */
function goValue(v: Value | undefined): Value | undefined {
  if (v instanceof Decimal) {
    const double = toDouble(v);
    return Number.isFinite(double) ? double : Decimal.text(v);
  }
  return v === undefined || isNumber(v) || typeof v === 'string' ? v : display(v);
}

function goType(v: Value): string {
  if (isNumber(v)) return integer(v) === undefined ? 'float64' : isHuge(v) ? 'big.Int' : 'int';
  return 'string';
}

function formatOne(verb: string, spec: Spec, arg: Value): string {
  switch (verb) {
    case 'v':
      if (isNumber(arg)) {
        const unsigned = { ...spec, plus: spec.plus && isHuge(arg) };
        return integer(arg) === undefined ? floating('v', unsigned, arg) : whole('d', unsigned, arg, 10);
      }
      return pad(spec, cut(spec, display(arg)), false);
    case 's':
      if (isNumber(arg) && !isHuge(arg)) return bad(verb, spec, arg);
      return pad(spec, cut(spec, display(arg)), false);
    case 'q':
      if (isNumber(arg)) return quotedRune(spec, arg);
      return pad(spec, JSON.stringify(cut(spec, display(arg))), false);
    case 'T':
      return pad(spec, cut(spec, isHuge(arg) ? '*big.Int' : goType(arg)), false);
    case 'U':
      return codePoint(spec, arg);
    case 'd':
      return whole(verb, spec, arg, 10);
    case 'b':
      return whole(verb, spec, arg, 2);
    case 'o':
      return whole(verb, spec, arg, 8, spec.sharp ? '0' : '');
    case 'O':
      return whole(verb, spec, arg, 8, '0o');
    case 'x':
    case 'X':
      return hexadecimal(verb, spec, arg);
    case 'c': {
      const n = integer(arg);
      return n === undefined || isHuge(arg) ? bad(verb, spec, arg) : pad(spec, runeOf(n), false);
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return floating(verb, spec, arg);
    default:
      return bad(verb, spec, arg);
  }
}

function runeOf(n: bigint): string {
  return n < 0n || n > 0x10ffffn || (n >= 0xd800n && n < 0xe000n)
    ? '\ufffd'
    : String.fromCodePoint(Number(n));
}

function quotedRune(spec: Spec, arg: Value): string {
  const n = integer(arg);
  if (n === undefined || isHuge(arg)) return bad('q', spec, arg);
  const text = runeOf(n);
  const plain = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return pad(spec, `'${text === "'" ? "\\'" : plain}'`, false);
}

function codePoint(spec: Spec, arg: Value): string {
  const n = integer(arg);
  if (n === undefined || isHuge(arg)) return bad('U', spec, arg);
  const text = `U+${BigInt.asUintN(64, n)
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, spec.precision ?? 0), '0')}`;
  return pad(
    { ...spec, zero: false },
    spec.sharp && n >= 0n && n <= 0x10ffffn ? `${text} '${runeOf(n)}'` : text,
    false,
  );
}

/** Integers beyond Go's int print under every verb for text. */
function isHuge(v: Value): boolean {
  return typeof v === 'bigint' && (v > 2n ** 63n - 1n || v < -(2n ** 63n));
}

/** Go's complaint about a verb that the value does not know; it keeps the flags. */
function bad(verb: string, spec: Spec, arg: Value): string {
  return `%!${verb}(${goType(arg)}=${formatOne('v', spec, arg)})`;
}

function cut(spec: Spec, text: string): string {
  return spec.precision === null ? text : [...text].slice(0, spec.precision).join('');
}

function pad(spec: Spec, text: string, numeric: boolean): string {
  const missing = spec.width - [...text].length;
  if (missing <= 0) return text;
  if (spec.minus) return text + ' '.repeat(missing);
  if (!spec.zero || (numeric && spec.precision !== null && /^[+-]?[0-9a-fA-F]+$/.test(text)))
    return ' '.repeat(missing) + text;
  const sign = numeric && /^[+-]/.test(text) ? text.slice(0, 1) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function signed(spec: Spec, negative: boolean, digits: string): string {
  return (negative ? '-' : spec.plus ? '+' : spec.space ? ' ' : '') + digits;
}

function whole(verb: string, spec: Spec, arg: Value, base: number, prefix = ''): string {
  const n = integer(arg);
  if (n === undefined) return bad(verb, spec, arg);
  const digits = prefix + (n < 0n ? -n : n).toString(base).padStart(spec.precision ?? 0, '0');
  return pad(spec, signed(spec, n < 0n, digits), true);
}

function hexadecimal(verb: string, spec: Spec, arg: Value): string {
  const shape = (text: string): string => (verb === 'X' ? text.toUpperCase() : text);
  if (typeof arg === 'string') {
    const all = new TextEncoder().encode(arg).subarray(0, spec.precision ?? undefined);
    const bytes = Array.from(all, (byte) => byte.toString(16).padStart(2, '0'));
    const each = spec.sharp && spec.space ? ' 0x' : spec.space ? ' ' : '';
    return pad(spec, shape((spec.sharp && bytes.length > 0 ? '0x' : '') + bytes.join(each)), false);
  }
  const n = integer(arg);
  if (n === undefined) return bad(verb, spec, arg);
  const digits = (spec.sharp ? '0x' : '') + (n < 0n ? -n : n).toString(16).padStart(spec.precision ?? 0, '0');
  return pad(spec, signed(spec, n < 0n, shape(digits)), true);
}

function floating(verb: string, spec: Spec, arg: Value): string {
  if (!isNumber(arg)) return bad(verb, spec, arg);
  // As in OPA, whole numbers are ints to Go, and ints have no %f; Go applies the flags to its complaint.
  if (integer(arg) !== undefined) return bad(verb, spec, arg);
  const n = Math.abs(Number(arg));
  const lower = verb === 'v' ? 'g' : verb.toLowerCase();
  let text: string;
  if (lower === 'f') text = fixed(n, Math.min(spec.precision ?? 6, 100));
  else if (lower === 'e') text = exponential(n, Math.min(spec.precision ?? 6, 100));
  else text = general(n, spec.precision);
  text = text.replace(/e([+-])(\d)$/, 'e$10$2');
  return pad(
    spec,
    signed(spec, Number(arg) < 0, verb === lower || verb === 'v' ? text : text.toUpperCase()),
    true,
  );
}

/** Go's %g: the shortest digits, or as many as asked for, with an exponent when that is below -4 or not below the digits. */
function general(n: number, precision: number | null): string {
  const wanted = precision === null ? null : Math.min(Math.max(precision, 1), 100);
  const [mantissa = '0', power = '0'] = (
    wanted === null ? n.toExponential() : exponential(n, wanted - 1)
  ).split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '') || '0';
  const exponent = Number(power);
  let limit = wanted ?? 6;
  if (wanted !== null && limit > digits.length && digits.length >= exponent + 1) limit = digits.length;
  if (exponent < -4 || exponent >= limit)
    return `${digits[0] ?? ''}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const all = digits.padEnd(exponent + 1, '0');
  return all.length > exponent + 1 ? `${all.slice(0, exponent + 1)}.${all.slice(exponent + 1)}` : all;
}

/** The double times a power of ten, rounded half to even, which JavaScript's own formatting does not do. */
function scaled(n: number, places: number): bigint {
  let [whole, divisor] = [n, 1n];
  while (!Number.isInteger(whole)) {
    whole *= 2;
    divisor *= 2n;
  }
  let numerator = BigInt(whole);
  if (places >= 0) numerator *= 10n ** BigInt(places);
  else divisor *= 10n ** BigInt(-places);
  const quotient = numerator / divisor;
  const twice = (numerator % divisor) * 2n;
  return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

function fixed(n: number, places: number): string {
  const digits = String(scaled(n, places)).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function exponential(n: number, places: number): string {
  if (n === 0) return n.toExponential(places);
  let exponent = Number(n.toExponential().split('e')[1]);
  let digits = String(scaled(n, places - exponent));
  if (digits.length > places + 1) {
    exponent += 1;
    digits = digits.slice(0, -1);
  }
  const fraction = places === 0 ? '' : `.${digits.slice(1)}`;
  return `${digits[0] ?? ''}${fraction}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}
