import { latin1 } from '../crypto/bytes.ts';
import { DerReader, TAG } from '../crypto/der.ts';
import { problem } from '../crypto/problem.ts';
import type { Value } from '../values.ts';

/** One attribute of a distinguished name. */
export interface Attribute {
  readonly type: readonly number[];
  readonly value: Value;
}

const PRINTABLE = /^[A-Za-z0-9'()+,\-./ :=?*&]*$/;

/** Text of bytes that are one of ASN.1's string types; throws Problem. */
export function asn1Text(tag: number, bytes: Uint8Array): string {
  const ascii = latin1(bytes);
  const valid = (name: string, is: boolean): string => (is ? ascii : problem(`invalid ${name}`));
  switch (tag) {
    case TAG.t61String:
      return ascii;
    case TAG.printableString:
      return valid('PrintableString', PRINTABLE.test(ascii));
    case TAG.numericString:
      return valid('NumericString', /^[0-9 ]*$/.test(ascii));
    case TAG.ia5String:
      return valid(
        'IA5String',
        bytes.every((byte) => byte < 0x80),
      );
    case TAG.utf8String:
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        return problem('invalid UTF-8 string');
      }
    case TAG.bmpString:
      return bmpText(bytes);
    default:
      return problem(`unsupported string type: ${tag}`);
  }
}

function bmpText(bytes: Uint8Array): string {
  if (bytes.length % 2 !== 0) problem('invalid BMPString');
  const units = Array.from(
    { length: bytes.length / 2 },
    (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0),
  );
  if (units.at(-1) === 0) units.pop();
  const isBad = (unit: number): boolean =>
    unit >= 0xfffe || (unit >= 0xfdd0 && unit <= 0xfdef) || (unit >= 0xd800 && unit <= 0xdfff);
  return units.some(isBad)
    ? problem('invalid BMPString')
    : units.map((unit) => String.fromCharCode(unit)).join('');
}

/** The attributes of a name (RFC 5280, 4.1.2.4), in order; throws Problem. */
export function parseName(whole: Uint8Array, text: typeof asn1Text = asn1Text): readonly Attribute[] {
  const sequence = new DerReader(whole).enter(TAG.sequence) ?? problem('x509: invalid RDNSequence');
  const attributes: Attribute[] = [];
  while (!sequence.empty) {
    const set = sequence.enter(TAG.set) ?? problem('x509: invalid RDNSequence');
    while (!set.empty) {
      const reader = set.enter(TAG.sequence) ?? problem('x509: invalid RDNSequence: invalid attribute');
      const type = reader.oid() ?? problem('x509: invalid RDNSequence: invalid attribute type');
      const found = reader.any() ?? problem('x509: invalid RDNSequence: invalid attribute value');
      attributes.push({ type, value: valueOf(found.tag, found.content, text) });
    }
  }
  return attributes;
}

function valueOf(tag: number, content: Uint8Array, text: typeof asn1Text): string {
  try {
    return text(tag, content);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return problem(`x509: invalid RDNSequence: invalid attribute value: ${why}`);
  }
}

/** Fields of a name that have their own place in its JSON, by the last arc of 2.5.4. */
const FIELDS: ReadonlyMap<number, string> = new Map([
  [3, 'CommonName'],
  [5, 'SerialNumber'],
  [6, 'Country'],
  [7, 'Locality'],
  [8, 'Province'],
  [9, 'StreetAddress'],
  [10, 'Organization'],
  [11, 'OrganizationalUnit'],
  [17, 'PostalCode'],
]);

const SINGLE: ReadonlySet<string> = new Set(['CommonName', 'SerialNumber']);

/** A name as Go's encoder shows it. */
export function nameJson(attributes: readonly Attribute[]): Value {
  const out: Record<string, Value> = {};
  for (const field of FIELDS.values()) out[field] = SINGLE.has(field) ? '' : null;
  for (const { type, value } of attributes) {
    const field =
      type.length === 4 && type.slice(0, 3).join('.') === '2.5.4' ? FIELDS.get(type[3] ?? 0) : undefined;
    if (field === undefined || typeof value !== 'string') continue;
    const known = out[field];
    out[field] = SINGLE.has(field) ? value : [...(Array.isArray(known) ? (known as Value[]) : []), value];
  }
  const names = attributes.map(({ type, value }) => ({ Type: type, Value: value }));
  return { ...out, Names: names.length === 0 ? null : names, ExtraNames: null };
}
