import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/index.ts';
import { ask, askJson } from '../client.ts';
import { aFolder, aPdp, type TestPdp } from '../servers.ts';
import { aBundle, aService, fastClock, type Service, until } from './service.ts';

const polling = { min_delay_seconds: 1, max_delay_seconds: 2 };
const app = (value: number): Promise<Uint8Array> => aBundle({ 'app/a.rego': `package app\nv := ${value}\n` });
const configured = (config: unknown): Promise<Uint8Array> => aBundle({ 'data.json': JSON.stringify(config) });

async function aDiscoverer(service: Service, more: object = {}): Promise<TestPdp> {
  return aPdp({
    clock: fastClock(),
    config: parseConfig({
      services: { main: { url: service.url } },
      labels: { env: 'test' },
      discovery: { resource: 'discovery', service: 'main', polling },
      ...more,
    } as never),
    onConsole: () => undefined,
  });
}

const value = async ({ url }: TestPdp): Promise<unknown> =>
  ((await askJson(url, '/v1/data/app/v', { body: '{}' })) as { result?: unknown }).result;

describe('[req: pdp:discovery] a configuration that is discovered', () => {
  test('takes effect while the server runs, and again when it changes', async () => {
    const service = await aService();
    service.serve('/bundles/one', await app(1));
    service.serve('/bundles/two', await app(2));
    service.serve(
      '/discovery',
      await configured({
        bundles: { one: { service: 'main', polling } },
        labels: { team: 'red', env: 'found' },
      }),
      '"a"',
    );
    const pdp = await aDiscoverer(service);
    await until(async () => (await value(pdp)) === 1);
    expect(await askJson(pdp.url, '/v1/config')).toMatchObject({
      result: { labels: { env: 'test', team: 'red' }, bundles: { one: {} } },
    });
    service.serve(
      '/discovery',
      await configured({
        bundles: { two: { service: 'main', polling } },
        decision_logs: { service: 'main', reporting: polling },
        default_decision: 'app/v',
        status: { service: 'main' },
      }),
      '"b"',
    );
    await until(async () => (await value(pdp)) === 2);
    await until(() => service.to('/logs').length > 0);
    expect((await ask(pdp.url, '/', { body: '{}' })).text.trim()).toBe('2');
    await until(() =>
      service
        .to('/status')
        .some(({ body }) => /"two":\{"last_request":"[^"]+","last_successful_activation":"2/.test(body)),
    );
    expect((await ask(pdp.url, '/health?bundles&plugins')).text.trim()).toBe('{}');
    service.serve('/discovery', await configured({}), '"c"');
    await until(async () => (await value(pdp)) === undefined);
  });

  test('can be computed by rules, which know the labels', async () => {
    const service = await aService();
    service.serve('/bundles/test-app', await app(3));
    const rules = `package boot
config := {"bundles": {"app": {"service": "main", "resource": name}}}
name := sprintf("bundles/%s-app", [opa.runtime().config.labels.env])
`;
    service.serve('/discovery', await aBundle({ 'boot.rego': rules }));
    const pdp = await aDiscoverer(service, {
      discovery: { resource: 'discovery', service: 'main', polling, decision: 'boot/config' },
    });
    await until(async () => (await value(pdp)) === 3);
  });

  test.each<[string, unknown, string]>([
    [
      'the way to it',
      { services: { main: { headers: { a: 'b' } } } },
      'updates to the discovery service are not allowed',
    ],
    ['what is wrong', { bundles: { one: { service: 'nobody' } } }, 'service name "nobody" not found'],
    [
      'where copies are',
      { persistence_directory: '/elsewhere' },
      'updates to persistence_directory are not allowed',
    ],
  ])('cannot change %s; what was in force stays', async (_, bad, message) => {
    const service = await aService();
    service.serve('/bundles/one', await app(1));
    service.serve('/discovery', await configured({ bundles: { one: { service: 'main', polling } } }), '"a"');
    const pdp = await aDiscoverer(service);
    await until(async () => (await value(pdp)) === 1);
    service.serve('/discovery', await configured(bad), '"b"');
    await until(() => pdp.notices.find((line) => line.includes(message)));
    expect(await value(pdp)).toBe(1);
  });

  test('that is not there yet shows as not ready', async () => {
    const service = await aService();
    const pdp = await aDiscoverer(service);
    expect((await ask(pdp.url, '/health?plugins')).text).toContain('one or more plugins are not up');
    expect((await ask(pdp.url, '/health?plugins&exclude-plugin=discovery')).status).toBe(200);
    expect((await ask(pdp.url, '/health')).status).toBe(200);
    await ask(pdp.url, '/v1/policies/h', {
      method: 'PUT',
      body: 'package system.health\nready if input.plugins_ready\nwaits if input.plugin_state.discovery == "NOT_READY"\n',
    });
    expect((await ask(pdp.url, '/health/waits')).status).toBe(200);
    expect((await ask(pdp.url, '/health/ready')).status).toBe(500);
  });

  test('is there at the next start while the service is away, when it is kept', async () => {
    const directory = aFolder();
    const service = await aService();
    service.serve('/bundles/one', await app(1));
    service.serve(
      '/discovery',
      await configured({ bundles: { one: { service: 'main', polling, persist: true } } }),
    );
    const more = {
      discovery: { resource: 'discovery', service: 'main', polling, persist: true },
      persistence_directory: directory,
    };
    const first = await aDiscoverer(service, more);
    await until(async () => (await value(first)) === 1);
    await until(() => service.to('/discovery').some(({ headers }) => headers['if-none-match'] !== undefined));
    await until(() =>
      service.to('/bundles/one').some(({ headers }) => headers['if-none-match'] !== undefined),
    );
    await first.stop(100);
    await service.stop();
    const second = await aDiscoverer(service, more);
    expect(await value(second)).toBe(1);
    expect((await ask(second.url, '/health?bundles&plugins')).text.trim()).toBe('{}');
  });
});

describe('[req: pdp:status] the status report', () => {
  test('tells labels, bundles and plug-ins when something changes, and again until it is taken', async () => {
    const service = await aService();
    let refusals = 2;
    service.handle('/status/p', (_, response) => {
      refusals -= 1;
      response.writeHead(refusals >= 0 ? 500 : 200).end();
    });
    service.serve(
      '/bundles/one',
      await aBundle({ 'app/a.rego': 'package app\n' }, { revision: 'r7' }),
      '"x"',
    );
    const lines: string[] = [];
    const pdp = await aPdp({
      clock: fastClock(),
      config: parseConfig({
        services: { main: { url: service.url } },
        bundles: { one: { polling }, 'a\u001b[2Jb': { polling } },
        status: { service: 'main', partition_name: 'p', console: true },
        decision_logs: { console: true },
      }),
      onConsole: (line) => lines.push(line),
    });
    const report = await until(() => {
      const all = service
        .to('/status/p')
        .map(({ body }) => JSON.parse(body) as Record<string, Record<string, unknown>>);
      return all.find(
        ({ bundles }) =>
          (bundles?.['one'] as { active_revision?: string } | undefined)?.active_revision === 'r7',
      );
    });
    expect(report).toMatchObject({
      labels: { version: '0.0.0' },
      bundles: {
        one: { name: 'one', type: 'snapshot', last_successful_activation: expect.stringMatching(/^20/) },
      },
      plugins: {
        bundle: { state: 'NOT_READY' },
        decision_logs: { state: 'OK' },
        discovery: { state: 'OK' },
        status: { state: 'OK' },
      },
    });
    await until(() =>
      service
        .to('/status/p')
        .some(
          ({ body }) => body.includes('"http_code":404') && body.includes('server replied with Not Found'),
        ),
    );
    expect(pdp.notices.filter((line) => line.includes('status report failed'))).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^\{[\x20-\x7e]*\}$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'Status Log' });
    const { text } = await ask(pdp.url, '/metrics');
    expect(text).toContain('chaperone_pdp_bundle_active{name="one"} 1');
    expect(text).toMatch(/chaperone_pdp_status_failures_total [2-9]/);
  });
});

test('[req: pdp:status] a report that is not taken is sent again, and then no more', async () => {
  const service = await aService();
  service.handle('/status', (_, response) => {
    response.writeHead(service.to('/status').length < 4 ? 500 : 200).end();
  });
  await aPdp({
    clock: fastClock(),
    config: parseConfig({ services: { main: { url: service.url } }, status: {} }),
  });
  await until(() => service.to('/status').length === 4);
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  expect(service.to('/status')).toHaveLength(4);
});
