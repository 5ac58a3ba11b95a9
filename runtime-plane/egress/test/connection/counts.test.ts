/** Many connections, in turn and at once, and long ones: nothing is left of them, and memory stays what it was. */
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { type Ended, Rig, sockets, textOf, until } from './rig.ts';

const inTurn = Number(process.env['CHAPERONE_EGRESS_IN_TURN'] ?? 1_000);
const atOnce = Number(process.env['CHAPERONE_EGRESS_AT_ONCE'] ?? 500);
const streamBytes = Number(process.env['CHAPERONE_EGRESS_STREAM_MB'] ?? 256) * 1_048_576;
const stray: unknown[] = [];
process.on('uncaughtExceptionMonitor', (error) => stray.push(error));

let rig: Rig | undefined;
afterEach(() => {
  rig?.close();
  rig = undefined;
  expect(stray).toEqual([]);
});

/** Gives back what it gets; for HTTP, one response of the same length whatever was asked. */
const echo = (socket: Socket): void => void socket.pipe(socket);
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const web = (socket: Socket): void =>
  void socket.on('data', () => socket.write(ok)).on('end', () => socket.end());

/** One exchange of an agent. @returns how its connection ended */
type Talk = (rig: Rig) => Promise<Ended>;
const opaque: Talk = async (to) => {
  const { agent, ended } = await to.connect();
  agent.end('\0\0 hello');
  expect(await textOf(agent)).toBe('\0\0 hello');
  return await ended;
};
const request = 'GET / HTTP/1.1\r\nHost: far.test\r\nConnection: close\r\n\r\n';
const http: Talk = async (to) => {
  const { agent, ended } = await to.connect();
  agent.write(request.replace('far.test', `far.test:${to.port}`));
  expect(await textOf(agent)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*ok$/s);
  agent.end();
  return await ended;
};
const kinds: [string, Talk, (socket: Socket) => void][] = [
  ['unread', opaque, echo],
  ['plain HTTP', http, web],
];

describe.each(kinds)('[req: egress:reliability] connections (%s)', (_title, talk, serve) => {
  test('many in turn leave nothing', async () => {
    rig = await Rig.open({ serve });
    for (let count = 0; count < 50; count += 1) await talk(rig);
    const before = { sockets: sockets(), rss: process.memoryUsage.rss() };
    for (let count = 0; count < inTurn; count += 1) expect((await talk(rig)).result).toBe('done');
    await until('all sockets are closed', () => sockets() <= before.sockets);
    expect(rig.egress.size).toBe(0);
    expect(rig.far.size).toBe(0);
    expect(rig.ends()).toHaveLength(inTurn + 50);
    expect(process.memoryUsage.rss() - before.rss).toBeLessThan(150 << 20);
  });

  test('many at once leave nothing', async () => {
    rig = await Rig.open({ serve });
    const before = sockets();
    const to = rig;
    const ends = await Promise.all(Array.from({ length: atOnce }, () => talk(to)));
    expect(new Set(ends.map(({ connection }) => connection)).size).toBe(atOnce);
    expect(ends.every(({ result }) => result === 'done')).toBe(true);
    await until('all sockets are closed', () => sockets() <= before);
    expect(rig.egress.size).toBe(0);
    expect(rig.ends()).toHaveLength(atOnce);
  });
});

/** Writes so many bytes as fast as they are taken. */
async function pour(into: Socket, bytes: number): Promise<void> {
  const block = Buffer.alloc(1 << 20, 'x');
  for (let left = bytes; left > 0; left -= block.length)
    if (!into.write(left >= block.length ? block : block.subarray(0, left))) await once(into, 'drain');
}

/** Highest resident size while it goes on, above what it was. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  await work();
  clearInterval(timer);
  return most - before;
}

describe('[req: egress:reliability] long streams', () => {
  const count = (socket: Socket): { bytes: number } => {
    const seen = { bytes: 0 };
    socket.on('data', (part: Buffer) => (seen.bytes += part.length));
    return seen;
  };

  test.each([
    ['unread', '\0\0\0\0', ''],
    [
      'plain HTTP',
      'GET / HTTP/1.1\r\nHost: far.test\r\nConnection: close\r\n\r\n',
      `HTTP/1.1 200 OK\r\nContent-Length: ${streamBytes}\r\n\r\n`,
    ],
  ])('come in with constant memory (%s)', async (_title, first, head) => {
    rig = await Rig.open({
      serve: (socket) =>
        void socket.once('data', () => {
          socket.write(head);
          void pour(socket, streamBytes).then(() => socket.end());
        }),
    });
    const { agent, ended } = await rig.connect();
    const seen = count(agent);
    const grown = await growth(async () => {
      agent.write(first.replace('far.test', `far.test:${rig?.port}`));
      await once(agent, 'end');
      agent.end();
      await ended;
    });
    expect(seen.bytes - streamBytes).toBeGreaterThanOrEqual(head ? 40 : 0);
    expect(seen.bytes - streamBytes).toBeLessThan(head ? 200 : 1);
    expect(await ended).toMatchObject({ result: 'done', receivedBytes: seen.bytes });
    expect(grown).toBeLessThan(200 << 20);
  });

  test.each([
    ['unread', '\0\0\0\0'],
    [
      'plain HTTP',
      `POST / HTTP/1.1\r\nHost: far.test\r\nContent-Length: ${streamBytes}\r\nConnection: close\r\n\r\n`,
    ],
  ])('go out with constant memory (%s)', async (title, text) => {
    const arrived = Promise.withResolvers<number>();
    rig = await Rig.open({
      serve(socket) {
        const seen = count(socket);
        const mostBytes = streamBytes + (title === 'unread' ? 4 : 0);
        socket.on('data', () => {
          if (title === 'unread' || seen.bytes < mostBytes) return;
          socket.end(ok);
        });
        socket.on('end', () => {
          arrived.resolve(seen.bytes);
          socket.end();
        });
      },
    });
    const first = text.replace('far.test', `far.test:${rig.port}`);
    const { agent, ended } = await rig.connect();
    agent.resume();
    const grown = await growth(async () => {
      agent.write(first);
      await pour(agent, streamBytes);
      agent.end();
      await ended;
    });
    expect(await ended).toMatchObject({ result: 'done', sentBytes: first.length + streamBytes });
    expect(await arrived.promise).toBeGreaterThanOrEqual(streamBytes);
    expect(grown).toBeLessThan(200 << 20);
  });
});
