/** A nameserver on loopback, over UDP and TCP at one port, that answers what a test says; and a resolver that asks it. */
import dgram from 'node:dgram';
import net, { type AddressInfo } from 'node:net';
import dns from 'dns-packet';
import { onTestFinished } from 'vitest';
import { Resolver, type ResolverOptions, type Transport } from '../../src/names/index.ts';
import type { EgressSettings } from '../../src/settings.ts';
import type { Answer } from '../../src/wire.ts';

export type Heard = {
  readonly transport: Transport;
  readonly raw: Buffer;
  readonly query: dns.DecodedPacket;
  /** As sent. */
  readonly name: string;
  readonly type: string;
  /** Port that the question came from. */
  readonly port: number;
};

/** @returns what goes back, as it is; undefined: silence */
export type Behaviour = (heard: Heard) => dns.Packet | Buffer | undefined;

export class Nameserver {
  readonly address = '127.0.0.1';
  port = 0;
  readonly heard: Heard[] = [];
  behaviour: Behaviour;
  readonly udp = dgram.createSocket('udp4');
  readonly #tcp = net.createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<net.Socket>();

  constructor(behaviour: Behaviour) {
    this.behaviour = behaviour;
    this.udp.on('message', (raw, from) => {
      const reply = this.#reply('udp', raw, from.port);
      if (reply) this.udp.send(reply, from.port, from.address);
    });
  }

  static async start(behaviour: Behaviour): Promise<Nameserver> {
    const server = new Nameserver(behaviour);
    await new Promise<void>((resolve) => server.#tcp.listen(0, '127.0.0.1', resolve));
    server.port = (server.#tcp.address() as AddressInfo).port;
    await new Promise<void>((resolve) => server.udp.bind(server.port, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.udp.close();
      server.#tcp.close();
      for (const socket of server.#sockets) socket.destroy();
    });
    return server;
  }

  #serve(socket: net.Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const reply = this.#reply('tcp', chunk.subarray(2), socket.remotePort ?? 0);
      if (!reply) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(length);
      socket.write(reply);
    });
  }

  #reply(transport: Transport, raw: Buffer, port: number): Buffer | undefined {
    const query = dns.decode(raw);
    const [{ name, type } = { name: '', type: '' }] = query.questions ?? [];
    const heard: Heard = { transport, raw: Buffer.from(raw), query, name, type, port };
    this.heard.push(heard);
    const reply = this.behaviour(heard);
    return reply === undefined || Buffer.isBuffer(reply) ? reply : dns.encode(reply);
  }
}

/** The reply of an honest server. */
export const reply = (
  { query }: Heard,
  answers: dns.Answer[] = [],
  { flags = 0, ...rest }: dns.Packet = {},
): dns.Packet => ({
  type: 'response',
  id: query.id,
  flags: dns.RECURSION_DESIRED | dns.RECURSION_AVAILABLE | flags,
  questions: query.questions,
  answers,
  ...rest,
});

export const a = (name: string, ...addresses: string[]): dns.Answer[] =>
  addresses.map((data) => ({ type: 'A', name, ttl: 60, data }));

export const aaaa = (name: string, ...addresses: string[]): dns.Answer[] =>
  addresses.map((data) => ({ type: 'AAAA', name, ttl: 60, data }));

export const cname = (name: string, data: string): dns.Answer => ({ type: 'CNAME', name, ttl: 60, data });

/** Addresses for every name, by type. */
export const leadsTo =
  (...addresses: string[]): Behaviour =>
  (heard) =>
    reply(
      heard,
      heard.type === 'A'
        ? a(heard.name, ...addresses.filter((one) => net.isIPv4(one)))
        : aaaa(heard.name, ...addresses.filter((one) => net.isIPv6(one))),
    );

export const allow: Answer = {
  allow: true,
  decision: 'd',
  reason: 'policy.allow',
  message: '',
  rules: [],
  obligations: [],
};
export const deny: Answer = { ...allow, allow: false, reason: 'policy.deny' };

const generous: EgressSettings['names'] = {
  per_minute: 10_000,
  distinct_per_minute: 10_000,
  max_label: 63,
  max_name: 253,
  max_entropy: 8,
  private: [],
};

type Told = { readonly asked: string[]; readonly refused: string[]; readonly learned: string[] };

/** @returns the resolver and what it told, in words */
export function resolver(
  servers: readonly Pick<Nameserver, 'address' | 'port'>[],
  {
    settings = {},
    ...options
  }: Partial<Omit<ResolverOptions, 'settings'>> & { settings?: Partial<EgressSettings['names']> } = {},
): Told & { readonly names: Resolver } {
  const told: Told = { asked: [], refused: [], learned: [] };
  const names = new Resolver({
    nameservers: servers.map(({ address, port }) => ({ address, port })),
    clock: () => performance.now(),
    ...options,
    settings: { ...generous, ...settings },
    ask: (question) => {
      told.asked.push(`${question.asker} ${question.host} ${question.type}`);
      return options.ask ? options.ask(question) : Promise.resolve(allow);
    },
    refused: (refusal) => {
      told.refused.push(`${refusal.asker} ${refusal.reason} ${refusal.destination.host}: ${refusal.message}`);
      options.refused?.(refusal);
    },
    learned: (host, addresses) => {
      told.learned.push(`${host} ${addresses.join(' ')}`);
      options.learned?.(host, addresses);
    },
  });
  onTestFinished(() => names.close());
  return { ...told, names };
}

export const question = (name: string, type = 'A', packet: dns.Packet = {}): Buffer =>
  dns.encode({
    type: 'query',
    id: 4711,
    flags: dns.RECURSION_DESIRED,
    questions: [{ name, type: type as dns.RecordType, class: 'IN' }],
    ...packet,
  });

export const edns = (
  udpPayloadSize: number,
  options: dns.PacketOpt[] = [],
  ednsVersion = 0,
): dns.OptAnswer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize,
  extendedRcode: 0,
  ednsVersion,
  flags: 0,
  flag_do: false,
  options,
});

export type Read = dns.DecodedPacket & { readonly rcode: string };

/** Puts a question. @returns the reply as another decoder reads it */
export async function lookUp(
  names: Resolver,
  name: string,
  type = 'A',
  { packet = question(name, type), transport = 'udp' }: { packet?: Uint8Array; transport?: Transport } = {},
): Promise<Read> {
  const bytes = await names.answer(packet, 'c1', transport);
  if (!bytes) throw new Error('no answer');
  return dns.decode(Buffer.from(bytes)) as Read;
}

/** The code, and the records in words. */
export const said = (read: Read): string =>
  [
    read.rcode,
    ...(read.answers ?? []).map((answer) =>
      'data' in answer
        ? `${answer.name} ${answer.type} ${JSON.stringify(answer.data)}`.replaceAll('"', '')
        : '',
    ),
  ].join('; ');
