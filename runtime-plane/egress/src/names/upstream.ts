/** The nameservers of the machine, asked in turn until one knows. */
import { randomBytes, randomInt } from 'node:crypto';
import dns from 'dns-packet';
import { type Exchanged, exchangeTcp, exchangeUdp, type Nameserver } from './exchange.ts';
import { mostReply, rcodes } from './question.ts';
import { extension } from './reply.ts';
import type { Asked, Response } from './response.ts';

const triesOfOne = 3;

export type Patience = {
  /** For one question in all. */
  readonly upstreamMs: number;
  /** For one nameserver, before the next is asked. */
  readonly attemptMs: number;
};

export class Upstream {
  readonly #servers: readonly Nameserver[];
  readonly #patience: Patience;
  readonly #open = new Set<AbortController>();
  /** The one that answered last is asked first. */
  #first = 0;
  #closed = false;

  constructor(servers: readonly Nameserver[], patience: Patience) {
    this.#servers = servers;
    this.#patience = patience;
  }

  /** @param host lower case. @returns undefined when no nameserver gave an answer. Never rejects */
  async ask(host: string, codec: string): Promise<Response | undefined> {
    if (this.#closed) return undefined;
    const abort = new AbortController();
    this.#open.add(abort);
    const timer = setTimeout(() => abort.abort(), this.#patience.upstreamMs);
    try {
      return await this.#askInTurn(host, codec, abort.signal);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
      this.#open.delete(abort);
    }
  }

  async #askInTurn(host: string, codec: string, signal: AbortSignal): Promise<Response | undefined> {
    const count = this.#servers.length;
    const first = this.#first;
    const failed = new Set<number>();
    for (let attempt = 0; attempt < count * triesOfOne && failed.size < count; attempt += 1) {
      const index = (first + attempt) % count;
      const server = this.#servers[index];
      if (!server || failed.has(index)) continue;
      const exchanged = await this.#askOne(server, host, codec, signal);
      if (signal.aborted) return undefined;
      if (exchanged.kind === 'response') {
        const { rcode } = exchanged.response;
        if (rcode === rcodes.noError || rcode === rcodes.noName) {
          this.#first = index;
          return exchanged.response;
        }
      }
      if (exchanged.kind !== 'silent') failed.add(index);
    }
    return undefined;
  }

  async #askOne(server: Nameserver, host: string, codec: string, signal: AbortSignal): Promise<Exchanged> {
    const { attemptMs } = this.#patience;
    let extended = true;
    let exchange = exchangeUdp;
    for (;;) {
      const { packet, asked } = question(host, codec, extended);
      const exchanged = await exchange(server, packet, asked, attemptMs, signal);
      if (exchanged.kind === 'again' && exchange === exchangeUdp) exchange = exchangeTcp;
      else if (exchanged.kind === 'response' && exchanged.response.rcode === rcodes.formatError && extended)
        // From before extensions.
        extended = false;
      else return exchanged;
      if (signal.aborted) return { kind: 'silent' };
    }
  }

  close(): void {
    this.#closed = true;
    for (const abort of this.#open) abort.abort();
  }
}

/** Ours from the first bit on: of the agent's packet it has the name's letters and the type, neither spelling nor options. */
function question(host: string, codec: string, extended: boolean): { packet: Buffer; asked: Asked } {
  const bits = randomBytes(host.length);
  const name = host.replace(/[a-z]/g, (letter, at: number) =>
    (bits[at] ?? 0) & 1 ? letter.toUpperCase() : letter,
  );
  const id = randomInt(0x10000);
  const packet = dns.encode({
    type: 'query',
    id,
    flags: dns.RECURSION_DESIRED,
    questions: [{ name, type: codec as dns.RecordType, class: 'IN' }],
    additionals: extended ? [extension(mostReply)] : [],
  });
  return { packet, asked: { id, name, codec } };
}
