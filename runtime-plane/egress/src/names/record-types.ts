/** Which types of records a session may ask for. */

/** Names beside those that `dns-packet` knows; others are written as in RFC 3597. */
const furtherNames: ReadonlyMap<number, string> = new Map([
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [256, 'URI'],
]);

const usual: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV']);

/** Would hand out keys that hide a name, and ways around TCP; programs do without when there are none. */
const withoutData: ReadonlySet<string> = new Set(['SVCB', 'HTTPS']);

/** @param codec the type as `dns-packet` calls it */
export function typeName(type: number, codec: string): string {
  return furtherNames.get(type) ?? (codec.startsWith('UNKNOWN_') ? `TYPE${type}` : codec);
}

export type Handling =
  | 'ask'
  /** Put to policy, then answered that there is no such record. */
  | 'empty'
  | 'refuse';

/** @param permitted types that the settings add; none of those that are no records (RFC 6895, 3.1: `ANY`, transfers) */
export function handlingOf(type: number, name: string, permitted: readonly string[]): Handling {
  if (withoutData.has(name)) return 'empty';
  if (type === 0 || type === 41 || (type >= 128 && type <= 255)) return 'refuse';
  return usual.has(name) || permitted.includes(name) ? 'ask' : 'refuse';
}
