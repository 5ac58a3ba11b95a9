import { bitLength, concat, fromBigInt } from './bytes.ts';
import { curveNamed, curveOf, pointOf } from './curves.ts';
import type { CurveName } from './curves.ts';
import { bits, der, integer, NULL, octets, oid, sequence } from './der-write.ts';
import { DerReader, explicit, rightAligned, TAG } from './der.ts';
import { problem } from './problem.ts';

export interface RsaPublic {
  readonly kind: 'rsa';
  readonly n: bigint;
  readonly e: bigint;
}

export interface EcPublic {
  readonly kind: 'ec';
  readonly curve: CurveName;
  readonly x: bigint;
  readonly y: bigint;
}

/** A key on an Edwards or Montgomery curve: 32 bytes. */
export interface OkpPublic {
  readonly kind: 'ed25519' | 'x25519';
  readonly x: Uint8Array;
}

/** Only ever shown; nothing is verified with it. */
export interface DsaPublic {
  readonly kind: 'dsa';
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly y: bigint;
}

export type PublicKey = RsaPublic | EcPublic | OkpPublic | DsaPublic;

/** Where two primes are all there are, the remainders speed a signature up (RFC 8017, 3.2). */
export interface RsaPrivate {
  readonly kind: 'rsa';
  readonly public: RsaPublic;
  readonly d: bigint;
  readonly primes: readonly bigint[];
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qinv: bigint;
}

export interface EcPrivate {
  readonly kind: 'ec';
  readonly public: EcPublic;
  readonly d: bigint;
}

export interface OkpPrivate {
  readonly kind: 'ed25519' | 'x25519';
  readonly public: OkpPublic;
  readonly seed: Uint8Array;
}

export type PrivateKey = RsaPrivate | EcPrivate | OkpPrivate;

export const OID = {
  rsa: [1, 2, 840, 113549, 1, 1, 1],
  ec: [1, 2, 840, 10045, 2, 1],
  x25519: [1, 3, 101, 110],
  ed25519: [1, 3, 101, 112],
  dsa: [1, 2, 840, 10040, 4, 1],
} as const;

export function sameOid(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((arc, i) => arc === b[i]);
}

/** An algorithm and its parameters as they were written (RFC 5280, 4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly oid: readonly number[];
  readonly parameters: Uint8Array;
}

export function algorithmOf(reader: DerReader): AlgorithmIdentifier {
  const found = reader.oid() ?? problem('x509: malformed OID');
  if (reader.empty) return { oid: found, parameters: new Uint8Array() };
  const parameters = reader.any() ?? problem('x509: malformed parameters');
  return { oid: found, parameters: parameters.whole };
}

/** The key of a SubjectPublicKeyInfo; null when its algorithm is none of these. Throws Problem. */
export function publicKeyOf(algorithm: AlgorithmIdentifier, data: Uint8Array): PublicKey | null {
  const parameters = new DerReader(algorithm.parameters);
  const none = algorithm.parameters.length === 0;
  switch (algorithm.oid.join('.')) {
    case OID.rsa.join('.'):
      return rsaPublic(algorithm.parameters, data);
    case OID.ec.join('.'): {
      const named = parameters.oid() ?? problem('x509: invalid ECDSA parameters');
      const curve = curveOf(named) ?? problem('x509: unsupported elliptic curve');
      const point = pointOf(curve, data) ?? problem('x509: failed to unmarshal elliptic curve point');
      return { kind: 'ec', curve: curve.name, ...point };
    }
    case OID.ed25519.join('.'):
      if (!none) problem('x509: Ed25519 key encoded with illegal parameters');
      if (data.length !== 32) problem('x509: wrong Ed25519 public key size');
      return { kind: 'ed25519', x: data };
    case OID.x25519.join('.'):
      if (!none) problem('x509: X25519 key encoded with illegal parameters');
      if (data.length !== 32) problem('crypto/ecdh: invalid public key');
      return { kind: 'x25519', x: data };
    case OID.dsa.join('.'):
      return dsaPublic(parameters, data);
    default:
      return null;
  }
}

function rsaPublic(parameters: Uint8Array, data: Uint8Array): RsaPublic {
  if (parameters.length !== 2 || parameters[0] !== NULL[0] || parameters[1] !== 0)
    problem('x509: RSA key missing NULL parameters');
  const reader = new DerReader(data).enter(TAG.sequence) ?? problem('x509: invalid RSA public key');
  const n = reader.integer() ?? problem('x509: invalid RSA modulus');
  const e = reader.integer() ?? problem('x509: invalid RSA public exponent');
  if (e >= 2n ** 63n || e < -(2n ** 63n)) problem('x509: invalid RSA public exponent');
  if (n <= 0n) problem('x509: RSA modulus is not a positive number');
  if (e <= 0n) problem('x509: RSA public exponent is not a positive number');
  return { kind: 'rsa', n, e };
}

function dsaPublic(parameters: DerReader, data: Uint8Array): DsaPublic {
  const y = new DerReader(data).integer() ?? problem('x509: invalid DSA public key');
  const reader = parameters.enter(TAG.sequence);
  const [p, q, g] = [reader?.integer(), reader?.integer(), reader?.integer()];
  if (typeof p !== 'bigint' || typeof q !== 'bigint' || typeof g !== 'bigint')
    return problem('x509: invalid DSA parameters');
  if (y <= 0n || p <= 0n || q <= 0n || g <= 0n) problem('x509: zero or negative DSA parameter');
  return { kind: 'dsa', p, q, g, y };
}

/** The key of a PKIX `PUBLIC KEY` block; throws Problem. */
export function parsePublicKeyInfo(bytes: Uint8Array): PublicKey {
  const outer = new DerReader(bytes);
  const info = outer.enter(TAG.sequence) ?? problem('asn1: structure error: tags do not match');
  const algorithm = info.enter(TAG.sequence) ?? problem('asn1: structure error: tags do not match');
  const identifier = algorithmOf(algorithm);
  const data = info.bitString() ?? problem('asn1: structure error: tags do not match');
  if (!outer.empty) problem('x509: trailing data after ASN.1 of public-key');
  return publicKeyOf(identifier, rightAligned(data)) ?? problem('x509: unknown public key algorithm');
}

/** A public key as SubjectPublicKeyInfo; undefined for kinds that verify nothing. */
export function toPublicKeyInfo(key: PublicKey): Uint8Array | undefined {
  switch (key.kind) {
    case 'rsa':
      return sequence(
        sequence(oid(OID.rsa), Uint8Array.from(NULL)),
        bits(sequence(integer(key.n), integer(key.e))),
      );
    case 'ec': {
      const curve = curveNamed(key.curve);
      if (curve === undefined) return undefined;
      const point = concat(Uint8Array.of(4), fromBigInt(key.x, curve.size), fromBigInt(key.y, curve.size));
      return sequence(sequence(oid(OID.ec), oid(curve.oid)), bits(point));
    }
    case 'ed25519':
    case 'x25519':
      return sequence(sequence(oid(OID[key.kind])), bits(key.x));
    case 'dsa':
      return undefined;
  }
}

/** A private key as PKCS #8 (RFC 5958). */
export function toPkcs8(key: PrivateKey): Uint8Array {
  const version = integer(0n);
  switch (key.kind) {
    case 'rsa':
      return sequence(version, sequence(oid(OID.rsa), Uint8Array.from(NULL)), octets(toPkcs1(key)));
    case 'ec':
      return ecPkcs8(key.public.curve, key.d);
    case 'ed25519':
    case 'x25519':
      return okpPkcs8(key.kind, key.seed);
  }
}

export function okpPkcs8(kind: OkpPrivate['kind'], seed: Uint8Array): Uint8Array {
  return sequence(integer(0n), sequence(oid(OID[kind])), octets(octets(seed)));
}

export function ecPkcs8(name: CurveName, d: bigint): Uint8Array {
  const curve = curveNamed(name);
  const parameters = oid(curve?.oid ?? []);
  const inner = sequence(integer(1n), octets(fromBigInt(d, curve?.size)), der(explicit(0), parameters));
  return sequence(integer(0n), sequence(oid(OID.ec), parameters), octets(inner));
}

function toPkcs1(key: RsaPrivate): Uint8Array {
  const [p = 0n, q = 0n] = key.primes;
  const numbers = [0n, key.public.n, key.public.e, key.d, p, q, key.dp, key.dq, key.qinv];
  return sequence(...numbers.map(integer));
}

/** What Go's crypto/rsa requires before it verifies anything. */
export function isUsableRsa({ n, e }: RsaPublic): boolean {
  return bitLength(n) >= 1024 && (n & 1n) === 1n && e >= 2n && (e & 1n) === 1n && e < 2n ** 31n;
}
