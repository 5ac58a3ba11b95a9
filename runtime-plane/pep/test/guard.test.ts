import { describe, expect, test } from 'vitest';
import type { Obligation } from '../src/index.ts';
import { carryOut } from '../src/obligations.ts';
import { answers, aPep, aServer, type Behaviour, input, type Seen } from './servers.ts';

function allowWith(...obligations: Obligation[]): Behaviour {
  return answers({ decision_id: 'd-7', result: { allow: true, obligations } });
}

function outcomesIn(seen: readonly Seen[]): unknown[] {
  return seen
    .filter(({ path }) => path.endsWith('/v1/outcomes'))
    .map(({ body }) => JSON.parse(String(body)) as unknown);
}

const never = (): never => {
  throw new Error('the act must not be tried');
};

describe('[req: pep:obligations] the guard', () => {
  test('carries out what was asked for before the act and after it, in order', async () => {
    const { url, seen } = await aServer([
      allowWith({ kind: 'redact', classes: ['pii'] }, { kind: 'quarantine' }),
    ]);
    const steps: string[] = [];
    const pep = aPep({
      url,
      obligations: {
        redact: ({ classes }) => void steps.push(`redact ${classes?.join()}`),
        quarantine: {
          before: () => void steps.push('open quarantine'),
          after: async (_, { decision }) => void steps.push(`quarantine ${decision.decisionId}`),
        },
      },
    });
    const guarded = await pep.guard(input, ({ reportBytes }) => {
      steps.push('act');
      reportBytes(12);
      return 42;
    });
    expect(guarded).toMatchObject({ result: 'done', value: 42, decision: { effect: 'allow' } });
    expect(steps).toEqual(['redact pii', 'open quarantine', 'act', 'quarantine d-7']);
    await pep.close();
    expect(seen[0]?.headers['chaperone-obligations']).toBe('quarantine, redact');
    expect(outcomesIn(seen)).toEqual([{ decision_id: 'd-7', result: 'done', bytes: 12 }]);
  });

  test.each<[string, () => void | Promise<void>]>([
    ['throws', () => never()],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['hangs', () => new Promise(() => undefined)],
  ])('does not act when a handler %s', async (_what, redact) => {
    const { url, seen } = await aServer([allowWith({ kind: 'redact' })]);
    const pep = aPep({ url, obligationMs: 50, obligations: { redact } });
    expect(await pep.guard(input, never)).toMatchObject({
      result: 'denied',
      decision: { effect: 'deny', reason: 'pep_obligation_failed', decisionId: 'd-7' },
    });
    await pep.close();
    expect(outcomesIn(seen)).toEqual([{ decision_id: 'd-7', result: 'abandoned' }]);
  });

  test('does not act when nobody handles an obligation, however many others are handled', async () => {
    const { url } = await aServer([allowWith({ kind: 'notify' }, { kind: 'redact' })]);
    let isNotified = false;
    const obligations = { notify: () => void (isNotified = true), redact: undefined };
    const pep = aPep({ url, obligations: obligations as never });
    expect(await pep.guard(input, never)).toMatchObject({
      result: 'denied',
      decision: { reason: 'unknown_obligation' },
    });
    expect(isNotified).toBe(false);
  });

  test('counts on nobody: an obligation without a handler is not carried out', async () => {
    const decision = { effect: 'allow', reason: 'policy', message: '', rules: [], attempts: 1 } as const;
    const duty = { input, decision: { ...decision, obligations: [{ kind: 'redact' }] as const } };
    expect(await carryOut('before', {}, duty, 50)).toBe('redact');
    expect(await carryOut('before', { redact: () => undefined }, duty, 50)).toBeUndefined();
  });

  test('hands no value over when what had to follow failed', async () => {
    const { url, seen } = await aServer([allowWith({ kind: 'quarantine' })]);
    const pep = aPep({ url, obligations: { quarantine: { after: never } } });
    const guarded = await pep.guard(input, () => 'secret');
    expect(guarded).toMatchObject({ result: 'withheld', decision: { reason: 'pep_obligation_failed' } });
    expect(JSON.stringify(guarded)).not.toContain('secret');
    await pep.close();
    expect(outcomesIn(seen)).toEqual([{ decision_id: 'd-7', result: 'done' }]);
  });

  test('takes handlers for one act, which know its content', async () => {
    const { url, seen } = await aServer([allowWith({ kind: 'redact' })]);
    let text = 'IBAN DE02';
    const guarded = await aPep({ url }).guard(input, () => text, {
      obligations: { redact: () => void (text = text.replace(/DE\d+/, '▮')) },
    });
    expect(guarded).toMatchObject({ result: 'done', value: 'IBAN ▮' });
    expect(seen[0]?.headers['chaperone-obligations']).toBe('redact');
  });

  test('notifies about a deny, which stays one', async () => {
    const told: unknown[] = [];
    const { url } = await aServer([
      answers({ result: { allow: false, obligations: [{ kind: 'notify', message: 'Hands off.' }] } }),
    ]);
    const pep = aPep({ url, obligations: { notify: ({ message }) => void told.push(message) } });
    expect(await pep.guard(input, never)).toMatchObject({ result: 'denied', decision: { reason: 'policy' } });
    expect(told).toEqual(['Hands off.']);
  });

  test.each<[string, Behaviour]>([
    ['deny', answers({ result: { allow: false } })],
    ['reset', (socket) => socket.resetAndDestroy()],
    ['lie', answers({ result: { allow: 1 } })],
  ])('never acts without an allow: %s', async (_what, behaviour) => {
    const { url } = await aServer([behaviour]);
    const guarded = await aPep({ url, retries: { attempts: 1 } }).guard(input, never);
    expect(guarded.result).toBe('denied');
  });

  test('does not act when the caller gave up in the meantime', async () => {
    const { url, seen } = await aServer([allowWith({ kind: 'notify' })]);
    const caller = new AbortController();
    const pep = aPep({ url, obligations: { notify: () => caller.abort() } });
    expect(await pep.guard(input, never, { signal: caller.signal })).toMatchObject({
      decision: { reason: 'pep_aborted' },
    });
    await pep.close();
    expect(outcomesIn(seen)).toEqual([{ decision_id: 'd-7', result: 'abandoned' }]);
  });
});

describe('[req: pep:outcomes] the outcome', () => {
  test('of an act that threw is failed, with its errno', async () => {
    const { url, seen } = await aServer([allowWith()]);
    const pep = aPep({ url });
    const error = Object.assign(new Error('no'), { code: 'EACCES' });
    const guarded = await pep.guard(input, () => Promise.reject(error));
    expect(guarded).toMatchObject({ result: 'failed', error });
    await pep.close();
    expect(outcomesIn(seen)).toEqual([{ decision_id: 'd-7', result: 'failed', errno: 'EACCES' }]);
  });

  test('holds nobody up, and the end waits for it only so long', async () => {
    const notices: string[] = [];
    const { url } = await aServer([allowWith()], { outcomes: [() => undefined] });
    const pep = aPep({ url, onNotice: (line) => notices.push(line) });
    const begun = performance.now();
    expect(await pep.guard(input, () => 1)).toMatchObject({ result: 'done' });
    expect(performance.now() - begun).toBeLessThan(500);
    await pep.close(100);
    expect(performance.now() - begun).toBeLessThan(1500);
    expect(notices).toEqual(['an outcome was not reported: stopped']);
  });

  test('is told again until it is taken', async () => {
    const notices: string[] = [];
    const { url, seen } = await aServer([allowWith()], {
      outcomes: [(socket) => socket.resetAndDestroy(), answers({}, 503), answers({}, 409)],
    });
    const pep = aPep({ url, onNotice: (line) => notices.push(line) });
    pep.report(await pep.decide(input), { result: 'done', bytes: 1 });
    await pep.close(5000);
    expect(outcomesIn(seen)).toEqual(Array(3).fill({ decision_id: 'd-7', result: 'done', bytes: 1 }));
    expect(notices).toEqual([]);
  });

  test('goes to nobody once the server says that it takes none', async () => {
    const notices: string[] = [];
    const { url, seen } = await aServer([allowWith()], { outcomes: [answers({}, 404)] });
    const pep = aPep({ url, onNotice: (line) => notices.push(line) });
    for (let i = 0; i < 3; i += 1) await pep.guard(input, () => 1);
    while (notices.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await pep.guard(input, () => 1);
    await pep.close();
    expect(outcomesIn(seen)).toHaveLength(3);
    expect(notices).toEqual(['the decision point takes no outcomes; none are reported from now on']);
  });

  test('of a decision without an id goes nowhere, nor where it was not wanted', async () => {
    const { url, seen } = await aServer([answers({ result: true })]);
    const pep = aPep({ url });
    await pep.guard(input, () => 1);
    const other = await aServer([allowWith()]);
    const unwanted = aPep({ url: other.url, outcomes: false });
    await unwanted.guard(input, () => 1);
    await Promise.all([pep.close(), unwanted.close()]);
    expect([...outcomesIn(seen), ...outcomesIn(other.seen)]).toEqual([]);
  });
});
