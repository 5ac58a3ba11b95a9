import { DAYS, daysIn, MONTHS, namedLayout } from './time-layout.ts';

/**
 * Reading times in Go's layouts. Source: https://pkg.go.dev/time#Layout; where that is silent (optional fractions, one-digit
 * hours, zone abbreviations), Go's behaviour was observed.
 */
export class TimeError extends Error {}

const CHUNK =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|__2|_2(?!006)|3|4|5|PM|pm|[-Z](?:07:00:00|070000|07:00|0700|07)|[.,](?:0+|9+)(?!\d)/;

/** The calendar fields that were read; what a layout leaves out is null. */
interface Read {
  year: number;
  month: number | null;
  day: number | null;
  yearDay: number | null;
  hour: number;
  minute: number;
  second: number;
  nanos: number;
  half: 'am' | 'pm' | null;
  offsetSeconds: number;
}

/** Reads a text in a layout (or in Go's name of one) as ns since 1970; throws TimeError with Go's message. */
export function parseLayout(layout: string, text: string): bigint {
  return new Reader(namedLayout(layout), text).read();
}

class Reader {
  private rest: string;
  private layoutRest: string;
  private readonly got: Read = {
    year: 0,
    month: null,
    day: null,
    yearDay: null,
    hour: 0,
    minute: 0,
    second: 0,
    nanos: 0,
    half: null,
    offsetSeconds: 0,
  };

  private readonly layout: string;
  private readonly text: string;

  constructor(layout: string, text: string) {
    this.layout = layout;
    this.text = text;
    this.rest = text;
    this.layoutRest = layout;
  }

  read(): bigint {
    for (;;) {
      const found = CHUNK.exec(this.layoutRest);
      const prefix = found === null ? this.layoutRest : this.layoutRest.slice(0, found.index);
      this.skip(prefix);
      if (found === null) break;
      const [chunk] = found;
      this.layoutRest = this.layoutRest.slice(found.index + chunk.length);
      const before = this.rest;
      if (!this.take(chunk)) throw this.mismatch(before, chunk);
    }
    if (this.rest !== '') throw this.bad(`extra text: ${quote(this.rest)}`);
    return this.moment();
  }

  private mismatch(rest: string, element: string): TimeError {
    return new TimeError(
      `parsing time ${quote(this.text)} as ${quote(this.layout)}: cannot parse ${quote(rest)} as ${quote(element)}`,
    );
  }

  private bad(why: string): TimeError {
    return new TimeError(`parsing time ${quote(this.text)}: ${why}`);
  }

  /** Literal text; a blank in the layout stands for any number of blanks. */
  private skip(prefix: string): void {
    const before = this.rest;
    for (let i = 0; i < prefix.length;) {
      const c = prefix[i];
      if (c === ' ') {
        if (this.rest !== '' && !this.rest.startsWith(' ')) throw this.mismatch(before, prefix);
        while (prefix[i] === ' ') i += 1;
        this.rest = this.rest.replace(/^ +/, '');
      } else {
        if (this.rest[0] !== c) throw this.mismatch(before, prefix);
        this.rest = this.rest.slice(1);
        i += 1;
      }
    }
  }

  private match(pattern: RegExp): string | null {
    const found = pattern.exec(this.rest)?.[0] ?? null;
    if (found !== null) this.rest = this.rest.slice(found.length);
    return found;
  }

  private number(pattern: RegExp, set: (n: number) => void): boolean {
    const found = this.match(pattern);
    if (found !== null) set(Number(found));
    return found !== null;
  }

  private inRange(n: number, max: number, name: string, min = 0): number {
    if (n < min || n > max) throw this.bad(`${name} out of range`);
    return n;
  }

  private name(names: readonly string[], length: number | undefined, set: (i: number) => void): boolean {
    const lower = this.rest.toLowerCase();
    const i = names.findIndex((name) => lower.startsWith(name.slice(0, length).toLowerCase()));
    if (i < 0) return false;
    this.rest = this.rest.slice(names[i]?.slice(0, length).length);
    set(i);
    return true;
  }

  /** Reads one element of the layout; false when the text does not go on with it. */
  private take(chunk: string): boolean {
    const { got } = this;
    const loose = /^\d{1,2}/;
    const fixed = /^\d{2}/;
    switch (chunk) {
      case '06':
        return this.number(fixed, (n) => (got.year = n + (n >= 69 ? 1900 : 2000)));
      case '2006':
        return this.number(/^\d{4}/, (n) => (got.year = n));
      case 'January':
        return this.name(MONTHS, undefined, (i) => (got.month = i + 1));
      case 'Jan':
        return this.name(MONTHS, 3, (i) => (got.month = i + 1));
      case '1':
      case '01':
        return this.number(
          chunk === '1' ? loose : fixed,
          (n) => (got.month = this.inRange(n, 12, 'month', 1)),
        );
      case 'Monday':
        return this.name(DAYS, undefined, () => undefined);
      case 'Mon':
        return this.name(DAYS, 3, () => undefined);
      case '_2':
      case '2':
      case '02':
        if (chunk === '_2') this.match(/^ /);
        return this.number(chunk === '02' ? fixed : loose, (n) => (got.day = n));
      case '__2':
      case '002':
        if (chunk === '__2') this.match(/^ {1,2}/);
        return this.number(chunk === '002' ? /^\d{3}/ : /^\d{1,3}/, (n) => (got.yearDay = n));
      case '15':
        return this.number(loose, (n) => (got.hour = this.inRange(n, 23, 'hour')));
      case '3':
      case '03':
        return this.number(chunk === '3' ? loose : fixed, (n) => (got.hour = this.inRange(n, 12, 'hour')));
      case '4':
      case '04':
        return this.number(
          chunk === '4' ? loose : fixed,
          (n) => (got.minute = this.inRange(n, 59, 'minute')),
        );
      case '5':
      case '05':
        return (
          this.number(chunk === '5' ? loose : fixed, (n) => (got.second = this.inRange(n, 59, 'second'))) &&
          this.unlaidFraction()
        );
      case 'PM':
      case 'pm': {
        const half = this.match(chunk === 'PM' ? /^[AP]M/ : /^[ap]m/);
        got.half = half?.toLowerCase() === 'pm' ? 'pm' : 'am';
        return half !== null;
      }
      case 'MST':
        return this.abbreviation();
      default:
        return /^[.,]/.test(chunk) ? this.fraction(chunk) : this.offset(chunk);
    }
  }

  /** After the seconds a fraction is read even when the layout has none. */
  private unlaidFraction(): boolean {
    const next = CHUNK.exec(this.layoutRest)?.[0];
    if (next === undefined || !/^[.,]/.test(next)) this.nanos(this.match(/^[.,]\d+/));
    return true;
  }

  private nanos(digits: string | null): void {
    if (digits !== null) this.got.nanos = Number(digits.slice(1, 10).padEnd(9, '0'));
  }

  private fraction(chunk: string): boolean {
    if (chunk[1] === '9') {
      this.nanos(this.match(/^[.,]\d+/));
      return true;
    }
    const found = this.match(new RegExp(`^[.,]\\d{${chunk.length - 1}}`));
    this.nanos(found);
    return found !== null;
  }

  private offset(chunk: string): boolean {
    if (chunk.startsWith('Z') && this.match(/^Z/) !== null) return true;
    const parts = chunk
      .slice(1)
      .replaceAll(/0[70]/g, String.raw`(\d\d)`)
      .replace(/^\(/, '([+-])(');
    const found = new RegExp(`^${parts}`).exec(this.rest);
    if (found === null) return false;
    this.rest = this.rest.slice(found[0].length);
    const [h = 0, m = 0, s = 0] = found.slice(2).map(Number);
    this.inRange(h, 24, 'time zone offset hour');
    this.inRange(m, 60, 'time zone offset minute');
    this.inRange(s, 60, 'time zone offset second');
    this.got.offsetSeconds = ((h * 60 + m) * 60 + s) * (found[1] === '-' ? -1 : 1);
    return true;
  }

  /** A zone's abbreviation. It says nothing about the offset, except as in `GMT+3`; UTC is taken, as on a server. */
  private abbreviation(): boolean {
    if (this.match(/^(?:UTC|ChST|MeST)/) !== null) return true;
    if (this.match(/^GMT/) !== null) {
      this.signedHours();
      return true;
    }
    if (/^[+-]/.test(this.rest)) return this.signedHours();
    const upper = /^[A-Z]{1,6}/.exec(this.rest)?.[0] ?? '';
    const known =
      upper.length === 3 ||
      (upper.length === 4 && (upper.endsWith('T') || upper === 'WITA')) ||
      (upper.length === 5 && upper.endsWith('T'));
    if (known) this.rest = this.rest.slice(upper.length);
    return known;
  }

  private signedHours(): boolean {
    const found = /^[+-]\d+/.exec(this.rest)?.[0];
    if (found === undefined || Math.abs(Number(found)) > 23) return false;
    this.rest = this.rest.slice(found.length);
    return true;
  }

  private moment(): bigint {
    const { got } = this;
    let { hour } = got;
    if (got.half === 'pm' && hour < 12) hour += 12;
    if (got.half === 'am' && hour === 12) hour = 0;
    let { month, day } = got;
    if (got.yearDay !== null) {
      const leap = daysIn(got.year, 2) === 29;
      if (got.yearDay < 1 || got.yearDay > (leap ? 366 : 365)) throw this.bad('day-of-year out of range');
      let m = 1;
      let d = got.yearDay;
      for (; d > daysIn(got.year, m); m += 1) d -= daysIn(got.year, m);
      if (month !== null && month !== m) throw this.bad('day-of-year does not match month');
      if (day !== null && day !== d) throw this.bad('day-of-year does not match day');
      [month, day] = [m, d];
    }
    month ??= 1;
    day ??= 1;
    if (day < 1 || day > daysIn(got.year, month)) throw this.bad('day out of range');
    // Four centuries are added for years that Date.UTC would take for the twentieth century.
    const ms = Date.UTC(got.year + 400, month - 1, day, hour, got.minute, got.second) - 12_622_780_800_000;
    return BigInt(ms - got.offsetSeconds * 1000) * 1_000_000n + BigInt(got.nanos);
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
