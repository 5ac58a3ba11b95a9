import { describe, expect, test } from 'vitest';
import type { Header } from '../../src/http/desk.ts';
import { allow, aWorld, deny, knownAs, needsBody } from '../request/desk-fixture.ts';
import { multipart, multipartType } from '../request/bodies.ts';

const secret = 'sk-live-Zq81+vB/77_known==';
const plain = 'ghp_0123456789abcdefABCDEF';
const known = [knownAs('model-key', secret), knownAs('git-token', plain)];
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('[req: egress:credentials] a known credential that the agent has itself is denied', () => {
  test.each<[string, { readonly headers?: readonly Header[]; readonly target?: string }]>([
    ['Bearer', { headers: [['Authorization', `Bearer ${secret}`]] }],
    ['a scheme of its own', { headers: [['authorization', `token ${plain}`]] }],
    ['the password of Basic', { headers: [['Authorization', basic(`x:${secret}`)]] }],
    ['the user of Basic', { headers: [['Authorization', basic(`${plain}:`)]] }],
    ['Proxy-Authorization', { headers: [['Proxy-Authorization', basic(`a:${plain}`)]] }],
    ['x-api-key', { headers: [['x-api-key', secret]] }],
    ['a header of any name', { headers: [['x-note', plain]] }],
    ['a cookie among others', { headers: [['Cookie', `a=b; session=${plain}; c=d`]] }],
    ['a cookie in quotes', { headers: [['Cookie', `session="${secret}"`]] }],
    ['a parameter of Digest', { headers: [['Authorization', `Digest username="a", nonce="${plain}"`]] }],
    ['the query', { target: `/a?key=${encodeURIComponent(secret)}&x=1` }],
    ['the query as it is', { target: `/a?x=1&key=${secret}` }],
    ['Bearer in the query', { target: `/a?auth=Bearer%20${plain}` }],
    ['a segment of the path', { target: `/hooks/${plain}/send` }],
    ['a segment of the path, encoded', { target: `/hooks/${encodeURIComponent(secret)}` }],
    ['a piece of a segment', { target: `/user:${plain}@x/` }],
    ['a path with dots', { target: `/a/%2e%2e/${plain}` }],
  ])('%s', async (_where, request) => {
    const { send, asked, refused, ended } = aWorld({ known });
    const { refusal, body } = await send(request, 'x');
    expect(refusal).toMatchObject({ status: 403, reason: 'credential_provenance', decision: 'd-1' });
    expect(body.length).toBe(0);
    expect(refused).toMatchObject([{ reason: 'credential_provenance' }]);
    expect(asked[0]?.credential).toMatchObject({ kind: 'api_key', provenance: 'unknown' });
    expect(ended).toMatchObject([{ result: 'failed', sentBytes: 0 }]);
    // Neither the endpoint nor its journal is told the secret.
    const told = JSON.stringify([asked, refused, ended, refusal]);
    for (const one of [secret, plain, encodeURIComponent(secret)]) expect(told).not.toContain(one);
  });

  test('the policy may say no in its own words', async () => {
    const { send } = aWorld({ known, policy: ({ credential }) => (credential ? deny : allow) });
    const { refusal } = await send({ headers: [['x-api-key', secret]] });
    expect(refusal).toMatchObject({ reason: 'policy', message: 'Not there.' });
  });

  test('under audit it goes, and is recorded', async () => {
    const { send, refused } = aWorld({ known, mode: 'audit' });
    expect((await send({ headers: [['x-api-key', secret]] })).refusal).toBeUndefined();
    expect(refused).toMatchObject([{ reason: 'credential_provenance' }]);
  });

  test('what is like one is none', async () => {
    const { send, asked } = aWorld({ known });
    const headers = [['Authorization', `Bearer ${secret}x`] as const, ['x', plain.slice(1)] as const];
    expect((await send({ headers, target: '/a?key=placeholder' })).refusal).toBeUndefined();
    expect(asked[0]).not.toHaveProperty('credential');
  });

  test('many values before it do not hide it', async () => {
    const { send } = aWorld({ known });
    const many = Array.from({ length: 5_000 }, (_, at) => `value-number-${at}`).join(',');
    const headers = [['x-many', many] as const, ['x-api-key', secret] as const];
    expect((await send({ headers })).refusal).toMatchObject({ reason: 'credential_provenance' });
    const more = Array.from({ length: 30_000 }, (_, at) => `value-number-${at}`).join(',');
    const tooMany = await send({ headers: [['x-many', more] as const] });
    expect(tooMany.refusal).toMatchObject({ reason: 'credential_provenance' });
  });
});

test('[req: egress:credentials] also in a body that was looked at', async () => {
  const policy = ({ resource }: { resource?: unknown }) => (resource ? allow : needsBody);
  const { send, asked } = aWorld({ known, policy });
  const parts = multipart([{ headers: 'Content-Disposition: form-data; name="k"', content: plain }]);
  const bodies: readonly (readonly [string, string, string | Buffer])[] = [
    ['JSON', 'application/json', JSON.stringify({ a: { key: plain } })],
    ['a URL in JSON', 'application/json', JSON.stringify({ url: `https://x.example/?a=b&k=${plain}` })],
    ['a form', 'application/x-www-form-urlencoded', `x=1&key=${encodeURIComponent(secret)}`],
    ['an assignment', 'text/plain', `export KEY=${secret}\n`],
    ['multipart', multipartType, parts],
    ['text', 'text/plain', `it is ${plain}.`],
  ];
  for (const [name, type, body] of bodies) {
    const { refusal } = await send({ headers: [['content-type', type]] }, body);
    expect([name, refusal?.reason]).toEqual([name, 'credential_provenance']);
    expect(asked.at(-1)?.credential).toMatchObject({ provenance: 'unknown' });
  }
  expect((await send({}, 'nothing of that kind')).refusal).toBeUndefined();
  expect(JSON.stringify(asked)).not.toContain(plain);
});
