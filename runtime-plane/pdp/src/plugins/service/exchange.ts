/** One exchange with a server over HTTP, bounded in time and size. */
import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest, type RequestOptions } from 'node:https';

export type Sent = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly tls: RequestOptions;
  /** Until the response's headers are there. */
  readonly headerTimeoutMs: number;
  /** A longer body ends the exchange with an error. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

export type Received = {
  readonly status: number;
  readonly phrase: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
};

/** Why there is no answer, in one line. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
}

/** Between two pieces of a body. */
const idleMs = 30_000;
/** A server that sends a little now and then must not hold up updates for ever. */
const bodyMs = 300_000;

/** Rejects with ServiceError. Redirects are not followed. */
export function exchange(sent: Sent): Promise<Received> {
  const { method, url, headers, body, tls, headerTimeoutMs, signal } = sent;
  return new Promise((resolve, reject) => {
    const shown = `${method} ${showUrl(url)}`;
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new ServiceError(`${shown}: ${why}`));
      asked.destroy();
    };
    const make = url.protocol === 'https:' ? secureRequest : plainRequest;
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...length }, signal, agent: false as const, ...tls };
    const asked = make(url, options, (response) => {
      clearTimeout(timer);
      timer = setTimeout(() => fail('the answer takes too long'), bodyMs);
      collect(response, sent.maxBytes).then(
        (bytes) => {
          clearTimeout(timer);
          const { statusCode = 0, statusMessage = '', headers: received } = response;
          resolve({ status: statusCode, phrase: statusMessage, headers: received, body: bytes });
        },
        (error: unknown) => fail(reasonOf(error)),
      );
    });
    let timer = setTimeout(() => fail('no answer in time'), headerTimeoutMs);
    asked.setTimeout(Math.max(idleMs, headerTimeoutMs), () => fail('the connection stands still'));
    asked.on('error', (error) => fail(reasonOf(error)));
    asked.end(body);
  });
}

async function collect(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    parts.push(part);
  }
  if (!response.complete) throw new Error('the answer is cut off');
  return Buffer.concat(parts);
}

/** Without what may be secret in it. */
export function showUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
      return 'the connection was ended before the answer was complete';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name of the host is not known';
    case 'ABORT_ERR':
      return 'stopped';
    default:
      return code === '' ? error.message : `${error.message} (${code})`;
  }
}
