/** Either side of a connection dribbles, goes silent, vanishes or resets: the other learns of it, and nothing is left. */
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { splice } from '../../src/splice.ts';
import { type Ended, pause, Rig, sockets, textOf, until } from './rig.ts';

const stray: unknown[] = [];
process.on('uncaughtExceptionMonitor', (error) => stray.push(error));

let rig: Rig | undefined;
let before = 0;
beforeEach(() => {
  before = sockets();
});
afterEach(async () => {
  vi.useRealTimers();
  const { egress } = rig ?? {};
  rig?.close();
  rig = undefined;
  await until('all sockets are closed', () => sockets() <= before);
  expect(egress?.size).toBe(0);
  expect(stray).toEqual([]);
});

const closed = async (socket: Socket): Promise<void> => {
  if (socket.closed) return;
  if (socket.readableEnded) socket.end();
  await new Promise((resolve) => {
    socket.resume().on('end', () => socket.end());
    socket.on('close', resolve);
  });
};
const only = (from: Rig): Socket => {
  const [socket] = from.far;
  if (!socket) throw new Error('nothing arrived at the far side');
  return socket;
};
async function reset(socket: Socket): Promise<boolean> {
  const [error] = (await Promise.race([once(socket, 'error'), once(socket, 'close')])) as [unknown];
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
}
/** Only what waits in this process is hurried on; sockets take their own time. */
const hurry = (): void =>
  void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
const request = (port: number): string => `GET / HTTP/1.1\r\nHost: far.test:${port}\r\n\r\n`;

describe('[req: egress:reliability] an agent that', () => {
  test.each([
    ['a hello of TLS', Buffer.from([22, 3, 1, 2, 0, 1]), 'uninspectable'],
    ['a request', Buffer.from('GET / HTT'), undefined],
  ])('dribbles %s is heard no longer than its time', async (_what, bytes, reason) => {
    rig = await Rig.open({ serve: (socket) => void socket.resume() });
    hurry();
    const { agent, ended } = await rig.connect();
    for (const byte of bytes) {
      agent.write(Buffer.of(byte));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await vi.advanceTimersByTimeAsync(15_000);
    // A head that began has a deadline of its own.
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await ended).result).toBe(reason ? 'failed' : 'done');
    expect(rig.said.flatMap((one) => (one.kind === 'refused' ? [one.refusal.reason] : []))).toEqual(
      reason ? [reason] : [],
    );
    vi.useRealTimers();
    await closed(agent);
    expect(rig.ends()).toHaveLength(1);
  });

  test('says nothing may stay, and is closed with its far side', async () => {
    rig = await Rig.open({ serve() {} });
    const { agent, ended } = await rig.connect();
    await until('the far side is there', () => rig?.far.size === 1);
    only(rig).destroy();
    await closed(agent);
    expect((await ended).sentBytes).toBe(0);
  });

  test.each([
    ['before its far side is there', 'reach'],
    ['when its far side is there', 'claim'],
  ])('vanishes %s leaves nothing', async (_when, when) => {
    rig = await Rig.open({ serve: (socket) => void socket.resume().on('end', () => socket.end()) });
    if (when === 'reach') {
      const to = { ip: '127.0.0.1', port: rig.port, hosts: [], inspect: false, names: false };
      rig.egress.hear({ kind: 'reach', connection: '77', to }, undefined);
      rig.egress.hear({ kind: 'dropped', connection: '77' }, undefined);
      await until('nothing is reached', () => rig?.egress.size === 0);
      expect(rig.said).toMatchObject([{ kind: 'reached', connection: '77', errno: 110 }]);
      const [agent, near] = await rig.pair();
      rig.egress.hear({ kind: 'accepted', connection: '77' }, near);
      await closed(agent);
      return;
    }
    const { connection } = await rig.reach();
    rig.egress.hear({ kind: 'dropped', connection }, undefined);
    rig.egress.hear({ kind: 'dropped', connection }, undefined);
    expect(rig.ends()).toMatchObject([{ connection, result: 'abandoned', sentBytes: 0, receivedBytes: 0 }]);
    const [agent, near] = await rig.pair();
    rig.egress.hear({ kind: 'accepted', connection }, near);
    await closed(agent);
    expect(rig.ends()).toHaveLength(1);
  });

  test('never comes is not waited for, whatever the endpoint forgets to say', async () => {
    rig = await Rig.open({ serve() {} });
    hurry();
    const { connection } = await rig.reach();
    await vi.advanceTimersByTimeAsync(31_000);
    expect(rig.ends()).toMatchObject([{ connection, result: 'abandoned' }]);
  });

  test('is gone by the time its socket is passed on ends its connection', async () => {
    rig = await Rig.open({ serve() {} });
    const { connection } = await rig.reach();
    rig.egress.hear({ kind: 'accepted', connection }, undefined);
    expect(rig.ends()).toMatchObject([{ connection, result: 'failed' }]);
  });

  test('comes twice is served once', async () => {
    rig = await Rig.open({ serve: (socket) => void socket.pipe(socket) });
    const { agent, connection, ended } = await rig.connect();
    const [second, near] = await rig.pair();
    rig.egress.hear({ kind: 'accepted', connection }, near);
    await closed(second);
    agent.end('\0\0');
    expect(await textOf(agent)).toBe('\0\0');
    expect(await ended).toMatchObject({ result: 'done', sentBytes: 2, receivedBytes: 2 });
  });

  test('nobody knows is turned away', async () => {
    rig = await Rig.open({ serve() {} });
    const [agent, near] = await rig.pair();
    rig.egress.hear({ kind: 'accepted', connection: '4711' }, near);
    await closed(agent);
    expect(rig.said).toEqual([]);
  });

  test('sends a request and ends at once gets its answer', async () => {
    const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';
    rig = await Rig.open({ serve: (socket) => void socket.once('data', () => socket.end(ok)) });
    const { connection } = await rig.reach();
    const [agent, near] = await rig.pair();
    agent.end(request(rig.port));
    await pause(50); // all of it is there before anybody looks
    rig.egress.hear({ kind: 'accepted', connection }, near);
    expect(await textOf(agent)).toMatch(/ok$/);
  });

  test('ends its side first hears the rest', async () => {
    rig = await Rig.open({
      serve: (socket) => void socket.resume().on('end', () => setTimeout(() => socket.end('late'), 100)),
    });
    const { agent, ended } = await rig.connect();
    agent.end('\0\0');
    expect(await textOf(agent)).toBe('late');
    expect(await ended).toMatchObject({ result: 'done', sentBytes: 2, receivedBytes: 4 });
  });
});

const head = 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n';
const post = (port: number): string =>
  `POST / HTTP/1.1\r\nHost: far.test:${port}\r\nContent-Length: 1000000\r\n\r\n`;

describe('[req: egress:reliability] a reset or an end in the middle', () => {
  test.each([
    ['unread', (): string => '\0\0'],
    ['HTTP', post],
  ])('by the agent reaches the far side (%s)', async (_kind, first) => {
    rig = await Rig.open({ serve: (socket) => void socket.resume() });
    const { agent, ended } = await rig.connect();
    agent.write(first(rig.port));
    agent.write(Buffer.alloc(100_000));
    await until('bytes arrive', () => rig?.far.size === 1 && only(rig).bytesRead > 100_000);
    const other = only(rig);
    const heard = reset(other);
    agent.resetAndDestroy();
    expect(await heard).toBe(true);
    expect((await ended).sentBytes).toBeGreaterThan(100_000);
    expect(rig.ends()).toHaveLength(1);
  });

  test.each([
    ['unread', '', (): string => '\0\0'],
    ['HTTP', head, request],
  ])('by the far side reaches the agent (%s)', async (_kind, answer, first) => {
    rig = await Rig.open({
      serve: (socket) => void socket.once('data', () => socket.write(answer + 'x'.repeat(1000))),
    });
    const { agent, ended } = await rig.connect();
    agent.write(first(rig.port));
    await once(agent, 'data');
    const heard = reset(agent.resume());
    only(rig).resetAndDestroy();
    expect(await heard).toBe(true);
    expect((await ended).receivedBytes).toBeGreaterThanOrEqual(1000);
    expect(rig.ends()).toHaveLength(1);
  });

  test('an end of the far side is no complete response', async () => {
    rig = await Rig.open({ serve: (socket) => void socket.once('data', () => socket.end(`${head}short`)) });
    const { agent } = await rig.connect();
    agent.write(request(rig.port));
    expect(await reset(agent.resume())).toBe(true);
  });
});

describe('[req: egress:reliability] a far side that', () => {
  test('dribbles its answer is passed on as it comes', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc';
    rig = await Rig.open({
      serve: (socket) =>
        void socket.once('data', () => {
          [...answer].forEach((byte, index) => setTimeout(() => socket.write(byte), index * 2));
        }),
    });
    const { agent, ended } = await rig.connect();
    agent.write(request(rig.port));
    expect(await textOf(agent)).toMatch(/abc$/);
    agent.end();
    expect(await ended).toMatchObject({ result: 'done' });
  });

  test('dribbles the head of its answer has a deadline', async () => {
    rig = await Rig.open({
      serve: (socket) => void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nX:')),
    });
    hurry();
    const { agent, ended } = await rig.connect();
    agent.write(request(rig.port));
    await until('it began', () => rig?.far.size === 1 && only(rig).bytesWritten > 0);
    for (let ms = 0; ms < 60_000; ms += 5_000) await vi.advanceTimersByTimeAsync(5_000);
    await ended;
    vi.useRealTimers();
    await closed(agent);
  });

  test('never answers a request costs its connection at last', async () => {
    rig = await Rig.open({ serve: (socket) => void socket.resume() });
    hurry();
    const { agent, ended } = await rig.connect();
    agent.write(request(rig.port));
    for (let ms = 0; ms < 700_000; ms += 10_000) await vi.advanceTimersByTimeAsync(10_000);
    await ended;
    vi.useRealTimers();
    await closed(agent);
  });

  test('never reads holds back the agent, and goes when the agent is gone', async () => {
    rig = await Rig.open({ serve() {} });
    const { agent, ended } = await rig.connect();
    agent.write(Buffer.alloc(64 << 20));
    const room = 64 << 20;
    let sent = -1;
    // What kernels and this process hold is bounded.
    await until('nothing moves', () => {
      const now = agent.writableLength;
      const still = now === sent;
      sent = now;
      return still && now > 0;
    });
    await pause(300);
    expect(agent.bytesWritten - agent.writableLength).toBeLessThanOrEqual(room);
    expect(agent.writableLength).toBeGreaterThan(0);
    only(rig).destroy();
    await closed(agent);
    expect(await ended).toMatchObject({ result: 'failed' });
  });

  test('takes nothing for long is given up, for nobody would hear that the agent died', async () => {
    rig = await Rig.open({ serve() {} });
    const [agent, near] = await rig.pair();
    const [far, outside] = await rig.pair();
    outside.resume().on('error', () => {});
    far.pause();
    const started = performance.now();
    const over = splice(near, outside, 400);
    outside.pause();
    agent.write(Buffer.alloc(64 << 20));
    expect(await over).toBe('failed');
    expect(performance.now() - started).toBeGreaterThan(200);
    await Promise.all([closed(agent), closed(far)]);
  });

  test('is idle for long stays', async () => {
    rig = await Rig.open({ serve() {} });
    const [agent, near] = await rig.pair();
    const [far, outside] = await rig.pair();
    const over = splice(near, outside, 100);
    await pause(400);
    far.pipe(far);
    agent.end('still here');
    expect(await textOf(agent)).toBe('still here');
    expect(await over).toBe('done');
  });

  test.each([
    ['is not there', { port: 1 }, 111],
    ['is a name', { ip: 'localhost' }, 22],
    ['has no address', { ip: '' }, 22],
    ['is on one of several networks', { ip: 'fe80::1' }, 101],
  ])('%s gives its errno', async (_what, to, errno) => {
    rig = await Rig.open({ serve() {} });
    expect(await rig.reach(to)).toMatchObject({ errno });
    expect(rig.said).toHaveLength(1);
  });
});

describe('[req: egress:reliability] an endpoint that', () => {
  test('never answers a question has refused it', async () => {
    rig = await Rig.open({ serve: (socket) => void socket.resume(), answer: () => undefined });
    hurry();
    const { agent, ended } = await rig.connect({ inspect: true });
    agent.write(request(rig.port).replace('Host', 'Connection: close\r\nHost'));
    await until('it asks', () => rig?.said.some(({ kind }) => kind === 'ask') === true);
    const answer = textOf(agent);
    for (let ms = 0; ms < 40_000; ms += 5_000) await vi.advanceTimersByTimeAsync(5_000);
    expect(await answer).toMatch(/^HTTP\/1\.1 403 .*policy_timeout/s);
    agent.end();
    await vi.advanceTimersByTimeAsync(20_000);
    vi.useRealTimers();
    await ended;
    expect(only(rig).bytesRead).toBe(0);
  });

  test('answers what was not asked, and what it has answered, is not heard', async () => {
    rig = await Rig.open({ serve: (socket) => void socket.resume() });
    const answer = {
      allow: true,
      decision: undefined,
      reason: 'policy',
      message: '',
      rules: [],
      obligations: [],
    };
    for (const id of [0, -1, 1, 99, Number.NaN]) rig.egress.hear({ kind: 'answer', id, answer }, undefined);
    rig.egress.hear({ kind: 'recheck' }, undefined);
    rig.egress.hear({ kind: 'dropped', connection: 'none' }, undefined);
    expect(rig.said).toEqual([]);
  });

  test('says the same twice reaches once', async () => {
    rig = await Rig.open({ serve: (socket) => void socket.on('end', () => socket.end()).resume() });
    const { connection } = await rig.reach();
    const to = { ip: '127.0.0.1', port: rig.port, hosts: [], inspect: false, names: false };
    rig.egress.hear({ kind: 'reach', connection, to }, undefined);
    await pause(50);
    expect(rig.egress.size).toBe(1);
    expect(rig.far.size).toBe(1);
    rig.egress.hear({ kind: 'dropped', connection }, undefined);
  });

  test('changes its policy closes what it no longer allows', async () => {
    let isAllowed = true;
    const answer = { decision: 'd', reason: 'policy', message: '', rules: [], obligations: [] };
    rig = await Rig.open({
      serve: (socket) => void socket.pipe(socket),
      answer: () => ({ ...answer, allow: isAllowed }),
    });
    const { agent, ended } = await rig.connect();
    agent.write('\0');
    await once(agent, 'data');
    rig.egress.hear({ kind: 'recheck' }, undefined);
    await pause(20);
    expect(rig.ends()).toEqual([]);
    isAllowed = false;
    rig.egress.hear({ kind: 'recheck' }, undefined);
    await closed(agent);
    expect(await ended).toMatchObject({ result: 'abandoned', sentBytes: 1, receivedBytes: 1 });
  });

  test('ends the session hears of every connection', async () => {
    rig = await Rig.open({ serve: (socket) => void socket.pipe(socket) });
    const agents: Socket[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { agent } = await rig.connect();
      agent.write('\0');
      await once(agent, 'data');
      agents.push(agent);
    }
    agents[0]?.end();
    await rig.egress.end();
    const ends: Ended[] = rig.ends();
    expect(ends.map(({ result }) => result)).toEqual(['done', ...Array<string>(4).fill('abandoned')]);
    await Promise.all(agents.map(closed));
  });
});
