import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultLimits, parseConfig, readConfig, verificationOf } from '../../src/index.ts';
import { aFolder, aPdp } from '../servers.ts';
import { ask, askJson } from '../client.ts';
import { backoff, timestamp } from '../../src/plugins/clock.ts';

const services = { main: { url: 'http://127.0.0.1:1/base/' } };

describe('[req: pdp:config] a configuration', () => {
  test.each([
    ['YAML', 'services:\n  main: {url: "http://x${PORT}"}\nlabels: {a: "${A}"}\n'],
    ['JSON', '{"services":{"main":{"url":"http://x${PORT}"}},"labels":{"a":"${A}"}}'],
  ])('in %s takes what the environment says, and settings win', async (_, text) => {
    const file = path.join(aFolder({ c: text }), 'c');
    const notices: string[] = [];
    const settings = [
      'labels.b=two',
      'labels.c\\.d=x=y',
      'decision_logs.console=true',
      'decision_logs.reporting.min_delay_seconds=7',
    ];
    const raw = await readConfig(
      { file, settings: [...settings, 'decision_logs.reporting.max_delay_seconds=8'] },
      { A: 'one' },
      (line) => notices.push(line),
    );
    const config = parseConfig(raw);
    expect(config.services.get('main')?.url).toBe('http://x');
    expect(config.labels).toEqual({ a: 'one', b: 'two', 'c.d': 'x=y' });
    expect(config.decisionLogs).toMatchObject({
      console: true,
      service: null,
      minDelayMs: 7000,
      maxDelayMs: 8000,
    });
    expect(notices).toEqual([expect.stringContaining('${PORT}, which is not set')]);
  });

  test('may leave out what has only one meaning', () => {
    const config = parseConfig({
      services: [{ name: 'main', url: 'https://x' }],
      bundles: { b: {} },
      decision_logs: {},
      status: {},
    });
    expect(config.bundles.get('b')).toMatchObject({
      service: 'main',
      resource: 'bundles/b',
      trigger: 'periodic',
      persist: false,
    });
    expect(config.decisionLogs?.service).toBe('main');
    expect(config.status).toMatchObject({ service: 'main', resource: 'status' });
  });

  test.each<[object, string]>([
    [{ services: 7 }, 'services must be an object or a list'],
    [{ services: { a: {} } }, 'service "a" needs a url'],
    [{ services: { a: { url: 'ftp://x' } } }, 'begins with http:// or https://'],
    [{ services: { a: { url: 'http://x', type: 'oci' } } }, 'type oci is not supported'],
    [
      { services: { a: { url: 'http://x', credentials: { s3_signing: {} } } } },
      'kind s3_signing are not supported',
    ],
    [
      { services: { a: { url: 'http://x', credentials: { gcp_metadata: {} } } } },
      'kind gcp_metadata are not supported',
    ],
    [{ services: { a: { url: 'http://x', credentials: { bearer: {} } } } }, 'needs token or token_path'],
    [
      { services: { a: { url: 'http://x', credentials: { bearer: { token: 'a' }, client_tls: {} } } } },
      'several kinds: bearer, client_tls',
    ],
    [
      {
        services: {
          a: {
            url: 'http://x',
            credentials: { oauth2: { token_url: 'http://t', client_id: 'i', client_secret: 's' } },
          },
        },
      },
      'token_url must use https',
    ],
    [
      { services: { a: { url: 'http://x', credentials: { oauth2: { grant_type: 'jwt_bearer' } } } } },
      'jwt_bearer is not supported',
    ],
    [
      { services, bundles: { a: { service: 'no' } } },
      'invalid configuration for bundle "a": service name "no" not found',
    ],
    [{ bundles: { a: {} } }, 'no service is configured'],
    [
      { services, bundles: { a: { polling: { min_delay_seconds: 5 } } } },
      "polling configuration missing 'max_delay_seconds'",
    ],
    [
      { services, bundles: { a: { polling: { min_delay_seconds: 5, max_delay_seconds: 2 } } } },
      'max polling delay must be >= min polling delay',
    ],
    [
      { services, bundles: { a: { polling: { long_polling_timeout_seconds: 0 } } } },
      "'long_polling_timeout_seconds' must be at least 1",
    ],
    [{ services, bundles: { a: { signing: { keyid: 'zz' } } } }, 'key id zz not found'],
    [{ services, bundles: { a: { trigger: 'sometimes' } } }, 'invalid trigger mode "sometimes"'],
    [{ services, bundles: { a: { resource: 'file://host/x' } } }, 'write file:///PATH'],
    [{ services, decision_logs: { service: 'no' } }, 'invalid service name "no" in decision_logs'],
    [{ services, decision_logs: { plugin: 'x' } }, 'plugins are not supported'],
    [
      { services, decision_logs: { reporting: { buffer_type: 'x' } } },
      'invalid buffer type "x", expected "event" or "size"',
    ],
    [{ services, status: { service: 'no' } }, 'invalid service name "no" in status'],
    [{ services, discovery: {} }, 'missing required discovery.resource field'],
    [{ default_decision: 7 }, 'default_decision must be a string'],
    [{ keys: { k: { algorithm: 'FOO', key: 'x' } } }, 'is no signature algorithm'],
    [
      { keys: { k: { algorithm: 'HS256', key: '/nonexistent/k' } } },
      'the key file /nonexistent/k cannot be read',
    ],
    [{ labels: { a: 1 } }, 'labels.a must be a string'],
    [{ bundle: {} }, 'the section bundle is not supported'],
    [{ engine: 'other' }, 'engine must be own or opa'],
    [{ engine: 7 }, 'engine must be a string'],
    [{ engine: 'opa' }, 'engine: opa and engine_url go together'],
    [{ engine_url: 'http://x' }, 'engine: opa and engine_url go together'],
    [{ engine: 'own', engine_url: 'http://x' }, 'engine: opa and engine_url go together'],
    [{ engine_timeout_ms: 5 }, 'engine_timeout_ms needs engine: opa'],
    [
      { engine: 'opa', engine_url: 'http://x', engine_timeout_ms: 0 },
      "'engine_timeout_ms' must be at least 1",
    ],
    [
      { engine: 'opa', engine_url: 'http://x', engine_timeout_ms: 'soon' },
      'engine_timeout_ms must be a whole number',
    ],
    [{ server: { decoding: { max_length: 'x' } } }, 'server.decoding.max_length must be a whole number'],
  ])('%j is refused, with the reason', (raw, message) => {
    expect(() => parseConfig(raw as never)).toThrow(message);
    expect(() => parseConfig(raw as never)).toThrow(/^config error: [^\n]+$/);
  });

  test.each<[object, object | undefined]>([
    [{}, undefined],
    [{ engine: 'own' }, undefined],
    [{ engine: 'opa', engine_url: 'http://x:1' }, { url: 'http://x:1' }],
    [
      { engine: 'opa', engine_url: 'http://x:1', engine_timeout_ms: 250 },
      { url: 'http://x:1', deadlineMs: 250 },
    ],
  ])('%j says which engine decides', (raw, engine) => {
    const config = parseConfig(raw as never);
    expect(config.engine).toEqual(engine);
    expect(config.ignored).toEqual([]);
  });

  test.each([['x'], ['=1'], ['a..b=1']])('--config-set %s is refused', async (setting) => {
    await expect(readConfig({ settings: [setting] }, {}, () => undefined)).rejects.toThrow(
      'config error: --config-set',
    );
  });

  test('that is no object, not there, or not readable is refused', async () => {
    const folder = aFolder({ list: '[1]', bad: '{"a":' });
    const read = (name: string): Promise<unknown> =>
      readConfig({ file: path.join(folder, name), settings: [] }, {}, () => undefined);
    await expect(read('list')).rejects.toThrow('must hold an object');
    await expect(read('bad')).rejects.toThrow('neither JSON nor YAML');
    await expect(read('none')).rejects.toThrow('(ENOENT)');
    expect(() => verificationOf({ key: 'x', algorithm: 'none', scope: undefined })).toThrow(
      '--verification-alg',
    );
  });

  test('that a server has is shown without its secrets, and what means nothing is named', async () => {
    const raw = {
      services: {
        main: {
          url: 'http://127.0.0.1:1',
          headers: { 'X-Key': 's1' },
          credentials: { bearer: { token: 's2' } },
        },
      },
      keys: { k: { key: 's3'.repeat(20), algorithm: 'HS256', private_key: 's4' } },
      labels: { env: 'test', id: 'forged' },
      unknown: 1,
      server: { decoding: { max_length: 100 }, encoding: {} },
      default_decision: 'app/main',
    };
    const pdp = await aPdp({
      config: parseConfig(raw),
      policies: [aFolder({ 'a.rego': 'package app\nmain := "here"\n' })],
    });
    const { text } = await ask(pdp.url, '/v1/config');
    expect(text).not.toMatch(/s[1234]/);
    const { result } = JSON.parse(text) as { result: Record<string, unknown> };
    expect(result).toMatchObject({
      services: { main: { url: 'http://127.0.0.1:1' } },
      keys: { k: { algorithm: 'HS256' } },
      labels: { env: 'test', version: '0.0.0', id: expect.stringMatching(/^[\da-f-]{36}$/) },
      default_decision: 'app/main',
      default_authorization_decision: '/system/authz/allow',
      unknown: 1,
    });
    expect(pdp.notices).toEqual(['the configuration has what means nothing here: server.encoding, unknown']);
    expect((await ask(pdp.url, '/', { body: '{}' })).text.trim()).toBe('"here"');
    expect((await ask(pdp.url, '/v1/data', { body: `{"input":"${'x'.repeat(100)}"}` })).text).toContain(
      'limit of 100 bytes',
    );
  });

  test('chooses the decision about requests', async () => {
    const pdp = await aPdp({
      authorization: 'basic',
      limits: defaultLimits,
      config: parseConfig({ default_authorization_decision: '/mine/ok' }),
      policies: [aFolder({ 'a.rego': 'package mine\nok if input.path[0] == "v1"\n' })],
    });
    expect(await askJson(pdp.url, '/v1/data/mine/x')).toEqual({});
    expect((await ask(pdp.url, '/health')).status).toBe(500);
  });
});

test('[req: pdp:config] times have nanoseconds, and pauses grow to their bound', () => {
  expect(timestamp(1_795_338_655_415.25)).toBe('2026-11-22T09:10:55.41525Z');
  expect(timestamp(1_795_338_655_000)).toBe('2026-11-22T09:10:55Z');
  const clock = { now: () => 0, random: () => 0.5, sleep: () => Promise.resolve() };
  expect([0, 1, 2, 50, 1e9].map((retries) => Math.round(backoff(clock, retries, 5000)))).toEqual([
    100, 160, 256, 5000, 5000,
  ]);
  expect(backoff({ ...clock, random: () => 1 }, 50, 5000)).toBe(6000);
});
