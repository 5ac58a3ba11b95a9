import { describe, expect, test } from 'vitest';
import { ask, askJson } from './client.ts';
import { aFolder, aPdp, type TestPdp } from './servers.ts';

function guarded(rules: string): Promise<TestPdp> {
  const folder = aFolder({
    'authz.rego': `package system.authz\n\n${rules}\n`,
    'app.rego': 'package app\n\nseen := input\n',
  });
  return aPdp({ policies: [folder], authentication: 'token', authorization: 'basic' });
}

/** Shows what the policy gets to see, as the reason of a refusal. */
const mirror = 'allow := {"allowed": false, "reason": json.marshal(input)}';

async function seen(
  url: string,
  path: string,
  asked: Parameters<typeof ask>[2],
): Promise<Record<string, unknown>> {
  const refusal = (await askJson(url, path, asked)) as { message: string };
  return JSON.parse(refusal.message) as Record<string, unknown>;
}

describe('[req: pdp:authz] the policy sees', () => {
  test('path, method, parameters, headers, identity and body', async () => {
    const { url } = await guarded(mirror);
    const input = await seen(url, '/v1/data/app/a%2Fb?x=1&x=2&y', {
      body: '{"input":{"k":1}}',
      headers: { authorization: 'Bearer s3cret', 'x-custom': 'v' },
    });
    expect(input).toMatchObject({
      path: ['v1', 'data', 'app', 'a/b'],
      method: 'POST',
      params: { x: ['1', '2'], y: [''] },
      identity: 's3cret',
      body: { input: { k: 1 } },
    });
    expect(input['headers']).toMatchObject({ Authorization: ['Bearer s3cret'], 'X-Custom': ['v'] });
    expect(input['headers']).not.toHaveProperty('Host');
  });

  test.each<[string, string, string[]]>([
    ['GET', '/v1/policies/a%2Fb', ['v1', 'policies', 'a', 'b']],
    ['GET', '/', ['']],
    ['GET', '/v1/data/__proto__', ['v1', 'data', '__proto__']],
    ['DELETE', '/v1/data/%2e%2e/x', ['v1', 'data', '..', 'x']],
    ['GET', '/metrics', ['metrics']],
  ])('%s %s by the path that is reached', async (method, path, segments) => {
    const { url } = await guarded(mirror);
    expect((await seen(url, path, { method }))['path']).toEqual(segments);
  });

  test('no identity and no body where there is none', async () => {
    const { url } = await guarded(mirror);
    const input = await seen(url, '/v1/data/app', { headers: { authorization: 'Basic abc' } });
    expect(Object.keys(input).toSorted()).toEqual(['headers', 'method', 'params', 'path']);
  });

  test('a parameter named __proto__ as what it is', async () => {
    const { url } = await guarded(mirror);
    const refusal = (await askJson(url, '/v1/data/app?__proto__=1')) as { message: string };
    expect(refusal.message).toContain('"params":{"__proto__":["1"]}');
  });
});

describe('[req: pdp:authz] the answer', () => {
  test.each<[string, number, string]>([
    ['allow := true', 200, ''],
    ['allow := false', 401, 'request rejected by administrative policy'],
    ['allow := {"allowed": true}', 200, ''],
    ['allow := {"allowed": false}', 401, 'request rejected by administrative policy'],
    ['allow := {"allowed": false, "reason": "not today"}', 401, 'not today'],
    ['allow := {"reason": "odd"}', 500, 'document missing or undefined'],
    ['allow := "true"', 401, 'request rejected by administrative policy'],
    ['allow := 1', 401, 'request rejected by administrative policy'],
    ['allow if input.nothing', 500, 'authorization policy missing or undefined'],
    ['allow := true\nallow := false', 500, 'error(s) occurred while evaluating query'],
  ])('of %s is %i', async (rules, status, message) => {
    const { url } = await guarded(rules);
    const answer = await ask(url, '/v1/data/app', { body: '{"input":1}' });
    expect(answer.status).toBe(status);
    if (status !== 200) expect(JSON.parse(answer.text)).toMatchObject({ message });
  });

  test('without any policy is no', async () => {
    const { url } = await aPdp({ authorization: 'basic' });
    expect((await ask(url, '/v1/data')).status).toBe(500);
    expect((await ask(url, '/v1/policies/a', { method: 'PUT', body: 'package a' })).status).toBe(500);
    expect((await ask(url, '/nope')).status).toBe(500);
  });

  test('is asked again for every request, and the body is there for both', async () => {
    const { url } = await guarded(
      'allow if {\n\tinput.identity == "reader"\n\tinput.method in {"GET", "POST"}\n}\n\nallow if input.identity == "writer"',
    );
    const as = (identity: string) => ({ authorization: `Bearer ${identity}` });
    expect(
      await askJson(url, '/v1/data/app/seen', { body: '{"input":{"a":1}}', headers: as('reader') }),
    ).toEqual({
      result: { a: 1 },
    });
    expect(await askJson(url, '/v0/data/app/seen', { body: '{"a":1}', headers: as('reader') })).toEqual({
      a: 1,
    });
    const put = { method: 'PUT', body: '1' };
    expect((await ask(url, '/v1/data/x', { ...put, headers: as('reader') })).status).toBe(500);
    expect((await ask(url, '/v1/data/x', { ...put, headers: as('writer') })).status).toBe(204);
  });

  test('to a body that is not JSON is given before the policy is asked', async () => {
    const { url } = await guarded('allow := true');
    expect((await ask(url, '/v1/data/app/seen', { body: '{' })).status).toBe(400);
    expect((await ask(url, '/v1/data/app/seen', { body: '{"input":1} 2' })).status).toBe(400);
  });
});

describe('[req: pdp:authz] writes over HTTP', () => {
  const all = [
    ['PUT', '/v1/data/x'],
    ['PATCH', '/v1/data'],
    ['DELETE', '/v1/data/x'],
    ['PUT', '/v1/policies/x'],
    ['DELETE', '/v1/policies/x'],
  ] as const;

  test.each(all)('%s %s is refused by a server that is read-only', async (method, path) => {
    const { url } = await aPdp({ readOnly: true });
    expect((await ask(url, path, { method, body: '' })).status).toBe(403);
    expect(await askJson(url, '/v1/data', { body: '{"input":1}' })).toEqual({ result: {} });
  });

  test.each(all)(
    '%s %s is refused to a page in a browser, unless a policy says who may',
    async (method, path) => {
      const headers = { Origin: 'http://rebound.example:8181' };
      const { url } = await aPdp();
      expect((await ask(url, path, { method, body: '', headers })).status).toBe(403);
      expect((await ask(url, path, { method, body: '' })).status).not.toBe(403);
      const asked = await guarded('allow := true');
      expect((await ask(asked.url, path, { method, body: '', headers })).status).not.toBe(403);
    },
  );
});
