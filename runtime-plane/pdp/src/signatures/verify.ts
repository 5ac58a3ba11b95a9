/**
 * Signatures of requests: HTTP Message Signatures (RFC 9421) over method, path, query and the digest of the content (RFC 9530). Each
 * is good once, and only for a short time.
 */
import { createHash, createHmac, timingSafeEqual, verify } from 'node:crypto';
import type { PepKey } from './keys.ts';
import { type Member, parseDictionary } from './fields.ts';
import { Nonces } from './nonces.ts';

export type SignedRequest = {
  readonly method: string;
  /** With its escapes. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly search: string;
  /** Lower-case names; several values of one name joined with `, `. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it was sent, before decompression. */
  readonly content: Uint8Array;
};

export type Verified =
  | { readonly ok: true; readonly pep: string }
  | { readonly ok: false; readonly reason: string };

const always = ['@method', '@path', '@query', 'content-digest'] as const;
const obligations = 'chaperone-obligations';
const maxNonceLength = 256;

export class SignatureCheck {
  readonly #keys: ReadonlyMap<string, PepKey>;
  readonly #windowMs: number;
  readonly #clock: () => number;
  readonly #nonces: Nonces;

  /** @param windowMs how far the time of a signature may be from this clock, in both directions */
  constructor(
    keys: ReadonlyMap<string, PepKey>,
    windowMs: number,
    clock: () => number = Date.now,
    nonces: Nonces = new Nonces(),
  ) {
    this.#keys = keys;
    this.#windowMs = windowMs;
    this.#clock = clock;
    this.#nonces = nonces;
  }

  verify(request: SignedRequest): Verified {
    const found = pairOf(request);
    if (typeof found === 'string') return no(found);
    const { input, signature } = found;
    const keyid = input.parameters.get('keyid');
    const key = typeof keyid === 'string' ? this.#keys.get(keyid) : undefined;
    if (key === undefined)
      return no(keyid === undefined ? 'the signature names no keyid' : 'the keyid is not known');
    const alg = input.parameters.get('alg');
    if (alg !== undefined && alg !== key.alg) return no(`the key is for ${key.alg}`);
    const components = componentsOf(input, request);
    if (typeof components === 'string') return no(components);
    const created = this.#timeOf(input);
    if (typeof created === 'string') return no(created);
    const nonce = input.parameters.get('nonce');
    if (typeof nonce !== 'string' || nonce === '' || nonce.length > maxNonceLength)
      return no(`the signature has no nonce of 1 to ${maxNonceLength} characters`);
    const digest = wrongDigest(request);
    if (digest !== undefined) return no(digest);
    if (!isSigned(key, baseOf(components, input, request), signature))
      return no('the signature is not valid');
    // Only holders of a key get this far: nobody else can fill the memory of what was seen.
    const use = this.#nonces.use(key.keyid, nonce, this.#clock(), created + this.#windowMs);
    if (use === 'replayed') return no('the nonce was used before');
    if (use === 'too_many') return no('too many requests with this key at once');
    return { ok: true, pep: key.name };
  }

  /** Milliseconds, or what is wrong. */
  #timeOf({ parameters }: Member): number | string {
    const created = parameters.get('created');
    if (typeof created !== 'number') return 'the signature says not when it was created';
    const now = this.#clock();
    if (created * 1000 > now + this.#windowMs)
      return 'the signature was created in the future; compare the clocks';
    if (created * 1000 < now - this.#windowMs) return 'the signature has expired; sign each request anew';
    const expires = parameters.get('expires');
    if (expires === undefined) return created * 1000;
    if (typeof expires !== 'number' || expires * 1000 < now)
      return 'the signature has expired; sign each request anew';
    return created * 1000;
  }
}

function pairOf(request: SignedRequest): { input: Member; signature: Uint8Array } | string {
  const [inputs, signatures] = [header(request, 'signature-input'), header(request, 'signature')];
  if (inputs === undefined || signatures === undefined) return 'the request is not signed';
  const described = parseDictionary(inputs);
  const made = parseDictionary(signatures);
  if (described === undefined) return 'Signature-Input is malformed';
  if (made === undefined) return 'Signature is malformed';
  for (const [label, input] of described) {
    const [value] = made.get(label)?.items ?? [];
    if (value?.value instanceof Uint8Array && input.text.startsWith('('))
      return { input, signature: value.value };
  }
  return 'Signature and Signature-Input have no label in common';
}

/** The names of what is covered, or what is wrong with them. */
function componentsOf(input: Member, request: SignedRequest): readonly string[] | string {
  const names: string[] = [];
  for (const { value, parameters } of input.items) {
    if (typeof value !== 'string' || parameters.size > 0)
      return 'the signature covers something that is not understood';
    if (names.includes(value)) return `the signature covers ${show(value)} twice`;
    const isKnown = value.startsWith('@')
      ? (always as readonly string[]).includes(value)
      : /^[a-z0-9-]+$/.test(value);
    if (!isKnown) return `the signature covers ${show(value)}, which is not understood`;
    if (!value.startsWith('@') && header(request, value) === undefined)
      return `the signature covers ${show(value)}, which the request has not`;
    names.push(value);
  }
  const needed = header(request, obligations) === undefined ? always : [...always, obligations];
  const missing = needed.find((name) => !names.includes(name));
  return missing === undefined ? names : `the signature does not cover ${missing}`;
}

function show(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}

/** RFC 9421, 2.5. */
function baseOf(components: readonly string[], input: Member, request: SignedRequest): string {
  const { method, path, search } = request;
  const valueOf = (name: string): string => {
    if (name === '@method') return method;
    if (name === '@path') return path;
    if (name === '@query') return `?${search}`;
    return header(request, name) ?? '';
  };
  const lines = components.map((name) => `"${name}": ${valueOf(name)}`);
  return [...lines, `"@signature-params": ${input.text}`].join('\n');
}

/** What is wrong with the digest of the content, if anything. */
function wrongDigest(request: SignedRequest): string | undefined {
  const given = parseDictionary(header(request, 'content-digest') ?? '')?.get('sha-256')?.items[0]?.value;
  if (!(given instanceof Uint8Array)) return 'Content-Digest has no sha-256';
  const actual = createHash('sha256').update(request.content).digest();
  return actual.equals(given) ? undefined : 'Content-Digest is not that of the content';
}

function isSigned({ alg, key }: PepKey, base: string, signature: Uint8Array): boolean {
  const bytes = Buffer.from(base, 'latin1');
  switch (alg) {
    case 'ed25519':
      return verify(null, bytes, key, signature);
    case 'ecdsa-p256-sha256':
      return (
        signature.length === 64 && verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)
      );
    case 'hmac-sha256': {
      const expected = createHmac('sha256', key).update(bytes).digest();
      return signature.length === expected.length && timingSafeEqual(expected, signature);
    }
    default:
      return alg satisfies never;
  }
}

function header({ headers }: SignedRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value?.trim();
}

function no(reason: string): Verified {
  return { ok: false, reason };
}
