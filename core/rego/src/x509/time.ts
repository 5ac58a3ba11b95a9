import { latin1 } from '../crypto/bytes.ts';
import type { DerReader } from '../crypto/der.ts';
import { TAG } from '../crypto/der.ts';
import { problem } from '../crypto/problem.ts';

/** A moment as a certificate writes it. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly ms: number;
  /** RFC 3339. */
  readonly text: string;
}

/** The next time; throws Problem. */
export function readTime(reader: DerReader): Moment {
  for (const [tag, name, pattern] of FORMS) {
    if (!reader.peek(tag)) continue;
    const found = pattern.exec(latin1(reader.read(tag) ?? new Uint8Array()));
    return (found === null ? null : momentOf(found)) ?? problem(`x509: malformed ${name}`);
  }
  return problem('x509: unsupported time format');
}

const FORMS = [
  [TAG.utcTime, 'UTCTime', /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/],
  [TAG.generalizedTime, 'GeneralizedTime', /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})$/],
] as const;

function momentOf([
  ,
  year = '',
  month,
  day,
  hour,
  minute,
  second = '00',
  zone = 'Z',
]: RegExpExecArray): Moment | null {
  // RFC 5280, 4.1.2.5.1: two digits are a year from 1950 to 2049.
  const full = year.length === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
  // DER writes no offset of zero.
  if (/^[+-]0000$/.test(zone)) return null;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const local = `${full}-${month}-${day}T${hour}:${minute}:${second}`;
  const ms = Date.parse(`${local}${offset}`);
  const isReal = Number.isFinite(ms) && new Date(`${local}Z`).toISOString().startsWith(local);
  return isReal ? { ms, text: `${local}${offset}` } : null;
}
