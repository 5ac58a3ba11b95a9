import { sameBytes } from '../crypto/bytes.ts';
import { context, DerReader, explicit, rightAligned, TAG } from '../crypto/der.ts';
import { algorithmOf, publicKeyOf } from '../crypto/keys.ts';
import type { AlgorithmIdentifier, PublicKey } from '../crypto/keys.ts';
import { problem } from '../crypto/problem.ts';
import { publicKeyAlgorithm } from './algorithms.ts';
import { readExtensions } from './extensions.ts';
import type { Extended, Extension } from './extensions.ts';
import { parseName } from './name.ts';
import type { Attribute } from './name.ts';
import { readTime } from './time.ts';
import type { Moment } from './time.ts';

/** An X.509 certificate (RFC 5280). The raw fields are the bytes as they were written. */
export interface Certificate {
  readonly raw: Uint8Array;
  readonly rawToBeSigned: Uint8Array;
  readonly rawIssuer: Uint8Array;
  readonly rawSubject: Uint8Array;
  readonly rawPublicKey: Uint8Array;
  readonly version: number;
  readonly serial: bigint;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly issuer: readonly Attribute[];
  readonly subject: readonly Attribute[];
  readonly notBefore: Moment;
  readonly notAfter: Moment;
  readonly publicKeyOid: readonly number[];
  /** Null when its algorithm is not known. */
  readonly publicKey: PublicKey | null;
  readonly extensions: readonly Extension[];
  readonly extended: Extended;
  readonly signature: Uint8Array;
}

const refuse = (what: string) => (): never => problem(`x509: ${what}`);

/** Exactly one certificate; throws Problem. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const found = readCertificate(bytes);
  if (found.raw.length !== bytes.length) problem('x509: trailing data');
  return found;
}

/** Certificates one after the other; throws Problem. */
export function parseCertificates(bytes: Uint8Array): readonly Certificate[] {
  const found: Certificate[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const certificate = readCertificate(rest);
    found.push(certificate);
    rest = rest.subarray(certificate.raw.length);
  }
  return found;
}

function readCertificate(bytes: Uint8Array): Certificate {
  const malformed = (what: string): never => refuse(`malformed ${what}`)();
  const outer = new DerReader(bytes).element(TAG.sequence) ?? malformed('certificate');
  const reader = new DerReader(outer.content);
  const signed = reader.element(TAG.sequence) ?? malformed('tbs certificate');
  const inner = new DerReader(signed.content);
  const version = readVersion(inner);
  const serial = inner.integer() ?? malformed('serial number');
  if (serial < 0n) problem('x509: negative serial number');
  const innerAlgorithm = inner.read(TAG.sequence) ?? malformed('signature algorithm identifier');
  const outerAlgorithm = reader.read(TAG.sequence) ?? malformed('algorithm identifier');
  if (!sameBytes(innerAlgorithm, outerAlgorithm))
    problem("x509: inner and outer signature algorithm identifiers don't match");
  const signatureAlgorithm = algorithmOf(new DerReader(innerAlgorithm));
  const issuer = inner.element(TAG.sequence) ?? malformed('issuer');
  const issuerName = parseName(issuer.whole);
  const validity = inner.enter(TAG.sequence) ?? malformed('validity');
  const [notBefore, notAfter] = [readTime(validity), readTime(validity)];
  const subject = inner.element(TAG.sequence) ?? malformed('issuer');
  const subjectName = parseName(subject.whole);
  const publicKey = readPublicKey(inner);
  const extensions = version > 1 ? readRest(inner, version) : [];
  const extended = readExtensions(extensions);
  const signature = reader.bitString() ?? malformed('signature');
  return {
    raw: outer.whole,
    rawToBeSigned: signed.whole,
    rawIssuer: issuer.whole,
    rawSubject: subject.whole,
    ...publicKey,
    version,
    serial,
    signatureAlgorithm,
    issuer: issuerName,
    subject: subjectName,
    notBefore,
    notAfter,
    extensions,
    extended,
    signature: rightAligned(signature),
  };
}

function readVersion(reader: DerReader): number {
  if (!reader.peek(explicit(0))) return 1;
  const found = reader.enter(explicit(0))?.integer() ?? null;
  if (found === null || found < 0n) return problem('x509: malformed version');
  return found > 2n ? problem('x509: invalid version') : Number(found) + 1;
}

/** The key of a SubjectPublicKeyInfo with the bytes it was read from; throws Problem. */
export function readPublicKey(
  reader: DerReader,
): Pick<Certificate, 'rawPublicKey' | 'publicKeyOid' | 'publicKey'> {
  const info = reader.element(TAG.sequence) ?? problem('x509: malformed spki');
  const inner = new DerReader(info.content);
  const identifier = inner.enter(TAG.sequence) ?? problem('x509: malformed public key algorithm identifier');
  const algorithm = algorithmOf(identifier);
  const bits = inner.bitString() ?? problem('x509: malformed subjectPublicKey');
  const isKnown = publicKeyAlgorithm(algorithm.oid) !== 0;
  return {
    rawPublicKey: info.whole,
    publicKeyOid: algorithm.oid,
    publicKey: isKnown ? publicKeyOf(algorithm, rightAligned(bits)) : null,
  };
}

function readRest(reader: DerReader, version: number): readonly Extension[] {
  for (const [n, name] of [
    [1, 'issuerUniqueID'],
    [2, 'subjectUniqueID'],
  ] as const)
    if (reader.peek(context(n)) && reader.any() === null) problem(`x509: malformed ${name}`);
  if (version < 3 || !reader.peek(explicit(3))) return [];
  const list = reader.enter(explicit(3))?.enter(TAG.sequence) ?? problem('x509: malformed extensions');
  return readExtensionList(list);
}

function readExtensionList(list: DerReader): readonly Extension[] {
  const found = new Map<string, Extension>();
  while (!list.empty) {
    const extension = readExtension(list.enter(TAG.sequence) ?? problem('x509: malformed extension'));
    const name = extension.id.join('.');
    if (found.has(name))
      problem(`x509: certificate contains duplicate extension with OID ${JSON.stringify(name)}`);
    found.set(name, extension);
  }
  return [...found.values()];
}

/** Throws Problem. */
export function readExtension(reader: DerReader): Extension {
  const id = reader.oid() ?? problem('x509: malformed extension OID field');
  const critical = reader.peek(TAG.boolean)
    ? (reader.boolean() ?? problem('x509: malformed extension critical field'))
    : false;
  const value = reader.read(TAG.octetString) ?? problem('x509: malformed extension value field');
  return { id, critical, value };
}
