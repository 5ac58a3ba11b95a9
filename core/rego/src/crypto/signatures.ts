import type { HashName, HostCrypto, Scheme } from '../host-crypto.ts';
import { concat, equalInConstantTime, fromBigInt, toBigInt } from './bytes.ts';
import { curveNamed } from './curves.ts';
import { integer, sequence } from './der-write.ts';
import { DerReader, TAG } from './der.ts';
import type { Jwk } from './jwk.ts';
import { isUsableRsa, toPkcs8, toPublicKeyInfo } from './keys.ts';
import type { EcPublic, PublicKey } from './keys.ts';

/** A signature algorithm of JOSE (RFC 7518, RFC 8037). `none` is none of them. */
export type Algorithm =
  | { readonly family: 'hmac'; readonly hash: HashName }
  | { readonly family: 'rsa'; readonly hash: HashName; readonly pss: boolean }
  | { readonly family: 'ecdsa'; readonly hash: HashName }
  | { readonly family: 'eddsa' };

export function algorithmNamed(name: string): Algorithm | undefined {
  if (name === 'EdDSA') return { family: 'eddsa' };
  const found = /^([HRPE])S(256|384|512)$/.exec(name);
  if (found === null) return undefined;
  const hash = `sha${found[2]}` as HashName;
  switch (found[1]) {
    case 'H':
      return { family: 'hmac', hash };
    case 'E':
      return { family: 'ecdsa', hash };
    default:
      return { family: 'rsa', hash, pss: found[1] === 'P' };
  }
}

/** How strictly a signature is read, which differs between OPA's two ways to verify. */
export type Reading =
  /** `io.jwt.verify_*`: RSA-PSS salts of any length; ECDSA signatures in halves of any length; public keys only. */
  | 'lenient'
  /** `io.jwt.decode_verify`: salts as long as the hash, halves as long as a coordinate; a private key stands for its public half. */
  | 'strict';

/**
 * Does this key verify? Kind of key and algorithm must belong together, so that no public key ever serves as the secret of an
 * HMAC.
 */
export function verifies(
  crypto: HostCrypto,
  algorithm: Algorithm,
  { key }: Jwk,
  data: Uint8Array,
  signature: Uint8Array,
  reading: Reading,
): boolean {
  if (algorithm.family === 'hmac')
    return (
      key.is === 'secret' &&
      key.bytes.length > 0 &&
      equalInConstantTime(crypto.hmac(algorithm.hash, key.bytes, data), signature)
    );
  if (key.is === 'secret' || (key.is === 'private' && reading === 'lenient')) return false;
  const half = key.is === 'private' ? key.key.public : key.key;
  switch (algorithm.family) {
    case 'rsa': {
      if (half.kind !== 'rsa') return false;
      const { hash, pss } = algorithm;
      return verifiesWith(
        crypto,
        pss ? { kind: 'pss', hash, salt: reading === 'strict' ? 'hash' : 'any' } : { kind: 'pkcs1', hash },
        half,
        data,
        signature,
      );
    }
    case 'ecdsa': {
      if (half.kind !== 'ec') return false;
      const size = curveNamed(half.curve)?.size ?? 0;
      if (reading === 'strict' && signature.length !== 2 * size) return false;
      const middle = Math.floor(signature.length / 2);
      const r = toBigInt(signature.subarray(0, middle));
      const s = toBigInt(signature.subarray(middle));
      const scheme: Scheme = { kind: 'ecdsa', hash: algorithm.hash };
      return verifiesWith(crypto, scheme, half, data, sequence(integer(r), integer(s)));
    }
    case 'eddsa':
      return half.kind === 'ed25519' && verifiesWith(crypto, { kind: 'ed25519' }, half, data, signature);
  }
}

/** Does this key verify by this scheme? ECDSA signatures are DER. */
export function verifiesWith(
  crypto: HostCrypto,
  scheme: Scheme,
  key: PublicKey,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (key.kind === 'rsa' && !isUsableRsa(key)) return false;
  const info = toPublicKeyInfo(key);
  return info !== undefined && crypto.verify(scheme, info, data, signature);
}

/** A signature as JOSE writes it; null when the key is not one for the algorithm. */
export function signed(
  crypto: HostCrypto,
  algorithm: Algorithm,
  { key }: Jwk,
  data: Uint8Array,
): Uint8Array | null {
  if (algorithm.family === 'hmac')
    return key.is === 'secret' ? crypto.hmac(algorithm.hash, key.bytes, data) : null;
  if (key.is !== 'private') return null;
  const sign = (scheme: Scheme): Uint8Array | null => crypto.sign(scheme, toPkcs8(key.key), data) ?? null;
  switch (algorithm.family) {
    case 'rsa': {
      if (key.key.kind !== 'rsa' || !isUsableRsa(key.key.public)) return null;
      const { hash, pss } = algorithm;
      return sign(pss ? { kind: 'pss', hash, salt: 'hash' } : { kind: 'pkcs1', hash });
    }
    case 'ecdsa': {
      if (key.key.kind !== 'ec') return null;
      const made = sign({ kind: 'ecdsa', hash: algorithm.hash });
      return made === null ? null : halves(made, key.key.public);
    }
    case 'eddsa':
      return key.key.kind === 'ed25519' ? sign({ kind: 'ed25519' }) : null;
  }
}

/** Both numbers of a DER signature side by side, each as long as a coordinate. */
function halves(der: Uint8Array, { curve }: EcPublic): Uint8Array | null {
  const size = curveNamed(curve)?.size ?? 0;
  const reader = new DerReader(der).enter(TAG.sequence);
  const [r, s] = [reader?.integer(), reader?.integer()];
  return typeof r !== 'bigint' || typeof s !== 'bigint'
    ? null
    : concat(fromBigInt(r, size), fromBigInt(s, size));
}
