/** Connections of an agent through `Egress`, without an endpoint: real sockets, and every message that it says. */
import net, { type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { Egress } from '../../src/egress.ts';
import type { Answer, Question, Start, Target, ToEndpoint } from '../../src/wire.ts';
import { parseEgressSettings } from '../../src/parse-settings.ts';

const allowed: Answer = {
  allow: true,
  decision: 'd',
  reason: 'policy',
  message: '',
  rules: [],
  obligations: [],
};

export type Ended = Extract<ToEndpoint, { kind: 'ended' }>;
type Options = {
  /** Of the far side. */
  readonly serve: (socket: Socket) => void;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Undefined: no answer ever comes. */
  readonly answer?: (question: Question) => Answer | undefined;
};

export class Rig {
  readonly egress: Egress;
  readonly said: ToEndpoint[] = [];
  /** Sockets of the far side. */
  readonly far = new Set<Socket>();
  readonly port: number;
  readonly #waiting = new Map<string, (message: ToEndpoint) => void>();
  readonly #servers: net.Server[];
  /** Where the agent's sockets come in, as they come from the endpoint. */
  readonly #door: AddressInfo;
  /** By source port, as the endpoint knows them. */
  readonly #came = new Map<number, PromiseWithResolvers<Socket>>();
  #last = 0;

  private constructor(servers: net.Server[], far: Set<Socket>, options: Options) {
    this.#servers = servers;
    this.far = far;
    const [outside, door] = servers.map((one) => one.address() as AddressInfo);
    if (!outside || !door) throw new Error('no servers');
    this.port = outside.port;
    this.#door = door;
    servers[1]?.on('connection', (socket: Socket) => {
      socket.on('error', () => {});
      this.#cameFrom(socket.remotePort ?? 0).resolve(socket);
    });
    this.egress = new Egress(startWith(options.settings ?? {}), (message) => {
      this.said.push(message);
      if (message.kind === 'ask') {
        const answer = (options.answer ?? ((): Answer => allowed))(message.question);
        if (answer) this.egress.hear({ kind: 'answer', id: message.id, answer }, undefined);
      }
      if ('connection' in message) this.#waiting.get(`${message.kind} ${message.connection}`)?.(message);
    });
  }

  static async open(options: Options): Promise<Rig> {
    const far = new Set<Socket>();
    const outside = net.createServer({ allowHalfOpen: true }, (socket) => {
      far.add(socket);
      socket.on('error', () => {}).on('close', () => far.delete(socket));
      options.serve(socket);
    });
    const door = net.createServer({ allowHalfOpen: true, pauseOnConnect: true });
    for (const one of [outside, door]) {
      one.listen({ port: 0, host: '127.0.0.1', backlog: 1024 });
      await once(one, 'listening');
    }
    return new Rig([outside, door], far, options);
  }

  #hears(kind: 'reached' | 'ended', connection: string): Promise<ToEndpoint> {
    const key = `${kind} ${connection}`;
    return new Promise((resolve) => {
      this.#waiting.set(key, (message) => {
        this.#waiting.delete(key);
        resolve(message);
      });
    });
  }

  /** @returns its id, and the errno with which the far side was reached */
  async reach(to: Partial<Target> = {}): Promise<{ connection: string; errno: number }> {
    this.#last += 1;
    const connection = String(this.#last);
    const reached = this.#hears('reached', connection);
    const target = {
      ip: '127.0.0.1',
      port: this.port,
      hosts: ['far.test'],
      inspect: false,
      names: false,
      ...to,
    };
    this.egress.hear({ kind: 'reach', connection, to: target }, undefined);
    const message = await reached;
    return { connection, errno: message.kind === 'reached' ? message.errno : -1 };
  }

  /** A connection as an agent sees it. @returns its own socket, and how the connection ends */
  async connect(
    to: Partial<Target> = {},
  ): Promise<{ agent: Socket; connection: string; ended: Promise<Ended> }> {
    const { connection, errno } = await this.reach(to);
    if (errno !== 0) throw new Error(`not reached: errno ${errno}`);
    const ended = this.#hears('ended', connection) as Promise<Ended>;
    const [agent, near] = await this.pair();
    this.egress.hear({ kind: 'accepted', connection }, near);
    return { agent, connection, ended };
  }

  /** The agent's socket, and the one that the egress process is given. */
  async pair(): Promise<[Socket, Socket]> {
    const agent = net.connect({ port: this.#door.port, host: '127.0.0.1', allowHalfOpen: true });
    agent.on('error', () => {});
    await once(agent, 'connect');
    const port = agent.localPort ?? 0;
    const near = await this.#cameFrom(port).promise;
    this.#came.delete(port);
    return [agent, near];
  }

  #cameFrom(port: number): PromiseWithResolvers<Socket> {
    const known = this.#came.get(port);
    if (known) return known;
    const made = Promise.withResolvers<Socket>();
    this.#came.set(port, made);
    return made;
  }

  /** How connections ended, as often as it was said. */
  ends(): Ended[] {
    return this.said.filter((message) => message.kind === 'ended');
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.far) socket.destroy();
  }
}

function startWith(from: Readonly<Record<string, unknown>>): Start {
  const settings = parseEgressSettings(from);
  if (typeof settings === 'string') throw new Error(settings);
  return {
    kind: 'start',
    session: 's',
    mode: 'enforce',
    settings,
    nameservers: [],
    key: Buffer.alloc(32),
    credentials: [],
    off: [],
    labelNames: {},
    quarantine: undefined,
    asksRequests: true,
  };
}

/** Sockets of this process that are open. */
export const sockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'TLSWrap').length;

/** Not hurried on with the clock of a test. */
const wake = setTimeout;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => void wake(resolve, ms));

/** Waits until `probe` holds; throws after `mostMs`. */
export async function until(what: string, probe: () => boolean, mostMs = 10_000): Promise<void> {
  for (const end = performance.now() + mostMs; !probe();) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await pause(5);
  }
}

export async function textOf(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  if (!socket.closed && !socket.readableEnded)
    await Promise.race([once(socket, 'end'), once(socket, 'close')]);
  return Buffer.concat(parts).toString('latin1');
}
