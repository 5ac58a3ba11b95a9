/** Reads the options once: what is wrong with them is said before anything is asked. */
import { createPrivateKey, createSecretKey, KeyObject } from 'node:crypto';
import path from 'node:path';
import { PepError } from './errors.ts';
import type { PepOptions, SigningOptions, TlsOptions } from './options.ts';
import type { Signer } from './signature.ts';

export type Place =
  | { readonly kind: 'unix'; readonly socketPath: string; readonly owners: ReadonlySet<number> }
  | { readonly kind: 'http'; readonly host: string; readonly port: number }
  | { readonly kind: 'https'; readonly host: string; readonly port: number; readonly tls: TlsOptions };

export type Settings = {
  readonly place: Place;
  /** Put before every path; empty or `/x`. */
  readonly prefix: string;
  readonly decisionPath: string;
  readonly signer?: Signer;
  readonly token?: string;
  readonly deadlineMs: number;
  readonly attemptMs: number;
  readonly retries: { readonly attempts: number; readonly baseMs: number; readonly maxMs: number };
  readonly breaker: { readonly failures: number; readonly openMs: number };
  readonly obligationMs: number;
  readonly maxResponseBytes: number;
  readonly maxRequestBytes: number;
  readonly maxConnections: number;
};

const pathForm = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/;
const headerForm = /^[\x21-\x7e]+$/;
/** Beyond it a timer of Node fires at once. */
const longestMs = 2 ** 31 - 1;

/** Throws PepError. */
export function readSettings(options: PepOptions): Settings {
  const { retries = {}, breaker = {}, token } = options;
  const { place, prefix } = placeOf(options);
  const decisionPath = options.path ?? '/v1/data/chaperone/access/decision';
  if (!pathForm.test(decisionPath))
    throw new PepError('bad_option', 'path is not like /v1/data/chaperone/access/decision');
  if (token !== undefined && !headerForm.test(token))
    throw new PepError('bad_option', 'token has characters that no header may have');
  const deadlineMs = count('deadlineMs', options.deadlineMs ?? 2000, 1, longestMs);
  return {
    place,
    prefix,
    decisionPath,
    ...(token === undefined ? {} : { token }),
    ...(options.signing === undefined ? {} : { signer: signerOf(options.signing) }),
    deadlineMs,
    attemptMs: count('attemptMs', options.attemptMs ?? deadlineMs, 1, longestMs),
    retries: {
      attempts: count('retries.attempts', retries.attempts ?? 3, 1, 20),
      baseMs: count('retries.baseMs', retries.baseMs ?? 25, 0, longestMs),
      maxMs: count('retries.maxMs', retries.maxMs ?? 250, 0, longestMs),
    },
    breaker: {
      failures: count('breaker.failures', breaker.failures ?? 8, 0, 1000),
      openMs: count('breaker.openMs', breaker.openMs ?? 1000, 1, 60_000),
    },
    obligationMs: count('obligationMs', options.obligationMs ?? 30_000, 1, longestMs),
    maxResponseBytes: count('maxResponseBytes', options.maxResponseBytes ?? 256 * 1024, 1, 2 ** 28),
    maxRequestBytes: count('maxRequestBytes', options.maxRequestBytes ?? 1024 * 1024, 1, 2 ** 28),
    maxConnections: count('maxConnections', options.maxConnections ?? 32, 1, 10_000),
  };
}

function count(name: string, value: number, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new PepError('bad_option', `${name} is a whole number from ${least} to ${most}`);
  return value;
}

function placeOf(options: PepOptions): { place: Place; prefix: string } {
  const { url: text, unix, tls, allowUnencrypted = false } = options;
  if ((text === undefined) === (unix === undefined))
    throw new PepError('bad_option', 'say where the decision point is: either url or unix');
  if (unix !== undefined) {
    if (!path.isAbsolute(unix)) throw new PepError('bad_option', 'unix is the absolute path of a socket');
    if (tls !== undefined) throw new PepError('bad_option', 'tls goes with a url, not with a Unix socket');
    const owners = new Set(options.socketOwners ?? [0, process.geteuid?.() ?? 0]);
    return { place: { kind: 'unix', socketPath: unix, owners }, prefix: '' };
  }
  const url = URL.canParse(text ?? '') ? new URL(text ?? '') : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new PepError('bad_option', 'url is not like https://host:port or http://127.0.0.1:8181');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new PepError('bad_option', 'url has a user, a query or a fragment; leave them out (see token)');
  const prefix = url.pathname.replace(/\/+$/, '');
  if (prefix !== '' && !pathForm.test(prefix))
    throw new PepError('bad_option', 'the path of url has characters that it may not have');
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  if (url.protocol === 'https:') {
    const port = Number(url.port || 443);
    return { place: { kind: 'https', host, port, tls: checkedTls(tls ?? {}) }, prefix };
  }
  if (tls !== undefined) throw new PepError('bad_option', 'tls goes with https:, and url says http:');
  if (!isLoopback(host) && !allowUnencrypted)
    throw new PepError(
      'dangerous_option',
      `anyone between here and ${host} could write the answers; use https:, or say allowUnencrypted: true`,
    );
  return { place: { kind: 'http', host, port: Number(url.port || 80) }, prefix };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function checkedTls(tls: TlsOptions): TlsOptions {
  if ((tls.cert === undefined) !== (tls.key === undefined))
    throw new PepError('bad_option', 'tls.cert and tls.key go together');
  if (tls.pins?.length === 0)
    throw new PepError('bad_option', 'tls.pins is empty: no server could match; leave it out');
  for (const pin of tls.pins ?? [])
    if (!/^[A-Za-z0-9+/]{43}=$/.test(pin))
      throw new PepError('bad_option', 'a pin is the base64 of 32 bytes: the SHA-256 of the public key');
  return tls;
}

function signerOf({ keyid, alg, key }: SigningOptions): Signer {
  if (!/^[\x20-\x7e]{1,256}$/.test(keyid))
    throw new PepError('bad_option', 'signing.keyid is 1 to 256 characters of printable ASCII');
  return { keyid, alg, key: alg === 'hmac-sha256' ? secretOf(key) : privateKeyOf(alg, key) };
}

function secretOf(key: SigningOptions['key']): KeyObject {
  // Text could be meant as it is, as hex or as base64.
  if (typeof key === 'string')
    throw new PepError('bad_key', 'signing.key for hmac-sha256 is bytes: Buffer.from(text, "base64") or so');
  const secret = key instanceof KeyObject ? key : createSecretKey(key);
  if (secret.type !== 'secret' || (secret.symmetricKeySize ?? 0) < 32)
    throw new PepError('bad_key', 'signing.key for hmac-sha256 has fewer than 32 bytes, or is no secret key');
  return secret;
}

function privateKeyOf(alg: 'ed25519' | 'ecdsa-p256-sha256', key: SigningOptions['key']): KeyObject {
  const found = key instanceof KeyObject ? key : readPrivateKey(key);
  const fits =
    alg === 'ed25519'
      ? found.asymmetricKeyType === 'ed25519'
      : found.asymmetricKeyType === 'ec' && found.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (found.type !== 'private' || !fits)
    throw new PepError('bad_key', `signing.key is no private key for ${alg}`);
  return found;
}

function readPrivateKey(key: string | Uint8Array): KeyObject {
  try {
    return createPrivateKey(typeof key === 'string' ? key : Buffer.from(key));
  } catch (cause) {
    throw new PepError('bad_key', 'signing.key cannot be read; it is a private key as PEM', { cause });
  }
}
