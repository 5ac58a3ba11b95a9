/** Against real decision points: ours, and OPA where `OPA_BIN` names one. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { defaultLimits, type PdpOptions, startPdp } from '@chaperone/pdp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aFolder, aPep, input } from './servers.ts';
import { plainPolicy, policy } from './policy.ts';

async function aPdp(folder: string, more: Partial<PdpOptions> = {}): Promise<string> {
  const pdp = await startPdp({
    policies: [folder],
    data: [],
    places: [{ kind: 'tcp', address: { host: '127.0.0.1', port: 0 } }],
    authentication: 'off',
    authorization: 'off',
    readOnly: true,
    isV0: false,
    watch: false,
    decisionIds: true,
    limits: defaultLimits,
    version: '0.0.0',
    host: { now: () => Date.now() },
    onNotice: () => undefined,
    ...more,
  });
  onTestFinished(() => pdp.stop(100));
  return pdp.urls[0] ?? '';
}

async function anOpa(bin: string, folder: string): Promise<string> {
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const address = free.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => free.close(resolve));
  const opa = spawn(bin, ['run', '-s', '--addr', `127.0.0.1:${port}`, folder], { stdio: 'ignore' });
  onTestFinished(() => void opa.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 100; i += 1) {
    if (
      await fetch(`${url}/health`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return url;
}

function policyFolder(): string {
  const folder = aFolder();
  writeFileSync(path.join(folder, 'access.rego'), policy);
  writeFileSync(path.join(folder, 'endpoint.rego'), plainPolicy);
  return folder;
}

async function decides(url: string): Promise<void> {
  const pep = aPep({ url, obligations: { notify: () => undefined } });
  const ask = (file: string): Promise<unknown> => pep.decide({ ...input, path: file });
  expect(await ask('/public/a')).toMatchObject({ effect: 'allow', reason: 'policy', rules: ['public'] });
  expect(await ask('/financials/a')).toMatchObject({
    effect: 'deny',
    reason: 'policy',
    policyReason: 'financials',
  });
  expect(await ask('/elsewhere')).toMatchObject({ effect: 'deny', reason: 'default_deny' });
  expect(await ask('/told/a')).toMatchObject({
    effect: 'allow',
    obligations: [{ kind: 'notify', message: 'Seen.' }],
  });
  expect(await ask('/redacted/a')).toMatchObject({ effect: 'deny', reason: 'unknown_obligation' });
  expect(await ask('/typo/a')).toMatchObject({ effect: 'deny', reason: 'pdp_invalid' });
  const plain = aPep({ url, path: '/v1/data/endpoint/access/allow' });
  expect(await plain.decide({ ...input, path: '/public/a' })).toMatchObject({ effect: 'allow' });
  expect(await plain.decide({ ...input, path: '/financials/a' })).toMatchObject({ effect: 'deny' });
  const nowhere = aPep({ url, path: '/v1/data/no/such/rule' });
  expect(await nowhere.decide(input)).toMatchObject({ effect: 'deny', reason: 'default_deny' });
  expect(await pep.guard({ ...input, path: '/told/a' }, () => 1)).toMatchObject({ result: 'done', value: 1 });
  expect(await pep.guard({ ...input, path: '/financials/a' }, () => 1)).toMatchObject({ result: 'denied' });
}

describe('[req: pep:opa] a real decision point', () => {
  test('chaperone pdp', async () => {
    await decides(await aPdp(policyFolder()));
  });

  test('chaperone pdp on a Unix socket', async () => {
    const unix = path.join(aFolder(), 'pdp.sock');
    await aPdp(policyFolder(), { places: [{ kind: 'unix', path: unix, mode: 0o600 }] });
    expect(await aPep({ unix }).decide({ ...input, path: '/public/a' })).toMatchObject({ effect: 'allow' });
  });

  test('chaperone pdp that wants a token', async () => {
    const folder = policyFolder();
    writeFileSync(
      path.join(folder, 'authz.rego'),
      'package system.authz\n\ndefault allow := false\n\nallow if input.identity == "edr-1"\n',
    );
    const url = await aPdp(folder, { authentication: 'token', authorization: 'basic' });
    const asked = { ...input, path: '/public/a' };
    expect(await aPep({ url }).decide(asked)).toMatchObject({ effect: 'deny', reason: 'pdp_refused' });
    expect(await aPep({ url, token: 'edr-1' }).decide(asked)).toMatchObject({ effect: 'allow' });
  });

  const { OPA_BIN: opa } = process.env;
  if (opa === undefined) console.log('skipped: OPA itself, because OPA_BIN is not set');
  test.skipIf(opa === undefined)('OPA (skipped unless OPA_BIN names it)', async () => {
    await decides(await anOpa(opa ?? '', policyFolder()));
  });
});
