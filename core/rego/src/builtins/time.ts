import { isArray } from '../values.ts';
import type { Value } from '../values.ts';
import { integer, normal, smallInteger } from './numbers.ts';
import { DAYS, formatLayout } from './time-layout.ts';
import type { Fields } from './time-layout.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

const NS_PER_MS = 1_000_000n;
/** The range of Go's int64 nanoseconds (years 1677 to 2262). */
const MAX_NS = 2n ** 63n - 1n;

const inRange = (ns: bigint): Value | undefined =>
  ns > MAX_NS || ns < -MAX_NS - 1n ? undefined : normal(ns);

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})$/;

/** Nanoseconds since 1970 of an RFC 3339 time; undefined when the text is not one. */
function parseRfc3339(s: string): bigint | undefined {
  const found = RFC3339.exec(s);
  if (found === null) return undefined;
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, sec = 0] = found.slice(1, 7).map(Number);
  if (mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || h > 23 || mi > 59 || sec > 59) return undefined;
  const zone = found[8] ?? 'Z';
  const sign = zone.startsWith('-') ? 1 : -1;
  const offset = zone === 'Z' ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
  const ms = utc(y, mo, d, h, mi + offset, sec);
  return BigInt(ms) * NS_PER_MS + BigInt((found[7] ?? '').slice(0, 9).padEnd(9, '0'));
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** Date.UTC without its special treatment of years below 100. */
function utc(y: number, mo: number, d: number, h: number, mi: number, s: number): number {
  return Date.UTC(y + 400, mo - 1, d, h, mi, s) - 12_622_780_800_000;
}

/** Splits `ns` or `[ns, zone]` or `[ns, zone, layout]`. */
function timeAndZone(v: Value | undefined): { ns: bigint; zone: string } | undefined {
  const [time, zone] = isArray(v) ? v : [v, 'UTC'];
  const ns = integer(time);
  if (ns === undefined || typeof zone !== 'string' || ns > MAX_NS || ns < -MAX_NS - 1n) return undefined;
  return { ns, zone };
}

function fieldsOf(v: Value | undefined): Fields | undefined {
  const found = timeAndZone(v);
  if (found === undefined) return undefined;
  let ms = found.ns / NS_PER_MS;
  let rest = found.ns % NS_PER_MS;
  if (rest < 0n) {
    ms -= 1n;
    rest += NS_PER_MS;
  }
  const offset = zoneOffset(Number(ms), found.zone);
  if (offset === undefined) return undefined;
  const date = new Date(Number(ms) + offset * 60_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanos: BigInt(date.getUTCMilliseconds()) * NS_PER_MS + rest,
    offsetMinutes: offset,
    weekday: date.getUTCDay(),
  };
}

/** Minutes east of UTC at a moment; undefined for an unknown zone. The zone data are the JavaScript engine's. */
function zoneOffset(ms: number, zone: string): number | undefined {
  if (zone === '' || zone === 'UTC') return 0;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    const parts = new Map(format.formatToParts(new Date(ms)).map((part) => [part.type, Number(part.value)]));
    const local = Date.UTC(
      parts.get('year') ?? 0,
      (parts.get('month') ?? 1) - 1,
      parts.get('day') ?? 1,
      parts.get('hour') ?? 0,
      parts.get('minute') ?? 0,
      parts.get('second') ?? 0,
    );
    return Math.round((local - Math.floor(ms / 1000) * 1000) / 60_000);
  } catch {
    return undefined;
  }
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: NS_PER_MS,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** A duration as Go writes it (`1h15m30.9s`), in ns. */
function parseDuration(s: string): Value | undefined {
  const sign = s.startsWith('-') ? -1n : 1n;
  const text = s.replace(/^[+-]/, '');
  if (text === '0') return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(
    /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const scale = UNITS[unit] ?? 0n;
    total += BigInt(whole === '' ? '0' : whole) * scale;
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  return inRange(total * sign);
}

function addDate(
  v: Value | undefined,
  years: Value | undefined,
  months: Value | undefined,
  days: Value | undefined,
): Value | undefined {
  const [ns, y, mo, d] = [integer(v), smallInteger(years), smallInteger(months), smallInteger(days)];
  const at = fieldsOf(v);
  if (at === undefined || ns === undefined || y === undefined || mo === undefined || d === undefined)
    return undefined;
  const ms = Date.UTC(at.year + y, at.month - 1 + mo, at.day + d, at.hour, at.minute, at.second);
  return Number.isNaN(ms) ? undefined : inRange(BigInt(ms) * NS_PER_MS + at.nanos);
}

/** Years, months, days, hours, minutes and seconds between two moments, in the first one's zone. */
function difference(a: Value | undefined, b: Value | undefined): Value | undefined {
  const [x, y] = [timeAndZone(a), timeAndZone(b)];
  if (x === undefined || y === undefined) return undefined;
  const [early, late] = x.ns <= y.ns ? [x.ns, y.ns] : [y.ns, x.ns];
  const [from, to] = [fieldsOf([normal(early) as Value, x.zone]), fieldsOf([normal(late) as Value, x.zone])];
  if (from === undefined || to === undefined) return undefined;
  const parts = [
    to.year - from.year,
    to.month - from.month,
    to.day - from.day,
    to.hour - from.hour,
    to.minute - from.minute,
    to.second - from.second,
  ];
  const limits = [0, 12, daysIn(from.year, from.month), 24, 60, 60];
  for (let i = 5; i > 0; i -= 1) {
    if ((parts[i] ?? 0) >= 0) continue;
    parts[i] = (parts[i] ?? 0) + (limits[i] ?? 0);
    parts[i - 1] = (parts[i - 1] ?? 0) - 1;
  }
  return parts;
}

/** RFC 3339 with nanoseconds, or a layout in Go's spelling or by Go's name for it. */
function format(v: Value | undefined): Value | undefined {
  const at = fieldsOf(v);
  const layout = isArray(v) && v.length > 2 ? v[2] : 'RFC3339Nano';
  const zone = timeAndZone(v)?.zone ?? '';
  return at === undefined || typeof layout !== 'string'
    ? undefined
    : formatLayout(at, zone === '' ? 'UTC' : zone, layout);
}

/** Built-ins about time. Moments are integers of nanoseconds; the clock is the program's option. */
export function timeBuiltins(ctx: BuiltinContext): BuiltinTable {
  return {
    'time.now_ns': { arity: 0, fn: () => normal(ctx.nowNs()) },
    'time.parse_rfc3339_ns': {
      arity: 1,
      fn: (s) => {
        const ns = typeof s === 'string' ? parseRfc3339(s) : undefined;
        return ns === undefined ? undefined : inRange(ns);
      },
    },
    'time.parse_duration_ns': { arity: 1, fn: (s) => (typeof s === 'string' ? parseDuration(s) : undefined) },
    'time.date': {
      arity: 1,
      fn: (v) => {
        const at = fieldsOf(v);
        return at === undefined ? undefined : [at.year, at.month, at.day];
      },
    },
    'time.clock': {
      arity: 1,
      fn: (v) => {
        const at = fieldsOf(v);
        return at === undefined ? undefined : [at.hour, at.minute, at.second];
      },
    },
    'time.weekday': { arity: 1, fn: (v) => DAYS[fieldsOf(v)?.weekday ?? -1] },
    'time.add_date': { arity: 4, fn: addDate },
    'time.diff': { arity: 2, fn: difference },
    'time.format': { arity: 1, fn: format },
  };
}
