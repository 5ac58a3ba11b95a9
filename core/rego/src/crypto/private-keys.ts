import type { HostCrypto } from '../host-crypto.ts';
import { toBigInt, withoutLeadingZeros } from './bytes.ts';
import { curveOf } from './curves.ts';
import type { Curve } from './curves.ts';
import { DerReader, explicit, TAG } from './der.ts';
import { ecPkcs8, OID, okpPkcs8, parsePublicKeyInfo, sameOid } from './keys.ts';
import type { EcPrivate, OkpPrivate, PrivateKey, RsaPrivate } from './keys.ts';
import { Problem, problem } from './problem.ts';

const STRUCTURE = 'asn1: structure error: the fields are not those of a private key';

/** Fields that a private key format has, read but not judged. */
interface Pkcs1 {
  readonly version: bigint;
  readonly numbers: readonly bigint[];
  readonly more: readonly bigint[];
}

interface Pkcs8 {
  readonly algorithm: readonly number[];
  readonly parameters: Uint8Array;
  readonly key: Uint8Array;
}

interface Sec1 {
  readonly version: bigint;
  readonly key: Uint8Array;
  readonly curve: readonly number[] | null;
}

function readPkcs1(bytes: Uint8Array): Pkcs1 | null {
  const outer = new DerReader(bytes);
  const reader = outer.enter(TAG.sequence);
  const version = reader?.integer() ?? null;
  if (reader === null || version === null) return null;
  const numbers: bigint[] = [];
  for (let i = 0; i < 8; i += 1) {
    const found = reader.integer();
    if (found === null) return null;
    numbers.push(found);
  }
  const more: bigint[] = [];
  const others = reader.peek(TAG.sequence) ? reader.enter(TAG.sequence) : null;
  while (others !== null && !others.empty) {
    const prime = others.enter(TAG.sequence)?.integer() ?? null;
    if (prime === null) return null;
    more.push(prime);
  }
  if (!outer.empty) problem('asn1: syntax error: trailing data');
  return { version, numbers, more };
}

function readPkcs8(bytes: Uint8Array): Pkcs8 | null {
  const reader = new DerReader(bytes).enter(TAG.sequence);
  if (reader === null || reader.integer() === null) return null;
  const identifier = reader.enter(TAG.sequence);
  const algorithm = identifier?.oid() ?? null;
  const parameters = identifier === null || identifier.empty ? new Uint8Array() : identifier.any()?.whole;
  const key = reader.read(TAG.octetString);
  if (algorithm === null || parameters === undefined || key === null) return null;
  return { algorithm, parameters, key };
}

function readSec1(bytes: Uint8Array): Sec1 | null {
  const reader = new DerReader(bytes).enter(TAG.sequence);
  const version = reader?.integer() ?? null;
  const key = reader?.read(TAG.octetString) ?? null;
  if (reader === null || version === null || key === null) return null;
  const named = reader.enter(explicit(0));
  const curve = named?.oid() ?? null;
  return named !== null && curve === null ? null : { version, key, curve };
}

function insteadOf(other: string): never {
  return problem(`x509: failed to parse private key (use ${other} instead for this key format)`);
}

/** Private keys in their three wrappings. Throws Problem. The library makes public halves that the wrapping lacks. */
export class PrivateKeys {
  private readonly crypto: HostCrypto;

  constructor(crypto: HostCrypto) {
    this.crypto = crypto;
  }

  pkcs1(bytes: Uint8Array): RsaPrivate {
    const found = readPkcs1(bytes);
    if (found === null) {
      if (readSec1(bytes) !== null) return insteadOf('ParseECPrivateKey');
      return readPkcs8(bytes) === null ? problem(STRUCTURE) : insteadOf('ParsePKCS8PrivateKey');
    }
    if (found.version > 1n) problem('x509: unsupported private key version');
    const [n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dp = 0n, dq = 0n, qinv = 0n] = found.numbers;
    if ([n, d, p, q, dp, dq, qinv].some((value) => value <= 0n))
      problem('x509: private key contains zero or negative value');
    if (found.more.some((prime) => prime <= 0n)) problem('x509: private key contains zero or negative prime');
    const primes = [p, q, ...found.more];
    return checkedRsa({ kind: 'rsa', public: { kind: 'rsa', n, e }, d, primes, dp, dq, qinv });
  }

  pkcs8(bytes: Uint8Array): PrivateKey {
    const found = readPkcs8(bytes);
    if (found === null) {
      if (readSec1(bytes) !== null) return insteadOf('ParseECPrivateKey');
      return readPkcs1(bytes) === null ? problem(STRUCTURE) : insteadOf('ParsePKCS1PrivateKey');
    }
    if (sameOid(found.algorithm, OID.rsa))
      return within('x509: failed to parse RSA private key embedded in PKCS#8', () => this.pkcs1(found.key));
    if (sameOid(found.algorithm, OID.ec)) {
      const named = new DerReader(found.parameters).oid();
      return within('x509: failed to parse EC private key embedded in PKCS#8', () =>
        this.sec1(found.key, named),
      );
    }
    for (const kind of ['ed25519', 'x25519'] as const)
      if (sameOid(found.algorithm, OID[kind])) return this.okpIn(kind, found);
    return problem(
      `x509: PKCS#8 wrapping contained private key with unknown algorithm: ${found.algorithm.join('.')}`,
    );
  }

  sec1(bytes: Uint8Array, named: readonly number[] | null = null): EcPrivate {
    const found = readSec1(bytes);
    if (found === null) {
      if (readPkcs8(bytes) !== null) return insteadOf('ParsePKCS8PrivateKey');
      if (readPkcs1(bytes) !== null) return insteadOf('ParsePKCS1PrivateKey');
      return problem(`x509: failed to parse EC private key: ${STRUCTURE}`);
    }
    if (found.version !== 1n) problem(`x509: unknown EC private key version ${found.version}`);
    const curve = curveOf(named ?? found.curve ?? []) ?? problem('x509: unknown elliptic curve');
    if (withoutLeadingZeros(found.key).length > curve.size) problem('x509: invalid private key length');
    return this.ec(curve, toBigInt(found.key));
  }

  /** The key of a scalar. */
  ec(curve: Curve, d: bigint): EcPrivate {
    const info = d <= 0n || d >= curve.n ? undefined : this.crypto.publicKey(ecPkcs8(curve.name, d));
    const found = info === undefined ? undefined : parsePublicKeyInfo(info);
    if (found?.kind !== 'ec') return problem('ecdsa: private key scalar is zero or too large');
    return { kind: 'ec', public: found, d };
  }

  /** The key of a seed of 32 bytes. */
  okp(kind: OkpPrivate['kind'], seed: Uint8Array): OkpPrivate {
    const info = this.crypto.publicKey(okpPkcs8(kind, seed));
    const found = info === undefined ? undefined : parsePublicKeyInfo(info);
    if (found?.kind !== 'ed25519' && found?.kind !== 'x25519') return problem(`${kind}: invalid private key`);
    return { kind, public: found, seed };
  }

  private okpIn(kind: OkpPrivate['kind'], { parameters, key }: Pkcs8): OkpPrivate {
    const name = kind === 'ed25519' ? 'Ed25519' : 'X25519';
    if (parameters.length > 0) problem(`x509: invalid ${name} private key parameters`);
    const seed =
      new DerReader(key).read(TAG.octetString) ?? problem(`x509: invalid ${name} private key: ${STRUCTURE}`);
    if (seed.length !== 32)
      problem(
        kind === 'ed25519'
          ? `x509: invalid Ed25519 private key length: ${seed.length}`
          : 'crypto/ecdh: invalid private key size',
      );
    return this.okp(kind, seed);
  }
}

function within<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) throw new Problem(`${what}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Two or more primes that make up the modulus, and exponents that undo each other. */
function checkedRsa(key: RsaPrivate): RsaPrivate {
  const { n, e } = key.public;
  if (key.primes.some((prime) => prime <= 1n)) problem('crypto/rsa: invalid prime value');
  if (key.primes.reduce((product, prime) => product * prime, 1n) !== n) problem('crypto/rsa: p * q != n');
  if (e <= 1n || (e & 1n) === 0n) problem('crypto/rsa: public exponent is even or too small');
  if (key.primes.some((prime) => (key.d * e) % (prime - 1n) !== 1n)) problem('crypto/rsa: invalid exponents');
  const [p = 0n, q = 0n] = key.primes;
  if (key.dp !== key.d % (p - 1n) || key.dq !== key.d % (q - 1n) || (key.qinv * q) % p !== 1n)
    problem('crypto/rsa: invalid CRT coefficients');
  return key;
}
