import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { askJson } from '../client.ts';
import { aFolder } from '../servers.ts';
import { aBundle, aRawBundle, aService, fastClock, until } from './service.ts';
import { aServer, app, polling } from './bundle-server.ts';

describe('[req: pdp:bundles] a bundle from a service', () => {
  test('takes effect, is asked for by its tag, and gives way to the next', async () => {
    const service = await aService();
    service.serve('/bundles/app', await aBundle(app(1), { revision: 'r1', roots: ['app'] }), '"one"');
    const clock = fastClock();
    const { pdp, value, status } = await aServer(service.url, {}, {}, clock);
    await until(async () => (await value()) === 1);
    await until(() => service.to('/bundles/app').some(({ headers }) => headers['if-none-match'] === '"one"'));
    expect(service.to('/bundles/app')[0]?.headers['prefer']).toBe('modes=snapshot');
    expect(await status()).toMatchObject({ active_revision: 'r1', type: 'snapshot' });
    expect((await status())['code']).toBeUndefined();
    // Between the two delays, where chance says.
    expect(clock.pauses).toContain(2000);
    service.serve('/bundles/app', await aBundle(app(2), { revision: 'r2', roots: ['app'] }), '"two"');
    await until(async () => (await value()) === 2);
    const answer = await askJson(pdp.url, '/v1/data/app/v?provenance', { body: '{}' });
    expect(answer).toMatchObject({ provenance: { bundles: { app: { revision: 'r2' } } } });
    expect(await askJson(pdp.url, '/v1/data/system/bundles')).toMatchObject({
      result: { app: { manifest: { revision: 'r2', roots: ['app'] } } },
    });
    expect(await askJson(pdp.url, '/v1/policies')).toMatchObject({ result: [{ id: 'app/app/a.rego' }] });
  });

  test('is waited for by a server that can wait', async () => {
    const service = await aService();
    const bytes = await aBundle(app(1));
    let waits = 0;
    service.handle('/bundles/app', (request, response) => {
      response.setHeader('Content-Type', 'application/vnd.openpolicyagent.bundles').setHeader('ETag', '"x"');
      if (request.headers['if-none-match'] !== '"x"') response.end(bytes);
      else {
        waits += 1;
        setTimeout(() => response.writeHead(304).end(), 30);
      }
    });
    const clock = fastClock();
    const { value } = await aServer(
      service.url,
      { polling: { ...polling, long_polling_timeout_seconds: 7 } },
      {},
      clock,
    );
    await until(async () => (await value()) === 1);
    await until(() => waits > 2);
    expect(service.asked.every(({ headers }) => headers['prefer'] === 'modes=snapshot;wait=7')).toBe(true);
    expect(clock.pauses.some((ms) => ms >= 1000)).toBe(false);
  });

  test.each([
    ['a server that fails', 500, undefined, 'server replied with Internal Server Error'],
    ['something else than a bundle', 200, 'no gzip', 'not a bundle'],
  ])('that turns into %s leaves what was there in force', async (_, code, body, message) => {
    const service = await aService();
    service.serve('/bundles/app', await aBundle(app(1)), '"one"');
    const { pdp, value, status } = await aServer(service.url);
    await until(async () => (await value()) === 1);
    service.handle('/bundles/app', (__, response) => response.writeHead(code).end(body));
    await until(async () => (await status())['code'] === 'bundle_error');
    expect((await status())['message']).toContain(message);
    expect(await value()).toBe(1);
    expect(pdp.notices.filter((line) => line.includes(message))).toHaveLength(1);
    service.serve('/bundles/app', await aBundle(app(2)), '"two"');
    await until(async () => (await value()) === 2);
    expect((await status())['code']).toBeUndefined();
  });

  test.each([
    ['cut off', async () => (await aBundle(app(2))).slice(0, -20), 'bad_archive'],
    [
      'outside of its roots',
      () => aRawBundle({ ...app(2), '.manifest': '{"roots":["other"]}' }),
      'bad_roots',
    ],
    [
      'that does not compile',
      () => aBundle({ 'app/a.rego': 'package app\nv := nope\n' }),
      'rego_unsafe_var_error',
    ],
    ['that does not parse', () => aRawBundle({ 'app/a.rego': 'package app\nv :=\n' }), 'rego_parse_error'],
    [
      'larger than agreed',
      () => aBundle({ 'app/data.json': JSON.stringify({ x: 'y'.repeat(40_000) }) }),
      'too_large',
    ],
  ])('%s is refused, and told', async (_, make, code) => {
    const service = await aService();
    service.serve('/bundles/app', await aBundle(app(1)), '"one"');
    const { value, status } = await aServer(service.url, { size_limit_bytes: 10_000 });
    await until(async () => (await value()) === 1);
    service.serve('/bundles/app', await make(), '"two"');
    const found = await until(
      async () => ((await status())['errors'] as { code: string }[] | undefined)?.[0],
    );
    expect(found.code).toBe(code);
    expect(await value()).toBe(1);
    // It is asked for as a whole until it is good: the tag of what was refused is forgotten.
    await until(
      () =>
        service.to('/bundles/app').filter(({ headers }) => headers['if-none-match'] === undefined).length > 3,
    );
  });

  test('that is too long to be received is not received', async () => {
    const service = await aService();
    service.handle('/bundles/app', (_, response) => {
      response.on('error', () => undefined);
      const more = (): void => {
        if (!response.destroyed && response.write(Buffer.alloc(1024))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const { status } = await aServer(service.url, { size_limit_bytes: 10_000 });
    await until(async () => String((await status())['message']).includes('longer than 10000 bytes'));
  });

  test('that does not come keeps nobody from asking, and is no reason to wait at the end', async () => {
    const service = await aService();
    service.handle('/bundles/app', () => undefined);
    const { pdp, value } = await aServer(service.url);
    await until(() => service.asked.length > 0);
    expect(await value()).toBeUndefined();
    const begun = Date.now();
    await pdp.stop(100);
    expect(Date.now() - begun).toBeLessThan(1500);
  });

  test('is asked for by who may ask', async () => {
    const folder = aFolder({ token: 'from-file\n' });
    const service = await aService();
    const credentials = { bearer: { token_path: path.join(folder, 'token'), scheme: 'Token' } };
    await aServer(
      service.url,
      {},
      { services: { main: { url: service.url, headers: { 'X-Key': 'k' }, credentials } } },
    );
    await until(() => service.asked.length > 0);
    expect(service.asked[0]?.headers).toMatchObject({ authorization: 'Token from-file', 'x-key': 'k' });
    writeFileSync(path.join(folder, 'token'), 'renewed');
    await until(() => service.asked.some(({ headers }) => headers.authorization === 'Token renewed'));
  });

  test('that is elsewhere is followed there, without what is meant for the service', async () => {
    const [service, other] = [await aService(), await aService()];
    other.serve('/store/x', await aBundle(app(1)));
    service.handle('/bundles/app', (_, response) =>
      response.writeHead(302, { Location: `${other.url}/store/x` }).end(),
    );
    const main = {
      url: service.url,
      headers: { 'X-Key': 'k' },
      credentials: { bearer: { token: 'secret' } },
    };
    const { value } = await aServer(service.url, {}, { services: { main } });
    await until(async () => (await value()) === 1);
    expect(service.asked[0]?.headers.authorization).toBe('Bearer secret');
    expect(other.asked[0]?.headers).not.toHaveProperty('authorization');
    expect(other.asked[0]?.headers).not.toHaveProperty('x-key');
  });

  test('can be a file', async () => {
    const file = path.join(aFolder(), 'b.tar.gz');
    writeFileSync(file, await aBundle(app(1)));
    const { value, status } = await aServer('http://127.0.0.1:1', { resource: `file://${file}` });
    await until(async () => (await value()) === 1);
    writeFileSync(file, await aBundle(app(2)));
    await until(async () => (await value()) === 2);
    writeFileSync(file, 'x');
    await until(async () => (await status())['code'] === 'bundle_error');
    expect(await value()).toBe(2);
  });

  test('is asked for between its times as well, on demand', async () => {
    const service = await aService();
    const { pdp, value } = await aServer(service.url, {
      polling: { min_delay_seconds: 900_000, max_delay_seconds: 900_000 },
    });
    await until(() => service.asked.length > 0);
    service.serve('/bundles/app', await aBundle(app(1)));
    await pdp.trigger();
    expect(await value()).toBe(1);
  });

  test('is asked for on demand alone when that is wanted', async () => {
    const service = await aService();
    service.serve('/bundles/app', await aBundle(app(1)));
    const { pdp, value } = await aServer(service.url, { trigger: 'manual' });
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    expect(service.asked).toEqual([]);
    await pdp.trigger();
    expect(await value()).toBe(1);
  });
});
