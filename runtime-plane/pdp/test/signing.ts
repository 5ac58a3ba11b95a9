/** Requests signed as RFC 9421 says, written apart from what checks them. */
import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';
import type { Asked } from './client.ts';

export type Signer = {
  readonly keyid: string;
  readonly alg: 'ed25519' | 'ecdsa-p256-sha256' | 'hmac-sha256';
  readonly key: KeyObject | Buffer;
};

export type Signing = {
  readonly created?: number;
  readonly nonce?: string;
  readonly more?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly components?: readonly string[];
};

let counter = 0;

/** @param target path with query */
export function signed(signer: Signer, target: string, body: string, signing: Signing = {}): Asked {
  const {
    created = Math.floor(Date.now() / 1000),
    nonce = `n${(counter += 1)}-${process.pid}`,
    more = '',
  } = signing;
  const [path = '', query] = target.split('?');
  const headers: Record<string, string> = {
    ...signing.headers,
    'content-digest': `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
  };
  const values: Record<string, string | undefined> = {
    '@method': 'POST',
    '@path': path,
    '@query': `?${query ?? ''}`,
    ...headers,
  };
  const components = signing.components ?? ['@method', '@path', '@query', ...Object.keys(headers)];
  const parameters = `(${components.map((one) => `"${one}"`).join(' ')});created=${created};nonce="${nonce}";keyid="${signer.keyid}";alg="${signer.alg}"${more}`;
  const base = [
    ...components.map((one) => `"${one}": ${values[one] ?? ''}`),
    `"@signature-params": ${parameters}`,
  ].join('\n');
  return {
    body,
    headers: {
      ...headers,
      'signature-input': `sig1=${parameters}`,
      signature: `sig1=:${made(signer, base).toString('base64')}:`,
    },
  };
}

function made({ alg, key }: Signer, base: string): Buffer {
  const bytes = Buffer.from(base);
  if (alg === 'hmac-sha256') return createHmac('sha256', key).update(bytes).digest();
  if (Buffer.isBuffer(key)) throw new TypeError('a secret is for hmac');
  return alg === 'ed25519'
    ? sign(null, bytes, key)
    : sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
}
