import { DerReader, explicit, TAG } from '../crypto/der.ts';
import { OID, sameOid } from '../crypto/keys.ts';
import type { AlgorithmIdentifier } from '../crypto/keys.ts';
import type { HashName, Scheme } from '../host-crypto.ts';

/** A signature algorithm by the number that Go gives it. */
interface Known {
  readonly number: number;
  readonly oid: string;
  /** Null for algorithms that verify nothing here: MD5, SHA-1 and DSA. */
  readonly scheme: Scheme | null;
}

const pkcs1 = (number: number, last: number, hash: HashName): Known => ({
  number,
  oid: `1.2.840.113549.1.1.${last}`,
  scheme: { kind: 'pkcs1', hash },
});
const ecdsa = (number: number, last: number, hash: HashName): Known => ({
  number,
  oid: `1.2.840.10045.4.3.${last}`,
  scheme: { kind: 'ecdsa', hash },
});
const shownOnly = (number: number, oid: string): Known => ({ number, oid, scheme: null });

const KNOWN: readonly Known[] = [
  shownOnly(2, '1.2.840.113549.1.1.4'),
  shownOnly(3, '1.2.840.113549.1.1.5'),
  shownOnly(3, '1.3.14.3.2.29'),
  pkcs1(4, 11, 'sha256'),
  pkcs1(5, 12, 'sha384'),
  pkcs1(6, 13, 'sha512'),
  shownOnly(7, '1.2.840.10040.4.3'),
  shownOnly(8, '2.16.840.1.101.3.4.3.2'),
  shownOnly(9, '1.2.840.10045.4.1'),
  ecdsa(10, 2, 'sha256'),
  ecdsa(11, 3, 'sha384'),
  ecdsa(12, 4, 'sha512'),
];

const PSS: readonly (readonly [string, HashName, number, number])[] = [
  ['2.16.840.1.101.3.4.2.1', 'sha256', 32, 13],
  ['2.16.840.1.101.3.4.2.2', 'sha384', 48, 14],
  ['2.16.840.1.101.3.4.2.3', 'sha512', 64, 15],
];

const UNKNOWN: Known = { number: 0, oid: '', scheme: null };

/** The signature algorithm of an identifier; number 0 when it is not known. */
export function signatureAlgorithm({ oid, parameters }: AlgorithmIdentifier): Omit<Known, 'oid'> {
  const name = oid.join('.');
  if (name === OID.ed25519.join('.'))
    return parameters.length === 0 ? { number: 16, scheme: { kind: 'ed25519' } } : UNKNOWN;
  if (name === '1.2.840.113549.1.1.10') return pssAlgorithm(parameters);
  return KNOWN.find((known) => known.oid === name) ?? UNKNOWN;
}

/** RSA-PSS counts only with one hash throughout and a salt as long as it (RFC 4055, 3.1). */
function pssAlgorithm(parameters: Uint8Array): Omit<Known, 'oid'> {
  const reader = new DerReader(parameters).enter(TAG.sequence);
  const hash = reader?.enter(explicit(0))?.enter(TAG.sequence);
  const mask = reader?.enter(explicit(1))?.enter(TAG.sequence);
  const salt = reader?.enter(explicit(2))?.integer();
  const trailer = reader?.peek(explicit(3)) === true ? reader.enter(explicit(3))?.integer() : 1n;
  const hashOid = hash?.oid()?.join('.');
  const isMgf1 = mask?.oid()?.join('.') === '1.2.840.113549.1.1.8';
  const maskHash = mask?.enter(TAG.sequence);
  const maskOid = maskHash?.oid()?.join('.');
  const plain = [hash, maskHash].every(
    (part) => part !== null && part !== undefined && (part.empty || isNull(part.remaining)),
  );
  const found = PSS.find(([name, , length]) => name === hashOid && salt === BigInt(length));
  if (found === undefined || !isMgf1 || maskOid !== hashOid || !plain || trailer !== 1n) return UNKNOWN;
  return { number: found[3], scheme: { kind: 'pss', hash: found[1], salt: 'hash' } };
}

const isNull = (bytes: Uint8Array): boolean => bytes.length === 2 && bytes[0] === TAG.null && bytes[1] === 0;

/** A kind of public key by the number that Go gives it; 0 when it is not known. */
export function publicKeyAlgorithm(oid: readonly number[]): number {
  return 1 + [OID.rsa, OID.dsa, OID.ec, OID.ed25519].findIndex((known) => sameOid(known, oid));
}
