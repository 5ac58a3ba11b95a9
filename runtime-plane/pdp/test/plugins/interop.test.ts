/** The same configuration, service and questions, to OPA and to this server. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig, readConfig } from '../../src/index.ts';
import { ask } from '../client.ts';
import { aFolder, aPdp } from '../servers.ts';
import { aBundle, aService, type Service, until } from './service.ts';

const opa = process.env['OPA_BIN'];

const files = {
  'app/a.rego': 'package app\n\nallow if input.user == "alice"\n\nlist contains x if some x in input.list\n',
  'system/log/m.rego': `package system.log

mask contains "/input/password"
mask contains "/result/0"
mask contains {"op": "upsert", "path": "/input/user", "value": "***"} if input.input.user
mask contains {"op": "upsert", "path": "/input/deep/er", "value": {"a": 1}} if input.input.deep
mask contains "/input/list/1"
drop if input.path == "app/dropped"
`,
};

const config = (url: string): string => `
services: {main: {url: "${url}/", credentials: {bearer: {token: t0ken}}}}
labels: {env: test}
bundles:
  app: {service: main, polling: {min_delay_seconds: 1, max_delay_seconds: 1}}
  missing: {service: main, polling: {min_delay_seconds: 1, max_delay_seconds: 1}}
decision_logs: {service: main, partition_name: part, reporting: {min_delay_seconds: 1, max_delay_seconds: 1}}
status: {service: main}
default_decision: app/allow
`;

const questions: [string, string | undefined][] = [
  ['/v1/data/app/allow', '{"input":{"user":"alice","password":"p","list":[1,2,3]}}'],
  ['/v1/data/app/list', '{"input":{"user":7,"list":["x","y"],"deep":{"er":1,"b":2}}}'],
  ['/v1/data/app/dropped', '{}'],
  ['/v1/data/app/undefined?metrics', '{}'],
  ['/v0/data/app/allow', '{"user":"bob"}'],
  ['/', '{"user":"alice"}'],
  ['/v1/query?q=data.app.allow', undefined],
];

type Observed = {
  readonly events: unknown[];
  readonly status: unknown;
  readonly answers: unknown[];
  readonly asked: unknown;
};

test('[req: pdp:interop] OPA and this server report alike', { timeout: 30_000 }, async () => {
  if (opa === undefined || opa === '') {
    console.log('skipped: OPA_BIN is not set, reports were not compared with those of OPA');
    return;
  }
  const [ours, theirs] = [await aService(), await aService()];
  for (const service of [ours, theirs])
    service.serve(
      '/bundles/app',
      await aBundle(files, { revision: 'r1', roots: ['app', 'system/log'] }),
      '"v1"',
    );
  const folder = aFolder({ 'ours.yaml': config(ours.url), 'theirs.yaml': config(theirs.url) });
  const raw = await readConfig({ file: path.join(folder, 'ours.yaml'), settings: [] }, {}, () => undefined);
  const pdp = await aPdp({ config: parseConfig(raw) });
  const other = await anOpa(path.join(folder, 'theirs.yaml'));
  const [mine, wanted] = await Promise.all([observe(pdp.url, ours), observe(other, theirs)]);
  expect(mine.answers).toEqual(wanted.answers);
  expect(mine.events).toEqual(wanted.events);
  expect(mine.status).toEqual(wanted.status);
  expect(mine.asked).toEqual(wanted.asked);
});

async function observe(url: string, service: Service): Promise<Observed> {
  await until(
    async () =>
      (await ask(url, '/v1/data/app/allow', { body: '{"input":{"user":"alice"}}' })).text.includes('true'),
    10_000,
  );
  const answers: unknown[] = [];
  for (const [where, body] of questions) await ask(url, where, body === undefined ? {} : { body });
  for (const [method, where, body] of [
    ['GET', '/health?bundles'],
    ['GET', '/health?plugins'],
    ['GET', '/health?plugins&exclude-plugin=bundle'],
    ['GET', '/v1/config'],
    ['PUT', '/v1/data/app/x', '1'],
    ['PUT', '/v1/data/system', '{}'],
    ['PUT', '/v1/data', '{"a":1}'],
    ['PUT', '/v1/policies/z', 'package app.sub\nx := 1'],
    ['PUT', '/v1/data/mine', '1'],
  ] as const) {
    const { status, text } = await ask(url, where, { method, ...(body === undefined ? {} : { body }) });
    answers.push([where, status, text === '' ? '' : normal(JSON.parse(text) as unknown)]);
  }
  const events = await until(() => {
    const all = service.to('/logs/part').flatMap(({ body }) => JSON.parse(body) as Record<string, unknown>[]);
    return all.some(({ query }) => query !== undefined) ? all : null;
  }, 10_000);
  // The first ones are those that waited for the bundle.
  const own = events.slice(
    events.findLastIndex(
      ({ input, path: at }) => at === 'app/allow' && JSON.stringify(input) === '{"list":[1,3],"user":"***"}',
    ),
  );
  const report = await until(() => {
    const all = service
      .to('/status')
      .map(({ body }) => JSON.parse(body) as { bundles?: Record<string, Record<string, unknown>> });
    return all.findLast(
      ({ bundles }) =>
        bundles?.['missing']?.['http_code'] === 404 && bundles['app']?.['active_revision'] === 'r1',
    );
  });
  const get = await until(() =>
    service.to('/bundles/app').find(({ headers }) => headers['if-none-match'] !== undefined),
  );
  const log = service.to('/logs/part')[0]?.headers ?? {};
  return {
    answers,
    events: own.map(normal),
    status: normal(report.bundles),
    asked: [
      get.headers['if-none-match'],
      get.headers.authorization,
      log['content-encoding'],
      log['content-type'],
      log.authorization,
    ],
  };
}

/** Without what differs from run to run, and names of times alone. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    if (key === 'metrics')
      return [
        key,
        Object.keys(item as object)
          .filter((name) => !/_compile|_parse|_load|cache_hit|external_resolve/.test(name))
          .toSorted(),
      ];
    if (key === 'url') return [key, String(item).replace(/:\d+/, '')];
    if (['id', 'version', 'decision_id', 'requested_by', 'req_id'].includes(key)) return [key, typeof item];
    if (/^last_|^timestamp$/.test(key)) return [key, String(item).replace(/^20.*Z$/, 'a time')];
    return [key, normal(item)];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** @returns its URL; it ends with the test */
async function anOpa(file: string): Promise<string> {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
  const child = spawn(opa ?? '', ['run', '-s', '-c', file, '-a', `127.0.0.1:${port}`], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  const url = `http://127.0.0.1:${port}`;
  await until(() => ask(url, '/health').catch(() => null), 10_000);
  return url;
}
