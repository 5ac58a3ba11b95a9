/** The way out of a session under load, and when its process stands still or dies: nothing is lost, left, or held up. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecords, type Line } from './programs/records.ts';
import { descendants } from './world-processes.ts';
import { few, isolations, sleep, until, World } from './world.ts';

const inTurn = Number(process.env['CHAPERONE_LOAD_IN_TURN'] ?? 2_000);
const atOnce = Number(process.env['CHAPERONE_LOAD_AT_ONCE'] ?? 400);
const atATime = 100;
const inNamespace = few.filter(({ isolation }) => isolation === 'namespace');
if (!isolations.includes('namespace'))
  console.log('skipped: load on the network of sessions, because there are no namespaces here');

const rules = (port: number): string => `import rego.v1

default decision := {"allow": true}

decision := {"allow": false, "message": "not there"} if {
	input.action == "connect"
	input.destination.port != ${port}
	input.destination.protocol != "udp"
}
`;

/** Where the session has no network of its own, what stays on this machine is carried only when a rule looks inside. */
const looking = `
decision := {"allow": false, "message": "only reading"} if {
	input.action == "http_request"
	input.destination.method != "GET"
}
`;

type Outcome = Line & {
  readonly result?: string;
  readonly sent_bytes?: number;
  readonly received_bytes?: number;
};

/** What a session's process holds. */
function levelOf(pid: number): { fds: number; rssMb: number } {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
  return { fds: readdirSync(`/proc/${pid}/fd`).length, rssMb: (pages * 4096) / 1_048_576 };
}

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1');

function egressOf(pid: number): number {
  const found = descendants(pid).find((one) => commandOf(one).includes('egress-main'));
  if (found === undefined) throw new Error(`no egress process below ${pid}`);
  return found;
}

/** The program in its session, and what it says. */
class Talk {
  readonly child: ChildProcess;
  said = '';
  complaints = '';
  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('latin1').on('data', (text: string) => (this.said += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.complaints += text));
  }
  get pid(): number {
    return this.child.pid ?? 0;
  }
  async tell(line: string, mostMs = 150_000): Promise<string> {
    const from = this.said.length;
    this.child.stdin?.write(`${line}\n`);
    const answer = new RegExp(`^(?:the \\d+th: )?${line}: (.*)\n`, 'm');
    await until(`an answer to ${line}; ${this.complaints}`, () => answer.test(this.said.slice(from)), mostMs);
    return answer.exec(this.said.slice(from))?.[1] ?? '';
  }
  async end(): Promise<number | null> {
    this.child.stdin?.end();
    await until(
      'the session ends',
      () => this.child.exitCode !== null || this.child.signalCode !== null,
      30_000,
    );
    return this.child.exitCode;
  }
}

/** Of each connect that was allowed: who, and how it ended. */
function connections(world: World): { pid: number; ends: Outcome[] }[] {
  const lines = readRecords(world) as (Outcome & { seq: number; process: { pid: number } })[];
  const ends = new Map<string, Outcome[]>();
  for (const line of lines) {
    if (line.kind !== 'outcome') continue;
    const seq = JSON.stringify(line.decision).replace(/^.*:(\d+)"$/, '$1');
    ends.set(seq, [...(ends.get(seq) ?? []), line]);
  }
  return lines
    .filter(
      ({ kind, input, decision }) =>
        kind === 'decision' && input?.['action'] === 'connect' && decision?.effect === 'allow',
    )
    .map(({ seq, input }) => ({
      pid: (input?.['process'] as { pid: number } | undefined)?.pid ?? 0,
      ends: ends.get(String(seq)) ?? [],
    }));
}

describe('[req: egress:reliability] the way out under load', () => {
  const sockets = new Set<net.Socket>();
  const far = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.pipe(socket);
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => far.listen({ port: 0, host: '0.0.0.0', backlog: 1024 }, resolve));
    ({ port } = far.address() as AddressInfo);
  });
  afterAll(() => {
    far.close();
    for (const socket of sockets) socket.destroy();
  });

  const place = (where: ConstructorParameters<typeof World>[0]): World => {
    const world = new World(where);
    const isCarried = where.isolation === 'namespace';
    world.policy(rules(port) + (isCarried ? '' : looking));
    if (!isCarried)
      world.file('policy/data.json', JSON.stringify({ chaperone: { egress: { opaque: [`*:${port}`] } } }));
    return world;
  };
  const open = (world: World): Talk => {
    const program = world.compile('connections.c');
    return new Talk(world.start([program, String(port)], ['pipe', 'pipe', 'pipe']));
  };

  test.each(few)(
    'many connections, in turn and at once, leave nothing and are all recorded ($title)',
    async (where) => {
      using world = place(where);
      const talk = open(world);
      // Only by then is what Node keeps for itself what it will be.
      expect(await talk.tell(`turn ${inTurn / 2}`)).toBe('well');
      const pids = [talk.pid, egressOf(talk.pid)];
      const before = pids.map(levelOf);
      expect(await talk.tell(`turn ${inTurn / 2}`)).toBe('well');
      expect(await talk.tell(`once ${atOnce}`)).toBe('well');
      expect(await talk.tell(`processes ${atATime}`)).toBe('well');
      expect(await talk.tell('refused 50')).toBe('well');
      await until('the far side is left', () => sockets.size === 0);
      await until('descriptors are closed', () =>
        pids.every((pid, index) => levelOf(pid).fds <= (before[index]?.fds ?? 0) + 2),
      );
      for (const [index, pid] of pids.entries())
        expect(levelOf(pid).rssMb - (before[index]?.rssMb ?? 0)).toBeLessThan(120);
      expect(egressOf(talk.pid)).toBe(pids[1]);
      expect(await talk.end()).toBe(0);

      const all = connections(world);
      expect(all).toHaveLength(inTurn + atOnce + atATime);
      expect(all.filter(({ ends }) => ends.length !== 1 || ends[0]?.result !== 'done')).toEqual([]);
      const by = [...talk.said.matchAll(/^by (\d+) (\d+) 0$/gm)].map(([, pid, bytes]) => [
        Number(pid),
        Number(bytes),
      ]);
      expect(by).toHaveLength(atATime);
      for (const [pid, bytes] of by) {
        const ends = all.filter((one) => one.pid === pid).flatMap((one) => one.ends);
        expect(ends).toMatchObject([{ sent_bytes: bytes, received_bytes: bytes }]);
      }
      expect(await world.verify()).toMatchObject({ code: 0 });
    },
  );

  test.each(inNamespace)('more destinations than a table of a thousand holds ($title)', async (where) => {
    using world = place(where);
    const talk = open(world);
    expect(await talk.tell('places 1100')).toBe('well');
    expect(await talk.end()).toBe(0);
  });

  test.each(few)(
    'what is open when the session ends has an end in its journal, too ($title)',
    async (where) => {
      using world = place(where);
      const script = `import socket, os
kept = [socket.create_connection(('127.0.0.1', ${port})) for _ in range(20)]
for one in kept: one.sendall(b'\\0\\0four')
for one in kept: assert one.recv(100) == b'\\0\\0four'
os.kill(os.getpid(), 9)`;
      await world.run(['python3', '-c', script]);
      const all = connections(world);
      expect(all).toHaveLength(20);
      expect(all.map(({ ends }) => ends.length)).toEqual(Array(20).fill(1));
      expect(all.every(({ ends }) => ends[0]?.sent_bytes === 6 && ends[0].received_bytes === 6)).toBe(true);
    },
  );

  test.each(few)(
    'a process that is killed closes what it carried, and another one serves ($title)',
    async (where) => {
      using world = place(where);
      const script = `import socket, sys
one = socket.create_connection(('127.0.0.1', ${port})); one.sendall(b'\\0'); one.recv(1)
print('open', flush=True); sys.stdin.readline()
try: print('left', len(one.recv(1)), flush=True)
except ConnectionResetError: print('left 0', flush=True)
two = socket.create_connection(('127.0.0.1', ${port})); two.sendall(b'\\0'); print('again', len(two.recv(1)), flush=True)`;
      const talk = new Talk(world.start(['python3', '-c', script], ['pipe', 'pipe', 'pipe']));
      await until('it is open', () => talk.said.includes('open'), 30_000);
      const first = egressOf(talk.pid);
      process.kill(first, 'SIGKILL');
      talk.child.stdin?.write('\n');
      await until('another one serves', () => talk.said.includes('again 1'), 30_000);
      expect(talk.said).toContain('left 0');
      expect(await talk.end()).toBe(0);
      const all = connections(world);
      expect(all.map(({ ends }) => ends.map(({ result }) => result))).toEqual([['failed'], ['done']]);
    },
  );

  test.each(few.slice(-1))(
    'a process that stands still holds up nothing else, and not for ever ($title)',
    async (where) => {
      using world = place(where);
      const script = `import socket, sys, threading, time, errno
def connect():
    try:
        one = socket.create_connection(('127.0.0.1', ${port})); one.sendall(b'\\0'); one.recv(1); return 0
    except OSError as e: return e.errno
assert connect() == 0
print('open', flush=True); sys.stdin.readline()
said = []
threads = [threading.Thread(target=lambda: said.append(connect())) for _ in range(20)]
for one in threads: one.start()
began = time.time()
for _ in range(200): open('/etc/hostname').read()
print('read', time.time() - began < 10, flush=True)
for one in threads: one.join()
print('said', set(said) <= {errno.ETIMEDOUT, errno.ECONNREFUSED} and len(said) == 20, flush=True)
for _ in range(50):
    if connect() == 0: print('again', flush=True); break
    time.sleep(0.2)`;
      const talk = new Talk(world.start(['python3', '-c', script], ['pipe', 'pipe', 'pipe']));
      await until('it is open', () => talk.said.includes('open'), 30_000);
      const first = egressOf(talk.pid);
      process.kill(first, 'SIGSTOP');
      await sleep(100);
      talk.child.stdin?.write('\n');
      await until('it goes on', () => talk.said.includes('again'), 90_000);
      expect(talk.said).toMatch(/read True\nsaid True\nagain/);
      expect(await talk.end()).toBe(0);
      const all = connections(world);
      expect(all.filter(({ ends }) => ends.length !== 1)).toEqual([]);
    },
  );

  test.each(inNamespace)(
    "a connect to the session's own server has an end in the journal ($title)",
    async (where) => {
      using world = place(where);
      const script = `import socket
own = socket.socket(); own.bind(('192.0.2.1', ${port})); own.listen()
socket.create_connection(('192.0.2.1', ${port})).close(); own.accept(); print('met')`;
      expect(await world.run(['python3', '-c', script])).toMatchObject({ code: 0, stdout: 'met\n' });
      expect(connections(world).map(({ ends }) => ends.map(({ result }) => result))).toEqual([['done']]);
    },
  );

  test.each(inNamespace)('datagrams to where no way leads are lost, and no more ($title)', async (where) => {
    using world = place(where);
    const script = `import socket
for at in ('2001:db8:77::5', '::ffff:255.255.255.255', 'ff02::1'):
    for _ in range(5):
        s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        try: s.connect((at, 9)); s.send(b'x'); s.send(b'y')
        except OSError: pass
import time; time.sleep(0.5)
socket.create_connection(('127.0.0.1', ${port})).close()
print('alive')`;
    expect(await world.run(['python3', '-c', script])).toMatchObject({ code: 0, stdout: 'alive\n' });
  });
});
