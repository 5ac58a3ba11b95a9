/** Dresses a body as a request to the decision point: paths, identity, signature. */
import { randomUUID } from 'node:crypto';
import type { Settings } from './settings.ts';
import { signRequest } from './signature.ts';
import type { Surroundings } from './surroundings.ts';
import { createTransport, type Exchange, type Transport } from './transport.ts';

export type Extra = {
  /** The value of Chaperone-Obligations. */
  readonly obligations?: string;
  /** The same for every attempt at one decision. */
  readonly idempotencyKey?: string;
};

export class Requests {
  readonly #settings: Settings;
  readonly #surroundings: Surroundings;
  readonly #transport: Transport;

  /** Throws PepError when the certificates cannot be used. */
  constructor(settings: Settings, surroundings: Surroundings, maxConnections: number) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#transport = createTransport(settings.place, settings.maxResponseBytes, maxConnections);
  }

  post(path: string, body: Uint8Array, extra: Extra, signal: AbortSignal): Promise<Exchange> {
    const { prefix, token, signer, place } = this.#settings;
    const whole = `${prefix}${path}`;
    const { obligations, idempotencyKey } = extra;
    const headers: Record<string, string> = {
      // A Unix socket has no name of its own.
      ...(place.kind === 'unix' ? { Host: 'localhost' } : {}),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(obligations === undefined ? {} : { 'Chaperone-Obligations': obligations }),
      ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': `"${idempotencyKey}"` }),
    };
    if (signer !== undefined) {
      const createdSeconds = Math.floor(this.#surroundings.epochMs() / 1000);
      const request = {
        method: 'POST',
        path: whole,
        body,
        ...(obligations === undefined ? {} : { obligations }),
      };
      Object.assign(headers, signRequest(request, signer, { createdSeconds, nonce: randomUUID() }));
    }
    return this.#transport.post({ path: whole, headers, body }, signal);
  }

  close(): void {
    this.#transport.close();
  }
}
