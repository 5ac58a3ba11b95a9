/** One answer, whoever asks: the policy, the enforcement path without a session, the explanation, and the command. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openQuestions, type QuestionPlace, type Questions } from '@chaperone/endpoint/question';
import { actionNames, type DecisionInput } from '@chaperone/protocol';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'agreement-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const places = { stateDir: path.join(scratch, 'state'), journalDir: path.join(scratch, 'journal') };

function placeOf(location: string): QuestionPlace {
  return {
    policy: { locations: [location] },
    sealed: [location],
    mode: 'enforce',
    person: { user: 'alice', groups: ['finance'] },
    agent: { id: 'test' },
    command: ['agent'],
    cwd: '/work',
    ...places,
  };
}

/** A policy with conditions on every kind of fact, several layers deep, and one that fails for some inputs. */
const thorough = `package chaperone.access

import rego.v1

default decision := {"allow": false, "reason": "default_deny", "message": "nothing allows this"}

decision := {"allow": true, "rules": ["work"]} if {
	count(reasons) == 0
	permitted
}

decision := {"allow": false, "reason": "forbidden", "message": concat("; ", reasons), "rules": ["forbidden"]} if count(reasons) > 0

permitted if {
	some base in ["/work/", "/tmp/"]
	startswith(input.path, base)
}

permitted if {
	input.action == "connect"
	input.destination.port in {80, 443}
}

reasons contains "secret" if contains(input.path, "secret")

reasons contains "leaves" if {
	startswith(input.path, "/work/")
	not startswith(input.target, "/work/")
	input.target
}

reasons contains sprintf("port %d", [input.destination.port]) if input.destination.port > 60000

reasons contains "odd" if to_number(input.operation) == 1

floor := {"read": ["/work", "/tmp", "/secret"], "write": ["/work", "/tmp"]}
`;

const names = fc.constantFrom(
  '/work/a',
  '/work/secret',
  '/tmp/x',
  '/secret/y',
  '/etc/passwd',
  '/work',
  '/',
  '/work/ü\x1b',
);
const anInput: fc.Arbitrary<DecisionInput> = fc
  .record(
    {
      action: fc.constantFrom(...actionNames),
      path: names,
      target: names,
      operation: fc.constantFrom('1', 'link', 'metadata'),
      destination: fc.record(
        { port: fc.integer({ min: 0, max: 65_535 }), host: fc.constantFrom('a.test', 'b') },
        { requiredKeys: [] },
      ),
      resource: fc.record({ kind: fc.constantFrom('file', 'symlink') }),
      process: fc.record({ pid: fc.nat(), exe: fc.constantFrom('/bin/x', '/usr/bin/git') }),
    },
    { requiredKeys: ['action'] },
  )
  // The step for moves asks about many names; it has an answer of its own.
  .filter(({ action }) => action !== 'rename_file');

function agree(questions: Questions, input: DecisionInput): void {
  const direct = questions.policy.decide(input);
  const explained = questions.policy.explain(input);
  const checked = questions.askInput(input);
  expect(explained.decision).toEqual(direct);
  if (checked.by === 'limits') {
    expect(checked.decision).toMatchObject({ effect: 'deny', reason: 'floor' });
    expect(checked.explanation).toBeUndefined();
  } else {
    expect(checked.decision).toEqual(direct);
    expect(checked.explanation).toEqual(explained);
  }
}

describe('[req: explain:agreement] decision, check and explanation', () => {
  test('agree for any input', () => {
    const file = path.join(scratch, 'access.rego');
    writeFileSync(file, thorough);
    const questions = openQuestions(placeOf(file), () => {});
    const seen = { allow: 0, deny: 0, floor: 0, error: 0 };
    fc.assert(
      fc.property(anInput, (input) => {
        agree(questions, input);
        const { decision, by } = questions.askInput(input);
        seen[by === 'limits' ? 'floor' : decision.reason === 'policy_error' ? 'error' : decision.effect] += 1;
      }),
      { numRuns: 2_000, seed: 42 },
    );
    // Each kind of answer was met.
    for (const kind of ['allow', 'deny', 'floor'] as const) expect(seen[kind], kind).toBeGreaterThan(50);
  });

  test('and the command agree', () => {
    const file = path.join(scratch, 'command.rego');
    writeFileSync(file, thorough);
    const questions = openQuestions(placeOf(file), () => {});
    for (const input of fc.sample(anInput, { numRuns: 8, seed: 3 })) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [path.join(root, 'cli/src/main.js'), 'check', '-p', file, '--input', '-', '--json'],
        { encoding: 'utf8', input: JSON.stringify(input), env: { ...process.env, XDG_STATE_HOME: scratch } },
      );
      const { decision } = questions.askInput(input);
      expect(stderr).toBe('');
      expect(status).toBe(decision.effect === 'allow' ? 0 : 1);
      const { effect, reason, message } = decision;
      expect(JSON.parse(stdout)).toMatchObject({ effect, reason, message });
    }
  });
});
