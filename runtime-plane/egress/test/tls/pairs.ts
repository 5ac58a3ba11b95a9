/** Real sockets on loopback, and servers of TLS that stand for destinations. */
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { acceptTls, type Accepted, type Authority, readClientHello } from '../../src/tls/index.ts';

export function portOf(server: net.Server): number {
  return (server.address() as net.AddressInfo).port;
}

export async function listening<T extends net.Server>(server: T): Promise<T> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A server that takes a connection as the egress process does: it reads the hello first, in whatever pieces it comes. */
export async function openingServer(
  authority: Authority,
  options: { alpn?: string; deadlineMs?: number; host?: string },
  then: (accepted: Accepted) => void,
): Promise<net.Server> {
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    let first = Buffer.alloc(0);
    near.on('error', () => {});
    near.on('readable', function read(): void {
      const part = near.read() as Buffer | null;
      if (part !== null) first = Buffer.concat([first, part]);
      const hello = readClientHello(first);
      if (hello.state !== 'hello') return;
      near.off('readable', read);
      const context = authority.contextFor(options.host ?? hello.hello.sni ?? '127.0.0.1');
      const { alpn, deadlineMs = 5000 } = options;
      void acceptTls({ near, first, context, alpn, deadlineMs }).then(then);
    });
  });
  return listening(server);
}

export async function connected(port: number): Promise<net.Socket> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** A destination whose certificate is for `host`. */
export async function destination(
  authority: Authority,
  host: string,
  options: tls.TlsOptions = {},
): Promise<tls.Server> {
  const server = tls.createServer({
    ...options,
    SNICallback: (_, done) => done(null, authority.contextFor(host)),
  });
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {});
    socket.end('hello');
  });
  return listening(server);
}
