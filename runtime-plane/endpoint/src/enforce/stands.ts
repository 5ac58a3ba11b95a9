/**
 * What stands in the session's network for destinations outside: a listener for each address that policy allowed, and datagram
 * sockets. Whoever connects there is known by the port that the gate saw the socket send from; anybody else is turned away.
 */
import dgram from 'node:dgram';
import net from 'node:net';
import type { DestinationFacts } from '@chaperone/protocol';
import { Doors } from './doors.ts';

/** A connect follows at once when the far side is there; so does its caller's death. */
const unclaimedMs = 10_000;
const datagramIdleMs = 60_000;
const maxPeers = 4_096;

export type StandRequest = {
  readonly destination: DestinationFacts;
  /** Socket of the session's network that is bound to the destination's address. */
  readonly descriptor: number;
  readonly names: boolean;
};

export type StandEars = {
  /** The agent's own connection; nothing of it was read. */
  accepted(connection: string, socket: net.Socket): void;
  /** Nobody came. */
  dropped(connection: string): void;
  /** A question to a nameserver. @returns the reply, or undefined for none */
  name(packet: Uint8Array, asker: string): Promise<Uint8Array | undefined>;
};

export class Stands {
  /** Absent in a session with a network of its own. */
  readonly #doors: Doors | undefined;
  readonly #servers: net.Server[] = [];
  readonly #datagrams: dgram.Socket[] = [];
  /** Connections whose far side is there, by destination and source port. */
  readonly #expected = new Map<string, { readonly connection: string; readonly timer: NodeJS.Timeout }>();
  /** Who sends datagrams from a port. */
  readonly #senders = new Map<string, string>();
  readonly #ears: StandEars;

  /** @param ownNetwork whether listeners of the session's network stand in; else its sockets are led to doors of ours */
  constructor(ears: StandEars, ownNetwork: boolean) {
    this.#ears = ears;
    if (ownNetwork) return;
    this.#doors = new Doors({
      // From another address of this machine the same port is somebody else's.
      came: (socket) =>
        socket.remoteAddress === socket.localAddress
          ? this.#came(doorFor(socket.remoteAddress), socket)
          : socket.destroy(),
      datagram: (near, packet, from) => {
        if (from.address === near.address().address)
          this.#question(doorFor(from.address), near, packet, from);
      },
    });
  }

  /**
   * Whose connection the next one from this port is.
   *
   * @returns the port of the door to which the agent's socket is led; 0 where it goes to the address itself
   */
  async expect(destination: DestinationFacts, port: number, connection: string): Promise<number> {
    const to = await this.#doors?.stream(net.isIPv6(destination.ip ?? '') ? 6 : 4);
    const key = this.#keyOf(destination, port);
    // Whoever sends from this port now is not who was to come from it before.
    const before = this.#expected.get(key);
    if (before) this.forget(destination, port, before.connection);
    const timer = setTimeout(() => this.forget(destination, port, connection), unclaimedMs).unref();
    this.#expected.set(key, { connection, timer });
    return to ?? 0;
  }

  /** The agent's connect came to nothing. */
  forget(destination: DestinationFacts, port: number, connection: string): void {
    const key = this.#keyOf(destination, port);
    const found = this.#expected.get(key);
    if (found?.connection !== connection) return;
    clearTimeout(found.timer);
    this.#expected.delete(key);
    this.#ears.dropped(connection);
  }

  /** Whose datagrams those from this port are. @returns as `expect` */
  async sends(destination: DestinationFacts, port: number, connection: string): Promise<number> {
    const to = await this.#doors?.datagrams(net.isIPv6(destination.ip ?? '') ? 6 : 4);
    const key = this.#keyOf(destination, port);
    this.#senders.delete(key);
    this.#senders.set(key, connection);
    const [oldest] = this.#senders.keys();
    if (this.#senders.size > maxPeers && oldest !== undefined) this.#senders.delete(oldest);
    return to ?? 0;
  }

  /** Serves what comes to this socket of the session's network. */
  attach({ destination, descriptor, names }: StandRequest): void {
    const { protocol } = destination;
    if (protocol !== 'udp') this.#servers.push(this.#serve(destination, descriptor));
    else if (names) this.#datagrams.push(this.#nameStand(destination, descriptor));
    else this.#datagrams.push(this.#datagramStand(destination, descriptor));
  }

  #serve(destination: DestinationFacts, descriptor: number): net.Server {
    const options = { allowHalfOpen: true, noDelay: true, pauseOnConnect: true };
    const server = net.createServer(options, (socket) => {
      socket.on('error', () => {});
      this.#came(destination, socket);
    });
    server.on('error', () => {});
    server.listen({ fd: descriptor });
    return server;
  }

  #came(destination: DestinationFacts, socket: net.Socket): void {
    const key = keyOf(destination, socket.remotePort ?? 0);
    const found = this.#expected.get(key);
    if (!found) {
      socket.destroy();
      return;
    }
    clearTimeout(found.timer);
    this.#expected.delete(key);
    this.#ears.accepted(found.connection, socket);
  }

  #question(
    destination: DestinationFacts,
    near: dgram.Socket,
    packet: Uint8Array,
    from: dgram.RemoteInfo,
  ): void {
    const asker = this.#senders.get(keyOf(destination, from.port));
    // Through a door of this machine anybody can knock.
    if (asker === undefined && this.#doors) return;
    void this.#ears
      .name(packet, asker ?? '')
      .then((reply) => reply && near.send(reply, from.port, from.address))
      .catch(() => {}); // the session has ended meanwhile
  }

  #nameStand(destination: DestinationFacts, descriptor: number): dgram.Socket {
    const near = socketFor(destination);
    near.on('message', (packet, from) => this.#question(destination, near, packet, from));
    near.bind({ fd: descriptor, exclusive: true });
    near.unref();
    return near;
  }

  #datagramStand(destination: DestinationFacts, descriptor: number): dgram.Socket {
    const { ip = '', port = 0 } = destination;
    const near = socketFor(destination);
    const far = new Map<string, dgram.Socket>();
    near.on('message', (packet, from) => {
      const client = `${from.address} ${from.port}`;
      const known = far.get(client);
      if (known) return forward(known, packet);
      if (far.size >= maxPeers) return;
      const upstream = socketFor(destination);
      far.set(client, upstream);
      upstream.unref();
      const idle = setTimeout(() => upstream.close(), datagramIdleMs).unref();
      upstream.on('close', () => far.delete(client));
      upstream.on('message', (reply) => {
        idle.refresh();
        near.send(reply, from.port, from.address);
      });
      upstream.connect(port, ip, () => forward(upstream, packet));
    });
    near.bind({ fd: descriptor, exclusive: true });
    near.unref();
    return near;
  }

  #keyOf(destination: DestinationFacts, port: number): string {
    return keyOf(this.#doors ? doorFor(destination.ip) : destination, port);
  }

  close(): void {
    for (const { timer } of this.#expected.values()) clearTimeout(timer);
    this.#doors?.close();
    for (const server of this.#servers) server.close();
    for (const socket of this.#datagrams) socket.close();
  }
}

/** Datagrams may get lost; those to where no way leads do. */
function forward(upstream: dgram.Socket, packet: Uint8Array): void {
  try {
    upstream.send(packet);
  } catch {
    // It is not connected: not yet, not any more, or because there is no way.
  }
}

function socketFor({ ip = '' }: DestinationFacts): dgram.Socket {
  const socket = dgram.createSocket(net.isIPv6(ip) ? 'udp6' : 'udp4');
  socket.on('error', () => {});
  return socket;
}

/** What is led to a door may come from any destination's connect. */
function doorFor(ip = ''): DestinationFacts {
  return { protocol: net.isIPv6(ip) ? 'door6' : 'door' };
}

function keyOf({ protocol, ip, port }: DestinationFacts, from: number): string {
  return `${protocol} ${ip} ${port} ${from}`;
}
