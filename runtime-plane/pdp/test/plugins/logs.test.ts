import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/index.ts';
import { ask, askJson } from '../client.ts';
import { aFolder, aPdp } from '../servers.ts';
import { until } from './service.ts';
import { aLogger, type Event, manual, policy } from './logger.ts';

describe('[req: pdp:decision-logs] the decision log', () => {
  test('has every decision, in the shape of OPA', async () => {
    const { pdp, events, service } = await aLogger({ request_context: { http: { headers: ['X-Trace'] } } });
    const answer = (await askJson(pdp.url, '/v1/data/app/allow?metrics', {
      body: '{"input":{"user":"alice"}}',
      headers: { 'X-Trace': 't1' },
    })) as { decision_id: string };
    await ask(pdp.url, '/v1/data/app/nothing');
    await ask(pdp.url, '/v0/data/app/allow', { body: '{"user":"bob"}' });
    await ask(pdp.url, '/v1/query?q=data.app.allow');
    await ask(pdp.url, '/v1/data/app/clash', { body: '{"input":{"other":2}}' });
    await ask(pdp.url, '/v1/batch/data/app/allow', {
      body: '{"inputs":{"a":{"user":"alice"},"b":{"user":"bob"}}}',
    });
    await until(() => events().length >= 7);
    const [first, undefinedOne, v0, query, failed, ...batch] = events();
    expect(first).toEqual({
      labels: { env: 'test', id: expect.any(String), version: '0.0.0' },
      decision_id: answer.decision_id,
      path: 'app/allow',
      input: { user: 'alice' },
      result: true,
      requested_by: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      request_context: { http: { headers: { 'X-Trace': ['t1'] } } },
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/),
      metrics: expect.objectContaining({
        timer_rego_query_eval_ns: expect.any(Number),
        timer_server_handler_ns: expect.any(Number),
      }),
      req_id: 1,
    });
    expect(undefinedOne).not.toHaveProperty('result');
    expect(undefinedOne).not.toHaveProperty('input');
    expect(v0).toMatchObject({ path: 'app/allow', input: { user: 'bob' } });
    expect(query).toMatchObject({ query: 'data.app.allow' });
    expect(query).not.toHaveProperty('path');
    expect(failed).toMatchObject({ error: { code: 'eval_conflict_error', message: expect.any(String) } });
    expect(batch).toHaveLength(2);
    expect(new Set(batch.map((event) => event['batch_decision_id'])).size).toBe(1);
    expect(service.to('/logs')[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
  });

  test('goes to the partition or resource that is asked for', async () => {
    const { pdp, service } = await aLogger({ partition_name: 'p', ...manual });
    await ask(pdp.url, '/v1/data/app/allow');
    await pdp.trigger();
    expect(service.to('/logs/p')).toHaveLength(1);
    const other = await aLogger({ resource: '/elsewhere', ...manual });
    await ask(other.pdp.url, '/v1/data/app/allow');
    await other.pdp.trigger();
    expect(other.service.to('/elsewhere')).toHaveLength(1);
  });

  test('has no log of what is masked or dropped; what callers get stays whole', async () => {
    const rules = `package system.log

mask contains "/input/password"
mask contains {"op": "upsert", "path": "/input/user", "value": "***"} if input.input.user
mask contains "/input/list/0"
mask contains "/input/not/there"
drop if input.path == "app/nothing"
`;
    const { pdp, events } = await aLogger(manual, { 'mask.rego': rules });
    const body = '{"input":{"user":"alice","password":"p4ss","list":[1,2]}}';
    expect(await askJson(pdp.url, '/v1/data/app/allow', { body })).toMatchObject({ result: true });
    await ask(pdp.url, '/v1/data/app/nothing', { body });
    await pdp.trigger();
    expect(events()).toHaveLength(1);
    expect(events()[0]).toMatchObject({
      input: { user: '***', list: [2] },
      erased: ['/input/list/0', '/input/password'],
      masked: ['/input/user'],
    });
    expect(JSON.stringify(events())).not.toContain('p4ss');
  });

  test.each([
    ['a mask that fails', 'mask := x if { x := [1, 2][_] }'],
    ['a mask of another form', 'mask contains 7'],
    ['a mask outside of what may be masked', 'mask contains "/labels"'],
    ['a drop that fails', 'drop := x if { x := [true, false][_] }'],
  ])(
    'shows nothing that a caller has sent with %s, but that there was a decision, and says so',
    async (_, rule) => {
      const { pdp, events, console } = await aLogger(
        { console: true, ...manual },
        { 'm.rego': `package system.log\n${rule}\n` },
      );
      expect((await ask(pdp.url, '/v1/data/app/allow', { body: '{"input":{"user":"s3cret"}}' })).status).toBe(
        200,
      );
      await pdp.trigger();
      expect(events()).toEqual([
        expect.objectContaining({ path: 'app/allow', erased: ['/input'], decision_id: expect.any(String) }),
      ]);
      expect(JSON.stringify(events())).not.toContain('s3cret');
      expect(console.join('\n')).not.toContain('s3cret');
      expect(pdp.notices.join('\n')).toContain(
        'was logged without input and result, because its mask or drop rule failed',
      );
      expect((await ask(pdp.url, '/metrics')).text).toContain('decision_log_mask_failures_total 1');
    },
  );

  test('on the console is a line of its own for each decision, whatever is in it', async () => {
    const { pdp, console } = await aLogger({ console: true, service: 'main', ...manual });
    const input = { user: '\u001b[2J\n{"x":1}\u009b31m\u202eevil\u2028\u{1f600}', ['k\n\u0007']: '\ud800' };
    await ask(pdp.url, '/v1/data/app/al%0Alow', { body: JSON.stringify({ input }) });
    expect(console).toHaveLength(1);
    expect(console[0]).toMatch(/^[\x20-\x7e]+$/);
    const line = JSON.parse(console[0] ?? '') as Event;
    expect(line).toMatchObject({
      msg: 'Decision Log',
      type: 'openpolicyagent.org/decision_logs',
      path: 'app/al\nlow',
    });
    expect((line['input'] as { user: string }).user).toBe(input.user);
  });

  test('is kept and sent again, in order, while the service is away; the status says why', async () => {
    const { pdp, service, events } = await aLogger({
      reporting: { min_delay_seconds: 1, max_delay_seconds: 2 },
    });
    let down = true;
    service.handle('/logs', (_, response) => response.writeHead(down ? 503 : 200).end());
    for (let n = 0; n < 3; n += 1) await ask(pdp.url, '/v1/data/app/allow', { body: `{"input":${n}}` });
    const status = async (): Promise<Record<string, unknown>> =>
      ((await askJson(pdp.url, '/v1/status')) as { result: { decision_logs: Record<string, unknown> } })
        .result.decision_logs;
    await until(async () => (await status())['code'] === 'decision_log_error');
    expect(await status()).toMatchObject({ http_code: '503', message: expect.stringContaining('HTTP 503') });
    const before = service.to('/logs').length;
    down = false;
    await until(async () => (await status())['code'] === undefined);
    expect(
      events()
        .slice(-3)
        .map(({ input }) => input),
    ).toEqual([0, 1, 2]);
    expect(before).toBeGreaterThan(0);
  });

  test('is sent at the end, and the end does not wait for ever', async () => {
    const { pdp, events, service } = await aLogger();
    await ask(pdp.url, '/v1/data/app/allow', { body: '{"input":1}' });
    await pdp.stop(100);
    expect(events()).toHaveLength(1);
    const stuck = await aLogger(manual);
    stuck.service.handle('/logs', () => undefined);
    await ask(stuck.pdp.url, '/v1/data/app/allow');
    const begun = Date.now();
    await stuck.pdp.stop(100);
    expect(Date.now() - begun).toBeLessThan(3000);
    expect(stuck.pdp.notices.join('\n')).toContain('1 decisions could not be sent');
    await service.stop();
  });

  test('has as many as are wanted in a second', async () => {
    const { pdp, events } = await aLogger({ reporting: { trigger: 'manual', max_decisions_per_second: 2 } });
    for (let n = 0; n < 10; n += 1) await ask(pdp.url, '/v1/data/app/allow');
    await pdp.trigger();
    expect(events().length).toBeGreaterThanOrEqual(2);
    expect(events().length).toBeLessThan(8);
    expect((await ask(pdp.url, '/metrics')).text).toMatch(
      /decision_log_dropped_total\{reason="rate"\} [2-8]\n/,
    );
  });

  test('is sent at once when that is wanted', async () => {
    const { pdp, events } = await aLogger({
      reporting: { trigger: 'immediate', min_delay_seconds: 900_000, max_delay_seconds: 900_000 },
    });
    await ask(pdp.url, '/v1/data/app/allow');
    await until(() => events().length === 1, 1000);
  });

  test('costs no answer when nobody has asked for it', async () => {
    const pdp = await aPdp({ policies: [aFolder({ 'app.rego': policy })], limits: defaultLimits });
    expect(await askJson(pdp.url, '/v1/data/app/allow', { body: '{"input":{"user":"alice"}}' })).toEqual({
      result: true,
    });
  });
});
