/** doctor on hosts that lack something, beside what `chaperone run` then does on them. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { examineHost, type Report } from '@chaperone/endpoint/doctor';
import { describe, expect, test } from 'vitest';
import { main } from './programs/records.ts';
import { collect, type Ended, identities, type Identity, isolations, root, World } from './world.ts';

type Host = {
  readonly world: World;
  /** Starts a program on this host; may begin as root where root has to prepare it. */
  readonly start: (command: readonly string[]) => Promise<Ended>;
};

const node = process.execPath;
const isRoot = process.getuid?.() === 0;
const aWorld = (identity: Identity): World => new World({ identity, isolation: 'process' });

const plain = (world: World, prefix: readonly string[] = []): Host => ({
  world,
  start: (command) => collect(world.bare([...prefix, ...command], ['ignore', 'pipe', 'pipe']), 60_000),
});

async function examine(
  { start, world }: Host,
  args: readonly string[] = [],
): Promise<Report & { code: number | null }> {
  const { code, stdout, stderr } = await start([
    node,
    main,
    'doctor',
    '--json',
    '-j',
    world.journal,
    ...args,
  ]);
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as Report), code };
}

const resultOf = ({ findings }: Report, check: string): string | undefined =>
  findings.find((one) => one.check === check)?.result;

/** Runs what shows its namespace, and compares. */
async function expectAgreement(host: Host, args: readonly string[] = []): Promise<Report> {
  const report = await examine(host, args);
  const policy = args.length > 0 ? args : ['-p', host.world.at('policy')];
  const ended = await host.start([
    node,
    main,
    'run',
    ...policy,
    '-j',
    host.world.journal,
    '--',
    'readlink',
    '/proc/self/ns/net',
  ]);
  const outside = (await host.start(['readlink', '/proc/self/ns/net'])).stdout;
  const { run, isolation } = report.verdict;
  const what = JSON.stringify({ verdict: report.verdict, ended });
  expect(report.code, what).toBe(run === 'works' ? 0 : 1);
  if (run === 'impossible') {
    expect(ended.stdout, what).toBe('');
    expect(ended.code, what).toBeGreaterThan(0);
  } else {
    expect(ended.code, what).toBe(0);
    expect(ended.stdout === outside ? 'process' : 'namespace', what).toBe(isolation);
  }
  return report;
}

describe.each(identities)('$name', (identity) => {
  test('[req: doctor:agrees] this host, and nothing of it is changed', async () => {
    using world = aWorld(identity);
    const before = readdirSync(world.at('home'));
    const report = await examine(plain(world));
    expect(existsSync(world.journal)).toBe(false);
    expect(
      readdirSync(world.at('home')).filter((name) => !before.includes(name) && name !== 'chaperone'),
    ).toEqual([]);
    expect(report.findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['gate', 'Landlock', 'seccomp', 'journal']),
    );
    await expectAgreement(plain(world));
    // As text it fits, and says the same.
    const { stdout, code } = await plain(world).start([node, main, 'doctor', '-j', world.journal]);
    expect(code).toBe(report.code);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toMatch(report.verdict.run === 'works' ? /every guarantee/ : /chaperone run/);
  });

  test.each([
    ['landlock', 'impossible', ['Landlock']],
    ['landlock-off', 'impossible', ['Landlock']],
    ['listener', 'impossible', ['seccomp']],
    ['handles', 'impossible', ['process handles']],
    ['trace', 'impossible', ['tracing']],
    ['namespaces', 'limited', []],
    ['domain', 'limited', []],
  ] as const)(
    '[req: doctor:tries] [req: doctor:agrees] a host that refuses: %s',
    async (call, run, because) => {
      using world = aWorld(identity);
      const host = plain(world, [world.compile('refuse-calls.c', 'refuse-calls', []), call, '--']);
      const { verdict, findings } = await expectAgreement(host);
      expect(verdict).toMatchObject({ run, because });
      if (run === 'limited') expect(verdict.isolation).toBe('process');
      const inside = findings.find(({ check }) => check === 'inside');
      expect(inside?.means).toMatch(call === 'domain' ? /Landlock domain/ : /seccomp filter/);
    },
  );

  test('[req: doctor:tries] [req: run:floor-demanded] namespaces refused, and a policy that demands them', async () => {
    using world = aWorld(identity);
    world.policy('decision := {"allow": true}\n\nfloor := {"isolation": "namespace", "nesting": "userns"}');
    const host = plain(world, [world.compile('refuse-calls.c', 'refuse-calls', []), 'namespaces', '--']);
    const policy = ['-p', world.at('policy')];
    const report = await expectAgreement(host, policy);
    expect(report.verdict).toMatchObject({ run: 'impossible', because: ['policy'] });
    expect(resultOf(report, 'nested sandboxes')).toBe('limited');
    const remedy = report.findings.find(({ check }) => check === 'namespaces')?.remedy;
    for (const asked of [[], ['-i', 'namespace']]) {
      const ended = await host.start([
        node,
        main,
        'run',
        ...policy,
        '-j',
        world.journal,
        ...asked,
        '--',
        'echo',
        'ran',
      ]);
      expect(ended).toMatchObject({ code: 125, stdout: '' });
      expect(ended.stderr).toMatch(/policy demands namespace isolation/);
      expect(ended.stderr).toContain(remedy?.text ?? 'no remedy');
    }
    // The same policy where namespaces can be had.
    if (isolations.includes('namespace'))
      expect(resultOf(await examine(plain(world), policy), 'policy')).toBe('ok');
  });

  test('[req: doctor:tries] a policy that cannot be read is no host’s fault', async () => {
    using world = aWorld(identity);
    const report = await examine(plain(world), ['-p', world.at('nowhere')]);
    expect(report.verdict).toMatchObject({ run: 'impossible', because: ['policy'] });
  });

  test.skipIf(!isolations.includes('namespace'))(
    '[req: doctor:tries] [req: doctor:agrees] bubblewrap makes namespaces, and what it starts may do nothing',
    async () => {
      using world = aWorld(identity);
      world.folder('bin');
      const insert = '[ "$1" = -- ] && [ -z "$seen" ] && { set -- "$@" --cap-drop CAP_NET_ADMIN; seen=1; }';
      world.file(
        'bin/bwrap',
        `#!/bin/sh\nn=$#; seen=; while [ $n -gt 0 ]; do ${insert}; set -- "$@" "$1"; shift; n=$((n-1)); done; exec /usr/bin/bwrap "$@"\n`,
        0o755,
      );
      const host = plain(world, ['env', `PATH=${world.at('bin')}:/usr/bin:/bin`]);
      const report = await expectAgreement(host);
      expect(report.verdict).toMatchObject({ run: 'limited', isolation: 'process' });
      expect(report.findings.find(({ check }) => check === 'namespaces')?.means).toMatch(/session network/);
    },
  );

  test.skipIf(!isRoot)('[req: doctor:tries] [req: doctor:agrees] no bubblewrap', async () => {
    using world = aWorld(identity);
    const script = 'mount -t tmpfs none /usr/local/bin && mount --bind /dev/null /usr/bin/bwrap && exec "$@"';
    const become = ['setpriv', `--reuid=${identity.uid}`, `--regid=${identity.uid}`, '--clear-groups', '--'];
    const host: Host = {
      world,
      start(command) {
        const { status, stdout, stderr, signal } = spawnSync(
          'unshare',
          ['-m', 'sh', '-c', script, 'sh', ...become, ...command],
          { encoding: 'utf8', env: world.environment, cwd: world.dir },
        );
        return Promise.resolve({ code: status, signal, stdout, stderr });
      },
    };
    const report = await expectAgreement(host);
    expect(report.verdict).toMatchObject({ run: 'limited', isolation: 'process' });
    expect(resultOf(report, 'namespaces')).toBe('missing');
  });

  test.each(isolations)('[req: doctor:tries] inside a session (%s) it tries nothing', async (isolation) => {
    using world = new World({ identity, isolation });
    const { code, stdout, stderr } = await world.run([node, main, 'doctor', '--json']);
    expect(JSON.parse(stdout), stderr).toMatchObject({ verdict: { run: 'joins' } });
    expect(code).toBe(1);
    const [session = ''] = readdirSync(world.journal).filter((name) => name.startsWith('s-'));
    const refused = readFileSync(path.join(world.journal, session, '000001.jsonl'), 'utf8')
      .split('\n')
      .flatMap((line) => /"kind":"refusal".*?"call":"([^"]*)"/.exec(line)?.[1] ?? []);
    // Node asks for io_uring by itself.
    expect(refused.filter((call) => !call.startsWith('io_uring'))).toEqual([]);
  });

  test('[req: doctor:tries] a journal that cannot be had', async () => {
    using world = aWorld(identity);
    world.folder('open');
    chmodSync(world.at('open'), 0o777);
    writeFileSync(world.at('file'), '');
    for (const folder of ['open', 'file/journal']) {
      const { start } = plain(world);
      const { stdout } = await start([node, main, 'doctor', '--json', '-j', world.at(folder)]);
      expect(JSON.parse(stdout), folder).toMatchObject({
        verdict: { run: 'impossible', because: ['journal'] },
      });
      const ended = await start([
        node,
        main,
        'run',
        '-p',
        world.at('policy'),
        '-j',
        world.at(folder),
        '--',
        'echo',
        'ran',
      ]);
      expect(ended, folder).toMatchObject({ code: 125, stdout: '' });
    }
    expect(readdirSync(world.at('open'))).toEqual([]);
  });
});

const user = identities.find(({ uid }) => uid !== 0);
const usersWork = user !== undefined && isolations.includes('namespace');

test
  .skipIf(!usersWork)
  .each([
    ['none may be made below this one', 'echo 0 >/proc/sys/user/max_user_namespaces', 'no_user_namespaces'],
  ] as const)('[req: doctor:tries] [req: doctor:agrees] user namespaces: %s', async (_, before) => {
  if (user === undefined) return;
  using world = aWorld(user);
  const drop = 'setpriv --ambient-caps -all --inh-caps -all --bounding-set -all --';
  const host = plain(world, [
    'unshare',
    '-U',
    '--map-current-user',
    '--keep-caps',
    'sh',
    '-c',
    `${before} && exec ${drop} "$@"`,
    'sh',
  ]);
  const report = await expectAgreement(host);
  expect(report.verdict).toMatchObject({ run: 'limited', isolation: 'process' });
  const found = report.findings.find(({ check }) => check === 'namespaces');
  expect(found?.means).toMatch(/max_user_namespaces=0/);
  expect(found?.remedy?.commands.join('\n')).toContain('sysctl -w user.max_user_namespaces=');
});

test.skipIf(!usersWork)(
  '[req: doctor:tries] [req: doctor:agrees] a sandbox that forbids nesting',
  async () => {
    if (user === undefined) return;
    using world = aWorld(user);
    const report = await expectAgreement(
      plain(world, ['bwrap', '--dev-bind', '/', '/', '--unshare-user', '--disable-userns', '--']),
    );
    expect(report.verdict).toMatchObject({ run: 'limited', isolation: 'process' });
  },
);

test('[req: doctor:tries] a gate that says there is no Landlock', () => {
  using world = aWorld(identities[0] ?? expect.fail());
  const gate = path.join(world.dir, 'gate');
  const env = { ...process.env, GATE_FLAGS: '-DGATE_WITHOUT_LANDLOCK', GATE_OUT: gate };
  const built = spawnSync('sh', [path.join(root, 'runtime-plane/native/build.sh')], {
    encoding: 'utf8',
    env,
  });
  expect(built.status, built.stderr).toBe(0);
  const options = {
    environment: world.environment,
    session: undefined,
    journal: world.journal,
    stateDir: world.at('state'),
  };
  const report = examineHost({ ...options, gate });
  expect(report.verdict).toMatchObject({ run: 'impossible', because: ['Landlock'] });
  const gone = examineHost({ ...options, gate: world.at('nowhere') });
  expect(gone.verdict).toMatchObject({ run: 'impossible', because: ['gate'] });
});
