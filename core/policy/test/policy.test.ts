import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '@chaperone/protocol';
import { loadPolicy, PolicyError, type PolicySource } from '../src/index.ts';

function aPolicy(body: string, rest: Partial<PolicySource> = {}) {
  const source = `package chaperone.access\nimport rego.v1\n${body}\n`;
  return loadPolicy({ modules: [{ file: 'p.rego', source }], revision: 'r1', ...rest });
}

const read = (path: string): DecisionInput => ({ action: 'read_file', path });

describe('loadPolicy', () => {
  test('answers with the rule of the policy', () => {
    const policy = aPolicy(`
      default decision := {"allow": false, "reason": "default_deny"}
      decision := {"allow": true, "obligations": {{"kind": "audit_only"}}} if startswith(input.path, "/work/")`);
    expect(policy.decide(read('/work/a'))).toMatchObject({
      effect: 'allow',
      obligations: [{ kind: 'audit_only' }],
      revision: 'r1',
    });
    expect(policy.decide(read('/etc/a'))).toMatchObject({ effect: 'deny', reason: 'default_deny' });
  });

  test('a rule that is undefined denies by default', () => {
    const policy = aPolicy('decision := {"allow": true} if input.path == "/a"');
    expect(policy.decide(read('/b'))).toMatchObject({ effect: 'deny', reason: 'default_deny' });
  });

  test('[req: policy:total] an error is a deny with its reason', () => {
    const policy = aPolicy(
      'decision := {"allow": true} if input.path\ndecision := {"allow": false} if input.path',
    );
    expect(policy.decide(read('/a'))).toMatchObject({ effect: 'deny', reason: 'policy_error' });
    expect(policy.decideTracked(read('/a'))).toMatchObject({
      decision: { reason: 'policy_error' },
      reads: undefined,
    });
  });

  test('[req: policy:total] an exhausted budget is a deny with its reason', () => {
    const policy = aPolicy(
      'decision := {"allow": true} if count([1 | some i in numbers.range(1, 1000); some j in numbers.range(1, 1000); i == j]) > 0',
      { steps: 10_000 },
    );
    expect(policy.decide(read('/a'))).toMatchObject({ effect: 'deny', reason: 'policy_timeout' });
  });

  test('[req: policy:total] whatever the input, there is a decision', () => {
    const policy = aPolicy(
      'decision := {"allow": true} if input.size / input.parts > 2\ndecision := {"allow": false} if not input.size',
    );
    fc.assert(
      fc.property(fc.record({ size: fc.anything(), parts: fc.anything() }), (facts) => {
        const decision = policy.decide({ action: 'os_api', ...facts } as unknown as DecisionInput);
        expect(['allow', 'deny']).toContain(decision.effect);
      }),
      { numRuns: 200 },
    );
  });

  test('a plain allow rule of a sidecar policy works unchanged, in the syntax before Rego 1.0', () => {
    const source =
      'package endpoint.access\n\ndefault allow = false\n\nallow {\n  input.action == "read_file"\n}\n';
    const policy = loadPolicy({ modules: [{ file: 'p.rego', source }], revision: 'r1' });
    expect(policy.entrypoint).toBe('endpoint/access/allow');
    expect(policy.decide(read('/a')).effect).toBe('allow');
    expect(policy.decide({ action: 'execute' })).toMatchObject({ effect: 'deny', reason: 'policy' });
  });

  test('tells what an answer depends on', () => {
    const policy = aPolicy(
      'default decision := {"allow": false}\ndecision := {"allow": true} if startswith(input.path, "/work/")',
    );
    const { decision, reads } = policy.decideTracked(read('/work/a'));
    expect(decision).toEqual(policy.decide(read('/work/a')));
    expect([...(reads ?? [])].some((name) => name.includes('path'))).toBe(true);
  });

  test('decides a whole class of paths where the policy does not tell them apart', () => {
    const policy = aPolicy(
      'default decision := {"allow": false}\ndecision := {"allow": true} if startswith(input.path, "/work/")',
    );
    expect(policy.decideClass(read('/x'), '/work/src/')?.decision.effect).toBe('allow');
    expect(policy.decideClass(read('/x'), '/etc/')?.decision.effect).toBe('deny');
    expect(policy.decideClass(read('/x'), '/wor')).toBeUndefined();
  });

  test('gives the floor of a session', () => {
    const policy = aPolicy(
      'default decision := {"allow": false}\nfloor := {"read": ["/usr/"]} if input.agent == "x"',
    );
    expect(policy.floor({ agent: 'x' })).toEqual({ read: ['/usr/'] });
    expect(policy.floor({ agent: 'y' })).toBeUndefined();
    expect(aPolicy('default decision := {"allow": false}').floor({})).toBeUndefined();
  });

  test('refuses a policy with a mistake, and one that does not answer', () => {
    const failure = (act: () => unknown): unknown => {
      try {
        return act();
      } catch (error) {
        return error;
      }
    };
    const mistake = failure(() => aPolicy('decision := nowhere'));
    expect(mistake).toBeInstanceOf(PolicyError);
    expect(mistake).toMatchObject({ code: 'refused', problems: [{ file: 'p.rego', row: 3 }] });
    expect(failure(() => aPolicy('other := 1'))).toMatchObject({ code: 'no_entrypoint' });
  });
});
