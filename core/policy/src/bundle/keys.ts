/** Keys that sign and verify bundles, for Web Cryptography. */
import { type Curve, pkcs8OfEc, pkcs8OfRsa, spkiOfCertificate, spkiOfRsa } from './der.ts';
import { BundleError } from './errors.ts';

const families = { RS: 'RSASSA-PKCS1-v1_5', PS: 'RSA-PSS', ES: 'ECDSA', HS: 'HMAC' } as const;
const curves: Readonly<Record<string, Curve>> = { '256': 'P-256', '384': 'P-384', '512': 'P-521' };

/** Names of RFC 7518 and RFC 8037. */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'HS256',
  'HS384',
  'HS512',
  'EdDSA',
] as const;

export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** Throws BundleError `bad_key`. */
export function parseSignatureAlgorithm(name: string): SignatureAlgorithm {
  const found = signatureAlgorithms.find((one) => one === name);
  if (found === undefined)
    throw new BundleError(
      'bad_key',
      `${JSON.stringify(name.slice(0, 40))} is no signature algorithm; there are ${signatureAlgorithms.join(', ')}`,
    );
  return found;
}

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

type Use = 'sign' | 'verify';

/** What an algorithm is called where keys are imported and used. */
type Parameters = {
  readonly family: keyof typeof families | 'Ed';
  readonly imported: RsaHashedImportParams | EcKeyImportParams | HmacImportParams | Algorithm;
  readonly used: Algorithm | RsaPssParams | EcdsaParams;
  readonly curve: Curve;
};

type RsaHashedImportParams = { name: string; hash: string };
type EcKeyImportParams = { name: string; namedCurve: string };
type HmacImportParams = { name: string; hash: string };
type Algorithm = { name: string };
type RsaPssParams = { name: string; saltLength: number };
type EcdsaParams = { name: string; hash: string };

function parametersOf(algorithm: SignatureAlgorithm): Parameters {
  const bits = algorithm.slice(2);
  const hash = `SHA-${bits}`;
  const curve = curves[bits] ?? 'P-256';
  if (algorithm === 'EdDSA')
    return { family: 'Ed', imported: { name: 'Ed25519' }, used: { name: 'Ed25519' }, curve };
  const family = algorithm.slice(0, 2) as keyof typeof families;
  const name = families[family];
  switch (family) {
    case 'ES':
      return { family, imported: { name, namedCurve: curve }, used: { name, hash }, curve };
    case 'PS':
      return { family, imported: { name, hash }, used: { name, saltLength: Number(bits) / 8 }, curve };
    case 'RS':
    case 'HS':
      return { family, imported: { name, hash }, used: { name }, curve };
    default:
      return family satisfies never;
  }
}

const minRsaBits = 2048;

/**
 * @param key PEM (PKCS #8, SPKI, PKCS #1, SEC 1, a certificate), or the secret itself for HMAC
 * Throws BundleError `bad_key`.
 */
async function importKey(algorithm: SignatureAlgorithm, key: string, use: Use): Promise<CryptoKey> {
  const { family, imported, curve } = parametersOf(algorithm);
  if (family === 'HS') {
    if (key === '') throw new BundleError('bad_key', 'the secret is empty');
    if (key.includes('-----BEGIN'))
      throw new BundleError('bad_key', `${algorithm} needs a secret, not a key in PEM`);
    return crypto.subtle.importKey('raw', new TextEncoder().encode(key), imported, false, [use]);
  }
  const found = /-----BEGIN ([A-Z0-9 ]+)-----([\sA-Za-z0-9+/=]+)-----END \1-----/.exec(
    key.replace(/-----BEGIN EC PARAMETERS-----[^-]*-----END EC PARAMETERS-----/, ''),
  );
  if (!found) throw new BundleError('bad_key', `${algorithm} needs a key in PEM (-----BEGIN …)`);
  const [, label = '', base64 = ''] = found;
  const unwrapped = unwrap(label, bytesOf(base64), use, curve);
  if (!unwrapped)
    throw new BundleError(
      'bad_key',
      `a ${label.toLowerCase()} cannot ${use} with ${algorithm}; give the ${use === 'sign' ? 'private' : 'public'} key`,
    );
  let made: CryptoKey;
  try {
    made = await crypto.subtle.importKey(use === 'sign' ? 'pkcs8' : 'spki', unwrapped, imported, false, [
      use,
    ]);
  } catch (error) {
    throw new BundleError('bad_key', `the key is no valid key for ${algorithm}`, { cause: error });
  }
  const { modulusLength } = made.algorithm as { readonly modulusLength?: number };
  if (modulusLength !== undefined && modulusLength < minRsaBits)
    throw new BundleError(
      'bad_key',
      `the key has ${modulusLength} bits; RSA keys need at least ${minRsaBits}`,
    );
  return made;
}

function unwrap(
  label: string,
  der: Uint8Array<ArrayBuffer>,
  use: Use,
  curve: Curve,
): Uint8Array<ArrayBuffer> | undefined {
  if (use === 'verify') {
    if (label === 'PUBLIC KEY') return der;
    if (label === 'RSA PUBLIC KEY') return spkiOfRsa(der);
    return label === 'CERTIFICATE' ? spkiOfCertificate(der) : undefined;
  }
  if (label === 'PRIVATE KEY') return der;
  if (label === 'RSA PRIVATE KEY') return pkcs8OfRsa(der);
  return label === 'EC PRIVATE KEY' ? pkcs8OfEc(der, curve) : undefined;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64.replaceAll(/\s/g, '')), (c) => c.charCodeAt(0));
  } catch (error) {
    throw new BundleError('bad_key', 'the key is no valid PEM', { cause: error });
  }
}

/** Throws BundleError `bad_key`. */
export async function signBytes(
  algorithm: SignatureAlgorithm,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const imported = await importKey(algorithm, key, 'sign');
  return new Uint8Array(await crypto.subtle.sign(parametersOf(algorithm).used, imported, bytes));
}

/** Throws BundleError `bad_key`. */
export async function verifyBytes(
  algorithm: SignatureAlgorithm,
  key: string,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const imported = await importKey(algorithm, key, 'verify');
  return crypto.subtle.verify(parametersOf(algorithm).used, imported, signature, bytes);
}
