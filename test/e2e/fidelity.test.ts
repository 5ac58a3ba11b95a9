/**
 * Real programs at real work, once bare and once under a policy that allows everything: what they print, how they end,
 * and what they leave behind is the same, byte for byte.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { collect, type Ended, isolations, root, situations, World } from './world.ts';
import { tree } from './world-tree.ts';

const users = situations.filter(({ identity }) => identity.name === 'user');

type Work = { readonly script: string; readonly needs: readonly string[]; readonly once?: true };

const works: readonly Work[] = [
  { script: 'git.sh', needs: ['git'] },
  { script: 'build.sh', needs: ['cc', 'make'] },
  { script: 'archive.sh', needs: ['tar', 'gzip'] },
  { script: 'shell.sh', needs: ['bash'] },
  { script: 'languages.sh', needs: ['perl', 'python3', 'node', 'vim', 'ssh-keygen'] },
  { script: 'npm.sh', needs: ['npm'] },
  // Half a minute: in one isolation by default.
  { script: 'compilers.sh', needs: [], once: true },
];

const folders = ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin'];
const missing = (needs: readonly string[]): string[] =>
  needs.filter((name) => !folders.some((folder) => existsSync(path.join(folder, name))));

async function work(
  world: World,
  supervised: boolean,
  command: readonly string[],
): Promise<Ended & { left: string[] }> {
  rmSync(world.at('place'), { recursive: true, force: true });
  rmSync(world.at('home'), { recursive: true, force: true });
  world.folder('place');
  world.folder('home');
  const inPlace = ['/bin/sh', '-c', 'cd place && exec "$@"', 'sh', ...command];
  const ended = supervised ? await world.run(inPlace) : await world.runBare(inPlace);
  return { ...ended, left: tree(world.at('place')) };
}

describe.each(users)(
  '[req: run:fidelity] real programs do the same ($isolation isolation)',
  ({ identity, isolation }) => {
    for (const { script, needs, once } of works) {
      if (once && isolation === 'namespace' && process.env['CHAPERONE_FULL'] !== '1') {
        console.log(`skipped: ${script} in ${isolation} isolation; CHAPERONE_FULL=1 runs it`);
        continue;
      }
      const absent = missing(needs);
      if (absent.length > 0)
        console.log(`skipped: ${script}, because this machine has no ${absent.join(', ')}`);
      test.skipIf(absent.length > 0)(script, async () => {
        using world = new World({ identity, isolation });
        const file = world.file(
          script,
          readFileSync(path.join(import.meta.dirname, 'programs/work', script)),
          0o755,
        );
        const bare = await work(world, false, ['/bin/bash', file]);
        const supervised = await work(world, true, ['/bin/bash', file]);
        expect(supervised.stdout.split('\n')).toEqual(bare.stdout.split('\n'));
        expect(supervised.stderr).toBe(bare.stderr);
        expect([supervised.code, supervised.signal]).toEqual([bare.code, bare.signal]);
        expect(supervised.left).toEqual(bare.left);
        expect(bare.stdout.length, 'the work itself did something').toBeGreaterThan(20);
      });
    }
  },
);

/** The ./chaperone script as people start it, from a shell that prepares `before`. */
async function through(
  world: World,
  before: string,
  command: string,
): Promise<{ bare: Ended; supervised: Ended }> {
  const script = path.join(root, 'chaperone');
  const start = `exec "$CHAPERONE" run -p ${world.at('policy')} -j ${world.journal} -i ${world.isolation} -- `;
  const line = (how: string): string[] => [
    '/bin/sh',
    '-c',
    `CHAPERONE=${script}; ${before}\n${how}${command}`,
  ];
  const run = (how: string): Promise<Ended> => collect(world.bare(line(how), ['ignore', 'pipe', 'pipe']));
  return { bare: await run('exec '), supervised: await run(start) };
}

describe.each(isolations)(
  '[req: run:transparent] what a program is started with (%s isolation)',
  (isolation) => {
    const identity = users[0]?.identity ?? { name: 'user', uid: process.getuid?.() ?? 0 };

    test('limits, umask, ignored signals, working directory', async () => {
      using world = new World({ identity, isolation });
      const before = `umask 037; ulimit -Sn 333; ulimit -c 0; ulimit -s 4096; trap '' HUP USR2; mkdir -p deep; cd deep`;
      const see = `sh -c 'umask; ulimit -Sn; ulimit -c; ulimit -s; pwd; grep -E "^Sig(Ign|Blk|Cgt)" /proc/self/status; : >made; stat -c %a made; rm made; nice; cat /proc/self/oom_score_adj; echo $-'`;
      const { bare, supervised } = await through(world, before, see);
      expect(supervised).toEqual(bare);
      expect(bare.stdout).toContain('333');
    });

    test('the environment, whatever bytes it holds, and nothing more', async () => {
      using world = new World({ identity, isolation });
      const values = `N=$(printf 'not \\377\\376 text'); export N; A='a=b'; export A; L='two
lines'; export L; E=; export E; T=$(printf '\\033[31m'); export T; CHAPERONE_X=mine; export CHAPERONE_X`;
      const { bare, supervised } = await through(
        world,
        values,
        `sh -c 'tr "\\000\\n" "\\n~" </proc/$$/environ | sort'`,
      );
      // dash orders what it exports by itself.
      const lines = (text: string): string[] =>
        text.split('\n').filter((line) => !/^(CHAPERONE_|_=)/.test(line));
      expect(lines(supervised.stdout)).toEqual(lines(bare.stdout));
      expect(supervised.stdout).toContain('N=not \u00ff\u00fe text\n');
      const ours = supervised.stdout.split('\n').filter((line) => line.startsWith('CHAPERONE_'));
      expect(ours).toEqual([
        expect.stringMatching(/^CHAPERONE_DENIALS=.*\/denials\.jsonl$/),
        expect.stringMatching(/^CHAPERONE_SESSION=s-[0-9a-z]+-[0-9a-f]+$/),
      ]);
    });

    test('arguments, whatever bytes they hold, up to a megabyte', async () => {
      using world = new World({ identity, isolation });
      const prepare = `set -- '' ' ' '--' '-p' 'x y' '*' "$(printf '\\377\\001\\033[2J')" 'äö'`;
      const show = `sh -c 'for a; do printf "%s\\n" "$a" | od -c | head -3; done; tr "\\0" "|" </proc/$$/cmdline | od -c | tail -5' sh "$@"`;
      const some = await through(world, prepare, show);
      expect(some.supervised).toEqual(some.bare);
      const many = await through(
        world,
        'set -- $(seq -f %020g 1 50000)',
        `sh -c 'echo $# "$1" "\${50000}"; cksum </proc/$$/cmdline' sh "$@"`,
      );
      expect(many.bare.stdout).toContain('50000 00000000000000000001 00000000000000050000');
      expect(many.supervised).toEqual(many.bare);
    });

    test('standard input, output and error are its own, byte for byte', async () => {
      using world = new World({ identity, isolation });
      world.file('in', Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) & 255)));
      const { bare, supervised } = await through(world, 'exec <in', `sh -c 'cat; echo problem >&2; exit 3'`);
      expect(supervised).toEqual(bare);
      expect(bare.stdout.length).toBe(100_000);
    });
  },
);
