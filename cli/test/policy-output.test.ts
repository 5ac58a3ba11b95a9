/** What the policy commands have in common: how results and mistakes are printed, and what eval may reach. As processes. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.js');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'policy-output-'));
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'p'));
  write('p/access.rego', 'package access\n\n# METADATA\n# title: A\nallow if input.a == 1\n\n# TODO: more\n');
  write('p/access_test.rego', 'package access_test\n\ntest_a if data.access.allow with input as {"a": 1}\n');
});

function write(name: string, text: string | Uint8Array): void {
  writeFileSync(path.join(folder, name), text);
}

type Result = { readonly status: number; readonly stdout: string; readonly stderr: string };

function policy(...args: readonly string[]): Promise<Result> {
  const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1' } };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'policy', ...args], options, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const commands: readonly (readonly string[])[] = [
  ['explain', 'data.access.allow', 'p'],
  ['bench', 'data.access.allow', 'p', '--seconds', '0.01'],
  ['inspect', 'p'],
  ['check', 'p'],
  ['test', 'p'],
  ['deps', 'data.access.allow', 'p'],
  ['eval', 'data.access', 'p'],
  ['lint', 'p'],
];

describe.each(commands)(
  '[req: policy:check] [req: policy:test] [req: policy:eval] [req: policy:explain] [req: policy:bench] policy %s',
  (...command) => {
    test('prints JSON with --json, -f json and --format json, and says so in help', async () => {
      const same = (text: string): string =>
        text.replaceAll(
          /("(?:\w+_us|\w+_ms|duration|evaluations|per_second)": ?)[\d.]+/g,
          (_, name: string) => `${name}0`,
        );
      const [plain, ...printed] = await Promise.all(
        [[], ['--json'], ['-f', 'json'], ['--format', 'json']].map((how) => policy(...command, ...how)),
      );
      const texts = printed.map(({ stdout }) => same(stdout));
      // lint gives one object for each finding, in lines of their own.
      const documents = command[0] === 'lint' ? (texts[0] ?? '').trim().split('\n') : [texts[0] ?? ''];
      for (const one of documents) JSON.parse(one);
      expect(printed[0]?.stdout).toMatch(/^[[{]/);
      expect(new Set(texts).size).toBe(1);
      expect(plain?.stdout).not.toBe('');
      if (command[0] !== 'eval') expect(plain?.stdout).not.toMatch(/^[[{]/);
      expect(printed.map(({ status }) => status)).toEqual(Array.from({ length: 3 }, () => plain?.status));
      const help = await policy(command[0] ?? '', '--help');
      expect(help.stdout).toMatch(/ -f, --format <format> .* --json +the same as --format json/s);
    });

    test('does not take --json together with another format', async () => {
      const other = { test: 'junit', eval: 'raw' }[command[0] ?? ''] ?? 'text';
      const { status, stderr } = await policy(...command, '--json', '-f', other);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/--json.* cannot be used with .*--format/)]);
    });
  },
);

describe('[req: policy:check] one line says what is wrong', () => {
  test.each<[readonly string[], string]>([
    [['fmt', 'nofile'], 'cannot read nofile (ENOENT)'],
    [['lint', 'nofile'], 'cannot read nofile (ENOENT)'],
    [['fmt', 'bytes.rego'], 'bytes.rego is not UTF-8 text'],
    [['check', 'data.json'], 'data.json must hold an object, because it becomes the root of data'],
    [['check', 'list.json'], 'list.json must hold an object, because it becomes the root of data'],
    [['check', 'q'], 'q: data.json must hold an object, because it becomes the root of data'],
    [['eval', 'x', 'list.json'], 'list.json must hold an object, because it becomes the root of data'],
  ])('%j', async (args, message) => {
    write('bytes.rego', Uint8Array.of(0xff));
    for (const name of ['data.json', 'list.json']) write(name, '[1]');
    mkdirSync(path.join(folder, 'q'));
    write('q/data.json', '[1]');
    expect(await policy(...args)).toEqual({ status: 2, stdout: '', stderr: `chaperone: ${message}\n` });
  });

  test('about a query and a policy, which of them', async () => {
    expect((await policy('eval', 'x :=')).stderr).toMatch(/^chaperone: the query has one problem:\nquery:1:/);
    expect((await policy('eval', 'x :=', 'p')).stderr).toMatch(/^chaperone: the query has one problem:\n/);
    write('p/bad.rego', 'package bad\n\nx := y\n');
    expect((await policy('eval', '1', 'p')).stderr).toMatch(/^chaperone: the policy in p has one problem:\n/);
  });
});

describe('[req: policy:eval] what eval may reach', () => {
  async function aServer(): Promise<{ readonly host: string; readonly asked: () => number }> {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.setHeader('Content-Type', 'application/json').end('{"open": true}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked: () => asked };
  }

  test('requests go to the hosts that are permitted, to no other', async () => {
    const { host, asked } = await aServer();
    write(
      'p/remote.rego',
      `package remote\n\nopen := http.send({"method": "GET", "url": "http://${host}/"}).body.open\n`,
    );
    const refused = await policy(
      'eval',
      'data.remote.open',
      'p',
      '--allow-host',
      'example.com',
      '--allow-host',
      '127.0.0.1',
    );
    expect(refused).toMatchObject({ status: 0, stdout: 'undefined\n' });
    expect(refused.stderr).toBe(
      `chaperone: http.send: disallowed host: ${host}; permit it with --allow-host HOST[:PORT]\n`,
    );
    const strict = await policy('eval', 'data.remote.open', 'p', '--strict-builtin-errors');
    expect(strict).toMatchObject({ status: 2, stdout: '' });
    expect(strict.stderr).toContain(`disallowed host: ${host}`);
    expect(asked()).toBe(0);
    const permitted = ['--allow-host', 'example.com', '--allow-host', host];
    expect(await policy('eval', 'data.remote.open', 'p', ...permitted)).toEqual({
      status: 0,
      stdout: 'true\n',
      stderr: '',
    });
    expect(asked()).toBe(1);
    const query = `data.remote.open with http.send as {"body": {"open": 7}}`;
    expect(await policy('eval', query, 'p')).toEqual({ status: 0, stdout: '7\n', stderr: '' });
  });

  test('names are looked up when that is permitted', async () => {
    const query = 'count(net.lookup_ip_addr("localhost")) > 0';
    const refused = await policy('eval', query);
    expect(refused).toMatchObject({ status: 0, stdout: 'undefined\n' });
    expect(refused.stderr).toContain('permit it with --allow-lookup');
    expect(await policy('eval', query, '--allow-lookup')).toEqual({
      status: 0,
      stdout: 'true\n',
      stderr: '',
    });
  });

  test.each(['http://example.com', 'a:b', '::1'])('%s is no host', async (text) => {
    const { status, stderr } = await policy('eval', '1', '--allow-host', text);
    expect([status, stderr]).toEqual([2, expect.stringContaining('It must be HOST or HOST:PORT') as string]);
  });
});
