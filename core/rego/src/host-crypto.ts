/** A hash function by its usual name. MD5 and SHA-1 exist for fingerprints; no signature of a token rests on them. */
export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** How a signature is made. ECDSA signatures are DER on both sides of this interface. */
export type Scheme =
  | { readonly kind: 'pkcs1'; readonly hash: HashName }
  /** `salt`: as long as the hash, or (only when verifying) of any length. */
  | { readonly kind: 'pss'; readonly hash: HashName; readonly salt: 'hash' | 'any' }
  | { readonly kind: 'ecdsa'; readonly hash: HashName }
  | { readonly kind: 'ed25519' };

/**
 * What built-ins need of a cryptographic library. All calls are synchronous. Public keys are SubjectPublicKeyInfo, private
 * keys PKCS #8, both in DER.
 */
export interface HostCrypto {
  readonly hash: (name: HashName, data: Uint8Array) => Uint8Array;
  readonly hmac: (name: HashName, key: Uint8Array, data: Uint8Array) => Uint8Array;
  /** Bytes that nobody can predict. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** False for a wrong signature and for a key that the library does not take. */
  readonly verify: (
    scheme: Scheme,
    publicKey: Uint8Array,
    data: Uint8Array,
    signature: Uint8Array,
  ) => boolean;
  /** Undefined when the library does not take the key. */
  readonly sign: (scheme: Scheme, privateKey: Uint8Array, data: Uint8Array) => Uint8Array | undefined;
  /** The public half of a private key; undefined when the library does not take it. */
  readonly publicKey: (privateKey: Uint8Array) => Uint8Array | undefined;
}
