/** A moment in a zone's calendar. */
export interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: bigint;
  readonly offsetMinutes: number;
  readonly weekday: number;
}

/** Go's names of the days, from Sunday. */
export const DAYS: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];
/** Go's names of the months. */
export const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Layouts that Go's time package names. Source: https://pkg.go.dev/time#pkg-constants */
const NAMED: Readonly<Record<string, string>> = {
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339: '2006-01-02T15:04:05Z07:00',
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
};

/** The layout that Go names so, or the text itself. */
export function namedLayout(layout: string): string {
  return Object.hasOwn(NAMED, layout) ? (NAMED[layout] ?? layout) : layout;
}

/** Days of a month (1 to 12) in the Gregorian calendar. */
export function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

const TOKEN =
  /January|Jan|Monday|Mon|MST|2006|002|01|02|03|04|05|06|15|PM|pm|_2|Z07:00|Z0700|Z07|-07:00|-0700|-07|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g;

const two = (n: number): string => String(n).padStart(2, '0');

/** Writes a moment in a layout. The zone's abbreviation (MST) is its UTC offset, except for UTC itself. */
export function formatLayout(at: Fields, zone: string, layout: string): string {
  return namedLayout(layout).replaceAll(TOKEN, (token) => field(at, zone, token));
}

function offset(at: Fields, separator: string, token: string): string {
  if (token.startsWith('Z') && at.offsetMinutes === 0) return 'Z';
  const minutes = Math.abs(at.offsetMinutes);
  const sign = at.offsetMinutes < 0 ? '-' : '+';
  return `${sign}${two(Math.floor(minutes / 60))}${token.length <= 3 ? '' : separator + two(minutes % 60)}`;
}

function fraction(at: Fields, token: string): string {
  const digits = at.nanos
    .toString()
    .padStart(9, '0')
    .slice(0, token.length - 1);
  if (token[1] === '0') return token.slice(0, 1) + digits;
  const short = digits.replace(/0+$/, '');
  return short === '' ? '' : token.slice(0, 1) + short;
}

function field(at: Fields, zone: string, token: string): string {
  if (/^[.,]/.test(token)) return fraction(at, token);
  if (/^[Z-]/.test(token)) return offset(at, token.includes(':') ? ':' : '', token);
  const day = DAYS[at.weekday] ?? '';
  const month = MONTHS[at.month - 1] ?? '';
  const hour12 = at.hour % 12 === 0 ? 12 : at.hour % 12;
  const dayOfYear =
    Math.round((Date.UTC(at.year, at.month - 1, at.day) - Date.UTC(at.year, 0, 1)) / 86_400_000) + 1;
  const values: Readonly<Record<string, string>> = {
    January: month,
    Jan: month.slice(0, 3),
    Monday: day,
    Mon: day.slice(0, 3),
    MST: zone === 'UTC' ? 'UTC' : offset(at, '', at.offsetMinutes % 60 === 0 ? '-07' : '-0700'),
    '2006': String(at.year).padStart(4, '0'),
    '06': two(at.year % 100),
    '01': two(at.month),
    '1': String(at.month),
    '02': two(at.day),
    '2': String(at.day),
    _2: String(at.day).padStart(2, ' '),
    '002': String(dayOfYear).padStart(3, '0'),
    '15': two(at.hour),
    '03': two(hour12),
    '3': String(hour12),
    '04': two(at.minute),
    '4': String(at.minute),
    '05': two(at.second),
    '5': String(at.second),
    PM: at.hour < 12 ? 'AM' : 'PM',
    pm: at.hour < 12 ? 'am' : 'pm',
  };
  return values[token] ?? token;
}
