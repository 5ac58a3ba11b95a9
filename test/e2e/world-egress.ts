/** What lies outside of a session in tests of its way out, all on loopback: a nameserver, servers of HTTP and TLS, and what arrived there. */
import dgram from 'node:dgram';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { Authority } from '@chaperone/egress';
import dns from 'dns-packet';
import type { World } from './world.ts';

export type Arrived = {
  readonly method: string;
  readonly host: string;
  readonly url: string;
  readonly version: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
};

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;
type Early = {
  /** Takes a request over before its body came; false where it does not. */
  readonly request?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
  readonly upgrade?: (request: http.IncomingMessage, socket: Duplex) => void;
};

export class Outside {
  /** Requests whose body came to its end. */
  readonly arrived: Arrived[] = [];
  /** Names that were asked for, lower case. */
  readonly asked: string[] = [];
  /** Connections to any of the servers. */
  connections = 0;
  readonly authority: Authority;
  readonly ports: { readonly dns: number; readonly tls: number; readonly http: number };
  readonly #close: (() => void)[];

  private constructor(authority: Authority, ports: Outside['ports'], close: (() => void)[]) {
    this.authority = authority;
    this.ports = ports;
    this.#close = close;
  }

  /** @param answers addresses of names; others lead to 127.0.0.1. */
  static async open(
    handle: Handler = plain,
    answers: Readonly<Record<string, string>> = {},
    early: Early = {},
  ): Promise<Outside> {
    const authority = Authority.create('outside', Date.now);
    const outside: { here?: Outside } = {};
    const close: (() => void)[] = [];
    const serve = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      if (early.request?.(request, response)) return;
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('error', () => {});
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('latin1');
        const { method = '', url = '', httpVersion: version, headers } = request;
        const host = String(headers[':authority'] ?? headers.host ?? '');
        outside.here?.arrived.push({ method, host, url, version, headers, body });
        handle(request, response, body);
      });
    };
    const servers: net.Server[] = [
      http2.createSecureServer(
        {
          allowHTTP1: true,
          SNICallback: (name, done) => done(null, authority.contextFor(name)),
          ...credentialsOf(authority),
        },
        serve as never,
      ) as unknown as net.Server,
      http.createServer(serve),
    ];
    const ports: number[] = [];
    for (const server of servers) {
      if (early.upgrade) server.on('upgrade', early.upgrade);
      const sockets = new Set<net.Socket>();
      server.on('connection', (socket: net.Socket) => {
        if (outside.here) outside.here.connections += 1;
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket)).on('error', () => {});
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      ports.push((server.address() as AddressInfo).port);
      close.push(() => {
        server.close();
        for (const socket of sockets) socket.destroy();
      });
    }
    const names = dgram.createSocket('udp4');
    names.on('message', (packet, from) => {
      const { id, questions = [] } = dns.decode(packet);
      for (const { name } of questions) outside.here?.asked.push(name.toLowerCase());
      const found = questions
        .filter(({ type }) => type === 'A')
        .map(({ name }) => ({
          type: 'A' as const,
          name,
          // So that each lookup is asked for anew.
          ttl: 0,
          data: answers[name.toLowerCase()] ?? '127.0.0.1',
        }));
      const reply = dns.encode({ type: 'response', id, flags: 0x180, questions, answers: found });
      names.send(reply, from.port, from.address);
    });
    await new Promise<void>((resolve) => names.bind(0, '127.0.0.1', resolve));
    close.push(() => names.close());
    const [tls = 0, plainPort = 0] = ports;
    outside.here = new Outside(authority, { dns: names.address().port, tls, http: plainPort }, close);
    return outside.here;
  }

  /** Rules of package chaperone.access, with settings under which this outside is the world's. */
  policy(world: World, rules: string, egress: Readonly<Record<string, unknown>> = {}): void {
    world.policy(rules);
    const authority = world.file('outside.pem', this.authority.certificate);
    const settings = {
      names: { private: ['*'], servers: [`127.0.0.1:${this.ports.dns}`] },
      upstream_ca: [authority],
      ...egress,
    };
    writeFileSync(
      path.join(world.dir, 'policy/data.json'),
      JSON.stringify({ world: world.dir, chaperone: { egress: settings } }),
    );
  }

  close(): void {
    for (const one of this.#close) one();
  }
}

function credentialsOf(authority: Authority): { key: string; cert: string } {
  // For clients that name no host; those that do get a certificate of their own.
  const { key, certificate } = authority.authorship;
  return { key, cert: certificate };
}

/** `/echo` gives the body back, `/headers` the headers, `/stream` five events a tenth of a second apart. */
function plain(request: http.IncomingMessage, response: http.ServerResponse, body: string): void {
  switch (request.url?.split('?')[0]) {
    case '/echo':
      response.end(Buffer.from(body, 'latin1'));
      return;
    case '/headers':
      response.end(JSON.stringify(request.headers));
      return;
    case '/stream': {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let count = 0;
      const timer = setInterval(() => {
        count += 1;
        response.write(`data: ${count}\n\n`);
        if (count < 5) return;
        clearInterval(timer);
        response.end();
      }, 100);
      response.on('close', () => clearInterval(timer));
      return;
    }
    default:
      response.end('hello');
  }
}
