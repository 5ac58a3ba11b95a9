/** Two layers, each of which holds without the other: the floor under a policy that allows everything, the gate without Landlock. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { collect, root, situations, World } from './world.ts';

const allowAll = 'default decision := {"allow": true}';
const system = '"/usr", "/lib", "/lib64", "/bin", "/etc", "/dev", "/proc"';

/** A folder with a file and a program in it, a file of its own beside, and a place to work in. */
function secretWorld(where: (typeof situations)[number]): World {
  const world = new World(where);
  for (const name of ['shut', 'open', 'beside']) world.folder(name);
  world.file('shut/data', 'secret');
  world.file('beside/file', 'secret', 0o755);
  world.file('open/data', 'public');
  world.compile('attempts.c', 'open/attempts');
  world.compile('race-ran.c', 'shut/program', ['-nostdlib', '-static', '-fno-stack-protector', `-DMARK='b'`]);
  world.compile('race-ran.c', 'open/program', ['-nostdlib', '-static', '-fno-stack-protector', `-DMARK='b'`]);
  return world;
}

/** What worked, from inside `open`. */
async function attempts(world: World, args: readonly string[], timeoutMs?: number): Promise<string[]> {
  const script = 'cd "$1" && shift && exec ./attempts "$@"';
  const { code, stdout, stderr } = await world.run(
    ['/bin/sh', '-c', script, 'sh', world.at('open'), ...args],
    timeoutMs,
  );
  expect(code, stderr).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.pop()).toMatch(/^tried \d\d$/);
  return lines;
}

function untouched(world: World): void {
  expect(readdirSync(world.at('shut')).sort()).toEqual(['data', 'program']);
  expect(readFileSync(world.at('shut/data'), 'utf8')).toBe('secret');
  expect(readFileSync(world.at('beside/file'), 'utf8')).toBe('secret');
}

describe.each(situations)('the floor alone: $title', (where) => {
  test('the ways in are real: without chaperone they work', async () => {
    using world = secretWorld(where);
    const command = [
      '/bin/sh',
      '-c',
      'cd "$1" && shift && exec ./attempts "$@"',
      'sh',
      world.at('open'),
      world.at('shut'),
      world.at('shut/data'),
      world.at('shut/program'),
    ];
    const worked = (await world.runBare(command)).stdout.split('\n');
    for (const way of [
      'read',
      'list',
      'write',
      'truncate',
      'delete',
      'execute',
      'execute as interpreter',
      'create',
    ])
      expect(worked).toContain(way);
  });

  test('what the floor never grants stays closed though policy allows everything [req: enforce:floor:never]', async () => {
    using world = secretWorld(where);
    world.policy(
      `${allowAll}\n\nfloor := {"never": [concat("", [data.world, "/shut"]), concat("", [data.world, "/beside/file"])]}`,
    );
    // 1. Below a folder.
    expect(
      await attempts(world, [world.at('shut'), world.at('shut/data'), world.at('shut/program')]),
    ).toEqual([]);
    untouched(world);
    // 2. A single file; its folder is not closed, so only what concerns the file itself counts.
    const worked = await attempts(world, [
      world.at('beside'),
      world.at('beside/file'),
      world.at('beside/file'),
    ]);
    expect(worked.filter((way) => !/^(list|create|link into)/.test(way))).toEqual([]);
    expect(readFileSync(world.at('beside/file'), 'utf8')).toBe('secret');
    // 3. The rest is open.
    expect((await world.run(['/bin/cat', world.at('open/data')])).stdout).toBe('public');
  });

  test('what the floor does not grant stays closed though policy allows everything [req: enforce:floor:granted]', async () => {
    using world = secretWorld(where);
    const open = 'concat("", [data.world, "/open"])';
    world.policy(
      `${allowAll}\n\nfloor := {"read": [${system}, ${open}], "write": ["/dev", ${open}], "execute": [${system}, ${open}]}`,
    );
    expect(
      await attempts(world, [world.at('shut'), world.at('shut/data'), world.at('shut/program')]),
    ).toEqual([]);
    untouched(world);
    expect((await world.run(['/bin/cat', world.at('open/data')])).stdout).toBe('public');
    expect((await world.run(['/bin/sh', '-c', `echo more >>${world.at('open/own')}`])).code).toBe(0);
    expect(readFileSync(world.at('open/own'), 'utf8')).toContain('more');
  });

  test('the agent has no capability and can gain none [req: enforce:floor:capabilities]', async () => {
    using world = new World(where);
    const { stdout } = await world.run(['/bin/cat', '/proc/self/status']);
    const field = (name: string): string =>
      new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(stdout)?.[1] ?? 'absent';
    for (const name of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb']) expect(field(name), name).toMatch(/^0+$/);
    expect(field('NoNewPrivs')).toBe('1');
    expect(field('Seccomp')).toBe('2');
    console.log(`${where.title}: bounding set ${field('CapBnd')}`);
    if (process.getuid?.() === 0) {
      // A program of another owner with the set-user-id bit gives nothing either.
      const shell = world.at('su-id');
      writeFileSync(shell, readFileSync('/usr/bin/id'));
      chmodSync(shell, 0o4755);
      const uid = (await world.run([shell, '-u'])).stdout.trim();
      expect(uid).toBe(String(where.identity.uid));
    }
  });
});

describe.each(situations)('the gate alone: $title', (where) => {
  const gate = fileURLToPath(new URL('../../.cache/gate-without-landlock/gate', import.meta.url));
  beforeAll(() => {
    if (where === situations[0]) buildBareGate(gate);
  });

  test(
    'what policy denies stays denied without Landlock [req: enforce:gate:alone]',
    { timeout: 300_000 },
    async () => {
      using world = secretWorld(where);
      using listening = await listen(world);
      const port = listening.port;
      world.policy(`${allowAll}

decision := {"allow": false, "reason": "closed"} if closed

closed if startswith(input.path, concat("", [data.world, "/shut"]))

closed if startswith(input.target, concat("", [data.world, "/shut"]))

closed if input.destination.port == ${port}`);
      const run = (command: readonly string[]) =>
        collect(
          world.bare(
            [
              process.execPath,
              path.join(root, 'test/e2e/world-runner.ts'),
              gate,
              world.at('policy'),
              world.journal,
              world.isolation,
              ...command,
            ],
            ['ignore', 'pipe', 'pipe'],
          ),
        );
      const args = [
        world.at('shut'),
        world.at('shut/data'),
        world.at('shut/program'),
        String(port),
        world.at('shut/socket'),
      ];
      // 1. Nothing that is denied works.
      const { code, stdout, stderr } = await run([
        '/bin/sh',
        '-c',
        'cd "$1" && shift && exec ./attempts "$@"',
        'sh',
        world.at('open'),
        ...args,
      ]);
      expect(code, stderr).toBe(0);
      const lines = stdout.trim().split('\n');
      expect(lines.pop()).toMatch(/^tried \d\d$/);
      expect(lines).toEqual([]);
      expect(readdirSync(world.at('shut')).sort()).toEqual(['data', 'program', 'socket']);
      expect(readFileSync(world.at('shut/data'), 'utf8')).toBe('secret');
      expect(listening.reached()).toBe(0);
      // 2. This gate has no Landlock, so what held was the gate.
      expect(spawnSync(gate, ['--probe'], { encoding: 'utf8' }).stdout).toContain('"landlock":0');
      // 3. What policy allows works.
      expect((await run(['/bin/cat', world.at('open/data')])).stdout).toBe('public');
    },
  );
});

function buildBareGate(out: string): void {
  mkdirSync(path.dirname(out), { recursive: true });
  const built = spawnSync('sh', [path.join(root, 'runtime-plane/native/build.sh')], {
    encoding: 'utf8',
    env: { ...process.env, GATE_FLAGS: '-DGATE_WITHOUT_LANDLOCK', GATE_OUT: out },
  });
  if (built.status !== 0 || !existsSync(out))
    throw new Error(`the gate without Landlock does not build: ${built.stderr}`);
}

async function listen(world: World): Promise<{ port: number; reached(): number } & Disposable> {
  let reached = 0;
  const servers: Server[] = [];
  const serve = (at: string | { port: number; host: string }): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer(() => (reached += 1));
      servers.push(server);
      server.listen(at, () => resolve(server));
    });
  const tcp = await serve({ port: 0, host: '127.0.0.1' });
  await serve(world.at('shut/socket'));
  chmodSync(world.at('shut/socket'), 0o777);
  const address = tcp.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    reached: () => reached,
    [Symbol.dispose]: () => servers.forEach((server) => server.close()),
  };
}
