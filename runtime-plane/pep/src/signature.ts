/** Signs requests: HTTP Message Signatures (RFC 9421) with a Content-Digest (RFC 9530). */
import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';

export type SignatureAlgorithm = 'ed25519' | 'ecdsa-p256-sha256' | 'hmac-sha256';

/** A covered component and its value, in the order in which they are signed. */
export type Component = readonly [name: string, value: string];

export type Signer = {
  readonly keyid: string;
  readonly alg: SignatureAlgorithm;
  /** A private key, or a secret key for HMAC. */
  readonly key: KeyObject;
};

export type Signable = {
  readonly method: string;
  /** Percent-encoded, as it is sent. */
  readonly path: string;
  readonly body: Uint8Array;
  /** The value of Chaperone-Obligations, when it is sent. */
  readonly obligations?: string;
};

export type Freshness = {
  /** Whole seconds since 1970. */
  readonly createdSeconds: number;
  /** Different for every request, so that a server can refuse what it has seen. */
  readonly nonce: string;
};

/** @returns the headers Content-Digest, Signature-Input and Signature */
export function signRequest(
  { method, path, body, obligations }: Signable,
  signer: Signer,
  { createdSeconds, nonce }: Freshness,
): Record<string, string> {
  const digest = contentDigest(body);
  const components: Component[] = [
    ['@method', method],
    ['@path', path],
    // A request without a query has this value, section 2.2.7.
    ['@query', '?'],
    ['content-digest', digest],
    ...(obligations === undefined ? [] : [['chaperone-obligations', obligations] as const]),
  ];
  const names = components.map(([name]) => `"${name}"`).join(' ');
  const params = `(${names});created=${createdSeconds};nonce=${quoted(nonce)};keyid=${quoted(signer.keyid)};alg="${signer.alg}"`;
  const signature = signBase(signatureBase(components, params), signer);
  return {
    'Content-Digest': digest,
    'Signature-Input': `sig1=${params}`,
    Signature: `sig1=:${signature.toString('base64')}:`,
  };
}

/** RFC 9530. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/**
 * RFC 9421, section 2.5.
 *
 * @param params the covered components and the parameters, as they follow the label in Signature-Input
 */
export function signatureBase(components: readonly Component[], params: string): string {
  return [...components.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${params}`].join(
    '\n',
  );
}

/** RFC 9421, section 3.3; ECDSA as the two numbers of 32 bytes, not as DER. */
export function signBase(base: string, { alg, key }: Pick<Signer, 'alg' | 'key'>): Buffer {
  const data = Buffer.from(base, 'utf8');
  switch (alg) {
    case 'ed25519':
      return sign(null, data, key);
    case 'ecdsa-p256-sha256':
      return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
    case 'hmac-sha256':
      return createHmac('sha256', key).update(data).digest();
    default:
      return alg satisfies never;
  }
}

/** A string of RFC 8941; what it may contain is checked where options are read. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
