/** chaperone pdp, as it is started by a person. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../../cli/src/main.js');

function aFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdp-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

type Started = {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
};

function start(args: readonly string[]): Started {
  const child = spawn(process.execPath, [main, 'pdp', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: new Promise((resolve) => child.on('close', resolve)) };
}

async function ready({ output }: Started): Promise<string> {
  await expect.poll(output, { timeout: 20_000 }).toContain('is ready on');
  return /is ready on (\S+)/.exec(output())?.[1] ?? '';
}

test('[req: pdp:command] it answers once it is ready, and SIGTERM ends it', async () => {
  const folder = aFolder({ 'a.rego': 'package a\n\nx := data.k + input\n', 'd.json': '{"k":1}' });
  const pdp = start([
    '-p',
    path.join(folder, 'a.rego'),
    '--data',
    path.join(folder, 'd.json'),
    '-a',
    '127.0.0.1:0',
  ]);
  const url = await ready(pdp);
  const answer = await fetch(`${url}/v1/data/a/x`, { method: 'POST', body: '{"input":2}' });
  expect(await answer.json()).toEqual({ result: 3 });
  pdp.child.kill('SIGTERM');
  expect(await pdp.ended).toBe(0);
  expect(pdp.output()).toMatch(/^chaperone: pdp is ready on http:\/\/127\.0\.0\.1:\d+ \(policies: 1\)\n$/);
});

test('[req: pdp:command] with a Unix socket it listens on no port; with --v0-compatible it reads the older syntax', async () => {
  const folder = aFolder({ 'a.rego': 'package a\nallow { input.x }\n' });
  const socket = path.join(folder, 's');
  const pdp = start(['--policy', folder, '--unix', socket, '--v0-compatible']);
  expect(await ready(pdp)).toBe(`unix:${socket}`);
  pdp.child.kill('SIGINT');
  expect(await pdp.ended).toBe(0);
});

test('[req: pdp:command] an address that others can reach is told, unless requests are authorised', async () => {
  const open = start(['-a', '0.0.0.0:0']);
  await ready(open);
  expect(open.output()).toContain('everybody who reaches this address may read and change policies');
  const guarded = start(['-a', '0.0.0.0:0', '--authorization', 'basic']);
  await ready(guarded);
  expect(guarded.output()).not.toContain('everybody');
});

test.each<[readonly string[], string]>([
  [['-a', 'nowhere'], 'nowhere is no address; write HOST:PORT'],
  [['--policy', '/nonexistent/x.rego'], 'cannot read /nonexistent/x.rego (ENOENT)'],
  [['--tls-cert-file', 'a'], 'go together'],
  [['--tls-ca-cert-file', 'a'], 'needs --tls-cert-file'],
  [['--authentication', 'tls'], 'needs --tls-cert-file'],
  [['--authentication', 'magic'], 'Allowed choices are off, token, tls'],
  [['--unix-mode', '9'], 'three octal digits'],
  [['--max-body-bytes', '-1'], 'whole number'],
  [['--nope'], "unknown option '--nope'"],
  [['extra'], 'too many arguments'],
])('[req: pdp:command] %j is told and ends with 2', async (args, message) => {
  const pdp = start(args);
  expect(await pdp.ended).toBe(2);
  expect(pdp.output()).toMatch(/^chaperone: /);
  expect(pdp.output()).toContain(message);
});

test('[req: pdp:command] a policy with a mistake is told by place, with nothing that a terminal would act on', async () => {
  const folder = aFolder({ 'a.rego': 'package a\nx := \u001b[31mred\n' });
  const pdp = start(['-p', folder, '-a', '127.0.0.1:0']);
  expect(await pdp.ended).toBe(2);
  expect(pdp.output()).toMatch(/a\.rego:2:\d+: rego_parse_error/);
  expect(pdp.output()).not.toContain('\u001b');
});

test('[req: pdp:command] an address that is taken is told', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.on('listening', resolve));
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const pdp = start(['-a', `127.0.0.1:${port}`]);
  expect(await pdp.ended).toBe(2);
  expect(pdp.output()).toContain(`cannot listen on 127.0.0.1:${port}: another program listens there`);
});

test('[req: pdp:command] with --read-only nothing is written over HTTP', async () => {
  const pdp = start(['-a', '127.0.0.1:0', '--read-only']);
  const url = await ready(pdp);
  const answer = await fetch(`${url}/v1/policies/a`, { method: 'PUT', body: 'package a' });
  expect(answer.status).toBe(403);
  expect(await (await fetch(`${url}/v1/policies`)).json()).toEqual({ result: [] });
});

test('[req: pdp:config] --config, --config-set and --bundle: what is wrong is told in one line, what is right is done', async () => {
  const folder = aFolder({
    'c.yaml': 'labels: {env: "${PDP_ENV}"}\ndecision_logs: {console: true}\nnonsense: 1\n',
    'a.rego': 'package a\n\nx := input\n',
  });
  const config = path.join(folder, 'c.yaml');
  const pdp = start([
    '-c',
    config,
    '--config-set',
    'labels.team=\u001b[2Jred',
    '-b',
    folder,
    '-a',
    '127.0.0.1:0',
  ]);
  const url = await ready(pdp);
  const answer = await fetch(`${url}/v1/data/a/x`, { method: 'POST', body: '{"input":"\\u009b31m"}' });
  expect(await answer.json()).toEqual({ decision_id: expect.any(String), result: '\u009b31m' });
  pdp.child.kill('SIGTERM');
  expect(await pdp.ended).toBe(0);
  expect(pdp.output()).toContain('uses ${PDP_ENV}, which is not set');
  expect(pdp.output()).toContain('what means nothing here: nonsense');
  expect(pdp.output()).toMatch(/^[\x20-\x7e\n]*$/);
  const line = pdp
    .output()
    .split('\n')
    .find((one) => one.includes('Decision Log'));
  expect(JSON.parse(line ?? '')).toMatchObject({ path: 'a/x', result: '\u009b31m', labels: { env: '' } });
  const wrong = start(['-c', config, '--config-set', 'bundles.a.service=nobody']);
  expect(await wrong.ended).toBe(2);
  expect(wrong.output()).toMatch(
    /config error: invalid configuration for bundle "a": service name "nobody" not found\n$/,
  );
});
