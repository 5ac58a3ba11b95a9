/** Sockets: TCP with and without TLS, Unix; limits on what one client may take; an end that waits for answers. */
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { PdpError } from '../errors.ts';
import { type Address, showAddress } from './address.ts';

export type Place =
  | { readonly kind: 'tcp'; readonly address: Address }
  /** `mode` are the permission bits of the socket. */
  | { readonly kind: 'unix'; readonly path: string; readonly mode: number };

export type ConnectionLimits = {
  /** Per place. */
  readonly maxConnections: number;
  /** From the first byte of a request to the last of its headers. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to its last. */
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxHeaderBytes: number;
};

export type Listener = {
  /** `http://127.0.0.1:8181`, `unix:/run/x.sock`. */
  readonly url: string;
  readonly connections: () => Promise<number>;
  /** Takes no more connections, waits for answers under way at most so long, then ends what is left. */
  close(graceMs: number): Promise<void>;
};

/** Throws PdpError. */
export async function listen(
  place: Place,
  handler: RequestListener,
  limits: ConnectionLimits,
  tls?: TlsOptions,
): Promise<Listener> {
  const options: ServerOptions = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 1000),
    maxHeaderSize: limits.maxHeaderBytes,
    noDelay: true,
    keepAlive: true,
  };
  const server =
    tls === undefined || place.kind === 'unix'
      ? createServer(options, handler)
      : createSecureServer({ ...tls, ...options, handshakeTimeout: limits.headersTimeoutMs }, handler);
  server.maxConnections = limits.maxConnections;
  server.on('clientError', refuse);
  if (place.kind === 'unix') await clearStaleSocket(place.path);
  await bind(server, place);
  return {
    url: urlOf(server, place, tls !== undefined),
    connections: () =>
      new Promise((resolve) => server.getConnections((error, count) => resolve(error === null ? count : 0))),
    close: (graceMs) => close(server, graceMs),
  };
}

function bind(server: Server, place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(bindError(error, place)));
    if (place.kind === 'tcp') {
      const { host, port } = place.address;
      server.listen({ port, ...(host === '' ? {} : { host }) }, resolve);
      return;
    }
    // Nobody else may connect in the moment before the mode is set.
    const before = process.umask(0o177);
    server.listen(place.path, () => {
      chmodSync(place.path, place.mode);
      resolve();
    });
    process.umask(before);
  });
}

function bindError(error: NodeJS.ErrnoException, place: Place): PdpError {
  const where = place.kind === 'tcp' ? showAddress(place.address, false).slice('http://'.length) : place.path;
  const advice =
    error.code === 'EADDRINUSE'
      ? 'another program listens there; choose another address, or stop it'
      : error.code === 'EACCES'
        ? 'this user may not listen there'
        : (error.code ?? error.message);
  return new PdpError('address', `cannot listen on ${where}: ${advice}`, { cause: error });
}

/** A socket that nobody listens on any more is in the way; one in use, and anything else, is left alone. */
async function clearStaleSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new PdpError('address', `cannot listen on ${path}: it is not a socket`);
  const isAlive = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
  if (isAlive) throw new PdpError('address', `cannot listen on ${path}: another program listens there`);
  unlinkSync(path);
}

function urlOf(server: Server, place: Place, isSecure: boolean): string {
  if (place.kind === 'unix') return `unix:${place.path}`;
  const { port } = server.address() as AddressInfo;
  return showAddress({ ...place.address, port }, isSecure);
}

/** What cannot be read as HTTP, or takes too long. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`,
  );
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
