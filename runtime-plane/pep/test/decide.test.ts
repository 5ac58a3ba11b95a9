import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { PepError, createPep } from '../src/index.ts';
import { deny, hang, own } from './behaviours.ts';
import { allow, answers, aPep, aServer, input } from './servers.ts';

describe('[req: pep:decide] an answer', () => {
  test('that allows is an allow, with what the policy said', async () => {
    const { url, seen } = await aServer([answers(allow)]);
    expect(await aPep({ url }).decide(input)).toEqual({
      effect: 'allow',
      reason: 'policy',
      message: 'The policy allows this.',
      obligations: [],
      rules: ['r1'],
      decisionId: 'd-1',
      attempts: 1,
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.path).toBe('/v1/data/chaperone/access/decision');
    expect(JSON.parse(String(seen[0]?.body))).toEqual({ input });
    expect(seen[0]?.headers['chaperone-obligations']).toBeUndefined();
  });

  test('that denies is a deny; one without a result is a deny by default', async () => {
    const { url } = await aServer([answers(deny), answers({})]);
    const pep = aPep({ url });
    const first = await pep.decide(input);
    expect(first).toMatchObject({ effect: 'deny', reason: 'policy', policyReason: 'secret_store' });
    expect(await pep.decide(input)).toMatchObject({ effect: 'deny', reason: 'default_deny' });
  });

  test('of a Chaperone decision point says more', async () => {
    const { url } = await aServer([
      answers(own({})),
      answers(own({ reason: 'default_deny', mode: 'audit', would_deny: true })),
      answers(own({ would_deny: true, carried_out: [{ kind: 'audit_only' }] })),
      answers(own({ allow: false, effect: 'deny', reason: 'journal_failed' })),
    ]);
    const pep = aPep({ url });
    expect(await pep.decide(input)).toEqual({
      effect: 'allow',
      reason: 'policy',
      message: 'Fine.',
      obligations: [],
      rules: ['r1'],
      mode: 'enforce',
      decisionId: 'd-1',
      attempts: 1,
    });
    expect(await pep.decide(input)).toMatchObject({
      effect: 'allow',
      reason: 'default_deny',
      wouldDeny: true,
    });
    expect(await pep.decide(input)).toMatchObject({ effect: 'allow', reason: 'policy', wouldDeny: true });
    expect(await pep.decide(input)).toMatchObject({ effect: 'deny', reason: 'journal_failed' });
  });

  test('of a policy that says true or false is enough', async () => {
    const { url, seen } = await aServer([answers({ result: true }), answers({ result: false })]);
    const pep = aPep({ url: `${url}/opa/`, path: '/v1/data/endpoint/access/allow', token: 't-1' });
    expect(await pep.decide(input)).toMatchObject({ effect: 'allow', reason: 'policy' });
    expect(await pep.decide(input)).toMatchObject({ effect: 'deny', reason: 'policy' });
    expect(seen[0]?.path).toBe('/opa/v1/data/endpoint/access/allow');
    expect(seen[0]?.headers['authorization']).toBe('Bearer t-1');
  });

  test('comes over a connection that is kept', async () => {
    const { url, seen } = await aServer([answers(allow)]);
    const pep = aPep({ url });
    for (let i = 0; i < 5; i += 1) await pep.decide(input);
    expect(new Set(seen.map(({ port }) => port)).size).toBe(1);
  });
});

test('[req: pep:decide] nobody there', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => gone.once('listening', resolve));
  const address = gone.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => gone.close(resolve));
  const decision = await aPep({ url: `http://127.0.0.1:${port}`, retries: { baseMs: 1 } }).decide(input);
  expect(decision).toMatchObject({ effect: 'deny', reason: 'pdp_unreachable', attempts: 3 });
});

test('[req: pep:decide] an input that cannot be sent is a deny, and nothing is asked', async () => {
  const { url, seen } = await aServer([answers(allow)]);
  const circle: Record<string, unknown> = { action: 'read_file' };
  circle['circle'] = circle;
  const trap = {
    get action(): string {
      throw new Error('trap');
    },
  };
  const pep = aPep({ url, maxRequestBytes: 1000 });
  const long = { action: 'read_file', path: 'x'.repeat(2000) };
  for (const bad of [undefined, null, 7, [], {}, { action: 1 }, { action: 'x', n: 1n }, circle, trap, long])
    expect(await pep.decide(bad as never)).toMatchObject({ effect: 'deny', reason: 'pep_input_invalid' });
  expect(seen).toHaveLength(0);
});

test('[req: pep:decide] the caller can give up, before and during', async () => {
  const { url } = await aServer([hang]);
  const pep = aPep({ url });
  const begun = performance.now();
  expect(await pep.decide(input, { signal: AbortSignal.abort() })).toMatchObject({ attempts: 0 });
  const during = await pep.decide(input, { signal: AbortSignal.timeout(50) });
  expect(during).toMatchObject({ effect: 'deny', reason: 'pep_aborted' });
  expect(performance.now() - begun).toBeLessThan(1000);
});

test.each([
  [{}, 'bad_option', /either url or unix/],
  [{ url: 'http://127.0.0.1:1', unix: '/x' }, 'bad_option', /either url or unix/],
  [{ url: 'ftp://x' }, 'bad_option', /url is not like/],
  [{ url: 'http://user:pw@127.0.0.1' }, 'bad_option', /has a user/],
  [{ url: 'http://10.0.0.1:8181' }, 'dangerous_option', /use https:/],
  [{ url: 'http://127.0.0.1.example.com' }, 'dangerous_option', /use https:/],
  [{ url: 'http://127.0.0.1', tls: {} }, 'bad_option', /tls goes with https/],
  [{ url: 'https://x', tls: { cert: 'c' } }, 'bad_option', /go together/],
  [{ url: 'https://x', tls: { cert: 'c', key: 'k' } }, 'bad_key', /cannot be used/],
  [{ url: 'https://x', tls: { pins: ['x'] } }, 'bad_option', /pin is the base64/],
  [{ url: 'https://x', tls: { pins: [] } }, 'bad_option', /pins is empty/],
  [{ unix: 'pdp.sock' }, 'bad_option', /absolute path/],
  [{ url: 'http://[::1]:1', path: 'v1?x' }, 'bad_option', /path is not like/],
  [{ url: 'http://[::1]:1', token: 'a\r\nb' }, 'bad_option', /token/],
  [{ url: 'http://[::1]:1', deadlineMs: 2 ** 40 }, 'bad_option', /deadlineMs/],
  [{ url: 'http://[::1]:1', retries: { attempts: 0 } }, 'bad_option', /retries.attempts/],
])('[req: pep:decide] wrong options are said at once: %j', (options, code, message) => {
  let thrown: unknown;
  try {
    createPep(options);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(PepError);
  expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) });
});
