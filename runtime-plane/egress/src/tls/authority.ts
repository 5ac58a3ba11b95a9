/** The authority of one session. Its key is made here; nobody but the endpoint gets it, for a process that takes over. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { hostCertificate, type Issuer, rootCertificate } from './certificate.ts';
import type { Authorship } from '../wire.ts';
import { isHostName } from './host-name.ts';

const hour = 3_600_000;
/** Clocks of clients may be behind. */
const leewayMs = hour;
/** No session is thought to be longer. */
const rootMs = 90 * 24 * hour;
const hostMs = 24 * hour;
/** A connection that begins with a certificate has at least this long until it ends. */
const renewMs = 2 * hour;
const maxContexts = 500;

type Issued = { readonly context: SecureContext; readonly toMs: number };

export class Authority {
  /** PEM of the root. */
  readonly certificate: string;
  readonly #issuer: Issuer;
  readonly #rootToMs: number;
  readonly #hostKey: { readonly publicKey: KeyObject; readonly privatePem: string };
  readonly #clock: () => number;
  /** The latest used last. */
  readonly #contexts = new Map<string, Issued>();

  private constructor(issuer: Issuer, clock: () => number, known?: Authorship) {
    const now = clock();
    const pair = keyPair();
    this.#issuer = issuer;
    this.#clock = clock;
    this.#rootToMs = known ? Date.parse(new X509Certificate(known.certificate).validTo) : now + rootMs;
    this.#hostKey = {
      publicKey: pair.publicKey,
      privatePem: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    };
    this.certificate =
      known?.certificate ?? rootCertificate(issuer, { fromMs: now - leewayMs, toMs: this.#rootToMs });
  }

  /** @param clock milliseconds since 1970, as `Date.now` */
  static create(session: string, clock: () => number): Authority {
    return new Authority({ name: `Chaperone session ${session}`, ...keyPair() }, clock);
  }

  /** The one of a process before. Throws for what is none. */
  static restore(known: Authorship, clock: () => number): Authority {
    const name = /^CN=(.*)$/m.exec(new X509Certificate(known.certificate).subject)?.[1] ?? '';
    const privateKey = createPrivateKey(known.key);
    return new Authority({ name, privateKey, publicKey: createPublicKey(privateKey) }, clock, known);
  }

  get authorship(): Authorship {
    const key = this.#issuer.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    return { certificate: this.certificate, key };
  }

  /**
   * What a server of TLS 1.2 and 1.3 needs to be `host`, a name in lower case or an address; the same one for some time, so that
   * clients can resume. Throws RangeError for what is no host.
   */
  contextFor(host: string): SecureContext {
    if (isIP(host) === 0 && !isHostName(host)) throw new RangeError('not the name of a host');
    const now = this.#clock();
    const known = this.#contexts.get(host);
    this.#contexts.delete(host);
    // Nothing is gained by renewing what ends with the root.
    const lasts = known !== undefined && (now < known.toMs - renewMs || known.toMs === this.#rootToMs);
    const issued = lasts ? known : this.#issue(host, now);
    this.#contexts.set(host, issued);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > maxContexts && oldest !== undefined) this.#contexts.delete(oldest);
    return issued.context;
  }

  #issue(host: string, now: number): Issued {
    const toMs = Math.min(now + hostMs, this.#rootToMs);
    const validity = { fromMs: Math.min(now, toMs) - leewayMs, toMs };
    const cert = hostCertificate(this.#issuer, host, this.#hostKey.publicKey, validity);
    const context = createSecureContext({ cert, key: this.#hostKey.privatePem, minVersion: 'TLSv1.2' });
    return { context, toMs };
  }
}

function keyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
