/** Access tokens by client credentials (RFC 6749, 4.4), kept until shortly before they end. */
import type { Clock } from '../clock.ts';
import type { Credentials } from '../config/services.ts';
import { exchange, ServiceError } from './exchange.ts';

type Oauth2 = Extract<Credentials, { kind: 'oauth2' }>;

/** A token that ends while it is on its way is of no use. */
const earlyMs = 10_000;

export class TokenSource {
  private readonly credentials: Oauth2;
  private readonly clock: Clock;
  private known: { readonly header: string; readonly until: number } | null = null;
  private pending: Promise<string> | null = null;

  constructor(credentials: Oauth2, clock: Clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  /** What goes into the header Authorization. Rejects with ServiceError. */
  header(tls: object, timeoutMs: number, signal: AbortSignal): Promise<string> {
    if (this.known !== null && this.clock.now() < this.known.until) return Promise.resolve(this.known.header);
    // Whoever needs a token meanwhile waits for the same one.
    this.pending ??= this.renew(tls, timeoutMs, signal).finally(() => {
      this.pending = null;
    });
    return this.pending;
  }

  private async renew(tls: object, timeoutMs: number, signal: AbortSignal): Promise<string> {
    const { tokenUrl, clientId, clientSecret, scopes } = this.credentials;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    });
    const basic = [clientId, clientSecret].map(encodeURIComponent).join(':');
    const { status, body } = await exchange({
      method: 'POST',
      url: new URL(tokenUrl),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: `Basic ${Buffer.from(basic).toString('base64')}`,
      },
      body: form.toString(),
      tls,
      headerTimeoutMs: timeoutMs,
      maxBytes: 1024 * 1024,
      signal,
    });
    if (status !== 200) throw new ServiceError(`no access token: ${tokenUrl} answered ${status}`);
    const { token, lifetimeMs } = this.parse(body);
    const header = `Bearer ${token}`;
    this.known = { header, until: this.clock.now() + lifetimeMs - earlyMs };
    return header;
  }

  private parse(body: Uint8Array): { readonly token: string; readonly lifetimeMs: number } {
    const wrong = (why: string): ServiceError =>
      new ServiceError(`no access token: the answer of ${this.credentials.tokenUrl} ${why}`);
    let answer: unknown;
    try {
      answer = JSON.parse(new TextDecoder().decode(body));
    } catch {
      throw wrong('is not JSON');
    }
    if (typeof answer !== 'object' || answer === null) throw wrong('is no object');
    const { access_token: token, token_type: type, expires_in: seconds } = answer as Record<string, unknown>;
    if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') throw wrong('is no bearer token');
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw wrong('has no usable access_token');
    return { token, lifetimeMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : 0 };
  }
}
