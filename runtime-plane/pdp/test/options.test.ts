import { describe, expect, test } from 'vitest';
import { ask, askJson } from './client.ts';
import { aFolder, aPdp, type TestPdp } from './servers.ts';

const policy = `package app

default allow := false

allow if {
	input.user == "alice"
	input.n > 3
}

twice := 1
twice := input.other
`;

function anApp(more: Parameters<typeof aPdp>[0] = {}): Promise<TestPdp> {
  return aPdp({ policies: [aFolder({ 'app.rego': policy })], ...more });
}

const body = '{"input":{"user":"alice","n":1}}';

describe('[req: pdp:opa-api] an answer can have', () => {
  test.each(['metrics', 'metrics=true', 'instrument'])('timers (%s)', async (option) => {
    const { url } = await anApp();
    const first = (await askJson(url, `/v1/data/app/allow?${option}`, { body })) as { metrics: object };
    expect(Object.keys(first.metrics)).toEqual([
      'counter_server_query_cache_hit',
      'timer_rego_input_parse_ns',
      'timer_rego_query_compile_ns',
      'timer_rego_query_eval_ns',
      'timer_server_handler_ns',
    ]);
    const again = (await askJson(url, `/v1/data/app/allow?${option}`, { body })) as {
      metrics: Record<string, number>;
    };
    expect(again.metrics['counter_server_query_cache_hit']).toBe(1);
    expect(again.metrics['timer_server_handler_ns']).toBeGreaterThan(0);
  });

  test('timers of writes', async () => {
    const { url } = await anApp();
    const put = { method: 'PUT', body: '1' };
    expect(
      Object.keys(((await askJson(url, '/v1/data/d?metrics', put)) as { metrics: object }).metrics),
    ).toEqual(['timer_rego_input_parse_ns', 'timer_server_handler_ns']);
    const policyPut = { method: 'PUT', body: 'package other' };
    const answer = (await askJson(url, '/v1/policies/o?metrics', policyPut)) as { metrics: object };
    expect(Object.keys(answer.metrics)).toContain('timer_rego_module_compile_ns');
  });

  test('provenance', async () => {
    const { url } = await anApp({ version: '1.2.3' });
    const { text } = await ask(url, '/v1/data/app/allow?provenance', { body });
    expect(text).toBe(
      '{"provenance":{"version":"1.2.3","build_commit":"","build_timestamp":"","build_hostname":""},"result":false}\n',
    );
  });

  test('an id of its own for every decision', async () => {
    const { url } = await anApp({ decisionIds: true });
    const ids = new Set<string>();
    for (let i = 0; i < 3; i += 1) {
      const answer = (await askJson(url, '/v1/data/app/allow', { body })) as { decision_id: string };
      expect(answer.decision_id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/);
      ids.add(answer.decision_id);
    }
    expect(ids.size).toBe(3);
  });

  test('an explanation, as events and as lines', async () => {
    const { url } = await anApp();
    const full = (await askJson(url, '/v1/data/app/allow?explain=full', { body })) as {
      explanation: object[];
    };
    expect(full.explanation).toContainEqual({
      op: 'fail',
      query_id: expect.any(Number),
      parent_id: 0,
      type: 'expr',
      node: { text: 'input.n > 3' },
      locals: [{ key: 'input.n', value: 1 }],
      location: { file: expect.stringContaining('app.rego'), row: 7 },
    });
    const lines = (await askJson(url, '/v1/data/app/allow?explain=fails&pretty', { body })) as {
      explanation: string[];
    };
    expect(lines.explanation.some((line) => line.endsWith('| | Fail input.n > 3 (input.n is 1)'))).toBe(true);
    expect(lines.explanation.some((line) => line.includes('Exit'))).toBe(false);
  });
});

describe('[req: pdp:opa-api] a batch', () => {
  const path = '/v1/batch/data/app/twice';
  const inputs = (...values: unknown[]): { body: string } => ({
    body: JSON.stringify({
      inputs: Object.fromEntries(values.map((value, i) => [`i${i}`, { other: value }])),
    }),
  });

  test('that went well answers each by its name', async () => {
    const { url } = await anApp();
    const answer = await ask(url, path, inputs(1, 1));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ responses: { i0: { result: 1 }, i1: { result: 1 } } });
  });

  test('that went well in part says for each how', async () => {
    const { url } = await anApp({ decisionIds: true });
    const answer = await ask(url, path, inputs(1, 2));
    expect(answer.status).toBe(207);
    expect(JSON.parse(answer.text)).toMatchObject({
      batch_decision_id: expect.any(String),
      responses: {
        i0: { result: 1, http_status_code: '200', decision_id: expect.any(String) },
        i1: { code: 'internal_error', http_status_code: '500', errors: [{ code: 'eval_conflict_error' }] },
      },
    });
  });

  test('that failed as a whole is an error', async () => {
    const { url } = await anApp();
    expect((await ask(url, path, inputs(2, 3))).status).toBe(500);
  });

  test.each(['{}', '[]', '{"inputs":1}', '{"inputs":[]}', 'null'])('of %s is refused', async (wrong) => {
    const { url } = await anApp();
    const answer = await ask(url, path, { body: wrong });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("'inputs' must be an object");
  });
});

test('[req: pdp:opa-api] metrics tell requests by route and code, decisions, generation and memory', async () => {
  const { url } = await anApp();
  await ask(url, '/v1/data/app/allow', { body });
  await ask(url, '/v1/data/app/nothing', { body });
  await ask(url, '/v1/data/app/twice', { body: '{"input":{"other":2}}' });
  await ask(url, '/v1/data/d', { method: 'PUT', body: '1' });
  await ask(url, '/nope"\n{}', { method: 'BREW' }).catch(() => null);
  await ask(url, '/nope');
  const { text, headers } = await ask(url, '/metrics');
  expect(headers['content-type']).toContain('text/plain; version=0.0.4');
  expect(text).toContain('http_request_duration_seconds_count{code="200",handler="v1/data",method="post"} 2');
  expect(text).toContain('http_request_duration_seconds_count{code="500",handler="v1/data",method="post"} 1');
  expect(text).toContain('http_request_duration_seconds_count{code="404",handler="catchall",method="get"} 1');
  expect(text).toMatch(
    /http_request_duration_seconds_bucket\{code="200",handler="v1\/data",method="post",le="1e-06"\} 0/,
  );
  expect(text).toContain('chaperone_pdp_decisions_total{outcome="defined"} 1');
  expect(text).toContain('chaperone_pdp_decisions_total{outcome="undefined"} 1');
  expect(text).toContain('chaperone_pdp_decisions_total{outcome="error"} 1');
  expect(text).toContain('chaperone_pdp_policy_generation 2');
  expect(text).toMatch(/process_resident_memory_bytes \d{7,}/);
  for (const line of text.trim().split('\n'))
    expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})? [\d.e+-]+)$/);
});

test('[req: pdp:opa-api] what this server is, and what it does not do', async () => {
  const { url } = await anApp();
  expect((await ask(url, '/')).text).toContain('Open Policy Agent');
  expect(await askJson(url, '/v1/config')).toMatchObject({
    result: { default_decision: '/system/main', labels: { version: '0.0.0' } },
  });
  const compile = await ask(url, '/v1/compile', { body: '{"query":"data.app.allow == true"}' });
  expect(compile.status).toBe(501);
  expect(compile.text).toContain('partial evaluation is not available');
});
