/** A server that bundles come from and reports go to, for tests: on a loopback port, and as bad as it is told to be. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { gunzipSync, gzipSync } from 'node:zlib';
import { buildBundle, type BuildOptions } from '@chaperone/policy/bundle';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/plugins/clock.ts';

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Unpacked. */
  readonly body: string;
  readonly size: number;
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export type Service = {
  readonly url: string;
  readonly asked: Asked[];
  /** What was asked below this path. */
  to(path: string): Asked[];
  /** Serves these bytes from now on; what is asked for with their tag gets 304. */
  serve(path: string, bytes: Uint8Array, etag?: string): void;
  handle(path: string, handler: Handler): void;
  stop(): Promise<void>;
};

/** @param tls as Node's server takes it; plain HTTP when absent */
export async function aService(tls?: TlsOptions): Promise<Service> {
  const asked: Asked[] = [];
  const handlers = new Map<string, Handler>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const bytes = Buffer.concat(parts);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const { method = '', url: path = '', headers } = request;
      asked.push({ method, path, headers, body: body.toString('utf8'), size: bytes.length });
      const handler = handlers.get(path);
      if (handler !== undefined) handler(request, response);
      else response.writeHead(method === 'GET' ? 404 : 200).end();
    });
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  onTestFinished(stop);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    to: (path) => asked.filter((one) => one.path === path),
    serve(path, bytes, etag = `"${bytes.length}"`) {
      handlers.set(path, (request, response) => {
        response.setHeader('ETag', etag);
        if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
        else response.end(bytes);
      });
    },
    handle: (path, handler) => void handlers.set(path, handler),
    stop,
  };
}

/** A bundle of texts. */
export function aBundle(
  files: Readonly<Record<string, string>>,
  options?: BuildOptions,
): Promise<Uint8Array> {
  const named = Object.entries(files).map(([name, text]) => ({
    name,
    bytes: new TextEncoder().encode(text),
  }));
  return buildBundle(named, options);
}

/** An archive such as no writer of ours would make. */
export function aRawBundle(files: Readonly<Record<string, string>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const size = Buffer.byteLength(content);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, Buffer.from(content), Buffer.alloc((512 - (size % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** Time that passes a thousand times as fast; every pause is noted. */
export function fastClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    now: () => Date.now(),
    random: () => 0.5,
    sleep(ms, signal) {
      pauses.push(ms);
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(ms / 1000, 2));
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
        if (signal.aborted) resolve();
      });
    },
  };
}

/** Waits for something that comes about elsewhere. */
export async function until<T>(what: () => T | Promise<T>, ms = 5000): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await what();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > end) throw new Error(`did not come about within ${ms} ms: ${what.toString()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
