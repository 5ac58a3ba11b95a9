/** A carrier between a listener for agents and a far side on loopback, with a desk that notes what it was asked. */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Forward, RequestDesk, RequestHead, Verdict } from '../../src/http/desk.ts';
import { carryHttp1, type Http1Limits } from '../../src/http/index.ts';

export type Ended = { readonly result: string; readonly sent: number; readonly received: number };

type Planned = Partial<Forward> | Extract<Verdict, { effect: 'refuse' }>;

export type Plan = (head: RequestHead) => Planned | Promise<Planned>;

export class NotingDesk implements RequestDesk {
  readonly heads: RequestHead[] = [];
  readonly malformedWhys: string[] = [];
  readonly ended: Ended[] = [];
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async open(head: RequestHead): Promise<Verdict> {
    this.heads.push(head);
    const plan = await this.#plan(head);
    if (plan.effect === 'refuse') return plan;
    return {
      target: head.target,
      headers: head.headers,
      response: (response) => ({ head: response }),
      ended: (result, sent, received) => {
        this.ended.push({ result, sent, received });
      },
      ...plan,
      effect: 'forward',
    };
  }

  malformed(why: string, reason = 'malformed_request'): ReturnType<RequestDesk['malformed']> {
    this.malformedWhys.push(why);
    return { status: 400, reason, message: why, decision: 'd-1' };
  }
}

/** All bytes that reached a far side, over all its connections. */
export class RawFar {
  readonly server: net.Server;
  received = Buffer.alloc(0);
  connections = 0;

  constructor(answer: (socket: net.Socket, received: Buffer) => void = () => undefined) {
    this.server = net.createServer({ allowHalfOpen: true }, (socket) => {
      this.connections += 1;
      let own = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.on('end', () => socket.end());
      socket.on('data', (chunk) => {
        this.received = Buffer.concat([this.received, chunk]);
        own = Buffer.concat([own, chunk]);
        answer(socket, own);
      });
    });
  }
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

export type Carrier = {
  readonly port: number;
  readonly desk: NotingDesk;
  /** Connections that are not over. */
  readonly open: () => number;
  /** Resolves when there are none. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Agents connect to `port`; the name that was allowed is `api.example`, with the port 80. */
export async function startCarrier(
  far: net.Server,
  plan: Plan = () => ({}),
  limits: Partial<Http1Limits> = {},
  connect?: (port: number) => Duplex,
): Promise<Carrier> {
  if (!far.listening) await once(far.listen(0, '127.0.0.1'), 'listening');
  const farPort = (far.address() as net.AddressInfo).port;
  const desk = new NotingDesk(plan);
  const running = new Set<Promise<void>>();
  const sockets = new Set<Duplex>();
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    const farSocket = connect?.(farPort) ?? net.connect(farPort, '127.0.0.1');
    sockets.add(near).add(farSocket);
    const carried = carryHttp1({
      near,
      far: farSocket,
      scheme: 'http',
      host: 'api.example',
      hosts: ['other.example', '127.0.0.1'],
      port: 80,
      desk,
      limits: { lingerMs: 500, ...limits },
    });
    running.add(carried);
    void carried.then(() => running.delete(carried));
    near.resume();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    desk,
    open: () => running.size,
    idle: async () => {
      do {
        await Promise.all(running);
        await pause(5);
      } while (running.size > 0);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(running);
      server.close();
      far.close();
    },
  };
}

/** Sends `bytes` and reads until the connection ends, or until `until` is in what came. */
export async function talk(port: number, bytes: string | Buffer, until?: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  let answer = '';
  await new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (until !== undefined && answer.includes(until)) socket.end(() => socket.destroy());
    });
    socket.write(bytes, 'latin1');
  });
  return answer;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
