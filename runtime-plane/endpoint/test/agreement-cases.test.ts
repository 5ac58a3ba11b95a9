/** The golden cases of every shipped profile: decision, check and explanation give one answer, and it is the expected one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DecisionInput } from '@chaperone/protocol';
import { describe, expect, test } from 'vitest';
import { findProfile } from '../src/decide/profile.ts';
import { applySettings } from '../src/decide/settings.ts';
import { openQuestions, type Questions } from '../src/session-question.ts';

type Case = {
  readonly name: string;
  readonly input: DecisionInput;
  readonly set?: readonly string[];
  readonly expect: { readonly allow: boolean };
};

const policies = path.resolve(import.meta.dirname, '../../../policies');
const session = {
  home: '/home/u',
  workspace: '/home/u/work',
  user: 'u',
  tmp: '/tmp',
  git: ['/home/u/work/.git'],
  program: '/usr/bin/agent',
};
const ids = readdirSync(policies).filter((id) => existsSync(path.join(policies, id, 'cases.json')));

function questionsFor(
  id: string,
): (set: readonly string[]) => { questions: Questions; facts: Partial<DecisionInput> } {
  const { folder, settings, type, risk, capabilities, mode } = findProfile(id, {
    shipped: policies,
    own: '/nowhere',
  });
  const agent = { id, type, risk, capabilities, session: 's' };
  const known = new Map<string, Questions>();
  return (set) => {
    const data = structuredClone({ session, settings: applySettings(settings, set, session) });
    const place = {
      policy: {
        locations: [folder, path.join(policies, 'lib')],
        data: JSON.parse(JSON.stringify(data)) as typeof data,
      },
      sealed: [folder],
      mode,
      person: { user: 'u', groups: ['u'] },
      agent,
      command: ['agent'],
      cwd: session.workspace,
      stateDir: '/nowhere/state',
      journalDir: '/nowhere/journal',
    };
    const questions = known.get(set.join('\n')) ?? openQuestions(place, () => {});
    known.set(set.join('\n'), questions);
    return { questions, facts: { user: 'u', groups: ['u'], mode, agent } };
  };
}

test('[req: explain:agreement] there are cases', () => expect(ids.length).toBeGreaterThan(3));

describe.each(ids)('[req: explain:agreement] %s', (id) => {
  const cases = JSON.parse(readFileSync(path.join(policies, id, 'cases.json'), 'utf8')) as Case[];
  const questionsOf = questionsFor(id);

  test.each(cases.map((one) => [one.name, one] as const))(
    '%s',
    (_, { input, set = [], expect: expected }) => {
      const { questions, facts } = questionsOf(set);
      const whole = { process: { pid: 1, exe: '/usr/bin/agent' }, ...facts, ...input };
      const decided = questions.policy.decide(whole);
      expect(decided.effect).toBe(expected.allow ? 'allow' : 'deny');
      const explained = questions.policy.explain(whole);
      expect(explained.decision).toEqual(decided);
      const checked = questions.askInput(whole);
      // Nothing that a case expects to be allowed may lie beyond the profile's own floor.
      if (expected.allow && checked.by !== 'move') expect(checked.decision).toEqual(decided);
      if (!expected.allow) expect(checked.decision.effect).toBe('deny');
      if (checked.by === 'policy')
        expect(checked).toMatchObject({ decision: decided, explanation: explained });
    },
  );
});
