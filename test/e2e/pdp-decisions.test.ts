/** chaperone pdp as a person starts it: what was decided over HTTP is in the journal, verifies, and is explained. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../../cli/src/main.js');
const policy = `package chaperone.access

import rego.v1

default decision := {"allow": false, "reason": "default_deny", "message": "Nothing allows this."}

decision := {"allow": true, "rules": ["open"]} if startswith(input.path, data.open)
decision := {"allow": false, "message": sprintf("run from %v", [input.process.sha256])} if input.action == "execute"
floor := {"read": ["/usr"], "write": ["/tmp"]}
`;

const own = ['-p', 'access.rego', '--data', 'facts.json'];

type Place = { readonly folder: string; readonly env: NodeJS.ProcessEnv };

function aPlace(): Place {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdp-decisions-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'access.rego'), policy);
  writeFileSync(path.join(folder, 'facts.json'), '{"open": "/open/"}');
  return { folder, env: { ...process.env, XDG_STATE_HOME: path.join(folder, 'state') } };
}

async function serve(
  { folder, env }: Place,
  ...args: string[]
): Promise<{ url: string; stop: () => Promise<number | null> }> {
  const child: ChildProcess = spawn(
    process.execPath,
    [main, 'pdp', ...(args.includes('--profile') ? [] : own), '-a', '127.0.0.1:0', ...args],
    { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await expect.poll(() => output, { timeout: 20_000 }).toContain('is ready on');
  return {
    url: /is ready on (\S+)/.exec(output)?.[1] ?? '',
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function chaperone({ folder, env }: Place, ...args: string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { code: status, text: stdout + stderr };
}

type Answer = { decision_id: string; result: { allow: boolean; message: string } };

async function ask(url: string, input: object): Promise<Answer> {
  const response = await fetch(`${url}/v1/data/chaperone/access/decision`, {
    method: 'POST',
    body: JSON.stringify({ input }),
  });
  return (await response.json()) as Answer;
}

test('[req: pdp:decisions] what was decided over HTTP verifies, is shown and is explained', async () => {
  const place = aPlace();
  const { url, stop } = await serve(place);
  // 1. Decisions: allowed, denied, about a process that the server looks up.
  const yes = await ask(url, { action: 'write_file', path: '/open/beyond-the-floor' });
  const no = await ask(url, { action: 'read_file', path: '/closed/a' });
  const run = await ask(url, { action: 'execute', path: '/x', process: { pid: process.pid } });
  expect([yes.result.allow, no.result.allow, run.result.allow]).toEqual([true, false, false]);
  // 2. How one ended.
  const said = {
    method: 'POST',
    body: JSON.stringify({ decision_id: yes.decision_id, result: 'done', bytes: 7 }),
  };
  expect((await fetch(`${url}/v1/outcomes`, said)).status).toBe(204);
  // 3. While the server runs, its journal can be read.
  expect(chaperone(place, 'why', no.decision_id).text).toContain('default_deny: Nothing allows this.');
  expect(await stop()).toBe(0);
  // 4. Afterwards it is whole.
  expect(chaperone(place, 'journal', 'verify')).toMatchObject({
    code: 0,
    text: expect.stringContaining('OK: 1 session') as string,
  });
  const shown = chaperone(place, 'journal', 'show', '--all').text;
  for (const part of [
    'chaperone pdp -p access.rego',
    '/open/beyond-the-floor',
    'default_deny',
    'done',
    '2 denied',
  ])
    expect(shown).toContain(part);
  // 5. Each is explained by the policy on disk, without caveats, whatever a session's floor would say.
  for (const [{ decision_id }, line] of [
    [yes, 'startswith'],
    [no, 'input.path is "/closed/a"'],
    [run, 'run from'],
  ] as const) {
    const { code, text } = chaperone(place, 'why', decision_id);
    expect(code).toBe(0);
    expect(text).toContain(line === 'startswith' ? 'ALLOWED' : 'DENIED');
    if (line !== 'startswith') expect(text).toContain(line);
    expect(text).not.toContain('Possible cause');
    expect(text).not.toContain('cannot be');
    expect(text).not.toContain('Asked again');
  }
});

test('[req: pdp:decisions] with --no-journal the rule is a document like every other', async () => {
  const place = aPlace();
  const { url, stop } = await serve(place, '--no-journal');
  expect(await ask(url, { action: 'read_file', path: '/open/a' })).toEqual({
    result: { allow: true, rules: ['open'] },
  });
  expect(await stop()).toBe(0);
  expect(readdirSync(place.folder)).not.toContain('state');
});

test.each<[readonly string[], string]>([
  [['--no-journal', '--mode', 'audit'], 'leave --no-journal out'],
  [['--engine', 'opa'], '--engine opa and --engine-url go together'],
  [['--engine-url', 'http://127.0.0.1:1'], '--engine opa and --engine-url go together'],
  [['--engine', 'opa', '--engine-url', 'nowhere'], '--engine-url must be http://HOST:PORT'],
  [['--signature-window', '5'], 'needs --pep-keys'],
  [['--pep-keys', 'nothing.json'], 'cannot read nothing.json (ENOENT)'],
  [['--pep-keys', 'facts.json'], 'must hold a list of keys'],
  [['--journal', 'facts.json'], 'decisions cannot be recorded'],
])('[req: pdp:decisions] %j is told and ends with 2', (args, message) => {
  const place = aPlace();
  const { code, text } = chaperone(place, 'pdp', '-p', 'access.rego', '-a', '127.0.0.1:0', ...args);
  expect([code, text]).toEqual([2, expect.stringContaining(message) as string]);
});

test('[req: pdp:engine] the engine that the configuration names decides in its time, unless options say otherwise', async () => {
  let hold = false;
  const asked: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    asked.push(request.url);
    request.resume();
    if (!hold) response.end('{"result":{"allow":true,"rules":["other"]}}');
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => {
    other.closeAllConnections();
    other.close();
  });
  const place = aPlace();
  const engine_url = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
  writeFileSync(
    path.join(place.folder, 'pdp.json'),
    JSON.stringify({ engine: 'opa', engine_url, engine_timeout_ms: 400 }),
  );
  // Our own policy would deny it.
  const input = { action: 'read_file', path: '/closed/a' };
  const configured = await serve(place, '-c', 'pdp.json');
  expect((await ask(configured.url, input)).result).toMatchObject({ allow: true, rules: ['other'] });
  expect(asked).toEqual(['/v1/data/chaperone/access/decision']);
  hold = true;
  const started = performance.now();
  expect((await ask(configured.url, input)).result).toMatchObject({ allow: false, reason: 'policy_timeout' });
  // Sooner than without engine_timeout_ms.
  expect(performance.now() - started).toBeLessThan(950);
  await configured.stop();
  hold = false;
  asked.length = 0;
  const own = await serve(place, '-c', 'pdp.json', '--engine', 'own');
  expect((await ask(own.url, input)).result).toMatchObject({ allow: false, reason: 'default_deny' });
  expect(asked).toEqual([]);
});

test('[req: pdp:decisions] a profile decides over HTTP as in a session, with its settings and its mode', async () => {
  const place = aPlace();
  const options = ['--profile', 'developer-agent', '--set', 'allow_stores=ssh'];
  const strict = await serve(place, ...options.slice(0, 2));
  const input = { action: 'read_file', path: '/root/.ssh/id_rsa', resource: { kind: 'file' } };
  const { decision_id, result } = await ask(strict.url, input);
  expect(result).toMatchObject({ allow: false, policy_reason: 'credential_store', mode: 'enforce' });
  await strict.stop();
  const explained = chaperone(place, 'why', decision_id);
  expect(explained.text).toContain('Credentials are kept here (ssh)');
  expect(explained.text).not.toContain('Possible cause');
  const lenient = await serve(place, ...options);
  expect((await ask(lenient.url, input)).result).not.toMatchObject({ policy_reason: 'credential_store' });
  await lenient.stop();
});
