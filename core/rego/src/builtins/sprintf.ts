import { display, numberText } from '../json.ts';
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
      const arg = take();
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

function goType(v: Value): string {
  if (isNumber(v)) return integer(v) === undefined ? 'float64' : 'int';
  return 'string';
}

function formatOne(verb: string, spec: Spec, arg: Value): string {
  switch (verb) {
    case 'v':
    case 's':
      if (verb === 's' && isNumber(arg) && !isHuge(arg)) return `%!s(${goType(arg)}=${numberText(arg)})`;
      return pad(spec, cut(spec, display(arg)), false);
    case 'q':
      if (isNumber(arg)) return bad(verb, arg);
      return pad(spec, JSON.stringify(cut(spec, display(arg))), false);
    case 't':
      return typeof arg === 'boolean' ? pad(spec, String(arg), false) : bad(verb, arg);
    case 'T':
      return pad(spec, goType(arg), false);
    case 'd':
      return whole(verb, spec, arg, 10);
    case 'b':
      return whole(verb, spec, arg, 2);
    case 'o':
      return whole(verb, spec, arg, 8);
    case 'x':
    case 'X':
      return hexadecimal(verb, spec, arg);
    case 'c': {
      const n = integer(arg);
      return n === undefined || n < 0n || n > 0x10ffffn
        ? bad(verb, arg)
        : pad(spec, String.fromCodePoint(Number(n)), false);
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return floating(verb, spec, arg);
    default:
      return bad(verb, arg);
  }
}

/** Integers beyond Go's int print under every verb for text. */
function isHuge(v: Value): boolean {
  return typeof v === 'bigint' && (v > 2n ** 63n - 1n || v < -(2n ** 63n));
}

function bad(verb: string, arg: Value): string {
  return `%!${verb}(${goType(arg)}=${display(arg)})`;
}

function cut(spec: Spec, text: string): string {
  return spec.precision === null ? text : [...text].slice(0, spec.precision).join('');
}

function pad(spec: Spec, text: string, numeric: boolean): string {
  const missing = spec.width - [...text].length;
  if (missing <= 0) return text;
  if (spec.minus) return text + ' '.repeat(missing);
  if (!spec.zero) return ' '.repeat(missing) + text;
  const sign = numeric && /^[+-]/.test(text) ? text.slice(0, 1) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function signed(spec: Spec, negative: boolean, digits: string): string {
  return (negative ? '-' : spec.plus ? '+' : spec.space ? ' ' : '') + digits;
}

function whole(verb: string, spec: Spec, arg: Value, base: number): string {
  const n = integer(arg);
  if (n === undefined) return bad(verb, arg);
  const digits = (n < 0n ? -n : n).toString(base).padStart(spec.precision ?? 0, '0');
  return pad(spec, signed(spec, n < 0n, digits), true);
}

function hexadecimal(verb: string, spec: Spec, arg: Value): string {
  const shape = (text: string): string => (verb === 'X' ? text.toUpperCase() : text);
  if (typeof arg === 'string') {
    const bytes = [...new TextEncoder().encode(arg)].map((byte) => byte.toString(16).padStart(2, '0'));
    return pad(spec, shape(bytes.join('')), false);
  }
  const n = integer(arg);
  if (n === undefined) return bad(verb, arg);
  const digits = (spec.sharp ? '0x' : '') + (n < 0n ? -n : n).toString(16).padStart(spec.precision ?? 0, '0');
  return pad(spec, signed(spec, n < 0n, shape(digits)), true);
}

function floating(verb: string, spec: Spec, arg: Value): string {
  if (!isNumber(arg)) return bad(verb, arg);
  // As in OPA, whole numbers are ints to Go, and ints have no %f; Go applies the flags to its complaint.
  if (integer(arg) !== undefined) return `%!${verb}(int=${whole('d', spec, arg, 10)})`;
  const n = Math.abs(Number(arg));
  const lower = verb.toLowerCase();
  let text: string;
  if (lower === 'f') text = n.toFixed(Math.min(spec.precision ?? 6, 100));
  else if (lower === 'e') text = n.toExponential(Math.min(spec.precision ?? 6, 100));
  else
    text =
      spec.precision === null
        ? numberText(n)
        : String(Number(n.toPrecision(Math.min(Math.max(spec.precision, 1), 100))));
  text = text.replace(/e([+-])(\d)$/, 'e$10$2');
  return pad(spec, signed(spec, Number(arg) < 0, verb === lower ? text : text.toUpperCase()), true);
}
