/** A service of the configuration, to be asked. */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { Clock } from '../clock.ts';
import type { Credentials, ServiceConfig } from '../config/services.ts';
import { exchange, type Received, ServiceError, showUrl } from './exchange.ts';
import { TokenSource } from './oauth2.ts';

export type Question = {
  readonly method: 'GET' | 'POST';
  /** Below the service's URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly maxBytes: number;
  /** Beyond the time that the service has for its headers. */
  readonly waitMs?: number;
  readonly signal: AbortSignal;
};

const maxRedirects = 5;

export class ServiceClient {
  readonly config: ServiceConfig;
  private readonly agent: string;
  private readonly tokens: TokenSource | null;

  constructor(config: ServiceConfig, version: string, clock: Clock) {
    this.config = config;
    this.agent = `Open-Policy-Agent/chaperone-${version}`;
    const { credentials } = config;
    this.tokens = credentials.kind === 'oauth2' ? new TokenSource(credentials, clock) : null;
  }

  /** Any status is an answer. Rejects with ServiceError. */
  async ask({ method, path, headers = {}, body, maxBytes, waitMs = 0, signal }: Question): Promise<Received> {
    const { config } = this;
    const tls = this.tls();
    const home = new URL(`${config.url}/${path}`);
    const authorization = await this.authorization(tls, signal);
    let url = home;
    for (let redirects = 0; ; redirects += 1) {
      const isHome = url.origin === home.origin;
      const received = await exchange({
        method,
        url,
        // What is meant for the service is not told to where it sends us.
        headers: {
          'User-Agent': this.agent,
          ...(isHome ? config.headers : {}),
          ...headers,
          ...(isHome && authorization !== undefined ? { Authorization: authorization } : {}),
        },
        ...(body === undefined ? {} : { body }),
        tls: isHome ? tls : this.trust(),
        headerTimeoutMs: config.headerTimeoutMs + waitMs,
        maxBytes,
        signal,
      });
      const target = method === 'GET' ? redirectOf(received, url) : null;
      if (target === null) return received;
      if (redirects >= maxRedirects) throw new ServiceError(`GET ${showUrl(home)}: too many redirects`);
      if (home.protocol === 'https:' && target.protocol !== 'https:')
        throw new ServiceError(`GET ${showUrl(home)}: redirects to a place without TLS`);
      url = target;
    }
  }

  private async authorization(tls: object, signal: AbortSignal): Promise<string | undefined> {
    const { credentials } = this.config;
    switch (credentials.kind) {
      case 'none':
      case 'client_tls':
        return undefined;
      case 'bearer':
        return `${credentials.scheme} ${credentials.token}`;
      case 'bearer_file':
        return `${credentials.scheme} ${read(credentials.path).trim()}`;
      case 'oauth2':
        return this.tokens?.header(tls, this.config.headerTimeoutMs, signal);
    }
    return credentials satisfies never;
  }

  private tls(): object {
    const { credentials } = this.config;
    return { ...this.trust(), ...certificateOf(credentials) };
  }

  /** Who the other side must be. */
  private trust(): object {
    const { allowInsecureTls, caCert, systemCa } = this.config;
    return {
      ...(allowInsecureTls ? { rejectUnauthorized: false } : {}),
      ...(caCert === undefined
        ? {}
        : { ca: systemCa ? [...rootCertificates, read(caCert)] : [read(caCert)] }),
    };
  }
}

function certificateOf(credentials: Credentials): object {
  if (credentials.kind !== 'client_tls') return {};
  const { cert, key, passphrase } = credentials;
  return { cert: read(cert), key: read(key), ...(passphrase === undefined ? {} : { passphrase }) };
}

function redirectOf({ status, headers }: Received, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return null;
  const target = URL.parse(headers.location, from.href);
  return target !== null && /^https?:$/.test(target.protocol) ? target : null;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new ServiceError(`cannot read ${file} (${why})`, { cause: error });
  }
}
