/**
 * Where a session without a network of its own is led instead of its destinations: sockets on this machine's loopback, which let
 * in nobody but the connection that the gate announced by its port.
 */
import dgram from 'node:dgram';
import net from 'node:net';

type Family = 4 | 6;

export type DoorEars = {
  came(socket: net.Socket): void;
  datagram(near: dgram.Socket, packet: Uint8Array, from: dgram.RemoteInfo): void;
};

export class Doors {
  readonly #ears: DoorEars;
  readonly #streams = new Map<Family, Promise<number>>();
  readonly #datagrams = new Map<Family, Promise<number>>();
  readonly #open: { close(): unknown }[] = [];

  constructor(ears: DoorEars) {
    this.#ears = ears;
  }

  /** @returns its port; rejects when there is no such loopback address */
  stream(family: Family): Promise<number> {
    return known(this.#streams, family, () => this.#listen(family));
  }

  datagrams(family: Family): Promise<number> {
    return known(this.#datagrams, family, () => this.#bind(family));
  }

  close(): void {
    for (const one of this.#open) one.close();
  }

  #listen(family: Family): Promise<number> {
    const options = { allowHalfOpen: true, noDelay: true, pauseOnConnect: true };
    const server = net.createServer(options, (socket) => {
      socket.on('error', () => {});
      this.#ears.came(socket);
    });
    this.#open.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: 0, host: loopback[family], backlog: 1024 }, () =>
        resolve((server.address() as net.AddressInfo).port),
      );
    });
  }

  #bind(family: Family): Promise<number> {
    const socket = dgram.createSocket(family === 6 ? 'udp6' : 'udp4');
    socket.unref();
    this.#open.push(socket);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.on('message', (packet, from) => this.#ears.datagram(socket, packet, from));
      socket.bind({ port: 0, address: loopback[family] }, () => resolve(socket.address().port));
    });
  }
}

const loopback: Readonly<Record<Family, string>> = { 4: '127.0.0.1', 6: '::1' };

function known<T>(of: Map<Family, Promise<T>>, family: Family, make: () => Promise<T>): Promise<T> {
  const found = of.get(family);
  if (found) return found;
  const made = make();
  of.set(family, made);
  return made;
}
