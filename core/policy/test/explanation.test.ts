import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '@chaperone/protocol';
import { loadPolicy, type Policy, type PolicySource, type RuleTrace } from '../src/index.ts';

/** Line 1 is the package; the body begins on line 2. */
function aPolicy(body: string, rest: Partial<PolicySource> = {}): Policy {
  const source = `package chaperone.access\n${body}\n`;
  return loadPolicy({ modules: [{ file: 'p.rego', source }], revision: 'r1', ...rest });
}

const read = (name: string): DecisionInput => ({ action: 'read_file', path: name });

/** `line outcome`, in the order of the explanation. */
function order(policy: Policy, input: DecisionInput): readonly string[] {
  const { decision, rules } = policy.explain(input);
  expect(decision).toEqual(policy.decide(input));
  return rules.map(({ line, outcome }) => `${line} ${outcome}`);
}

const byDefault = `default decision := {"allow": false, "reason": "default_deny"}
decision := {"allow": true} if allow
allow if {
  input.action == "execute"
  input.path == "/bin/ls"
}
allow if {
  input.action == "read_file"
  not secret
  in_work(input.path)
}
secret if endswith(input.path, ".key")
in_work(name) if {
  some root in data.roots
  startswith(name, root)
}`;

describe('a denial by default', () => {
  const policy = aPolicy(byDefault, { data: { roots: ['/work/', '/srv/'] } });

  test('names the allowing rule that came closest, what failed in it, and what that rests on', () => {
    const { decision, rules } = policy.explain(read('/etc/passwd'));
    expect(decision).toMatchObject({ effect: 'deny', reason: 'default_deny' });
    expect(rules[0]).toEqual({
      rule: 'data.chaperone.access.allow',
      file: 'p.rego',
      line: 8,
      outcome: 'failed',
      failed: {
        line: 11,
        text: 'in_work(input.path)',
        facts: [{ name: 'input.path', value: '/etc/passwd' }],
      },
    });
    expect(rules[1]).toMatchObject({
      rule: 'data.chaperone.access.in_work',
      line: 14,
      failed: {
        text: 'startswith(name, root)',
        facts: [
          { name: 'name', value: '/etc/passwd' },
          { name: 'root', value: '/work/' },
        ],
      },
    });
    expect(order(policy, read('/etc/passwd'))).toEqual([
      '8 failed',
      '14 failed',
      '4 failed',
      '3 failed',
      '2 matched',
      '13 failed',
    ]);
  });

  test('another rule is the closest for another act', () => {
    expect(order(policy, { action: 'execute', path: '/bin/sh' }).slice(0, 2)).toEqual([
      '4 failed',
      '8 failed',
    ]);
  });

  test('where a condition wanted nothing, what there was follows it', () => {
    expect(order(policy, read('/work/a.key')).slice(0, 2)).toEqual(['8 failed', '13 matched']);
  });

  test('how close a rule came includes the rule that it passes on to', () => {
    const two = aPolicy(`default decision := {"allow": false}
decision := {"allow": true} if listing
decision := {"allow": true} if reading
listing if input.action == "list"
reading if {
  input.action == "read_file"
  input.path == "/a"
}`);
    expect(order(two, read('/b'))).toEqual(['6 failed', '4 failed', '5 failed', '3 failed', '2 matched']);
  });

  test('a rule that would have denied came close to nothing', () => {
    const two = aPolicy(`default decision := {"allow": false}
decision := {"allow": false, "message": input.path} if {
  input.action == "read_file"
  input.path == "/a"
}
decision := {"allow": true} if input.path == "/b"`);
    expect(order(two, read('/c'))).toEqual(['7 failed', '2 matched', '3 failed']);
  });

  test('a rule that gave false comes before those that did not match', () => {
    const refusing = aPolicy(`decision := {"allow": allow}
allow if input.path == "/a"
allow := false if input.path == "/b"`);
    expect(order(refusing, read('/b'))).toEqual(['4 matched', '3 failed', '2 matched']);
  });

  test('the last else is a default too', () => {
    const chain = aPolicy(
      'decision := {"allow": true} if input.path == "/a"\nelse := {"allow": true} if input.action == "x"\nelse := {"allow": false}',
    );
    expect(order(chain, read('/b'))).toEqual(['2 failed', '3 failed', '4 matched']);
  });

  test('a decision that is put together from rules leads to the one that is missing', () => {
    const policyOfParts = aPolicy(
      'decision := {"allow": allow, "message": message}\ndefault allow := false\nallow if input.path == "/a"\nmessage := "yes" if allow\nelse := "no"',
    );
    expect(order(policyOfParts, read('/b')).slice(0, 1)).toEqual(['4 failed']);
  });
});

describe('a denial that the policy states', () => {
  test('members of the set that made it come first', () => {
    const source = readFileSync(path.join(import.meta.dirname, 'assistant.rego'), 'utf8');
    const policy = loadPolicy({
      modules: [{ file: 'demo.rego', source }],
      data: { demo: { books: '/home/ann/books', runtimes: [] } },
      revision: 'r1',
    });
    const { decision, rules } = policy.explain(read('/home/ann/books/2026.ods'));
    expect(decision.message).toBe('the books are not for agents');
    expect(rules.map(({ rule, outcome }) => `${rule.split('.').at(-1)} ${outcome}`).slice(0, 2)).toEqual([
      'reasons matched',
      'decision matched',
    ]);
    expect(rules[0]?.value).toBe('the books are not for agents');
  });

  test('also when allow is only kept from holding by them', () => {
    const policy = aPolicy(
      `decision := {"allow": allow, "message": concat("; ", reasons)}
default allow := false
allow if {
  input.path == "/a"
  count(reasons) == 0
}
reasons contains "not at night" if input.night
roots contains "/a" if input.path`,
    );
    const input = { ...read('/a'), night: true } as DecisionInput;
    expect(order(policy, input).slice(0, 2)).toEqual(['8 matched', '4 failed']);
    // A set that the policy only looks things up in says nothing against the act.
    const lists = aPolicy(
      'default decision := {"allow": false}\ndecision := {"allow": true} if input.path in roots\nroots contains "/a" if input.action',
    );
    expect(order(lists, read('/b'))).toEqual(['3 failed', '2 matched', '4 matched']);
  });

  test('also when the decision only repeats them', () => {
    const policy = aPolicy(`default message := ""
message := concat(", ", sort(lines)) if lines != set()
decision := {"allow": false, "message": message}
lines contains "not today" if input.path
lines contains "ab" if input.path`);
    expect(policy.explain(read('/a')).rules[0]).toMatchObject({ line: 5, value: 'not today' });
  });

  test('a plain rule comes first, and what it rests on', () => {
    const policy = aPolicy(
      `default decision := {"allow": true}
aside := 1 if input.path
decision := {"allow": true} if { aside < 2; input.never }
decision := {"allow": false, "reason": "keys"} if secret(input.path)
secret(name) if endswith(name, ".pem")
secret(name) if endswith(name, ".key")`,
    );
    expect(order(policy, read('/a.key'))).toEqual([
      '5 matched',
      '7 matched',
      '3 matched',
      '4 failed',
      '6 failed',
    ]);
  });

  test('a sidecar policy that answers with a bare boolean', () => {
    const source =
      'package endpoint.access\ndefault allow = false\nallow {\n  input.action == "execute"\n}\n';
    const policy = loadPolicy({ modules: [{ file: 'p.rego', source }], revision: 'r1' });
    expect(order(policy, read('/a'))).toEqual(['3 failed', '2 matched']);
    expect(policy.explain(read('/a')).rules[0]?.failed?.line).toBe(4);
  });
});

test('a permission begins with the rule that gave it, down to its grounds', () => {
  const policy = aPolicy(byDefault, { data: { roots: ['/work/'] } });
  expect(order(policy, read('/work/a'))).toEqual([
    '3 matched',
    '8 matched',
    '14 matched',
    '4 failed',
    '13 failed',
  ]);
});

describe('[req: policy:explain:total] explain never throws', () => {
  test('an error in the policy is an outcome, with its message', () => {
    const policy = aPolicy(
      'decision := {"allow": ok}\nok := true if input.path\nok := false if input.path\nunused if input.x',
    );
    const { decision, rules } = policy.explain(read('/a'));
    expect(decision).toMatchObject({ effect: 'deny', reason: 'policy_error' });
    expect(rules[0]).toMatchObject({ rule: 'data.chaperone.access.ok', line: 4, outcome: 'error' });
    expect(rules[0]?.failed?.text).toContain('must not produce multiple outputs');
    expect(rules.map(({ line }) => line)).toEqual([4, 2, 3]);
  });

  test('an exhausted budget is an outcome', () => {
    const policy = aPolicy(
      'decision := {"allow": true} if {\n some i in numbers.range(1, 9000)\n some j in numbers.range(1, 9000)\n i + j < 0\n}',
      { steps: 50_000 },
    );
    const { decision, rules } = policy.explain(read('/a'));
    expect(decision).toMatchObject({ reason: 'policy_timeout' });
    expect(rules).toMatchObject([{ line: 2, outcome: 'error' }]);
  });

  test('the number of rules is bounded', () => {
    const many = Array.from({ length: 800 }, (_, i) => `reasons contains "r${i}" if input.n == ${i}`);
    const policy = aPolicy(`decision := {"allow": count(reasons) == 0}\n${many.join('\n')}`);
    const { rules } = policy.explain({ ...read('/a'), n: 799 } as DecisionInput);
    expect(rules).toHaveLength(500);
    expect(rules.find(({ outcome }) => outcome === 'matched')).toMatchObject({ line: 802, value: 'r799' });
  });

  test('whatever the input, its decision is that of decide', () => {
    const policy = aPolicy(
      `default decision := {"allow": false}
decision := {"allow": true} if { input.size / input.parts > 2; not odd }
decision := {"allow": false, "message": m} if { some m in reasons }
odd if input.size % 2 == 1
reasons contains sprintf("%v is %v", [k, v]) if some k, v in input.parts`,
    );
    fc.assert(
      fc.property(fc.record({ size: fc.anything(), parts: fc.anything() }), (facts) => {
        const input = { action: 'os_api', ...facts } as unknown as DecisionInput;
        const { decision, rules } = policy.explain(input);
        expect(decision).toEqual(policy.decide(input));
        expect(new Set(rules.map(({ line, rule }: RuleTrace) => `${rule} ${line}`)).size).toBe(rules.length);
      }),
      { numRuns: 300 },
    );
  });
});
