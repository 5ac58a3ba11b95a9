/** The egress process dies while a session lives on: what it carried is closed, nothing passes beside it, and another takes its place. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { denials, readRecords, refusals } from './programs/records.ts';
import { descendants } from './world-processes.ts';
import { collect, few, sleep, until, World } from './world.ts';
import { Outside } from './world-egress.ts';

const rules = `import rego.v1

default decision := {"allow": true}

decision := {"allow": false, "reason": "no_deletion"} if {
	input.action == "http_request"
	input.destination.method == "DELETE"
}
`;

/** One program for all of it: whom it trusts is read once. Takes a line for each request, and says how it went. */
const agent = (base: string): string => `import socket, ssl, sys, time, urllib.request, urllib.error
trust = ssl.create_default_context()
def say(*words): print(*words, flush=True)
for line in sys.stdin:
    method, path = line.split()
    try:
        answer = urllib.request.urlopen(urllib.request.Request('${base}' + path, method=method), timeout=60, context=trust)
        say('began')
        while answer.read(1000): pass
        say('ended', answer.status)
    except urllib.error.HTTPError as error: say('answered', error.code)
    except Exception as error: say('failed', type(error).__name__)`;

const egressOf = (chaperone: ChildProcess): number | undefined =>
  descendants(chaperone.pid ?? 0).find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('egress-main');
    } catch {
      return false;
    }
  });

/** What became of each connection to the far side. */
function connects(world: World): { outcome: unknown }[] {
  const records = readRecords(world);
  const outcomeOf = (seq: number): unknown =>
    records.find(({ kind, decision }) => kind === 'outcome' && JSON.stringify(decision).endsWith(`:${seq}"`));
  return records
    .filter(({ input }) => input?.['action'] === 'connect')
    .filter(({ input }) => JSON.stringify(input?.['destination']).includes('web.allowed.test'))
    .map(({ seq }) => ({ outcome: outcomeOf(seq) }));
}

describe.each(few)('[req: egress:programs] the egress process is killed ($title)', (situation) => {
  let outside: Outside;
  beforeAll(async () => {
    outside = await Outside.open((request, response) => {
      if (request.url !== '/endless') return void response.end('hello');
      const timer = setInterval(() => response.write('x'.repeat(1000)), 50);
      response.on('close', () => clearInterval(timer));
    });
  });
  beforeEach(() => {
    outside.arrived.length = 0;
  });
  afterAll(() => outside.close());

  test('a download ends at once, nothing leaves meanwhile, and the next request works', async () => {
    using world = new World(situation);
    outside.policy(world, rules);
    const base = `https://web.allowed.test:${outside.ports.tls}`;
    const session = world.start(['python3', '-c', agent(base)], ['pipe', 'pipe', 'pipe']);
    const over = collect(session);
    let said: string[] = [];
    session.stdout?.on('data', (text: string) => (said = [...said, ...text.split('\n').filter(Boolean)]));
    const request = (line: string): void => {
      said = [];
      session.stdin?.write(`${line}\n`);
    };
    const hears = (what: string, withinMs: number): Promise<void> =>
      until(what, () => said.some((line) => line.startsWith(what)), withinMs);

    request('GET /endless');
    await hears('began', 30_000);
    const first = egressOf(session) ?? 0;
    process.kill(first, 'SIGKILL');
    await hears('failed', 5_000);

    request('GET /');
    await hears('ended 200', 30_000);
    const second = egressOf(session) ?? 0;
    expect(second).not.toBe(first);

    // One that neither works nor is gone holds up everything.
    process.kill(second, 'SIGSTOP');
    outside.arrived.length = 0;
    const { connections } = outside;
    request('GET /meanwhile');
    await sleep(1_000);
    expect({ said, arrived: outside.arrived, connections: outside.connections }).toEqual({
      said: [],
      arrived: [],
      connections,
    });
    process.kill(second, 'SIGKILL');
    await until('an answer', () => said.some((line) => /^(?:failed|ended)/.test(line)), 30_000);

    request('DELETE /all');
    await hears('answered 403', 30_000);
    request('GET /');
    await hears('ended 200', 30_000);
    session.stdin?.end();
    const { code, stderr } = await over;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/the egress process ended and is started again/),
    });
    expect(outside.arrived.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(denials(world)).toMatchObject([{ input: { destination: { method: 'DELETE', path: '/all' } } }]);
    const lost = refusals(world).filter(({ call }) => call === 'egress_lost');
    expect(lost).toMatchObject([
      { reason: 'egress', message: expect.stringContaining('SIGKILL') },
      { reason: 'egress' },
    ]);
    const [begun] = connects(world);
    expect(begun?.outcome).toMatchObject({ result: 'failed' });
    expect(begun?.outcome).not.toHaveProperty('errno');
    expect((await world.verify()).code).toBe(0);
  });

  test('under audit, what would be denied goes on and is recorded', async () => {
    using world = new World(situation);
    outside.policy(world, rules);
    const base = `https://web.allowed.test:${outside.ports.tls}`;
    const line = ['curl', '-sS', '--max-time', '30', '-X', 'DELETE', `${base}/all`];
    const session = world.start(line, ['ignore', 'pipe', 'pipe'], ['--mode', 'audit']);
    expect(await collect(session)).toMatchObject({ code: 0, stdout: 'hello' });
    expect(outside.arrived).toMatchObject([{ method: 'DELETE', url: '/all' }]);
    expect(denials(world)).toMatchObject([
      { input: { mode: 'audit', destination: { method: 'DELETE', path: '/all' } } },
    ]);
  });
});
