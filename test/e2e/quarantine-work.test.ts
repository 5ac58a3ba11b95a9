/** Real programs at work in a quarantined folder: what they print, and what is there in the end, is as without one. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { people, QuarantineWorld, unread } from './world-quarantine.ts';
import { tree } from './world-tree.ts';
import type { Ended } from './world.ts';

const user = people.filter(({ name }) => name === 'user');

/** What is never released: pipes; and hard links, set-user-id bits, which are not kept. */
function comparable(lines: readonly string[]): string[] {
  return lines
    .filter((line) => !/ 10\d{3} /.test(line))
    .map((line) =>
      line.replace(
        /^(.*) (\d+)(\d{4}) \d* /,
        (_, name: string, kind: string, mode: string) =>
          `${name} ${kind} ${mode.replace(/^[4-7]/, (high) => String(Number(high) & (kind === '4' ? 3 : 1)))} `,
      ),
    );
}

async function work(
  world: QuarantineWorld,
  script: string,
  supervised: boolean,
  prepare = '',
): Promise<Ended & { left: string[] }> {
  for (const name of ['place', 'home']) {
    rmSync(world.at(name), { recursive: true, force: true });
    world.folder(name);
  }
  if (prepare !== '') {
    const before = await world.runBare(['/bin/bash', '-c', `cd place && ${prepare}`]);
    expect(before.code, before.stderr).toBe(0);
  }
  const file = world.file('work.sh', script, 0o755);
  const line = ['/bin/bash', '-c', `cd place && exec bash ${file}`];
  const ended = supervised ? await world.run(line) : await world.runBare(line);
  return { ...ended, left: comparable(tree(world.at('place'))) };
}

describe.each(user)('[req: quarantine:bare] real programs in a quarantined folder ($name)', (identity) => {
  test.each(['git.sh', 'npm.sh', 'build.sh', 'archive.sh', 'shell.sh'])('%s', async (name) => {
    using world = new QuarantineWorld(identity, unread);
    const script = readFileSync(path.join(import.meta.dirname, 'programs/work', name), 'utf8');
    const bare = await work(world, script, false);
    const supervised = await work(world, script, true);
    expect(supervised.stdout.split('\n')).toEqual(bare.stdout.split('\n'));
    expect(supervised.code).toBe(bare.code);
    expect(supervised.left).toEqual(bare.left);
    expect(await world.held()).toEqual([]);
  });
});

const repository = `
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@example.org
export GIT_AUTHOR_DATE=2025-01-01T00:00:00Z GIT_COMMITTER_DATE=2025-01-01T00:00:00Z GIT_CONFIG_NOSYSTEM=1
git init -q -b main . && git config gc.auto 0 && mkdir -p src/deep lib && for i in $(seq 40); do echo "line $i" >"src/f$i"; echo $i >"src/deep/g$i"; done
echo plain >thing && ln -s src/f1 link && git add . && git commit -qm one
git checkout -qb side && git mv src/deep moved && git rm -q src/f1 link thing && mkdir thing && echo now a folder >thing/inside && git add . && git commit -qm two && git checkout -q main`;

describe.each(people)('[req: quarantine:bare] what was there before ($name)', (identity) => {
  test('git checkout between branches, with folders that come, go and move', async () => {
    using world = new QuarantineWorld(identity, unread);
    const script = `git checkout -q side && ls && cat thing/inside && git status --short && git checkout -q main && cat thing && git checkout -q side && git status --short; rm -rf .git`;
    const bare = await work(world, script, false, repository);
    const supervised = await work(world, script, true, repository);
    expect(supervised.stdout).toBe(bare.stdout);
    expect(supervised).toMatchObject({ code: 0, stderr: '' });
    expect(supervised.left).toEqual(bare.left);
    expect(bare.left.length).toBeGreaterThan(80);
    expect(await world.held()).toEqual([]);
  });

  test('folders are renamed: into new names, onto empty ones, into each other, and not onto full ones', async () => {
    using world = new QuarantineWorld(identity, unread);
    const prepare = `mkdir -p a/b/c full/x empty closed/in && echo 1 >a/1 && echo 2 >a/b/2 && echo 3 >a/b/c/3 && ln a/1 a/b/hard && ln -s ../1 a/b/link && echo s >closed/in/secret && chmod 555 closed/in && chmod 2750 a/b && touch -d @1000000000 a/b/2 a`;
    const script = `python3 - <<'END'
import os, errno
def r(a, b):
    try: os.rename(a, b); print(a, b, "ok")
    except OSError as e: print(a, b, errno.errorcode[e.errno])
r("a", "moved"); r("moved", "empty"); r("empty", "full"); r("full", "empty/full"); r("closed", "open"); r("empty", "empty/b/in itself"); r("empty/b", "empty"); r("missing", "x")
os.mkdir("new"); r("new", "newer"); r("empty/b", "newer"); r("newer", "again/")
f = open("again/2", "a"); r("again", "last"); f.write("more"); f.close(); print(open("last/2").read(), os.stat("last").st_mode, int(os.stat("last/2").st_size))
END
find . | sort; chmod -R u+w .`;
    const bare = await work(world, script, false, prepare);
    const supervised = await work(world, script, true, prepare);
    expect(supervised.stdout.split('\n')).toEqual(bare.stdout.split('\n'));
    expect(supervised.stderr).toBe(bare.stderr);
    expect(supervised.left).toEqual(bare.left);
    expect(bare.stdout).toContain('a moved ok');
    expect(await world.held()).toEqual([]);
  });
});
