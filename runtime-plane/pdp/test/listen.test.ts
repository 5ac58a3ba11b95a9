import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../src/index.ts';
import { ask, askJson } from './client.ts';
import { certificates } from './certificates.ts';
import { aFolder, aPdp } from './servers.ts';

test.each([
  ['127.0.0.1:8181', { host: '127.0.0.1', port: 8181 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  [':8181', { host: '', port: 8181 }],
  ['http://localhost:1', { host: 'localhost', port: 1 }],
])('[req: pdp:listen] %s is an address', (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

test.each(['', '8181', 'host', 'host:', 'host:x', 'host:70000', 'a:b:1', '::1:80', 'unix:/x'])(
  '[req: pdp:listen] %j is none',
  (text) => {
    expect(() => parseAddress(text)).toThrow(/is no address; write HOST:PORT/);
  },
);

describe('[req: pdp:listen] a Unix socket', () => {
  test('answers, and is open to its owner alone', async () => {
    const socket = path.join(aFolder(), 'pdp.sock');
    const pdp = await aPdp({ places: [{ kind: 'unix', path: socket, mode: 0o600 }] });
    expect(pdp.urls).toEqual([`unix:${socket}`]);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(await askJson('', '/v1/data/x', { socketPath: socket })).toEqual({});
    await pdp.stop(100);
    expect(existsSync(socket)).toBe(false);
  });

  test('takes the mode that was asked for', async () => {
    const socket = path.join(aFolder(), 'pdp.sock');
    await aPdp({ places: [{ kind: 'unix', path: socket, mode: 0o660 }] });
    expect(statSync(socket).mode & 0o777).toBe(0o660);
  });

  test('that is left over is replaced; one in use, or a file, is not', async () => {
    const folder = aFolder({ file: 'precious' });
    const stale = path.join(folder, 'stale.sock');
    const leaver = `require('net').createServer().listen(${JSON.stringify(stale)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', leaver]);
    expect(existsSync(stale)).toBe(true);
    await aPdp({ places: [{ kind: 'unix', path: stale, mode: 0o600 }] });
    expect(await askJson('', '/v1/data/x', { socketPath: stale })).toEqual({});
    await expect(aPdp({ places: [{ kind: 'unix', path: stale, mode: 0o600 }] })).rejects.toThrow(
      /another program listens there/,
    );
    const file = path.join(folder, 'file');
    await expect(aPdp({ places: [{ kind: 'unix', path: file, mode: 0o600 }] })).rejects.toThrow(
      /not a socket/,
    );
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});

test('[req: pdp:listen] several places at once, and none when one is taken', async () => {
  const socket = path.join(aFolder(), 'pdp.sock');
  const tcp = { kind: 'tcp', address: { host: '127.0.0.1', port: 0 } } as const;
  const pdp = await aPdp({ places: [tcp, tcp, { kind: 'unix', path: socket, mode: 0o600 }] });
  expect(pdp.urls).toHaveLength(3);
  for (const url of pdp.urls.slice(0, 2)) expect((await ask(url, '/health')).status).toBe(200);

  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.on('listening', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const other = path.join(aFolder(), 'other.sock');
  const places = [
    { kind: 'unix', path: other, mode: 0o600 },
    { kind: 'tcp', address: { host: '127.0.0.1', port } },
  ] as const;
  await expect(aPdp({ places })).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port}: another program listens there`,
  );
  expect(existsSync(other)).toBe(false);
  taken.close();
});

test('[req: pdp:listen] the end waits for answers under way', async () => {
  const pdp = await aPdp({ policies: [aFolder({ 'a.rego': 'package a\n\nx := input\n' })] });
  const { request } = await import('node:http');
  const body = '{"input":1}';
  const answer = new Promise<string>((resolve, reject) => {
    const sent = request(
      `${pdp.url}/v1/data/a/x`,
      { method: 'POST', headers: { 'Content-Length': body.length } },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(text));
      },
    );
    sent.on('error', reject);
    sent.write(body.slice(0, 5));
    setTimeout(() => sent.end(body.slice(5)), 300);
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stopped = pdp.stop(5000);
  await expect(ask(pdp.url, '/health')).rejects.toThrow();
  expect(await answer).toBe('{"result":1}\n');
  await stopped;
});

test('[req: pdp:listen] the end does not wait for ever', async () => {
  const pdp = await aPdp();
  const { connect } = await import('node:net');
  const socket = connect(Number(new URL(pdp.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begun = performance.now();
  await pdp.stop(200);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test('[req: pdp:listen] TLS: who has no certificate of the authority does not get in; who has is known to the policy', async () => {
  const folder = certificates();
  if (folder === null) {
    console.log('skipped: openssl is not installed, TLS was not tried');
    return;
  }
  const file = (name: string): string => path.join(folder, name);
  writeFileSync(
    file('authz.rego'),
    'package system.authz\n\nallow := {"allowed": false, "reason": json.marshal([input.identity, input.client_certificates[0].Subject.CommonName, input.client_certificates[0].URIs, input.client_certificates[0].DNSNames])}\n',
  );
  const tls = { cert: file('server.pem'), key: file('server.key'), ca: file('ca.pem') };
  const { url } = await aPdp({
    tls,
    authentication: 'tls',
    authorization: 'basic',
    policies: [file('authz.rego')],
  });
  expect(url).toMatch(/^https:/);
  const ca = readFileSync(file('ca.pem'));
  await expect(ask(url, '/v1/data', { tls: { ca } })).rejects.toThrow();
  const known = await askJson(url, '/v1/data', {
    tls: { ca, cert: readFileSync(file('client.pem')), key: readFileSync(file('client.key')) },
  });
  expect(JSON.parse((known as { message: string }).message)).toEqual([
    'CN=agent-1,OU=agents,O=Example Org,C=GB',
    'agent-1',
    ['spiffe://example.org/agent'],
    ['agent.example'],
  ]);

  const open = await aPdp({ tls });
  expect((await ask(open.url, '/health', { tls: { ca } })).status).toBe(200);
  await expect(ask(open.url, '/health', { tls: { ca, maxVersion: 'TLSv1.1' } })).rejects.toThrow();
  const modern = await aPdp({ tls: { ...tls, minVersion: '1.3' } });
  await expect(ask(modern.url, '/health', { tls: { ca, maxVersion: 'TLSv1.2' } })).rejects.toThrow();
  await expect(ask(modern.url.replace('https', 'http'), '/health')).rejects.toThrow();
  await expect(aPdp({ tls: { ...tls, key: file('client.key') } })).rejects.toThrow(/cannot be used together/);
  await expect(aPdp({ tls: { ...tls, cert: file('none.pem') } })).rejects.toThrow(/cannot read .*none\.pem/);
});

test('[req: pdp:listen] authentication by certificate without certificates is refused', async () => {
  await expect(aPdp({ authentication: 'tls' })).rejects.toThrow(/--authentication tls needs/);
});
