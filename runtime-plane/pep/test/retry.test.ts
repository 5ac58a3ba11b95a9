import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../src/retry.ts';
import { cut, deny, hang, noRetry, raw, reset } from './behaviours.ts';
import { allow, answers, aPep, aServer, type Behaviour, input } from './servers.ts';

describe('[req: pep:retries] it is asked again', () => {
  test('when no answer was read, with the same key and body', async () => {
    const { url, seen } = await aServer([reset, cut, answers(allow)]);
    const decision = await aPep({ url, retries: { baseMs: 1 } }).decide(input);
    expect(decision).toMatchObject({ effect: 'allow', attempts: 3 });
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(seen.map(({ body }) => String(body))).size).toBe(1);
  });

  test.each([answers(deny), answers({}, 500), answers({}, 400), raw('{'), raw('{"result":7}')])(
    'but not when one was: %#',
    async (behaviour) => {
      const { url, seen } = await aServer([behaviour, answers(allow)]);
      expect(await aPep({ url, retries: { baseMs: 1 } }).decide(input)).toMatchObject({ effect: 'deny' });
      expect(seen).toHaveLength(1);
    },
  );

  test('when one attempt hangs, within the deadline over all', async () => {
    const { url, seen } = await aServer([hang, answers(allow), hang]);
    const pep = aPep({ url, attemptMs: 200, deadlineMs: 900, retries: { attempts: 20, baseMs: 1 } });
    expect(await pep.decide(input)).toMatchObject({ effect: 'allow', attempts: 2 });
    const begun = performance.now();
    expect(await pep.decide(input)).toMatchObject({ effect: 'deny', reason: 'pdp_timeout' });
    expect(performance.now() - begun).toBeLessThan(1800);
    expect(seen.length).toBeGreaterThan(3);
  });

  test('after Retry-After, when that is before the deadline', async () => {
    const { url } = await aServer([answers({}, 429, ['Retry-After: 1']), answers(allow)]);
    const begun = performance.now();
    const decision = await aPep({ url, deadlineMs: 4000 }).decide(input);
    expect(decision).toMatchObject({ effect: 'allow', attempts: 2 });
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  test('not at all when Retry-After is later than the deadline', async () => {
    const { url, seen } = await aServer([answers({}, 429, ['Retry-After: 60']), answers(allow)]);
    const begun = performance.now();
    expect(await aPep({ url }).decide(input)).toMatchObject({ reason: 'pdp_overloaded', attempts: 1 });
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(seen).toHaveLength(1);
  });

  test('after waits with full jitter, at most maxMs', async () => {
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => void waits.push(ms);
    const { url } = await aServer([reset]);
    const surroundings = { sleep, random: () => 0.5 };
    await aPep({ url, retries: { attempts: 6, baseMs: 10, maxMs: 60 }, surroundings }).decide(input);
    expect(waits).toEqual([5, 10, 20, 30, 30]);
  });

  test('without counting, when a kept connection had been closed', async () => {
    const { url, seen } = await aServer([answers(allow), reset, answers(allow)]);
    const pep = aPep({ url, ...noRetry });
    await pep.decide(input);
    expect(await pep.decide(input)).toMatchObject({ effect: 'allow', attempts: 2 });
    expect(seen).toHaveLength(3);
  });

  test('but counting from the second closed connection on', async () => {
    const late: Behaviour = (socket, one, nth) => void setTimeout(() => answers(allow)(socket, one, nth), 50);
    const { url, seen } = await aServer([late, late, reset, reset, answers(allow)]);
    const pep = aPep({ url, ...noRetry });
    await Promise.all([pep.decide(input), pep.decide(input)]);
    expect(new Set(seen.map(({ port }) => port)).size).toBe(2);
    expect(await pep.decide(input)).toMatchObject({ effect: 'deny', reason: 'pdp_unreachable', attempts: 2 });
  });
});

test.each([
  ['3', 3000],
  ['Sun, 22 Nov 2026 09:00:10 GMT', 10_000],
  ['Sun, 22 Nov 2026 08:00:00 GMT', 0],
  ['soon', 0],
  [undefined, 0],
])('[req: pep:retries] Retry-After %j is %d ms', (header, ms) => {
  expect(retryAfterMs(header, Date.parse('2026-11-22T09:00:00Z'))).toBe(ms);
});

test('[req: pep:retries] after several failures nobody asks for a moment; then one does', async () => {
  let nowMs = 0;
  const { url, seen } = await aServer([reset, reset, reset, answers(allow)]);
  const pep = aPep({
    url,
    ...noRetry,
    breaker: { failures: 2, openMs: 100 },
    surroundings: { monotonicMs: () => nowMs },
  });
  await pep.decide(input);
  await pep.decide(input);
  expect(await pep.decide(input)).toMatchObject({ reason: 'pdp_circuit_open', attempts: 0 });
  nowMs = 101;
  expect(await pep.decide(input)).toMatchObject({ reason: 'pdp_unreachable' });
  expect(await pep.decide(input)).toMatchObject({ reason: 'pdp_circuit_open' });
  nowMs = 300;
  const both = await Promise.all([pep.decide(input), pep.decide(input)]);
  expect(both.map(({ reason }) => reason)).toEqual(['policy', 'pdp_circuit_open']);
  expect(await pep.decide(input)).toMatchObject({ effect: 'allow' });
  expect(seen).toHaveLength(5);
});

describe('[req: pep:fail-mode] silence', () => {
  const failMode = { allowInAudit: ['read_file'] } as const;
  const audited = { ...input, mode: 'audit' } as const;

  test('allows a read in audit mode, where that was asked for, and says so', async () => {
    const { url } = await aServer([reset]);
    const decision = await aPep({ url, ...noRetry, failMode }).decide(audited);
    expect(decision).toMatchObject({
      effect: 'allow',
      reason: 'pep_fail_open',
      cause: 'pdp_unreachable',
      attempts: 1,
    });
    expect(await aPep({ url, ...noRetry }).decide(audited)).toMatchObject({ effect: 'deny' });
  });

  test.each([input, { ...input, mode: 'enforce' }, { ...audited, action: 'write_file' }] as const)(
    'denies anything else: %#',
    async (other) => {
      const { url } = await aServer([reset]);
      expect(await aPep({ url, ...noRetry, failMode }).decide(other)).toMatchObject({ effect: 'deny' });
    },
  );

  test.each([answers(deny), answers({}, 403), raw('{'), answers({})])(
    'is not the same as a bad answer: %#',
    async (behaviour) => {
      const { url } = await aServer([behaviour]);
      expect(await aPep({ url, failMode }).decide(audited)).toMatchObject({ effect: 'deny' });
    },
  );
});
