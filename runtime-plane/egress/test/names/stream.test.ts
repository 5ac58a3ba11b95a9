/** Questions over TCP. */
import net, { type AddressInfo } from 'node:net';
import { duplexPair } from 'node:stream';
import dns from 'dns-packet';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Resolver } from '../../src/names/index.ts';
import { allow, deny, leadsTo, Nameserver, question, resolver } from './nameserver.ts';

/** @returns a port at which the resolver serves, and how many streams it has finished with */
async function serve(names: Resolver): Promise<{ readonly port: number; readonly done: () => number }> {
  let done = 0;
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    void names.serveStream(socket, 'c7').then(() => (done += 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, done: () => done };
}

class Asker {
  readonly socket: net.Socket;
  closed = false;
  #received = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('error', () => {});
    this.socket.on('end', () => (this.closed = true));
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('data', (chunk: Buffer) => (this.#received = Buffer.concat([this.#received, chunk])));
    onTestFinished(() => void this.socket.destroy());
  }

  ask(...packets: Buffer[]): void {
    this.socket.write(Buffer.concat(packets.map(framed)));
  }

  get replies(): dns.DecodedPacket[] {
    const replies: dns.DecodedPacket[] = [];
    let rest = this.#received;
    while (rest.length >= 2 && rest.length >= rest.readUInt16BE(0) + 2) {
      const end = rest.readUInt16BE(0) + 2;
      replies.push(dns.decode(rest.subarray(2, end)));
      rest = rest.subarray(end);
    }
    return replies;
  }
}

const framed = (packet: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(packet.length);
  return Buffer.concat([length, packet]);
};

const until = async (condition: () => boolean): Promise<void> => {
  for (const began = performance.now(); !condition();) {
    if (performance.now() - began > 20_000) throw new Error('does not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('[req: egress:names] a stream of questions', () => {
  test('is answered question by question, each decided', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, asked } = resolver([server], {
      ask: ({ host }) => Promise.resolve(host.startsWith('no') ? deny : allow),
    });
    const { port, done } = await serve(names);
    const asker = new Asker(port);
    asker.ask(
      question('a.example.com', 'A', { id: 1 }),
      question('no.example.com', 'A', { id: 2 }),
      question('b.example.com', 'A', { id: 3 }),
    );
    await until(() => asker.replies.length === 3);
    const codes = new Map(asker.replies.map((read) => [read.id, (read as { rcode?: string }).rcode]));
    expect([codes.get(1), codes.get(2), codes.get(3)]).toEqual(['NOERROR', 'REFUSED', 'NOERROR']);
    expect(asked.toSorted()).toEqual(['a', 'b', 'no'].map((name) => `c7 ${name}.example.com A`));
    asker.socket.end();
    await until(() => done() === 1 && asker.closed);
  });

  test('comes in whatever pieces', async () => {
    const { names } = resolver([], { ask: () => Promise.resolve(deny) });
    const asker = new Asker((await serve(names)).port);
    for (const byte of framed(question('example.com'))) {
      asker.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => asker.replies.length === 1);
  });

  test('that its asker has finished is still answered', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names } = resolver([server], { ask: () => wait(50).then(() => allow) });
    const { port, done } = await serve(names);
    const asker = new Asker(port);
    asker.ask(question('a.example.com'), question('b.example.com'));
    asker.socket.end();
    await until(() => asker.closed && done() === 1);
    expect(asker.replies).toHaveLength(2);
  });

  test('has eight questions under way, and the others wait', async () => {
    const waiting: (() => void)[] = [];
    const { names, asked } = resolver([], {
      ask: () => new Promise((resolve) => waiting.push(() => resolve(deny))),
    });
    const asker = new Asker((await serve(names)).port);
    asker.ask(...Array.from({ length: 20 }, (_, index) => question(`n${index}.example.com`)));
    await until(() => asked.length === 8);
    await wait(50);
    expect(asked).toHaveLength(8);
    while (asker.replies.length < 20) {
      waiting.shift()?.();
      await wait(2);
    }
    expect(asked).toHaveLength(20);
  });

  test.each<[string, Buffer]>([
    ['no question', framed(Buffer.from('abc'))],
    ['nothing', Buffer.from([0, 0])],
    ['more than any question has', Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.alloc(100)])],
    ['a TLS handshake', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])],
  ])('with %s in it is closed', async (_, bytes) => {
    const { port, done } = await serve(resolver([], { ask: () => Promise.resolve(deny) }).names);
    const asker = new Asker(port);
    asker.socket.write(bytes);
    await until(() => done() === 1 && asker.closed);
    expect(asker.replies).toEqual([]);
  });

  test('without a whole question in time is closed, however it drips', async () => {
    const { names } = resolver([], { deadlines: { idleMs: 100 } });
    const { port, done } = await serve(names);
    const silent = new Asker(port);
    const dripping = new Asker(port);
    const drip = setInterval(() => dripping.socket.write(Buffer.from([0])), 20);
    dripping.socket.write(Buffer.from([1]));
    await until(() => done() === 2 && silent.closed && dripping.closed);
    clearInterval(drip);
  });

  test('that waits for a decision is not idle', async () => {
    const { names } = resolver([], {
      ask: () => wait(300).then(() => deny),
      deadlines: { idleMs: 50 },
    });
    const asker = new Asker((await serve(names)).port);
    asker.ask(question('example.com'));
    await until(() => asker.replies.length === 1);
  });

  test('whose answers nobody takes is not read any further, and closed', async () => {
    const many = Array.from({ length: 64 }, (_, index) => `93.184.216.${index}`);
    const server = await Nameserver.start(leadsTo(...many));
    const [near, far] = duplexPair();
    let held = 0;
    const { names } = resolver([server], {
      ask: () => {
        held = Math.max(held, near.writableLength);
        return Promise.resolve(allow);
      },
      deadlines: { idleMs: 300 },
    });
    const served = names.serveStream(near, 'c7');
    const chunk = Buffer.concat(Array.from({ length: 100 }, () => framed(question('example.com'))));
    let taken = 0;
    const write = (): boolean => far.write(chunk, (error) => error ?? ((taken += 1), write()));
    far.on('error', () => {});
    write();
    await served;
    expect(taken).toBeLessThan(100);
    expect(held).toBeGreaterThan(10_000);
    expect(held).toBeLessThan(150_000);
  });

  test('is one of 64 at most, and closed with its resolver', async () => {
    const { names } = resolver([]);
    const { port, done } = await serve(names);
    const askers = Array.from({ length: 66 }, () => new Asker(port));
    await until(() => done() === 2 && askers.filter(({ closed }) => closed).length === 2);
    await wait(50);
    expect([done(), askers.filter(({ closed }) => !closed).length]).toEqual([2, 64]);
    names.close();
    await until(() => done() === 66);
    const late = new Asker(port);
    await until(() => late.closed);
  });
});
