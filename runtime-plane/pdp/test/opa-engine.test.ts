import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcp } from 'node:net';
import path from 'node:path';
import { readdirSync } from 'node:fs';
import { readSession } from '@chaperone/endpoint/record';
import { expect, onTestFinished, test } from 'vitest';
import { opaServer } from '../src/decisions/opa-engine.ts';
import { askJson } from './client.ts';
import { aFolder, aPdp } from './servers.ts';

const rule = 'chaperone/access/decision';
const knownObligations = new Set(['notify']);

async function aPort(listener: RequestListener): Promise<{ url: string; connections: () => number }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise((resolve) => server.on('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, connections: () => connections };
}

/** Of which nobody listens. */
async function freePort(): Promise<number> {
  const server = createTcp().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function decideAt(url: string, deadlineMs = 300) {
  const opa = opaServer(url, deadlineMs);
  onTestFinished(() => opa.close());
  return opa.engine({ entrypoint: rule, knownObligations }).decide({ action: 'read_file', path: '/a' });
}

const saying =
  (text: string, status = 200): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(text) });
    response.end(text);
  };

test('[req: pdp:engine] an answer becomes a decision in the one way that decisions are read', async () => {
  const asked: string[] = [];
  const { url, connections } = await aPort((request, response) => {
    request.on('data', (chunk: Buffer) => asked.push(`${request.url} ${chunk.toString()}`));
    request.on('end', () => response.end('{"result":{"allow":true,"rules":["r"]}}'));
  });
  const opa = opaServer(`${url}/base/`, 1000);
  onTestFinished(() => opa.close());
  const engine = opa.engine({ entrypoint: rule, knownObligations });
  for (let i = 0; i < 3; i += 1)
    expect(await engine.decide({ action: 'read_file', path: '/a' })).toMatchObject({
      effect: 'allow',
      rules: ['r'],
      revision: `opa ${url}/base/`,
    });
  expect(asked[0]).toBe(`/base/v1/data/${rule} {"input":{"action":"read_file","path":"/a"}}`);
  expect(connections()).toBe(1);
});

test.each<[string, RequestListener, object]>([
  ['is slow', () => {}, { reason: 'policy_timeout' }],
  [
    'drips',
    (_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
    { reason: 'policy_timeout' },
  ],
  ['hangs up', (request) => request.socket.destroy(), { reason: 'policy_error' }],
  [
    'hangs up in the middle',
    (request, response) => {
      response.writeHead(200, { 'Content-Length': 1000 });
      response.write('{"result": {"allow": true}}');
      setTimeout(() => request.socket.destroy(), 20);
    },
    { reason: 'policy_error' },
  ],
  ['has an error', saying('{"code":"internal_error"}', 500), { reason: 'policy_error' }],
  ['redirects', saying('', 302), { reason: 'policy_error' }],
  ['says no JSON', saying('yes'), { reason: 'policy_error' }],
  ['says a list', saying('[]'), { reason: 'policy_error' }],
  ['says nothing', saying('{}'), { reason: 'default_deny' }],
  ['says null', saying('{"result":null}'), { reason: 'invalid_decision' }],
  ['says true where more is needed', saying('{"result":true}'), { reason: 'invalid_decision' }],
  [
    'says too much',
    saying(`{"result":{"allow":true},"x":"${'x'.repeat(2_000_000)}"}`),
    { reason: 'policy_error' },
  ],
  [
    'asks for what nobody does',
    saying('{"result":{"allow":true,"obligations":[{"kind":"redact"}]}}'),
    { reason: 'unknown_obligation' },
  ],
])('[req: pdp:engine] one that %s gives a deny', async (_, listener, expected) => {
  const { url } = await aPort(listener);
  expect(await decideAt(url)).toMatchObject({ effect: 'deny', ...expected });
});

test('[req: pdp:engine] one that is not there gives a deny', async () => {
  expect(await decideAt(`http://127.0.0.1:${await freePort()}`)).toMatchObject({
    effect: 'deny',
    reason: 'policy_error',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
});

test.each(['localhost:8181', 'ftp://h', 'http://u:p@h', 'http://h/?q', ''])(
  '[req: pdp:engine] %s is no address of one',
  (address) => {
    expect(() => opaServer(address, 1)).toThrow('--engine-url must be http://HOST:PORT');
  },
);

const policy = `package chaperone.access

import rego.v1

default decision := {"allow": false, "reason": "default_deny", "message": "no"}

decision := {"allow": true, "obligations": [{"kind": "notify"}], "rules": [input.mode]} if input.path == "/a"
`;

test('[req: pdp:engine] a real one decides, with context, obligations and a record of ours', async () => {
  const binary = process.env['OPA_BIN'];
  if (binary === undefined) {
    console.log('skipped: OPA_BIN names no Open Policy Agent');
    return;
  }
  const folder = aFolder({ 'a.rego': policy });
  const address = `127.0.0.1:${await freePort()}`;
  const opa: ChildProcess = spawn(binary, ['run', '-s', '-a', address, folder], { stdio: 'ignore' });
  onTestFinished(() => void opa.kill('SIGKILL'));
  await expect
    .poll(
      () =>
        fetch(`http://${address}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
  const journalDir = path.join(folder, 'journal');
  const pdp = await aPdp({
    decisions: {
      when: 'on',
      journalDir,
      stateDir: path.join(folder, 'state'),
      mode: 'enforce',
      argv: ['pdp'],
      cwd: '/',
      user: 'u',
      signatureWindowMs: 1,
      engine: { url: `http://${address}`, deadlineMs: 5000 },
    },
  });
  const at = (file: string): Promise<unknown> =>
    askJson(pdp.url, `/v1/data/${rule}`, {
      body: JSON.stringify({ input: { action: 'read_file', path: file } }),
    });
  expect(await at('/a')).toMatchObject({
    result: { allow: true, rules: ['enforce'], carried_out: [{ kind: 'notify' }] },
  });
  expect(await at('/b')).toMatchObject({ result: { allow: false, reason: 'default_deny' } });
  opa.kill('SIGKILL');
  await new Promise((resolve) => opa.on('close', resolve));
  expect(await at('/a')).toMatchObject({ result: { allow: false, reason: 'policy_error' } });
  const session = readdirSync(journalDir).find((name) => name.startsWith('s-')) ?? '';
  const kinds = readSession(journalDir, session).lines.map(
    ({ bytes }) => (JSON.parse(bytes.toString()) as { kind: string }).kind,
  );
  expect(kinds).toEqual(['session_start', 'decision', 'decision', 'decision']);
});
