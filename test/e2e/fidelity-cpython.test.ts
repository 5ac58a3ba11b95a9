/**
 * CPython's own tests of the system interface, bare and supervised: the outcome of every single one is the same. The
 * quick modules run by default, CHAPERONE_FULL=1 runs them all, in both isolations.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect, situations, World } from './world.ts';

const python = '/usr/bin/python3';
const quick = ['test_os', 'test_posix', 'test_pty', 'test_tempfile', 'test_shutil'];
const slow = ['test_subprocess', 'test_socket', 'test_signal', 'test_threading'];
const full = process.env['CHAPERONE_FULL'] === '1';

/** A session's user namespace knows one user and one group. */
const ofNamespaces: readonly string[] = [
  'test.test_os.ChownFileTests.test_chown_without_permission',
  'test.test_subprocess.POSIXProcessTestCase.test_group',
  'test.test_subprocess.POSIXProcessTestCase.test_user',
];

function present(): boolean {
  return (
    existsSync(python) && spawnSync(python, ['-c', 'import test.test_os'], { timeout: 60_000 }).status === 0
  );
}

/** Debian packs the tests of Python apart from Python. */
function install(): string | undefined {
  if (present()) return undefined;
  if (process.getuid?.() !== 0)
    return 'the tests of Python are not installed (Debian: libpython3-testsuite), and only root can install them';
  const version = spawnSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
    encoding: 'utf8',
  }).stdout?.trim();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', ['install', '-y', '-q', `libpython${version}-testsuite`], {
    env,
    timeout: 170_000,
  });
  return status === 0 && present() ? undefined : 'the tests of Python could not be installed with apt-get';
}

/** `name (module.Class.name) ... ok`; what a test prints by itself may stand between. */
function outcomes(log: string): Map<string, string> {
  const found = new Map<string, string>();
  let current: string | undefined;
  for (const line of log.split('\n')) {
    const head = /^(\w+) \((test\.[\w.]+)\)/.exec(line);
    if (head) current = head[1] === 'setUpClass' ? `setUpClass ${head[2]}` : head[2];
    const result = /(?:^|\.\.\. .*?\b)(ok|FAIL|ERROR|expected failure|skipped .*)$/.exec(line.trimEnd())?.[1];
    if (current === undefined || result === undefined) continue;
    found.set(current, result.startsWith('skipped') ? 'skipped' : result);
    current = undefined;
  }
  return found;
}

const problem = install();
if (problem) console.log(`skipped: CPython's tests, because ${problem}`);
if (!full) console.log(`skipped: ${slow.join(', ')}, and namespace isolation; CHAPERONE_FULL=1 runs them`);
const users = situations.filter(
  ({ identity, isolation }) => identity.name === 'user' && (full || isolation === 'process'),
);

describe.skipIf(problem !== undefined).each(users)(
  '[req: run:fidelity] CPython tests itself ($isolation isolation)',
  ({ identity, isolation }) => {
    test.each(full ? [...quick, ...slow] : quick)(
      '%s',
      async (name) => {
        using world = new World({ identity, isolation });
        const tests = [python, '-m', 'test', '-v', name];
        const logs: string[] = [];
        for (const prefix of [['setpriv', '--no-new-privs', '--'], world.line()]) {
          rmSync(world.at('tmp'), { recursive: true, force: true });
          world.folder('tmp');
          const started = world.bare(
            [...prefix, 'env', `TMPDIR=${world.at('tmp')}`, ...tests],
            ['ignore', 'pipe', 'pipe'],
          );
          const ended = await collect(started, 400_000);
          logs.push(`${ended.stdout}\n${ended.stderr}`);
        }
        const [bare, supervised] = logs.map(outcomes);
        let exceptions = 0;
        const different = [...(bare ?? [])].filter(([id, result]) => {
          if (supervised?.get(id) === result) return false;
          const known = isolation === 'namespace' && ofNamespaces.includes(id);
          if (known) exceptions += 1;
          return !known;
        });
        expect(
          different.map(([id, result]) => `${id}: bare ${result}, supervised ${supervised?.get(id)}`),
        ).toEqual([]);
        expect(supervised?.size).toBe(bare?.size);
        expect(bare?.size).toBeGreaterThan(5);
        console.log(`${name}: ${bare?.size} tests, the same outcomes but ${exceptions} known ones`);
        for (const left of readdirSync(world.at('tmp')))
          rmSync(`${world.at('tmp')}/${left}`, { recursive: true, force: true });
      },
      900_000,
    );
  },
);
