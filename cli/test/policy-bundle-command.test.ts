/** chaperone policy build, sign, inspect; and the commands that run under a bundle. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.js');

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'cli-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  put(
    'src/access.rego',
    'package chaperone.access\n\ndecision := {"allow": input.path in data.chaperone.open}\n',
  );
  put('src/access_test.rego', 'package chaperone.access_test\n\ntest_x if true\n');
  put('src/chaperone/data.yaml', 'open: [/a]\n');
  put('src/.git/config', 'x');
  put('src/README.md', 'x');
});

const at = (name: string): string => path.join(home, name);

function put(name: string, content: string): void {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
}

type Result = { readonly code: number; readonly stdout: string; readonly stderr: string };

function chaperone(...args: readonly string[]): Promise<Result> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_STATE_HOME: at('state'),
    XDG_CACHE_HOME: tmpdir(),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env, cwd: home }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

function keys(): void {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  put('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  put('key.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString());
  put(
    'other.pub',
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString(),
  );
}

const signing = ['--signing-key', 'key.pem', '--signing-alg', 'ES256'];
const verifying = ['--verification-key', 'key.pub', '--verification-alg', 'ES256'];

describe('[req: cli:policy:bundle] building', () => {
  test('takes what belongs into a bundle, gives the same bytes again, and is inspected', async () => {
    const args = ['policy', 'build', 'src', '-r', '42', '--root', 'chaperone', '-o'];
    expect(await chaperone(...args, 'one.tar.gz')).toMatchObject({ code: 0, stderr: '' });
    await chaperone(...args, 'two.tar.gz');
    expect(readFileSync(at('one.tar.gz')).equals(readFileSync(at('two.tar.gz')))).toBe(true);
    const { stdout } = await chaperone('policy', 'inspect', 'one.tar.gz', '--json');
    expect(JSON.parse(stdout)).toEqual({
      revision: '42',
      roots: ['chaperone'],
      metadata: {},
      packages: [
        {
          package: 'chaperone.access',
          files: ['access.rego'],
          rules: [{ name: 'decision', kind: 'value', at: 'access.rego:3' }],
        },
      ],
      data: ['chaperone'],
      files: [
        { name: '.manifest', bytes: 40 },
        { name: 'access.rego', bytes: 83 },
        { name: 'chaperone/data.yaml', bytes: 11 },
      ],
    });
    const shown = await chaperone('policy', 'inspect', 'src');
    expect(shown.stdout).toMatch(/^revision +none\nroots +all of data\nsignature +none\n/);
    // Built once more from the bundle itself.
    expect(await chaperone('policy', 'build', 'one.tar.gz', '-o', 'three.tar.gz')).toMatchObject({ code: 0 });
    expect(readFileSync(at('one.tar.gz')).equals(readFileSync(at('three.tar.gz')))).toBe(true);
  });

  type Inspected = { data: string[]; files: { name: string }[]; roots: string[]; revision: string };
  const build = async (...args: string[]): Promise<string[]> => {
    expect(await chaperone('policy', 'build', ...args)).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await chaperone('policy', 'inspect', 'bundle.tar.gz', '--json');
    return (JSON.parse(stdout) as Inspected).files.map(({ name }) => name);
  };
  const evaluated = async (query: string): Promise<unknown> =>
    JSON.parse((await chaperone('policy', 'eval', query, 'bundle.tar.gz')).stdout);

  test('several folders keep what has the same name in both', async () => {
    put('d1/x.rego', 'package one\n\nx := data.k\n');
    put('d1/own.rego', 'package own\n');
    put('d1/data.json', '{"k": {"a": 1}}');
    put('d1/deep/data.yaml', '- 12345678901234567890\n');
    put('d1/.manifest', '{"revision": "7"}');
    put('d2/x.rego', 'package two\n\nx := 2\n');
    put('d2/data.json', '{"k": {"b": 2}}');
    // The names are those from where the folders part, wherever they lie.
    for (const [one, two] of [['d1', 'd2'] as const, [at('d1'), `${at('d2')}/`] as const]) {
      const names = await build(one, two);
      expect(names).toEqual(['.manifest', 'd2/x.rego', 'data.json', 'deep/data.yaml', 'own.rego', 'x.rego']);
      expect(await evaluated('[data.one.x, data.two.x]')).toEqual([{ a: 1, b: 2 }, 2]);
    }
    rmSync(at('d1/.manifest'));
    expect(await build('d1', 'd2', 'd1/')).toEqual([
      'd1/x.rego',
      'd2/x.rego',
      'data.json',
      'deep/data.yaml',
      'own.rego',
    ]);
    expect(await build('d1/x.rego', 'd2/x.rego')).toEqual(['d1/x.rego', 'd2/x.rego']);
    expect(await build('d2', 'd2/x.rego')).toEqual(['data.json', 'x.rego']);
    put('d2/deep/data.yaml', '7\n');
    expect((await chaperone('policy', 'build', 'd1', 'd2')).stderr).toMatch(/d2 sets data\.deep, which/);
  });

  test('single data files are joined, of whatever names and formats', async () => {
    put('a.rego', 'package a\n');
    put('roles.json', '{"roles": {"ann": ["admin"]}, "big": 12345678901234567890}');
    put('more.json', '{"roles": {"bob": []}}');
    put('third.yaml', 'third: yes it is\n');
    put('fourth.yaml', 'fourth: 4\n');
    expect(await build('a.rego', 'roles.json', 'more.json')).toEqual(['a.rego', 'data.json']);
    expect((await chaperone('policy', 'eval', 'data', 'bundle.tar.gz')).stdout).toContain(
      '12345678901234567890',
    );
    await build('a.rego', 'roles.json', 'more.json', 'third.yaml', 'fourth.yaml');
    expect(await evaluated('[data.roles, data.third, data.fourth]')).toEqual([
      { ann: ['admin'], bob: [] },
      'yes it is',
      4,
    ]);
  });

  test('what two paths cannot both say is refused, with both names', async () => {
    put('roles.json', '{"roles": {"ann": 1}}');
    put('more.json', '{"roles": {"ann": 2}}');
    put('list.json', '[1]');
    put('d1/.manifest', '{}');
    put('d2/.manifest', '{}');
    for (const [paths, message] of [
      [['roles.json', 'more.json'], 'more.json sets data.roles.ann, which another file sets, too'],
      [['roles.json', 'list.json'], 'chaperone: list.json must hold an object'],
      [['d1', 'd2'], 'd1 and d2 both have a .manifest'],
    ] as const) {
      const { code, stderr } = await chaperone('policy', 'build', ...paths);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
      expect(stderr).not.toMatch(/\n./);
    }
    expect(existsSync(at('bundle.tar.gz'))).toBe(false);
  });

  test.each<[string, string[], RegExp]>([
    ['a folder that is not there', ['build', 'nowhere'], /cannot read nowhere \(ENOENT\)/],
    ['a package outside of the roots', ['build', 'src', '--root', 'other'], /outside of the roots/],
    ['a mistake', ['build', 'bad'], /bad: .*p\.rego:3:6: rego_unsafe_var_error/],
    [
      'a name of a key file that is not there',
      ['build', 'src', '--signing-key', 'none.pem'],
      /cannot read the key none\.pem/,
    ],
    [
      'an unknown algorithm',
      ['build', 'src', '--signing-key', 'key.pem', '--signing-alg', 'none'],
      /"none" is no signature algorithm/,
    ],
    ['another kind of key', ['build', 'src', '--signing-key', 'key.pem'], /no valid key for RS256/],
    ['a folder as output', ['build', 'src', '-o', 'src'], /cannot write src/],
    ['no key', ['sign', 'src'], /--signing-key/],
    ['junk', ['inspect', 'junk.tar.gz'], /junk\.tar\.gz: the gzip data of the bundle are damaged/],
    ['an empty folder', ['inspect', 'empty'], /holds no \.rego/],
    ['an unsigned bundle to verify', ['inspect', 'src', ...verifying], /has no \.signatures\.json/],
    ['an algorithm without a key', ['inspect', 'src', '--verification-alg', 'ES256'], /--verification-key/],
  ])('%s is refused in one line, and nothing is left behind', async (_what, args, message) => {
    keys();
    put('bad/p.rego', 'package p\n\nx := y\n');
    writeFileSync(at('junk.tar.gz'), Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    mkdirSync(at('empty'));
    const { code, stdout, stderr } = await chaperone('policy', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(at('bundle.tar.gz'))).toBe(false);
  });

  test('names from a bundle cannot control the terminal', async () => {
    put('evil/p.rego', 'package p["\\u001b[2J"]\n\nx := 1\n');
    put('evil/.manifest', '{"revision":"\\u001b]0;x\\u0007"}');
    const { code, stdout } = await chaperone('policy', 'inspect', 'evil');
    expect(code).toBe(0);
    // oxlint-disable-next-line no-control-regex -- looking for exactly that
    expect(stdout).not.toMatch(/[\u001b\u0007]/);
  });
});

describe('[req: run:bundle] deciding under a bundle', () => {
  const check = (file: string, bundle: string, ...args: string[]): Promise<Result> =>
    chaperone('check', '--policy', bundle, ...args, '--json', '--', 'read_file', file);

  test('an unsigned one is as good as its folder', async () => {
    await chaperone('policy', 'build', 'src', '-r', '42');
    expect(await check('/a', 'bundle.tar.gz')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"revision":"42"') as string,
    });
    expect(await check('/b', 'bundle.tar.gz')).toMatchObject({ code: 1 });
  });

  test('a signed one holds with its key only', async () => {
    keys();
    await chaperone('policy', 'build', 'src', ...signing);
    expect(await check('/a', 'bundle.tar.gz', ...verifying)).toMatchObject({ code: 0 });
    expect((await check('/a', 'bundle.tar.gz')).stderr).toMatch(/it is signed; give the key/);
    expect(
      (await check('/a', 'bundle.tar.gz', '--verification-key', 'other.pub', '--verification-alg', 'ES256'))
        .stderr,
    ).toMatch(/does not fit the verification key/);
    expect((await check('/a', 'bundle.tar.gz', ...verifying, '--scope', 'x')).stderr).toMatch(/scope/);
    expect((await check('/a', 'src', ...verifying)).stderr).toMatch(/a verification key is for bundles/);
    await chaperone('policy', 'build', 'src');
    expect((await check('/a', 'bundle.tar.gz', ...verifying)).stderr).toMatch(/has no \.signatures\.json/);
    await chaperone('policy', 'sign', 'bundle.tar.gz', ...signing);
    expect(await check('/a', 'bundle.tar.gz', ...verifying)).toMatchObject({ code: 0 });
  });
});
