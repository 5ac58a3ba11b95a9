import { isArray, isNumber } from '../values.ts';
import type { Value } from '../values.ts';
import { integer, normal } from './numbers.ts';
import { operands } from './operands.ts';
import { DAYS, daysIn, formatLayout } from './time-layout.ts';
import type { Fields } from './time-layout.ts';
import { parseLayout, TimeError } from './time-parse.ts';
import type { Builtin, BuiltinContext, BuiltinTable } from './types.ts';

const NS_PER_MS = 1_000_000n;
/** The range of Go's int64 nanoseconds (years 1677 to 2262). */
const MAX_NS = 2n ** 63n - 1n;

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

/** Date.UTC without its special treatment of years below 100. */
function utc(y: number, mo: number, d: number, h: number, mi: number, s: number): number {
  return Date.UTC(y + 400, mo - 1, d, h, mi, s) - 12_622_780_800_000;
}

/** A moment, the zone in which it is told, and a layout for it. */
interface Moment {
  readonly ns: bigint;
  readonly zone: string;
  readonly layout: string;
}

/** Reads `ns` or `[ns, zone]` or `[ns, zone, layout]`. OPA counts every operand of these functions as the first. */
function momentOf({ fail }: BuiltinContext, v: Value | undefined): Moment | undefined {
  const wanted = 'either number (ns) or [number (ns), string (tz)]';
  if (!isNumber(v) && (!isArray(v) || v.length === 0)) return fail.type(1, wanted, v);
  const [time, zone = '', layout = ''] = isArray(v) ? v : [v];
  if (!isNumber(time)) return fail.type(1, 'number', time);
  if (typeof zone !== 'string') return fail.type(1, 'string', zone);
  if (zoneOffset(0, zone) === undefined) return fail.error(`unknown time zone ${zone}`);
  if (typeof layout !== 'string') return fail.type(1, 'string', layout);
  const ns = integer(time);
  if (ns === undefined || ns > MAX_NS || ns < -MAX_NS - 1n) return fail.error('timestamp too big');
  return { ns, zone, layout };
}

function fieldsOf(found: Moment): Fields {
  let ms = found.ns / NS_PER_MS;
  let rest = found.ns % NS_PER_MS;
  if (rest < 0n) {
    ms -= 1n;
    rest += NS_PER_MS;
  }
  const offset = zoneOffset(Number(ms), found.zone) ?? 0;
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
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
  y: 31_536_000_000_000_000n,
};

/** A duration as Go writes it (`1h15m30.9s`), in ns; or what is wrong with it. OPA adds days, weeks and years of 365 days. */
export function parseDuration(s: string): bigint | string {
  const sign = s.startsWith('-') ? -1n : 1n;
  const text = s.replace(/^[+-]/, '');
  if (text === '0') return 0n;
  const invalid = `time: invalid duration ${JSON.stringify(s)}`;
  if (text === '') return invalid;
  let total = 0n;
  for (let rest = text; rest !== '';) {
    const [whole = '', integral = '', fraction = ''] = /^(\d*)(?:\.(\d*))?/.exec(rest) ?? [];
    if (integral === '' && fraction === '') return invalid;
    rest = rest.slice(whole.length);
    const unit = /^[^\d.]*/.exec(rest)?.[0] ?? '';
    if (unit === '') return `time: missing unit in duration ${JSON.stringify(s)}`;
    rest = rest.slice(unit.length);
    const scale = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
    if (scale === undefined)
      return `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(s)}`;
    total += BigInt(integral === '' ? '0' : integral) * scale;
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  const ns = total * sign;
  return ns > MAX_NS || ns < -MAX_NS - 1n ? invalid : ns;
}

/** The moment with years, months and days added, as Go counts them; undefined beyond JavaScript's dates. */
function addDate(moment: Moment, years: number, months: number, days: number): bigint | undefined {
  const at = fieldsOf(moment);
  const ms = Date.UTC(at.year + years, at.month - 1 + months, at.day + days, at.hour, at.minute, at.second);
  if (Number.isNaN(ms)) return undefined;
  // The clock of the zone shows the same as before; its offset may have changed.
  const first = ms - at.offsetMinutes * 60_000;
  const offset = zoneOffset(first, moment.zone) ?? 0;
  return BigInt(ms - offset * 60_000) * NS_PER_MS + at.nanos;
}

/** Years, months, days, hours, minutes and seconds between two moments, in the first one's zone. */
function difference(x: Moment, y: Moment): Value {
  const [early, late] = x.ns <= y.ns ? [x.ns, y.ns] : [y.ns, x.ns];
  const [from, to] = [fieldsOf({ ...x, ns: early }), fieldsOf({ ...x, ns: late })];
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

/** Built-ins about time. Moments are integers of nanoseconds; the clock is the host's. */
export function timeBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { fail } = ctx;
  const op = operands(fail);
  const inRange = (ns: bigint | undefined): Value | undefined =>
    ns === undefined || ns > MAX_NS || ns < -MAX_NS - 1n
      ? fail.error('time outside of valid range')
      : normal(ns);
  /** A function of one moment. */
  const told = (f: (at: Fields, moment: Moment) => Value | undefined): Builtin => ({
    arity: 1,
    fn: (v) => {
      const moment = momentOf(ctx, v);
      return moment === undefined ? undefined : f(fieldsOf(moment), moment);
    },
  });
  return {
    'time.now_ns': { arity: 0, fn: () => normal(ctx.nowNs()) },
    'time.parse_rfc3339_ns': {
      arity: 1,
      fn: (v) => {
        const s = op.string(v, 1);
        if (s === undefined) return undefined;
        const ns = parseRfc3339(s);
        return ns === undefined
          ? fail.error(`parsing time ${JSON.stringify(s)} as "2006-01-02T15:04:05Z07:00": cannot parse`)
          : inRange(ns);
      },
    },
    'time.parse_ns': {
      arity: 2,
      fn: (layout, v) => {
        const pattern = op.string(layout, 1);
        const text = pattern === undefined ? undefined : op.string(v, 2);
        if (pattern === undefined || text === undefined) return undefined;
        ctx.charge((pattern.length + text.length) >> 6);
        try {
          return inRange(parseLayout(pattern, text));
        } catch (error) {
          if (error instanceof TimeError) return fail.error(error.message);
          throw error;
        }
      },
    },
    'time.parse_duration_ns': {
      arity: 1,
      fn: (v) => {
        const s = op.string(v, 1);
        const ns = s === undefined ? undefined : parseDuration(s);
        return typeof ns === 'string' ? fail.error(ns) : ns === undefined ? undefined : normal(ns);
      },
    },
    'time.date': told((at) => [at.year, at.month, at.day]),
    'time.clock': told((at) => [at.hour, at.minute, at.second]),
    'time.weekday': told((at) => DAYS[at.weekday]),
    'time.add_date': {
      arity: 4,
      fn: (v, years, months, days) => {
        const moment = momentOf(ctx, v);
        const y = moment === undefined ? undefined : op.int(years, 2);
        const m = y === undefined ? undefined : op.int(months, 3);
        const d = m === undefined ? undefined : op.int(days, 4);
        if (moment === undefined || y === undefined || m === undefined || d === undefined) return undefined;
        return inRange(addDate(moment, y, m, d));
      },
    },
    'time.diff': {
      arity: 2,
      fn: (a, b) => {
        const x = momentOf(ctx, a);
        const y = x === undefined ? undefined : momentOf(ctx, b);
        return x === undefined || y === undefined ? undefined : difference(x, y);
      },
    },
    // RFC 3339 with nanoseconds, or a layout in Go's spelling or by Go's name for it.
    'time.format': told((at, { zone, layout }) =>
      formatLayout(at, zone === '' ? 'UTC' : zone, layout === '' ? 'RFC3339Nano' : layout),
    ),
  };
}
