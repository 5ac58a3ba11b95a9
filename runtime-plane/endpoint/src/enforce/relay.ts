/**
 * Carries allowed connections out of the session's network. The far side is connected first, so that the agent sees the
 * error of the real destination; only then may its own connect go to the listener that stands in for it.
 */
import dgram from 'node:dgram';
import net from 'node:net';
import type { DestinationFacts } from '@chaperone/protocol';

const connectMs = 30_000;
const unclaimedMs = 10_000;
const datagramIdleMs = 60_000;

/** Numbers from errno.h; what a failed connect answers the agent. */
const errnoOf: Readonly<Record<string, number>> = {
  ECONNREFUSED: 111,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
  ENETUNREACH: 101,
  ECONNRESET: 104,
  EACCES: 13,
  EADDRNOTAVAIL: 99,
};

export type RelayRequest = {
  readonly destination: DestinationFacts;
  /** Socket of the session's network that is bound to the destination's address. */
  readonly descriptor: number;
  readonly names: boolean;
};

export type NameService = {
  /** May this name be resolved? */
  decide(host: string, type: string): Promise<boolean>;
  learned(host: string, addresses: readonly string[]): void;
};

/** Connections that reached the far side and wait for the agent's own to arrive. */
type Stand = { readonly waiting: net.Socket[]; server?: net.Server };

export class Relay {
  readonly #stands = new Map<string, Stand>();
  readonly #datagrams = new Map<string, dgram.Socket>();
  readonly #carried = new Set<net.Socket>();
  readonly #names: NameService;

  constructor(names: NameService) {
    this.#names = names;
  }

  /** Reaches the far side. @returns 0, or the errno for the agent */
  async reach(destination: DestinationFacts): Promise<number> {
    const { ip, port, protocol } = destination;
    if (ip === undefined || port === undefined) return 22;
    if (protocol === 'udp') return 0;
    const upstream = await this.#connect(ip, port);
    if (typeof upstream === 'number') return upstream;
    const { waiting } = this.#standFor(destination);
    waiting.push(upstream);
    setTimeout(() => {
      const index = waiting.indexOf(upstream);
      if (index >= 0) waiting.splice(index, 1)[0]?.destroy();
    }, unclaimedMs).unref();
    return 0;
  }

  /** Serves what connects to this socket of the session's network. */
  attach({ destination, descriptor, names }: RelayRequest): void {
    const { ip = '', port = 0, protocol } = destination;
    if (protocol === 'udp')
      this.#datagrams.set(keyOf(destination), this.#datagramStand(descriptor, ip, port, names));
    else {
      const stand = this.#standFor(destination);
      stand.server = this.#serve(descriptor, stand.waiting, names);
    }
  }

  #standFor(destination: DestinationFacts): Stand {
    const key = keyOf(destination);
    let stand = this.#stands.get(key);
    if (!stand) this.#stands.set(key, (stand = { waiting: [] }));
    return stand;
  }

  #connect(host: string, port: number): Promise<net.Socket | number> {
    return new Promise((resolve) => {
      const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
      const timer = setTimeout(() => {
        socket.destroy();
        resolve(110);
      }, connectMs);
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.on('error', () => {});
        socket.pause();
        resolve(socket);
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        resolve(errnoOf[error.code ?? ''] ?? 113);
      });
    });
  }

  #serve(descriptor: number, waiting: net.Socket[], names: boolean): net.Server {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (near) => {
      const far = waiting.shift();
      near.on('error', () => far?.destroy());
      if (!far || names) {
        // Names over TCP are not decided one by one, so they are not carried; resolvers use datagrams.
        near.destroy();
        far?.destroy();
        return;
      }
      far.on('error', () => near.destroy());
      for (const socket of [near, far]) {
        this.#carried.add(socket);
        socket.on('close', () => this.#carried.delete(socket));
      }
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      near.pipe(far);
      far.pipe(near);
    });
    server.on('error', () => {});
    server.listen({ fd: descriptor });
    return server;
  }

  #datagramStand(descriptor: number, ip: string, port: number, names: boolean): dgram.Socket {
    const type = net.isIPv6(ip) ? 'udp6' : 'udp4';
    const near = dgram.createSocket(type);
    const far = new Map<string, dgram.Socket>();
    near.on('error', () => {});
    near.on('message', (packet, from) => {
      void (names ? this.#nameQuestion(packet) : Promise.resolve(undefined)).then((refused) => {
        if (refused) {
          near.send(refused, from.port, from.address);
          return;
        }
        const client = `${from.address} ${from.port}`;
        let upstream = far.get(client);
        if (!upstream) {
          upstream = dgram.createSocket(type);
          far.set(client, upstream);
          upstream.unref();
          const idle = setTimeout(() => upstream?.close(), datagramIdleMs).unref();
          upstream.on('close', () => far.delete(client));
          upstream.on('error', () => {});
          upstream.on('message', (reply) => {
            idle.refresh();
            // Learned first: whoever has the answer connects at once, and is judged by the name.
            void (names ? this.#learn(reply) : Promise.resolve())
              .then(() => near.send(reply, from.port, from.address))
              .catch(() => {}); // the session has ended meanwhile
          });
          upstream.connect(port, ip, () => upstream?.send(packet));
          return;
        }
        upstream.send(packet);
      });
    });
    near.bind({ fd: descriptor, exclusive: true });
    near.unref();
    return near;
  }

  /** @returns a refusal to send back, or undefined when the question may go out */
  async #nameQuestion(packet: Buffer): Promise<Buffer | undefined> {
    const { default: dns } = await import('dns-packet');
    try {
      const query = dns.decode(packet);
      const questions = query.questions ?? [];
      const [question] = questions;
      if (
        question &&
        questions.length === 1 &&
        (await this.#names.decide(question.name.toLowerCase(), question.type))
      )
        return undefined;
      return refusal(packet);
    } catch {
      return refusal(packet); // not a question that can be understood
    }
  }

  async #learn(packet: Buffer): Promise<void> {
    const { default: dns } = await import('dns-packet');
    try {
      const reply = dns.decode(packet);
      const [question] = reply.questions ?? [];
      const addresses = (reply.answers ?? []).flatMap((answer) =>
        answer.type === 'A' || answer.type === 'AAAA' ? [answer.data] : [],
      );
      if (question && addresses.length > 0)
        this.#names.learned(question.name.toLowerCase(), addresses.slice(0, 64));
    } catch {
      // What we cannot read teaches nothing; the agent gets it as it came.
    }
  }

  close(): void {
    for (const socket of this.#carried) socket.destroy();
    for (const { server, waiting } of this.#stands.values()) {
      server?.close();
      for (const socket of waiting) socket.destroy();
    }
    for (const socket of this.#datagrams.values()) socket.close();
  }
}

/** The question sent back with response code REFUSED (RFC 1035 §4.1.1). */
function refusal(packet: Buffer): Buffer {
  const reply = Buffer.from(packet.subarray(0, Math.max(12, packet.length)));
  if (reply.length < 12) return Buffer.alloc(12);
  reply[2] = (reply[2] ?? 0) | 0x80;
  reply[3] = ((reply[3] ?? 0) & 0xf0) | 5;
  return reply;
}

function keyOf({ protocol, ip, port }: DestinationFacts): string {
  return `${protocol} ${ip} ${port}`;
}
