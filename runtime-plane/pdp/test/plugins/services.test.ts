import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleReader, parseConfig, verificationOf } from '../../src/index.ts';
import { certificates } from '../certificates.ts';
import { ask, askJson } from '../client.ts';
import { aFolder, aPdp, type TestPdp } from '../servers.ts';
import { aBundle, aRawBundle, aService, fastClock, type Service, until } from './service.ts';

const polling = { min_delay_seconds: 1, max_delay_seconds: 1 };

async function aServer(service: object): Promise<TestPdp> {
  return aPdp({
    clock: fastClock(),
    config: parseConfig({ services: { main: service }, bundles: { app: { polling } }, status: {} } as never),
  });
}

async function message({ url }: TestPdp): Promise<string> {
  const { result } = (await askJson(url, '/v1/status')) as {
    result: { bundles: { app: { message?: string } } };
  };
  return result.bundles.app.message ?? '';
}

async function value({ url }: TestPdp): Promise<unknown> {
  return ((await askJson(url, '/v1/data/v')) as { result?: unknown }).result;
}

type Files = (name: string) => string;

function withCertificates(act: (file: Files) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = certificates();
    if (folder === null) console.log('skipped: openssl is not installed, services with TLS were not tried');
    else await act((name) => path.join(folder, name));
  };
}

const tls = (file: Files): object => ({
  cert: readFileSync(file('server.pem')),
  key: readFileSync(file('server.key')),
});
const trust = (file: Files): object => ({ tls: { ca_cert: file('ca.pem') } });

describe('[req: pdp:config] a service with TLS', () => {
  test(
    'is believed when its certificate is good, or when nobody is to ask',
    withCertificates(async (file) => {
      const service = await aService(tls(file));
      service.serve('/bundles/app', await aBundle({ 'data.json': '{"v":1}' }));
      const stranger = await aServer({ url: service.url });
      await until(async () => /certificate/.test(await message(stranger)));
      expect(service.asked).toEqual([]);
      const known = await aServer({ url: service.url, ...trust(file) });
      await until(async () => (await value(known)) === 1);
      const careless = await aServer({ url: service.url, allow_insecure_tls: true });
      await until(async () => (await value(careless)) === 1);
    }),
  );

  test(
    'lets in who has a certificate of its authority',
    withCertificates(async (file) => {
      const service = await aService({
        ...tls(file),
        ca: readFileSync(file('ca.pem')),
        requestCert: true,
        rejectUnauthorized: true,
      });
      service.serve('/bundles/app', await aBundle({ 'data.json': '{"v":1}' }));
      const stranger = await aServer({ url: service.url, ...trust(file) });
      await until(async () => (await message(stranger)) !== '');
      expect(await value(stranger)).toBeUndefined();
      const known = await aServer({
        url: service.url,
        ...trust(file),
        credentials: { client_tls: { cert: file('client.pem'), private_key: file('client.key') } },
      });
      await until(async () => (await value(known)) === 1);
    }),
  );

  test(
    'lets in who has a token, which is asked for once while it lasts',
    withCertificates(async (file) => {
      const service = await aService(tls(file));
      service.serve('/bundles/app', await aBundle({ 'data.json': '{"v":1}' }));
      const grants: ((response: ServerResponse) => void)[] = [
        (response) => response.writeHead(401).end(),
        (response) => response.end('{"token_type":"bearer","access_token":"a\\r\\nX: y"}'),
        (response) => response.end('no JSON'),
      ];
      service.handle('/token', (_, response) => {
        const next = grants.shift();
        if (next === undefined) response.end('{"token_type":"Bearer","access_token":"t1","expires_in":3600}');
        else next(response);
      });
      const oauth2 = {
        token_url: `${service.url}/token`,
        client_id: 'me',
        client_secret: 's3cret',
        scopes: ['a', 'b'],
      };
      const pdp = await aServer({ url: service.url, ...trust(file), credentials: { oauth2 } });
      await until(() => service.to('/bundles/app').length > 2);
      expect(service.to('/bundles/app').every(({ headers }) => headers.authorization === 'Bearer t1')).toBe(
        true,
      );
      const grantsAsked = service.to('/token').length;
      expect(grantsAsked).toBeGreaterThanOrEqual(4);
      await until(() => service.to('/bundles/app').length > 4);
      expect(service.to('/token')).toHaveLength(grantsAsked);
      expect(service.to('/token')[0]).toMatchObject({
        body: 'grant_type=client_credentials&scope=a+b',
        headers: { authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}` },
      });
      expect(pdp.notices.join('\n')).toContain('no access token');
      expect(pdp.notices.join('\n')).not.toContain('s3cret');
    }),
  );
});

test('[req: pdp:config] a token file that is not there is told; nothing is asked without it', async () => {
  const service: Service = await aService();
  const pdp = await aServer({
    url: service.url,
    credentials: { bearer: { token_path: path.join(aFolder(), 'none') } },
  });
  await until(async () => (await message(pdp)).includes('(ENOENT)'));
  expect(service.asked).toEqual([]);
});

describe('[req: pdp:bundles] a bundle of the command line', () => {
  const signing = { key: 'a secret that is long enough for HS256', algorithm: 'HS256', keyId: 'k' } as const;
  const verification = verificationOf({ key: signing.key, algorithm: 'HS256', scope: undefined });
  const rego = { 'app/a.rego': 'package app\nv := data.app.facts.n\n', 'app/facts/data.json': '{"n":5}' };

  test('is loaded from an archive or a folder, is named in the provenance, and owns its roots', async () => {
    const archive = path.join(aFolder(), 'b.tar.gz');
    writeFileSync(archive, await aBundle(rego, { roots: ['app'], revision: 'r5' }));
    const unpacked = aFolder({
      ...rego,
      '.manifest': '{"roots":["app"],"revision":"r5"}',
      'readme.txt': 'x',
      'node_modules/x.txt': '',
    });
    for (const given of [{ policies: [archive] }, { bundles: [archive] }, { bundles: [unpacked] }]) {
      const pdp = await aPdp({ ...given, readBundle: bundleReader('v1', undefined) });
      expect(await askJson(pdp.url, '/v1/data/app/v?provenance')).toMatchObject({
        result: 5,
        provenance: { bundles: { [given.policies?.[0] ?? given.bundles?.[0] ?? '']: { revision: 'r5' } } },
      });
      expect((await ask(pdp.url, '/v1/data/app/facts', { method: 'PUT', body: '1' })).text).toContain(
        'is owned by bundle',
      );
      expect((await ask(pdp.url, '/v1/data/other', { method: 'PUT', body: '1' })).status).toBe(204);
    }
  });

  test('must be signed when a key is given', async () => {
    const folder = aFolder();
    const [signed, bare] = [path.join(folder, 's.tar.gz'), path.join(folder, 'b.tar.gz')];
    writeFileSync(signed, await aBundle(rego, { signing }));
    writeFileSync(bare, await aBundle(rego));
    const pdp = await aPdp({ bundles: [signed], readBundle: bundleReader('v1', verification) });
    expect(await askJson(pdp.url, '/v1/data/app/v')).toEqual({ result: 5 });
    const start = (file: string, key?: typeof verification): Promise<unknown> =>
      aPdp({ bundles: [file], readBundle: bundleReader('v1', key) });
    await expect(start(bare, verification)).rejects.toThrow('but a verification key is configured');
    await expect(start(signed)).rejects.toThrow('no verification key is configured');
    writeFileSync(bare, aRawBundle({ '../x.rego': 'package x' }));
    await expect(start(bare)).rejects.toThrow('has an empty, . or .. part');
  });

  test('cannot claim what another one has', async () => {
    const folder = aFolder();
    const files = ['a', 'b'].map((name) => path.join(folder, `${name}.tar.gz`));
    for (const file of files)
      writeFileSync(file, await aBundle({ 'app/a.rego': 'package app\n' }, { roots: ['app'] }));
    await expect(aPdp({ bundles: files, readBundle: bundleReader('v1', undefined) })).rejects.toThrow(
      /overlap: their roots/,
    );
  });
});
