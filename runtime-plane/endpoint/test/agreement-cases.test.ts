/** The golden cases of every shipped profile: decision, check and explanation give one answer, and it is the expected one. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { DecisionInput } from '@chaperone/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { Mounts } from '../src/context/mounts.ts';
import { findProfile } from '../src/decide/profile.ts';
import { applySettings } from '../src/decide/settings.ts';
import type { Action } from '../src/intercept/actions.ts';
import { openQuestions, type Questions } from '../src/session-question.ts';
import { casesOf, policies, profilesWith, session } from './golden-cases.ts';

const ids = profilesWith('cases.json');

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

/** Facts that the gate knows by itself; what else a case states, nothing here could make true. */
const ofACall = new Set([
  'action',
  'path',
  'target',
  'operation',
  'destination',
  'command',
  'process',
  'resource',
]);
const device = statSync('/', { bigint: true }).dev;
const here = new Mounts().kindOf(device, '/');
let held = 0;

function actOf(input: DecisionInput): Action | undefined {
  const { action: name, path: one, target, operation, destination, command, process, resource } = input;
  const { kind, size, links, mount, classification } = resource ?? {};
  // What is in the body of a request, only who carries it can say.
  if (classification !== undefined) return undefined;
  if (mount !== (size === undefined ? undefined : here)) return undefined;
  const extra = Object.keys(process ?? {}).some((key) => key !== 'pid' && key !== 'exe');
  if (extra || !Object.keys(input).every((key) => ofACall.has(key))) return undefined;
  return {
    name,
    repeatable: false,
    ...(kind === undefined ? {} : { kind: kind as NonNullable<Action['kind']> }),
    ...(size === undefined ? {} : { object: { size, owner: 0, links: links ?? 1, mode: 0o644, device } }),
    ...(one === undefined ? {} : { path: { path: one } }),
    ...(target === undefined ? {} : { target: { path: target } }),
    ...(operation === undefined ? {} : { operation }),
    ...(destination === undefined ? {} : { destination }),
    ...(command?.argv === undefined ? {} : { command: { ...command, argv: command.argv } }),
  };
}

afterAll(() => {
  if (here === 'local') expect(held).toBeGreaterThan(250);
  else console.log(`not compared where they lie on a local disk: this machine's root is ${String(here)}`);
});

test('[req: explain:agreement] there are cases', () => expect(ids.length).toBeGreaterThan(3));

describe.each(ids)('[req: explain:agreement] %s', (id) => {
  const cases = casesOf(id);
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
      // The way of a held call, with its record, wherever the case says no more than a call does.
      const act = actOf(input);
      if (!act) return;
      const [recorded] = questions.askActs([act], { pid: 1, exe: whole.process.exe ?? '' });
      expect(recorded?.decision).toEqual(checked.decision);
      expect(recorded?.decision.obligations).toEqual(decided.obligations);
      expect(recorded?.input).toMatchObject({ action: input.action, agent: facts.agent, mode: facts.mode });
      held += 1;
    },
  );
});
