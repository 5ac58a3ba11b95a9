import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { supposeActs } from '../src/session-suppose.ts';
import { aTree } from './policy-fixture.ts';

const suppose = (cwd: string, ...words: string[]): ReturnType<typeof supposeActs> =>
  supposeActs(words, { cwd, searchPath: path.join(cwd, 'bin') });

test('[req: cli:check] a path is where its links lead, and the person is told', async () => {
  const tree = aTree('real/file', 'alias -> real', 'file -> real/file', 'dangling -> real/new');
  const found = await suppose(tree, 'read_file', 'alias/file');
  expect(found.acts).toMatchObject([
    { name: 'read_file', path: { path: path.join(tree, 'real/file') }, kind: 'file', object: { links: 1 } },
  ]);
  expect(found.notes).toEqual([`A link leads elsewhere: ${tree}/alias/file is ${tree}/real/file.`]);
  // `..` after a link is the folder above what it leads to.
  symlinkSync('real/..', path.join(tree, 'real', 'up'));
  expect((await suppose(tree, 'read_file', `${tree}/alias/../file`)).acts[0]?.path?.path).toBe(
    `${tree}/real/file`,
  );
  // Removing a link removes the link.
  expect((await suppose(tree, 'delete_file', 'file')).acts).toMatchObject([
    { name: 'delete_file', path: { path: path.join(tree, 'file') }, kind: 'symlink' },
  ]);
  // Writing through a link to nothing makes what it names.
  expect((await suppose(tree, 'write_file', 'dangling')).acts).toMatchObject([
    { name: 'create_file', path: { path: path.join(tree, 'real/new') }, kind: 'file' },
  ]);
});

test('[req: cli:check] a rename and a script are as many acts as the gate makes of them', async () => {
  const tree = aTree('bin/tool', 'a');
  const rename = await suppose(tree, 'rename_file', 'a', 'b');
  expect(rename.acts.map(({ name, path: at, target }) => [name, at?.path, target?.path])).toEqual([
    ['rename_file', path.join(tree, 'a'), path.join(tree, 'b')],
    ['create_file', path.join(tree, 'b'), undefined],
  ]);
  const script = path.join(tree, 'bin/tool');
  writeFileSync(script, '#! /usr/bin/env -S x\n');
  chmodSync(script, 0o755);
  const { acts } = await suppose(tree, 'execute', 'tool', 'commit');
  expect(acts).toMatchObject([
    {
      name: 'execute',
      path: { path: script },
      command: { argv: ['tool', 'commit'], interpreter: '/usr/bin/env' },
    },
    { name: 'execute', path: { path: '/usr/bin/env' }, command: { script } },
  ]);
});

test('[req: cli:check] destinations: an address as it is, a name of /etc/hosts by its address only', async () => {
  expect((await suppose('/', 'connect', '[2001:db8::1]:443')).acts).toMatchObject([
    { name: 'connect', destination: { ip: '2001:db8::1', port: 443, protocol: 'tcp' } },
  ]);
  const local = await suppose('/', 'connect', 'localhost:80');
  expect(local.acts).toHaveLength(1);
  expect(local.acts[0]?.destination).not.toHaveProperty('host');
  expect((await suppose('/', 'resolve_name', 'example.org', 'aaaa')).acts).toMatchObject([
    { name: 'resolve_name', operation: 'AAAA', destination: { host: 'example.org', protocol: 'dns' } },
  ]);
});

test.each([
  [['connect', 'example.org'], 'bad_arguments'],
  [['connect', 'example.org:70000'], 'bad_arguments'],
  [['read_file'], 'bad_arguments'],
  [['read_file', ''], 'bad_arguments'],
  [['read_file', 'a', 'b'], 'bad_arguments'],
  [['rename_file', 'a'], 'bad_arguments'],
  [['execute', 'no-such-program'], 'not_found'],
  [['toString'], 'unknown_act'],
  [[], 'unknown_act'],
])('[req: cli:check] %j is no act: %s', async (words, code) => {
  await expect(suppose('/', ...words)).rejects.toMatchObject({ code });
});
