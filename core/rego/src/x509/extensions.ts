import { latin1 } from '../crypto/bytes.ts';
import { bitAt, context, DerReader, explicit, integerOf, TAG } from '../crypto/der.ts';
import { problem } from '../crypto/problem.ts';
import { parseConstraints } from './constraints.ts';
import type { NameConstraints } from './constraints.ts';
import { isDomain } from './domain.ts';
import { parseUrl } from '../go-url.ts';
import type { Url } from '../go-url.ts';

/** One extension as it stands in the certificate. */
export interface Extension {
  readonly id: readonly number[];
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** The names that a certificate is for (RFC 5280, 4.2.1.6). */
export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly ips: readonly Uint8Array[];
  readonly urls: readonly Url[];
}

/** A limit that an extension sets: undefined when it says nothing. */
type Limit = number | undefined;

/** What the known extensions say. Absent ones leave their fields undefined. */
export interface Extended {
  keyUsage?: number;
  basic?: { readonly isCa: boolean; readonly maxPathLength: number };
  names?: AlternativeNames;
  nameConstraints?: NameConstraints;
  crl?: readonly string[];
  authorityKeyId?: Uint8Array | null;
  subjectKeyId?: Uint8Array;
  requireExplicitPolicy?: Limit;
  inhibitPolicyMapping?: Limit;
  inhibitAnyPolicy?: Limit;
  usages?: { readonly known: readonly number[]; readonly unknown: readonly (readonly number[])[] };
  policies?: readonly (readonly number[])[];
  mappings?: readonly (readonly [readonly number[], readonly number[]])[];
  ocsp?: readonly string[];
  issuerUrls?: readonly string[];
  /** Critical extensions that are not understood: such a certificate verifies nothing. */
  readonly unhandled: (readonly number[])[];
}

const refuse = (what: string) => (): never => problem(`x509: invalid ${what}`);
const ascii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

function open(value: Uint8Array, what: string): DerReader {
  return new DerReader(value).enter(TAG.sequence) ?? refuse(what)();
}

/** Reads every extension; throws Problem for a known one that is malformed. */
export function readExtensions(extensions: readonly Extension[]): Extended {
  const out: Extended = { unhandled: [] };
  for (const extension of extensions)
    if (!readExtension(extension, out) && extension.critical) out.unhandled.push(extension.id);
  return out;
}

/** False when the extension is not (wholly) understood. */
function readExtension({ id, critical, value }: Extension, out: Extended): boolean {
  switch (id.join('.')) {
    case '2.5.29.14':
      if (critical) problem('x509: subject key identifier incorrectly marked critical');
      out.subjectKeyId = new DerReader(value).read(TAG.octetString) ?? refuse('subject key identifier')();
      return true;
    case '2.5.29.15': {
      const bits = new DerReader(value).bitString() ?? refuse('key usage')();
      out.keyUsage = Array.from({ length: 9 }, (_, i) => (bitAt(bits, i) ? 1 << i : 0)).reduce(
        (a, b) => a | b,
      );
      return true;
    }
    case '2.5.29.17':
      out.names = parseNames(value);
      return Object.values(out.names).some((list: readonly unknown[]) => list.length > 0);
    case '2.5.29.19':
      out.basic = parseBasic(value);
      return true;
    case '2.5.29.30': {
      const { constraints, whole } = parseConstraints(value);
      out.nameConstraints = { ...constraints, critical };
      return whole;
    }
    case '2.5.29.31':
      out.crl = parseCrl(value);
      return true;
    case '2.5.29.32':
      out.policies = parsePolicies(value);
      return true;
    case '2.5.29.33':
      out.mappings = parseMappings(value);
      return true;
    case '2.5.29.35':
      if (critical) problem('x509: authority key identifier incorrectly marked critical');
      out.authorityKeyId = parseAuthorityKeyId(value);
      return true;
    case '2.5.29.36':
      parsePolicyConstraints(value, out);
      return true;
    case '2.5.29.37':
      out.usages = parseUsages(value);
      return true;
    case '2.5.29.54': {
      const skip = new DerReader(value).integer() ?? refuse('inhibit any policy extension')();
      out.inhibitAnyPolicy = Number(skip);
      return true;
    }
    case '1.3.6.1.5.5.7.1.1':
      if (critical) problem('x509: authority info access incorrectly marked critical');
      parseInformation(value, out);
      return true;
    default:
      return false;
  }
}

/** Throws Problem. */
export function parseNames(value: Uint8Array): AlternativeNames {
  const reader = open(value, 'subject alternative names');
  const dns: string[] = [];
  const emails: string[] = [];
  const ips: Uint8Array[] = [];
  const urls: Url[] = [];
  const text = (content: Uint8Array, what: string): string =>
    ascii(content) ? latin1(content) : problem(`x509: SAN ${what} is malformed`);
  while (!reader.empty) {
    const { tag, content } = reader.any() ?? refuse('subject alternative name')();
    if (tag === context(1)) emails.push(text(content, 'rfc822Name'));
    else if (tag === context(2)) dns.push(text(content, 'dNSName'));
    else if (tag === context(6)) urls.push(parseName(text(content, 'uniformResourceIdentifier')));
    else if (tag === context(7)) {
      if (content.length !== 4 && content.length !== 16)
        problem(`x509: cannot parse IP address of length ${content.length}`);
      ips.push(content);
    }
  }
  return { dns, emails, ips, urls };
}

function parseName(text: string): Url {
  let url: Url;
  try {
    url = parseUrl(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return problem(`x509: cannot parse URI ${JSON.stringify(text)}: ${why}`);
  }
  if (!isDomain(url.host, false)) problem(`x509: cannot parse URI ${JSON.stringify(text)}: invalid domain`);
  return url;
}

function parseBasic(value: Uint8Array): { isCa: boolean; maxPathLength: number } {
  const refused = refuse('basic constraints');
  const reader = open(value, 'basic constraints');
  const isCa = reader.peek(TAG.boolean) ? (reader.boolean() ?? refused()) : false;
  const length = reader.peek(TAG.integer) ? (reader.integer() ?? refused()) : -1n;
  if (length < -1n || length >= 2n ** 63n) refused();
  return { isCa, maxPathLength: Number(length) };
}

function parseCrl(value: Uint8Array): readonly string[] {
  const urls: string[] = [];
  const reader = open(value, 'CRL distribution points');
  const refused = refuse('CRL distribution point');
  while (!reader.empty) {
    const point = reader.enter(TAG.sequence) ?? refused();
    if (!point.peek(explicit(0))) continue;
    const name = point.enter(explicit(0)) ?? refused();
    const full = name.enter(explicit(0)) ?? refused();
    while (full.peek(context(6))) urls.push(latin1(full.read(context(6)) ?? refused()));
  }
  return urls;
}

function parsePolicies(value: Uint8Array): readonly (readonly number[])[] {
  const policies = new Map<string, readonly number[]>();
  const refused = refuse('certificate policies');
  const reader = open(value, 'certificate policies');
  while (!reader.empty) {
    const oid = reader.enter(TAG.sequence)?.oid() ?? refused();
    if (policies.has(oid.join('.'))) refused();
    policies.set(oid.join('.'), oid);
  }
  return [...policies.values()];
}

function parseMappings(value: Uint8Array): NonNullable<Extended['mappings']> {
  const mappings: (readonly [readonly number[], readonly number[]])[] = [];
  const refused = refuse('policy mappings extension');
  const reader = open(value, 'policy mappings extension');
  while (!reader.empty) {
    const pair = reader.enter(TAG.sequence) ?? refused();
    mappings.push([pair.oid() ?? refused(), pair.oid() ?? refused()]);
  }
  return mappings;
}

function parseAuthorityKeyId(value: Uint8Array): Uint8Array | null {
  const reader = open(value, 'authority key identifier');
  return reader.peek(context(0)) ? (reader.read(context(0)) ?? refuse('authority key identifier')()) : null;
}

function parsePolicyConstraints(value: Uint8Array, out: Extended): void {
  const reader = open(value, 'policy constraints extension');
  const limit = (tag: number): Limit => {
    if (!reader.peek(tag)) return undefined;
    const { content } = reader.any() ?? refuse('policy constraints extension')();
    const found = integerOf(content) ?? refuse('policy constraints extension')();
    return Number(found);
  };
  out.requireExplicitPolicy = limit(context(0));
  out.inhibitPolicyMapping = limit(context(1));
}

/** Extended key usages by the numbers that Go gives them. */
const USAGES: readonly string[] = [
  '2.5.29.37.0',
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `1.3.6.1.5.5.7.3.${n}`),
  '1.3.6.1.4.1.311.10.3.3',
  '2.16.840.1.113730.4.1',
  '1.3.6.1.4.1.311.2.1.22',
  '1.3.6.1.4.1.311.61.1.1',
];

function parseUsages(value: Uint8Array): NonNullable<Extended['usages']> {
  const known: number[] = [];
  const unknown: (readonly number[])[] = [];
  const reader = open(value, 'extended key usages');
  while (!reader.empty) {
    const oid = reader.oid() ?? refuse('extended key usages')();
    const usage = USAGES.indexOf(oid.join('.'));
    if (usage < 0) unknown.push(oid);
    else known.push(usage);
  }
  return { known, unknown };
}

function parseInformation(value: Uint8Array, out: Extended): void {
  const refused = refuse('authority info access');
  const reader = open(value, 'authority info access');
  const ocsp: string[] = [];
  const issuers: string[] = [];
  while (!reader.empty) {
    const access = reader.enter(TAG.sequence) ?? refused();
    const method = (access.oid() ?? refused()).join('.');
    if (!access.peek(context(6))) continue;
    const url = latin1(access.read(context(6)) ?? refused());
    if (method === '1.3.6.1.5.5.7.48.1') ocsp.push(url);
    else if (method === '1.3.6.1.5.5.7.48.2') issuers.push(url);
  }
  out.ocsp = ocsp;
  out.issuerUrls = issuers;
}
