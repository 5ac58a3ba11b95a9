import { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import type { HttpClient, HttpRequest, HttpResponse, HttpTls, Secret } from '../host.ts';
import { HttpCache } from './http-cache.ts';
import { HttpPermission, portOf } from './http-policy.ts';
import type { HttpAllowList } from './http-policy.ts';

/** What `http.send` may do. */
export interface HttpOptions extends HttpAllowList {
  /** A longer body is an error; default 10 MiB. */
  readonly maxResponseBytes?: number;
  /** For each try, whatever the policy says; default 30,000 ms. */
  readonly maxTimeoutMs?: number;
  /** May a policy name files and environment variables that hold certificates and keys? Default no. */
  readonly secretsFromMachine?: boolean;
  /** May a policy turn off the check of certificates? Default no. */
  readonly insecureTls?: boolean;
}

const MAX_REDIRECTS = 10;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 60_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Headers that belong to the first host only. */
const PRIVATE = /^(?:authorization|cookie|cookie2|proxy-authorization|www-authenticate|host)$/i;

/** A client for `http.send` that reaches nothing but what the allow-list has, also after redirects and name look-ups. */
export function nodeHttp(options: HttpOptions, permission = new HttpPermission(options)): HttpClient {
  const cache = new HttpCache();
  return async (request, deadline) => {
    const known = cache.get(request);
    if (known !== undefined) return known;
    const response = await retrying(permission, options, request, deadline);
    cache.put(request, response);
    return response;
  };
}

async function retrying(
  permission: HttpPermission,
  options: HttpOptions,
  request: HttpRequest,
  deadline: AbortSignal,
): Promise<HttpResponse> {
  for (let i = 0; ; i += 1) {
    const limit = Math.min(
      request.timeoutMs > 0 ? request.timeoutMs : Infinity,
      options.maxTimeoutMs ?? 30_000,
    );
    const timeout = AbortSignal.timeout(limit);
    try {
      return await following(permission, options, request, AbortSignal.any([deadline, timeout]));
    } catch (error) {
      if (i >= request.retries || deadline.aborted || error instanceof Refused)
        throw timeout.aborted
          ? new Error(`${request.method} ${request.url}: request timed out`, { cause: error })
          : error;
    }
    await delay(Math.min(FIRST_RETRY_MS * 2 ** i, LONGEST_RETRY_MS), undefined, { signal: deadline });
  }
}

/** It would be refused again. */
class Refused extends Error {}

function checked(permission: HttpPermission, text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw new Refused(`parse ${JSON.stringify(text)}: invalid URL`);
  try {
    permission.check(url);
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : 'disallowed', { cause: error });
  }
  return url;
}

async function following(
  permission: HttpPermission,
  options: HttpOptions,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let url = checked(permission, request.url);
  let { method, body } = request;
  let headers = { ...request.headers };
  for (let i = 0; ; i += 1) {
    const response = await once(permission, options, { ...request, method, body, headers }, url, signal);
    const [location] = response.headers['location'] ?? [];
    if (!request.followRedirects || !REDIRECTS.has(response.statusCode) || location === undefined)
      return response;
    if (i >= MAX_REDIRECTS) throw new Refused(`stopped after ${MAX_REDIRECTS} redirects`);
    const next = checked(permission, location, url);
    if (next.origin !== url.origin)
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !PRIVATE.test(name)));
    if (response.statusCode < 307 && method !== 'GET' && method !== 'HEAD') [method, body] = ['GET', null];
    url = next;
  }
}

async function once(
  permission: HttpPermission,
  options: HttpOptions,
  request: HttpRequest,
  url: URL,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const port = portOf(url);
  // The address that was checked is the one that is connected to.
  const guarded: LookupFunction = (name, how, done) => {
    lookup(name, { ...how, all: true }, (error, addresses) => {
      if (error !== null) {
        done(error, []);
        return;
      }
      try {
        const left = permission.filter(addresses, port);
        if (how.all === true) done(null, [...left]);
        else done(null, left[0]?.address ?? '', left[0]?.family);
      } catch (refused) {
        done(refused as NodeJS.ErrnoException, []);
      }
    });
  };
  const secure = url.protocol === 'https:';
  // Checked for plain requests too: a redirect may lead to a secure one.
  const tls = tlsOf(request.tls, options);
  const settings: https.RequestOptions = {
    method: request.method,
    headers: headersOf(request, url),
    lookup: guarded,
    agent: false,
    signal,
    ...(secure ? tls : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = (secure ? https : http).request(url, settings, (response) => {
      read(response, options.maxResponseBytes ?? 10 * 1024 * 1024).then(resolve, reject);
    });
    sent.on('error', reject);
    sent.end(request.body ?? undefined);
  });
}

function headersOf(request: HttpRequest, url: URL): Record<string, string> {
  const names = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()));
  const own: Record<string, string> = { ...request.headers };
  if (!names.has('user-agent')) own['User-Agent'] = 'chaperone-rego';
  if (!names.has('host')) own['Host'] = url.host;
  const size = Buffer.byteLength(request.body ?? '');
  for (const name of Object.keys(own))
    if (/^(?:content-length|transfer-encoding|connection|upgrade)$/i.test(name)) delete own[name];
  if (size > 0) own['Content-Length'] = String(size);
  return own;
}

async function read(response: http.IncomingMessage, limit: number): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new Refused(`response body is longer than ${limit} bytes`);
      chunks.push(chunk);
    }
  } finally {
    response.destroy();
  }
  const headers: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, values] of Object.entries(response.headersDistinct)) headers[name] = values ?? [];
  const statusCode = response.statusCode ?? 0;
  return {
    statusCode,
    status: `${statusCode} ${response.statusMessage ?? ''}`.trim(),
    headers,
    body: Buffer.concat(chunks),
  };
}

function tlsOf(tls: HttpTls, options: HttpOptions): https.RequestOptions {
  if (tls.insecureSkipVerify && options.insecureTls !== true)
    throw new Refused('tls_insecure_skip_verify is not allowed here');
  const ca = pem(tls.caCert, options);
  const [cert, key] = [pem(tls.clientCert, options), pem(tls.clientKey, options)];
  return {
    rejectUnauthorized: !tls.insecureSkipVerify,
    ...(tls.serverName === '' ? {} : { servername: tls.serverName }),
    ...(ca === null ? {} : { ca: tls.useSystemCerts ? [...rootCertificates, ca] : [ca] }),
    ...(cert === null || key === null ? {} : { cert, key }),
  };
}

function pem({ text, file, env }: Secret, options: HttpOptions): string | null {
  if (text !== '') return text.replaceAll('\\n', '\n');
  if (file === '' && env === '') return null;
  if (options.secretsFromMachine !== true)
    throw new Refused('certificates and keys from files and environment variables are not allowed here');
  if (file !== '') return readFileSync(file, 'utf8');
  const found = process.env[env];
  if (found === undefined) throw new Refused(`environment variable ${env} is not set`);
  return found;
}
