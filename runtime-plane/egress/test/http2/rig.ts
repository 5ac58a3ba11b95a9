/** A destination, a desk and the carrier between them, over real sockets on loopback. Without TLS: it is over before the carrier. */
import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { defaultLimits, carryHttp2, type Http2Limits } from '../../src/http2/index.ts';
import type { Forward, Refusal, RequestDesk, RequestHead, Verdict } from '../../src/http/desk.ts';
import type { RefusedReason } from '../../src/wire.ts';

export type Ended = { result: string; sent: number; received: number };

export class Desk implements RequestDesk {
  readonly heads: RequestHead[] = [];
  readonly faults: (RefusedReason | undefined)[] = [];
  readonly ended: Ended[] = [];
  /** What is said of each request; forwards it when it says nothing else. */
  judge: (head: RequestHead, forward: Forward) => Verdict | Promise<Verdict> = (_head, forward) => forward;

  async open(head: RequestHead): Promise<Verdict> {
    this.heads.push(head);
    return await this.judge(head, {
      effect: 'forward',
      headers: head.headers,
      target: head.target,
      response: (answer) => ({ head: answer }),
      ended: (result, sent, received) => this.ended.push({ result, sent, received }),
    });
  }

  malformed(why: string, reason?: RefusedReason): Refusal {
    this.faults.push(reason);
    return { status: 400, reason: reason ?? 'malformed_request', message: why, decision: undefined };
  }
}

export type Rig = {
  readonly desk: Desk;
  readonly server: http2.Http2Server;
  readonly client: http2.ClientHttp2Session;
  /** A plain socket whose other end is carried. */
  readonly raw: () => Promise<net.Socket>;
  /** Of every connection that was carried. */
  readonly carried: Promise<void>[];
  readonly fars: net.Socket[];
  readonly close: () => Promise<void>;
};

export type Options = {
  readonly limits?: Partial<Http2Limits>;
  readonly server?: http2.ServerOptions;
  readonly client?: http2.ClientSessionOptions;
  /** In place of the destination. */
  readonly destination?: net.Server;
};

export async function rig(
  answer: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
  options: Options = {},
): Promise<Rig> {
  const desk = new Desk();
  const server = http2.createServer(options.server ?? {});
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    answer(stream, headers);
  });
  server.on('sessionError', () => undefined);
  const target = options.destination ?? server;
  const sockets = new Set<net.Socket>();
  target.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const carried: Promise<void>[] = [];
  const fars: net.Socket[] = [];
  const proxy = net.createServer((near) => {
    const far = net.connect((target.address() as AddressInfo).port, '127.0.0.1', () => {
      fars.push(far);
      const limits = { ...defaultLimits, closeMs: 200, ...options.limits };
      carried.push(
        carryHttp2({ near, far, host: 'example.test', hosts: ['other.test'], port: 443, desk, limits }),
      );
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const client = http2.connect(`http://127.0.0.1:${port}`, options.client);
  client.on('error', () => undefined);
  return {
    desk,
    server,
    client,
    carried,
    fars,
    raw: async () => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    },
    close: async () => {
      client.destroy();
      for (const socket of sockets) socket.destroy();
      target.close();
      proxy.close();
      await Promise.all(carried);
    },
  };
}

export type Answer = {
  readonly status: number;
  readonly headers: http2.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: http2.IncomingHttpHeaders | undefined;
  readonly rst: number;
};

/** A request to the place the rig's connection is for. */
export function begin(
  client: http2.ClientHttp2Session,
  fields: http2.OutgoingHttpHeaders = {},
  options: http2.ClientSessionRequestOptions = {},
): http2.ClientHttp2Stream {
  const stream = client.request(
    { ':scheme': 'https', ':authority': 'example.test', ':path': '/', ...fields },
    options,
  );
  stream.on('error', () => undefined);
  return stream;
}

/** What comes back, when the stream is closed. */
export async function answered(stream: http2.ClientHttp2Stream): Promise<Answer> {
  let headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader = {};
  let trailers: http2.IncomingHttpHeaders | undefined;
  const pieces: Buffer[] = [];
  stream.on('response', (fields) => (headers = fields));
  stream.on('trailers', (fields: http2.IncomingHttpHeaders) => (trailers = fields));
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  if (!stream.destroyed) await new Promise<void>((resolve) => void stream.once('close', resolve));
  return {
    status: headers[':status'] ?? 0,
    headers,
    body: Buffer.concat(pieces),
    trailers,
    rst: stream.rstCode,
  };
}

/** Waits until `is` holds. @throws after 5 s */
export async function until(is: () => boolean, what = 'condition'): Promise<void> {
  for (const start = Date.now(); !is();) {
    if (Date.now() - start > 5_000) throw new Error(`still waiting for ${what}`);
    await new Promise((resolve) => void setTimeout(resolve, 5));
  }
}
