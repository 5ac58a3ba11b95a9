/** One request and its answer, whole or not at all. */
import { Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { PepError } from './errors.ts';
import type { Place } from './settings.ts';
import { wrongWithSocket } from './socket-owner.ts';
import { isTrustFailure, secureOptions } from './tls.ts';

export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: IncomingMessage['headers'];
      readonly body: Buffer;
    }
  | { readonly kind: 'too_long' }
  /** No answer was read. `stale`: a kept connection had been closed in the meantime. */
  | { readonly kind: 'unreachable'; readonly stale: boolean }
  | { readonly kind: 'untrusted'; readonly why: string }
  | { readonly kind: 'stopped' };

export type Message = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type Transport = {
  /** Never throws. Ends with `stopped` when the signal is aborted. */
  post(message: Message, signal: AbortSignal): Promise<Exchange>;
  close(): void;
};

/** Throws PepError when the certificates cannot be used. */
export function createTransport(place: Place, maxResponseBytes: number, maxSockets: number): Transport {
  const kept = { keepAlive: true, maxSockets, scheduling: 'lifo' } as const;
  const agent = place.kind === 'https' ? secureAgent(place, kept) : new Agent(kept);
  const where =
    place.kind === 'unix' ? { socketPath: place.socketPath } : { host: place.host, port: place.port };
  const make = place.kind === 'https' ? secureRequest : plainRequest;
  const exchange = ({ path, headers, body }: Message, signal: AbortSignal): Promise<Exchange> =>
    new Promise((resolve) => {
      const sent = make({ ...where, path, method: 'POST', agent, headers: { ...headers, ...fixed(body) } });
      const stop = (): void => settle({ kind: 'stopped' });
      let isSettled = false;
      const settle = (end: Exchange): void => {
        // The first end counts: a request closes after an answer, too.
        if (isSettled) return;
        isSettled = true;
        signal.removeEventListener('abort', stop);
        resolve(end);
        if (end.kind !== 'answer') sent.destroy();
      };
      signal.addEventListener('abort', stop);
      sent.on('error', (error) => settle(endOf(error, sent)));
      sent.on('close', () => settle({ kind: 'unreachable', stale: false }));
      sent.on('response', (response) => receive(response, maxResponseBytes, settle));
      sent.end(body);
    });
  return {
    async post(message, signal) {
      if (signal.aborted) return { kind: 'stopped' };
      if (place.kind === 'unix') {
        const why = await wrongWithSocket(place.socketPath, place.owners);
        if (why !== undefined) return { kind: 'untrusted', why };
      }
      return signal.aborted ? { kind: 'stopped' } : exchange(message, signal);
    },
    close: () => agent.destroy(),
  };
}

function secureAgent(
  place: Extract<Place, { kind: 'https' }>,
  kept: ConstructorParameters<typeof Agent>[0],
): SecureAgent {
  try {
    // A resumed session would not be checked against the pins again.
    return new SecureAgent({ ...kept, maxCachedSessions: 0, ...secureOptions(place.tls, place.host) });
  } catch (cause) {
    throw new PepError('bad_key', 'the certificates or the key in tls cannot be used together', { cause });
  }
}

function fixed(body: Uint8Array): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Content-Length': String(body.byteLength),
    Accept: 'application/json',
    'Accept-Encoding': 'identity',
  };
}

function receive(response: IncomingMessage, maxBytes: number, settle: (end: Exchange) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) return settle({ kind: 'too_long' });
    chunks.push(chunk);
  });
  response.on('error', () => settle({ kind: 'unreachable', stale: false }));
  response.on('end', () => {
    const { statusCode: status = 0, headers } = response;
    settle(
      response.complete
        ? { kind: 'answer', status, headers, body: Buffer.concat(chunks) }
        : { kind: 'unreachable', stale: false },
    );
  });
}

function endOf(error: NodeJS.ErrnoException, sent: ClientRequest): Exchange {
  if (isTrustFailure(error)) return { kind: 'untrusted', why: 'its certificate is not the one we expect' };
  const isReset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
  return { kind: 'unreachable', stale: isReset && sent.reusedSocket };
}
