import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  denyReasons,
  explainObligation,
  type Obligation,
  obligationKinds,
  parseDecision,
} from '../src/index.ts';

const options = { revision: 'r1' };

describe('parseDecision', () => {
  test('a full answer becomes a decision', () => {
    const answer = {
      allow: true,
      reason: 'business_hours',
      message: 'Allowed until six.',
      obligations: [{ kind: 'limit', max_count: 3 }, { kind: 'audit_only' }],
      rules: ['files.read'],
    };
    expect(parseDecision(answer, options)).toEqual({
      effect: 'allow',
      reason: 'policy',
      policy_reason: 'business_hours',
      message: 'Allowed until six.',
      obligations: [{ kind: 'limit', max_count: 3 }, { kind: 'audit_only' }],
      rules: ['files.read'],
      revision: 'r1',
    });
  });

  test('[req: protocol:decision:default-deny] no answer denies', () => {
    expect(parseDecision(undefined, options)).toMatchObject({ effect: 'deny', reason: 'default_deny' });
    expect(parseDecision(undefined, { ...options, plainBoolean: true }).reason).toBe('default_deny');
    expect(parseDecision({ allow: false, reason: 'default_deny' }, options).reason).toBe('default_deny');
  });

  test('a plain boolean counts only where it was asked for', () => {
    expect(parseDecision(true, { ...options, plainBoolean: true }).effect).toBe('allow');
    expect(parseDecision(false, { ...options, plainBoolean: true })).toMatchObject({
      effect: 'deny',
      reason: 'policy',
    });
    expect(parseDecision(true, options)).toMatchObject({ effect: 'deny', reason: 'invalid_decision' });
  });

  test.each([
    ['a text', 'allow'],
    ['null', null],
    ['a list', [{ allow: true }]],
    ['no allow', { reason: 'x' }],
    ['allow as text', { allow: 'true' }],
    ['allow as number', { allow: 1 }],
    ['a misspelt obligation list', { allow: true, obligation: [{ kind: 'redact' }] }],
    ['obligations that are no list', { allow: true, obligations: { kind: 'redact' } }],
    ['obligations null', { allow: true, obligations: null }],
    ['an obligation that is a text', { allow: true, obligations: ['redact'] }],
    ['an obligation without kind', { allow: true, obligations: [{}] }],
    [
      'an obligation with a field it does not have',
      { allow: true, obligations: [{ kind: 'redact', clases: [] }] },
    ],
    [
      'an obligation with an ill-typed field',
      { allow: true, obligations: [{ kind: 'limit', max_bytes: '10' }] },
    ],
    ['a limit without a figure', { allow: true, obligations: [{ kind: 'limit' }] }],
    ['an endless message', { allow: true, message: 'x'.repeat(1001) }],
    ['rules that are no texts', { allow: true, rules: [1] }],
  ])('[req: protocol:decision:malformed-denies] %s denies', (_, answer) => {
    expect(parseDecision(answer, options)).toMatchObject({ effect: 'deny', reason: 'invalid_decision' });
  });

  test('[req: protocol:decision:unknown-obligation-denies] a kind nobody can carry out denies', () => {
    const answer = { allow: true, obligations: [{ kind: 'audit_only' }, { kind: 'teleport' }] };
    expect(parseDecision(answer, options)).toMatchObject({ effect: 'deny', reason: 'unknown_obligation' });
    const known = { ...options, knownObligations: new Set(['audit_only']) };
    const redact = { allow: true, obligations: [{ kind: 'redact' }] };
    expect(parseDecision(redact, options).effect).toBe('allow');
    expect(parseDecision(redact, known)).toMatchObject({ effect: 'deny', reason: 'unknown_obligation' });
    // `constructor` and its like are on every object, and no obligations.
    const inherited = { allow: true, obligations: [{ kind: 'constructor' }] };
    expect(parseDecision(inherited, options).reason).toBe('unknown_obligation');
  });

  test('a policy cannot claim a reason that is ours', () => {
    const decision = parseDecision({ allow: false, reason: 'journal_failed' }, options);
    expect(decision).toMatchObject({ reason: 'policy', policy_reason: 'journal_failed' });
  });

  test('whatever a policy returns, the result is an allow only when it says so plainly', () => {
    fc.assert(
      fc.property(fc.anything(), (answer) => {
        const decision = parseDecision(answer, options);
        expect(['allow', 'deny']).toContain(decision.effect);
        if (decision.effect === 'allow') expect((answer as { allow: unknown }).allow).toBe(true);
      }),
    );
  });
});

test('the deny reasons are a contract', () => {
  expect([...denyReasons].toSorted()).toEqual([
    'content_unread',
    'default_deny',
    'egress',
    'floor',
    'invalid_decision',
    'journal_failed',
    'not_permitted_in_session',
    'obligation_failed',
    'policy',
    'policy_error',
    'policy_missing',
    'policy_timeout',
    'refused_call',
    'supervisor_lost',
    'unknown_obligation',
    'unresolvable',
  ]);
});

test('every obligation explains itself in one sentence', () => {
  const samples: Obligation[] = [
    { kind: 'require_approval', approvers: ['carol'], ttl_seconds: 900 },
    { kind: 'redact', classes: ['pii.iban'] },
    { kind: 'quarantine' },
    { kind: 'audit_only' },
    { kind: 'justify' },
    { kind: 'notify', audience: 'admin' },
    { kind: 'limit', max_count: 3, max_bytes: 10, window_seconds: 60 },
    { kind: 'terminate' },
  ];
  expect(new Set(samples.map(({ kind }) => kind))).toEqual(obligationKinds);
  const sentences = samples.map(explainObligation);
  expect(new Set(sentences).size).toBe(samples.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(sentences[0]).toBe('It waits until carol approves it; the yes is good for 900 s.');
  expect(sentences[6]).toBe('At most 3 times and 10 bytes within 60 s.');
});
