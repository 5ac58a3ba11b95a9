import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/index.ts';
import { ask, askJson } from '../client.ts';
import { aFolder, aPdp } from '../servers.ts';
import { aBundle, aService, fastClock, until } from './service.ts';
import { aServer, app, polling, secret, signing } from './bundle-server.ts';

test.each([
  ['not signed', () => aBundle(app(2)), 'unsigned'],
  [
    'signed with another key',
    () => aBundle(app(2), { signing: { ...signing, key: `${secret}!` } }),
    'bad_signature',
  ],
  [
    'signed for something else',
    () => aBundle(app(2), { signing: { ...signing, scope: 'other' } }),
    'bad_signature',
  ],
])(
  '[req: pdp:bundles] a bundle that is %s is refused where signatures are asked for',
  async (_, make, code) => {
    const service = await aService();
    service.serve('/bundles/app', await aBundle(app(1), { signing }), '"one"');
    const { value, status } = await aServer(
      service.url,
      { signing: { keyid: 'k' } },
      { keys: { k: { key: secret, algorithm: 'HS256' } } },
    );
    await until(async () => (await value()) === 1);
    service.serve('/bundles/app', await make(), '"two"');
    const found = await until(
      async () => ((await status())['errors'] as { code: string }[] | undefined)?.[0],
    );
    expect(found.code).toBe(code);
    expect(await value()).toBe(1);
  },
);

describe('[req: pdp:bundles] several bundles', () => {
  test('share what there is by their roots; the other of two that overlap is refused', async () => {
    const service = await aService();
    service.serve('/bundles/app', await aBundle(app(1), { roots: ['app'] }));
    service.serve(
      '/bundles/lib',
      await aBundle({ 'lib/l.rego': 'package lib\nx := data.app.v\n' }, { roots: ['lib'] }),
    );
    service.serve('/bundles/bad', await aBundle(app(9), { roots: ['app'] }));
    const bundles = { app: { polling }, lib: { polling } };
    const { pdp, value } = await aServer(service.url, {}, { bundles });
    await until(
      async () => ((await askJson(pdp.url, '/v1/data/lib/x')) as { result?: unknown }).result === 1,
    );
    expect((await ask(pdp.url, '/health?bundles&plugins')).status).toBe(200);
    const both = await aServer(service.url, {}, { bundles: { app: { polling }, bad: { polling } } });
    await until(async () => {
      const states = [await both.status('app'), await both.status('bad')];
      return states.filter(({ code }) => code === 'bundle_error').length === 1;
    });
    expect(await value()).toBe(1);
    const health = await ask(both.pdp.url, '/health?bundles');
    expect(health.status).toBe(500);
    expect(health.text).toMatch(/one or more bundles are not activated: (?:app|bad)/);
  });
});

describe('[req: pdp:bundles] what a bundle owns', () => {
  test('nobody else writes, neither before nor after', async () => {
    const service = await aService();
    const { pdp, value } = await aServer(service.url, { trigger: 'manual' });
    await ask(pdp.url, '/v1/policies/sneak', { method: 'PUT', body: 'package app\nallow := true\n' });
    await ask(pdp.url, '/v1/policies/above', { method: 'PUT', body: 'package root\nx := 1\n' });
    await ask(pdp.url, '/v1/data/app/facts', { method: 'PUT', body: '1' });
    await ask(pdp.url, '/v1/data/mine', { method: 'PUT', body: '1' });
    service.serve('/bundles/app', await aBundle(app(1), { roots: ['app', 'system/log'] }));
    await pdp.trigger();
    expect(await value()).toBe(1);
    expect(await askJson(pdp.url, '/v1/data/app')).toEqual({ result: { v: 1 } });
    expect(await askJson(pdp.url, '/v1/data/mine')).toEqual({ result: 1 });
    const refused = async (method: string, where: string, body?: string): Promise<string> => {
      const { status, text } = await ask(pdp.url, where, { method, ...(body === undefined ? {} : { body }) });
      expect(status).toBe(400);
      return (JSON.parse(text) as { message: string }).message;
    };
    expect(await refused('PUT', '/v1/data/app/x', '1')).toBe('path app/x is owned by bundle "app"');
    expect(await refused('PUT', '/v1/data/system', '{}')).toBe('path system is owned by bundle "app"');
    expect(await refused('PUT', '/v1/data', '{"a":1}')).toBe(
      "can't write to document root with bundle roots configured",
    );
    expect(await refused('PATCH', '/v1/data', '[{"op":"add","path":"/app/x","value":1}]')).toContain(
      'is owned by',
    );
    expect(await refused('DELETE', '/v1/data/app')).toContain('is owned by bundle');
    expect(await refused('PUT', '/v1/policies/z', 'package app.sub\nx := 1')).toBe(
      'path app/sub is owned by bundle "app"',
    );
    expect(await refused('PUT', '/v1/policies/app/app/a.rego', 'package other')).toContain('is owned by');
    expect(await refused('DELETE', '/v1/policies/app/app/a.rego')).toContain('path app is owned by');
    expect((await ask(pdp.url, '/v1/data/mine', { method: 'PUT', body: '2' })).status).toBe(204);
    expect(await value()).toBe(1);
  });

  test('files of the command line cannot add to', async () => {
    const service = await aService();
    service.serve('/bundles/app', await aBundle(app(1), { roots: ['app'] }));
    const folder = aFolder({ 'more.rego': 'package app\nallow := true\n' });
    const pdp = await aPdp({
      clock: fastClock(),
      policies: [folder],
      config: parseConfig({ services: { main: { url: service.url } }, bundles: { app: {} } }),
    });
    await until(() => pdp.notices.find((line) => line.includes('defines what the bundle "app" owns')));
    expect(await askJson(pdp.url, '/v1/data/app/v')).toEqual({});
  });
});

describe('[req: pdp:bundles:restart] a bundle that is kept', () => {
  test('is in force at the next start while the service is away, and only if it is still what was signed', async () => {
    const directory = aFolder();
    const service = await aService();
    const more = { persistence_directory: directory, keys: { k: { key: secret, algorithm: 'HS256' } } };
    const bundle = { persist: true, signing: { keyid: 'k' } };
    service.serve('/bundles/app', await aBundle(app(1), { revision: 'r1', signing }), '"one"');
    const first = await aServer(service.url, bundle, more);
    await until(async () => (await first.value()) === 1);
    service.serve('/bundles/app', await aBundle(app(2), { revision: 'r2', signing }), '"two"');
    await until(async () => (await first.value()) === 2);
    const kept = path.join(directory, 'bundles', 'app', 'bundle.tar.gz');
    await until(() => existsSync(path.join(directory, 'bundles', 'app', 'previous.tar.gz')));
    await first.pdp.stop(100);
    await service.stop();
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const second = await aServer(service.url, bundle, more);
    expect(await second.value()).toBe(2);
    expect((await ask(second.pdp.url, '/health?bundles')).status).toBe(200);
    await until(async () => String((await second.status())['message']).includes('connection refused'));
    expect((await second.status())['active_revision']).toBe('r2');
    await second.pdp.stop(100);
    writeFileSync(kept, readFileSync(kept).subarray(0, 100));
    const third = await aServer(service.url, bundle, more);
    expect(await third.value()).toBe(1);
    expect(third.pdp.notices.some((line) => line.includes('was passed over'))).toBe(true);
    writeFileSync(kept, await aBundle(app(9)));
    const fourth = await aServer(service.url, bundle, more);
    expect(await fourth.value()).toBe(1);
  });

  test.each(['..', 'a/../../b', 'x'.repeat(100)])('under the name %j stays in its folder', async (name) => {
    const directory = path.join(aFolder(), 'inner');
    const service = await aService();
    service.serve('/b', await aBundle(app(1)));
    const bundles = { [name]: { polling, resource: 'b', persist: true } };
    const { value } = await aServer(service.url, {}, { bundles, persistence_directory: directory });
    await until(async () => (await value()) === 1);
    await until(
      () =>
        existsSync(path.join(directory, 'bundles')) &&
        readdirSync(path.join(directory, 'bundles')).length === 1,
    );
    expect(readdirSync(path.dirname(directory))).toEqual(['inner']);
    expect(readdirSync(directory)).toEqual(['bundles']);
  });

  test('without a folder to keep it in takes effect all the same, and the trouble is told', async () => {
    const file = path.join(aFolder({ file: '' }), 'file');
    const service = await aService();
    service.serve('/bundles/app', await aBundle(app(1)));
    const { pdp, value } = await aServer(service.url, { persist: true }, { persistence_directory: file });
    await until(async () => (await value()) === 1);
    await until(() => pdp.notices.find((line) => line.includes('no copy could be kept')));
  });
});
