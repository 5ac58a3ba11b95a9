/** The main thread's part in a connection, with a real egress process: ports that come again, a process that stands still or dies. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseEgressSettings } from '@chaperone/egress/settings';
import type { LoopQuestion } from '../src/session-messages.ts';
import { SessionEgress } from '../src/session-egress.ts';

type Release = { readonly goesOn: boolean; readonly value: number };
type End = Extract<LoopQuestion, { kind: 'egress_ended' }>;

const wake = setTimeout;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void wake(resolve, ms));
async function until(what: string, probe: () => boolean): Promise<void> {
  for (let waited = 0; !probe(); waited += 10) {
    if (waited > 20_000) throw new Error(`waited in vain: ${what}`);
    await pause(10);
  }
}

/** Egress processes of this process. */
function children(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'latin1'))?.[1]);
      const isOurs =
        parent === process.pid && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('egress-main');
      return isOurs ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** A port from which nothing is sent at the moment. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('[req: egress:reliability] connections of a session', () => {
  let egress: SessionEgress;
  let far: net.Server;
  const others = new Set<Socket>();
  const asked: LoopQuestion[] = [];
  const released = new Map<bigint, Release>();
  const told: string[] = [];
  const ends = (): End[] => asked.filter((one) => one.kind === 'egress_ended');

  beforeEach(async () => {
    asked.length = 0;
    told.length = 0;
    released.clear();
    far = net.createServer((socket) => {
      others.add(socket);
      socket.on('error', () => {}).on('close', () => others.delete(socket));
      socket.pipe(socket);
    });
    far.listen(0, '127.0.0.1');
    await once(far, 'listening');
    const settings = parseEgressSettings({});
    if (typeof settings === 'string') throw new Error(settings);
    egress = new SessionEgress(
      {
        session: 's',
        mode: 'enforce',
        settings,
        nameservers: [],
        key: Buffer.alloc(32),
        credentials: [],
        off: [],
        labelNames: {},
        quarantine: undefined,
        asksRequests: true,
      },
      {
        ask: (question) => asked.push(question),
        release: (call, goesOn, value) => released.set(call, { goesOn, value }),
        tell: (text) => told.push(text),
      },
      false,
    );
  });
  afterEach(async () => {
    vi.useRealTimers();
    await egress.close();
    far.close();
    for (const socket of others) socket.destroy();
    await until('no process is left', () => children().length === 0);
  });

  const hold = (id: bigint, port: number): void => {
    const destination = {
      ip: '127.0.0.1',
      port: (far.address() as AddressInfo).port,
      protocol: 'tcp',
    } as const;
    egress.carry({
      kind: 'relay',
      id,
      descriptor: -1,
      destination,
      names: false,
      port,
      hosts: [],
      inspect: false,
    });
  };
  const reached = async (id: bigint): Promise<Release> => {
    await until(`call ${id} is released`, () => released.has(id));
    return released.get(id) ?? { goesOn: false, value: -1 };
  };
  /** From where the gate said that the agent connects. */
  const connect = (port: number, door: number): Socket => {
    const agent = net.connect({ port: door, host: '127.0.0.1', localPort: port, localAddress: '127.0.0.1' });
    return agent.on('error', () => {});
  };

  test('a port that comes again belongs to whoever connects from it now', async () => {
    const port = await freePort();
    hold(1n, port);
    await reached(1n);
    hold(2n, port);
    const { goesOn, value } = await reached(2n);
    expect(goesOn).toBe(true);
    await until('the first has ended', () => ends().some(({ connection }) => connection === '1'));
    const agent = connect(port, value);
    agent.end('\0\0');
    const [bytes] = (await once(agent, 'data')) as [Buffer];
    expect(bytes).toEqual(Buffer.from('\0\0'));
    await until('the second has ended', () => ends().length === 2);
    expect(ends()).toMatchObject([
      { connection: '1', result: 'abandoned' },
      { connection: '2', result: 'done', figures: { sent_bytes: 2, received_bytes: 2 } },
    ]);
  });

  test('sockets on their way to a process that dies are closed, and what waits for it goes to the next', async () => {
    const ids = [1n, 2n, 3n, 4n];
    const ports = await Promise.all(ids.map(freePort));
    ids.forEach((id, index) => hold(id, ports[index] ?? 0));
    const doors = await Promise.all(ids.map(reached));
    const [child = 0] = children();
    process.kill(child, 'SIGSTOP');
    const agents = doors.map(({ value }, index) => connect(ports[index] ?? 0, value).resume());
    await Promise.all(agents.map((agent) => once(agent, 'connect')));
    hold(5n, await freePort());
    await pause(200);
    expect(released.has(5n)).toBe(false);
    const over = Promise.all(agents.map((agent) => once(agent, 'close')));
    process.kill(child, 'SIGKILL');
    await over;
    expect(await reached(5n)).toMatchObject({ goesOn: true });
    expect(children()).not.toContain(child);
    expect(ends().map(({ connection, result }) => `${connection} ${result}`)).toEqual(
      ids.map((id) => `${id} failed`),
    );
  });

  test('a process that stands still ends held connects after their time, and is replaced', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    await egress.authority();
    const [child = 0] = children();
    process.kill(child, 'SIGSTOP');
    for (const id of [1n, 2n, 3n]) hold(id, 40_000 + Number(id));
    await pause(50);
    await vi.advanceTimersByTimeAsync(34_000);
    expect(released.size).toBe(0);
    await vi.advanceTimersByTimeAsync(1_500);
    for (const id of [1n, 2n, 3n]) expect(released.get(id)).toEqual({ goesOn: false, value: 110 });
    expect(ends()).toMatchObject(Array(3).fill({ result: 'failed', errno: 110 }));
    await vi.advanceTimersByTimeAsync(2_500);
    vi.useRealTimers();
    await until('it is gone', () => !children().includes(child));
    hold(4n, await freePort());
    expect(await reached(4n)).toMatchObject({ goesOn: true });
    expect(told).toEqual([expect.stringContaining('started again')]);
  });

  test('one that only stood still for a while is kept', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    await egress.authority();
    const [child = 0] = children();
    process.kill(child, 'SIGSTOP');
    hold(1n, await freePort());
    await pause(50);
    await vi.advanceTimersByTimeAsync(35_500);
    expect(released.get(1n)).toEqual({ goesOn: false, value: 110 });
    process.kill(child, 'SIGCONT');
    await pause(2_000);
    await vi.advanceTimersByTimeAsync(2_500);
    vi.useRealTimers();
    hold(2n, await freePort());
    expect(await reached(2n)).toMatchObject({ goesOn: true });
    expect(children()).toEqual([child]);
  });

  test('the end of the session hears of what was still open', async () => {
    const port = await freePort();
    hold(1n, port);
    const { value } = await reached(1n);
    const agent = connect(port, value);
    agent.write('\0\0\0');
    await once(agent, 'data');
    hold(2n, await freePort());
    await reached(2n);
    await egress.close();
    agent.destroy();
    expect(ends()).toMatchObject([
      { connection: '1', result: 'abandoned', figures: { sent_bytes: 3, received_bytes: 3 } },
      { connection: '2', result: 'abandoned' },
    ]);
  });
});
