/** What the policy's answer to a release means, and what happens where it says nothing. */
import { loadPolicy } from '@chaperone/policy';
import type { DecisionInput } from '@chaperone/protocol';
import { expect, test } from 'vitest';
import type { ReleaseQuestion } from '../src/enforce/quarantine/judge.ts';
import { Mounts } from '../src/context/mounts.ts';
import { Names } from '../src/context/subject.ts';
import type { Steps } from '../src/flow.ts';
import { carriedOut } from '../src/obligations/carry-out.ts';
import { answerRelease, releaseObligations } from '../src/session-release.ts';

const written: ReleaseQuestion = {
  action: 'write_file',
  path: { path: '/place/report' },
  kind: 'file',
  size: 4,
  content: { classification: [], labels: [], findings: [] },
  labelChange: 'none',
};

function ask(
  rules: string,
  question: Partial<ReleaseQuestion>,
  mode: 'enforce' | 'audit' = 'enforce',
  journal = true,
) {
  const recorded: { input: DecisionInput; effect: string; obligations: readonly string[] }[] = [];
  const policy = loadPolicy({
    modules: [{ file: 'access.rego', source: `package chaperone.access\n\n${rules}\n` }],
    revision: 'r1',
    knownObligations: releaseObligations(carriedOut),
  });
  const steps: Steps = {
    session: {
      person: { user: 'alice', groups: [] },
      agent: { id: 'test' },
      mode,
      owners: new Names('/etc/passwd'),
      mounts: new Mounts(),
      clock: () => 0,
    },
    policy,
    limits: undefined,
    listFolder: () => [],
    surroundings: { tell() {}, endSession() {} },
    denied() {},
    record(input, decision) {
      if (!journal) throw new Error('full');
      recorded.push({
        input,
        effect: decision.effect,
        obligations: decision.obligations.map(({ kind }) => kind),
      });
      return { seq: 1, id: 's:1' };
    },
  };
  return { answer: answerRelease({ ...written, ...question }, steps, policy), recorded };
}

const all = 'default decision := {"allow": true}';

test('allow, redact, hold, deny [req: quarantine:settle]', () => {
  expect(ask(all, {}).answer).toMatchObject({ outcome: 'release', decision: 's:1' });
  const duty = (obligation: string): string => `decision := {"allow": true, "obligations": [${obligation}]}`;
  expect(ask(duty('{"kind": "redact", "classes": ["pii"]}'), {}).answer).toMatchObject({
    outcome: 'redact',
    classes: ['pii'],
  });
  for (const kind of ['quarantine', 'require_approval', 'justify'])
    expect(ask(duty(`{"kind": "${kind}"}`), {}).answer).toMatchObject({ outcome: 'hold', reason: 'policy' });
  expect(ask('decision := {"allow": false, "message": "no"}', {}).answer).toMatchObject({
    outcome: 'discard',
    message: 'no',
  });
});

test('who cannot decide throws nothing away [req: quarantine:settle]', () => {
  expect(ask('decision := {"allow": true} if input.action == "never"', {}).answer).toMatchObject({
    outcome: 'hold',
    reason: 'undecided',
  });
  expect(ask('decision := {"allow": "yes"}', {}).answer).toMatchObject({
    outcome: 'hold',
    reason: 'undecided',
  });
  expect(ask(all, {}, 'enforce', false).answer).toMatchObject({ outcome: 'hold', reason: 'undecided' });
  expect(ask('decision := {"allow": false}', {}, 'audit').answer).toMatchObject({ outcome: 'release' });
  expect(ask(all, { kind: 'fifo' }).answer).toMatchObject({ outcome: 'discard' });
});

test('a label that goes or falls is held unless the policy looked at that [req: quarantine:labels]', () => {
  const previous = { classification: [], labels: ['confidential'] };
  for (const labelChange of ['removed', 'lowered', 'changed'] as const) {
    const { answer, recorded } = ask(all, { previous, labelChange });
    expect(answer).toMatchObject({ outcome: 'hold', reason: 'label' });
    expect(recorded).toMatchObject([{ effect: 'allow', obligations: ['quarantine'] }]);
    expect(recorded[0]?.input.resource).toMatchObject({ label_change: labelChange, previous });
  }
  for (const labelChange of ['none', 'added', 'raised'] as const)
    expect(ask(all, { previous, labelChange }).answer.outcome).toBe('release');
  const speaks =
    'default decision := {"allow": false}\ndecision := {"allow": true} if input.resource.label_change != "removed"';
  expect(ask(speaks, { previous, labelChange: 'lowered' }).answer.outcome).toBe('release');
  expect(ask(speaks, { previous, labelChange: 'removed' }).answer.outcome).toBe('discard');
});

test('what could not be read is held unless the policy speaks of that [req: quarantine:settle]', () => {
  const content = { classification: ['unread.encrypted'], labels: [], findings: [] };
  expect(ask(all, { content }).answer).toMatchObject({ outcome: 'hold', reason: 'unreadable' });
  const looksForOthers =
    'default decision := {"allow": false}\ndecision := {"allow": true} if not "pii.iban" in input.resource.classification';
  expect(ask(looksForOthers, { content }).answer).toMatchObject({ outcome: 'hold', reason: 'unreadable' });
  const forbids = `${all}\ndecision := {"allow": false} if "unread.encrypted" in input.resource.classification`;
  expect(ask(forbids, { content }).answer.outcome).toBe('discard');
  const permits = `${all}\ndecision := {"allow": true, "message": "sealed"} if "unread.encrypted" in input.resource.classification`;
  expect(ask(permits, { content }).answer.outcome).toBe('release');
  const other = { ...content, classification: ['unread.corrupt'] };
  expect(ask(permits, { content: other }).answer).toMatchObject({ outcome: 'hold', reason: 'unreadable' });
});
