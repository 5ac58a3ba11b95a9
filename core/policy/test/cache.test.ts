/** [req: policy:cache] What is remembered gives the answer that the policy would give. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '@chaperone/protocol';
import { DecisionCache, loadPolicy, type Policy, type PolicySource } from '../src/index.ts';

function aPolicy(body: string, rest: Partial<PolicySource> = {}): Policy {
  const source = `package chaperone.access\n\n${body}\n`;
  return loadPolicy({ modules: [{ file: 'p.rego', source }], revision: 'r1', ...rest });
}

const rules = `default decision := {"allow": false}
decision := {"allow": true, "rules": ["w"]} if { input.action == "write_file"; startswith(input.path, "/w/") }
decision := {"allow": true, "rules": ["x"]} if { input.action == "execute"; input.process.exe in data.exes; not "guest" in input.groups }
decision := {"allow": true, "rules": ["t"]} if { input.action == "connect"; input.time < "2026" }
decision := {"allow": true, "rules": ["g"]} if { input.action == "use_clipboard"; some g in input.grants; g.id == "1" }`;
const data = { exes: ['/bin/a', '/bin/b'] };

describe('DecisionCache', () => {
  test('[req: policy:cache] the same facts are a hit, whatever the rest of the input is', () => {
    const cache = new DecisionCache(aPolicy(rules, { data }));
    const ask = (path: string, pid: number): unknown =>
      cache.decide({ action: 'write_file', path, process: { pid } }).rules;
    expect(ask('/w/a', 1)).toEqual(['w']);
    expect(ask('/w/a', 2)).toEqual(['w']);
    expect(ask('/x', 3)).toEqual([]);
    expect(cache.counts).toEqual({ hits: 1, misses: 2, passed: 0, entries: 2 });
  });

  test('[req: policy:cache] it never looks at a fact that the policy did not look at', () => {
    const cache = new DecisionCache(aPolicy(rules, { data }));
    const input: DecisionInput = {
      action: 'write_file',
      path: '/w/a',
      get process(): never {
        throw new Error('looked at');
      },
    };
    expect([cache.decide(input).effect, cache.decide(input).effect]).toEqual(['allow', 'allow']);
    expect(cache.counts.hits).toBe(1);
    expect(
      cache.decide({
        action: 'execute',
        get process(): never {
          throw new Error('broken');
        },
      } as DecisionInput),
    ).toMatchObject({
      effect: 'deny',
      reason: 'policy_error',
    });
  });

  test.each([
    ['the time of the input', { action: 'connect', time: '2025' }, { action: 'connect', time: '2027' }],
    [
      'a grant',
      { action: 'use_clipboard', grants: [{ id: '1', action: 'connect', expires_at: '2020' }] },
      { action: 'use_clipboard', grants: [] },
    ],
  ] as const)('[req: policy:cache] an answer that read %s is not remembered', (_what, one, other) => {
    const cache = new DecisionCache(aPolicy(rules, { data }));
    for (let i = 0; i < 3; i += 1) {
      expect(cache.decide(one).effect).toBe('allow');
      expect(cache.decide(other).effect).toBe('deny');
    }
    expect(cache.counts).toMatchObject({ hits: 0, misses: 1, passed: 5 });
  });

  test.each([
    ['the clock', 'time.now_ns() < 1000000000000'],
    ['the clock by a function', 'before'],
    ['the clock in a date', 'time.date(time.now_ns())[0] == 1970'],
  ])('[req: policy:cache] an answer that read %s is not remembered', (_what, condition) => {
    let now = 1;
    const body = `default decision := {"allow": false}\nbefore if time.now_ns() < 1000000000000\ndecision := {"allow": true} if { input.path; ${condition} }`;
    const policy = aPolicy(body, { host: { now: () => now } });
    const cache = new DecisionCache(policy);
    const ask = (): string => cache.decide({ action: 'read_file', path: '/a' }).effect;
    expect([ask(), ask()]).toEqual(['allow', 'allow']);
    now = 40_000_000_000_000;
    expect(ask()).toBe('deny');
    expect(cache.counts).toMatchObject({ hits: 0, entries: 0 });
    expect(policy.decideTracked({ action: 'read_file', path: '/a' }).reads).toBeUndefined();
    expect(policy.decideClass({ action: 'read_file' }, '/a/')?.reads).toBeUndefined();
    // What ends before the clock is read depends on nothing but its facts.
    expect(policy.decideTracked({ action: 'read_file' }).reads).toEqual(new Set(['path']));
  });

  test('[req: policy:cache] an error, and a policy that reads the whole input, are not remembered', () => {
    const failing = new DecisionCache(
      aPolicy('decision := {"allow": true} if input.path\ndecision := {"allow": false} if input.path'),
    );
    const whole = new DecisionCache(aPolicy('decision := {"allow": count(input) > 1}'));
    for (let i = 0; i < 3; i += 1) {
      expect(failing.decide({ action: 'read_file', path: '/a' }).reason).toBe('policy_error');
      expect(whole.decide({ action: 'read_file', path: '/a' }).effect).toBe('allow');
      expect(whole.decide({ action: 'read_file' }).effect).toBe('deny');
    }
    expect([failing.counts.hits, whole.counts.hits]).toEqual([0, 0]);
  });

  test('[req: policy:cache] a key with a dot is not taken for a path', () => {
    const policy = aPolicy('decision := {"allow": input["process.exe"] == "x"}');
    const cache = new DecisionCache(policy);
    const ask = (exe: string): string =>
      cache.decide({ action: 'execute', 'process.exe': exe, process: { pid: 1, exe: 'y' } } as DecisionInput)
        .effect;
    expect([ask('x'), ask('z'), ask('x')]).toEqual(['allow', 'deny', 'allow']);
  });

  test('[req: policy:cache] it keeps to its bound, and forgets what was not asked for the longest', () => {
    const cache = new DecisionCache(aPolicy(rules, { data }), { entries: 3 });
    const ask = (path: string): void => void cache.decide({ action: 'write_file', path });
    for (const path of ['/1', '/2', '/3', '/1', '/4', '/1', '/5']) ask(path);
    expect(cache.counts).toMatchObject({ hits: 2, misses: 5, entries: 3 });
    ask('/1');
    expect(cache.counts.hits).toBe(3);
    ask('/2');
    expect(cache.counts).toMatchObject({ hits: 3, entries: 3 });
    const one = new DecisionCache(aPolicy('decision := {"allow": true}'), { entries: 1 });
    for (let i = 0; i < 3; i += 1) one.decide({ action: 'execute' });
    expect(one.counts).toEqual({ hits: 2, misses: 1, passed: 0, entries: 1 });
  });

  test('[req: policy:cache] values that are too long, or are no JSON, pass by', () => {
    const cache = new DecisionCache(aPolicy('decision := {"allow": input.groups[0] == "a"}'), {
      valueLength: 20,
    });
    const ask = (groups: unknown): string =>
      cache.decide({ action: 'execute', groups } as DecisionInput).effect;
    expect([
      ask(['a']),
      ask(['a']),
      ask(['a', 'x'.repeat(30)]),
      ask(['a', undefined]),
      ask(['a', null]),
    ]).toEqual(Array(5).fill('allow'));
    expect(cache.counts).toMatchObject({ hits: 1, entries: 2 });
    expect([ask('["a"]'), ask(['b'])]).toEqual(['deny', 'deny']);
  });

  test('[req: policy:cache] where nothing is asked twice it stops to look', () => {
    const cache = new DecisionCache(aPolicy(rules, { data }));
    for (let i = 0; i < 3_000; i += 1) cache.decide({ action: 'write_file', path: `/${i}` });
    expect(cache.counts.passed).toBeGreaterThan(1_500);
    for (let i = 0; i < 200; i += 1) cache.decide({ action: 'write_file', path: '/again' });
    expect(cache.counts.hits).toBeGreaterThan(100);
  });

  test('[req: policy:cache] whatever is asked, in whatever order, the answer is that of the policy', () => {
    const policy = aPolicy(rules, { data });
    const fact = fc.record(
      {
        action: fc.constantFrom('write_file', 'execute', 'connect', 'use_clipboard', 'read_file'),
        path: fc.constantFrom('/w/a', '/w/b', '/x', '\0cx', 1, null, ['/w/a'], true),
        process: fc.constantFrom({ exe: '/bin/a' }, { exe: ['/bin/a'] }, {}, 'x', null, { pid: 3 }),
        groups: fc.constantFrom(['guest'], ['a'], [], 'guest', { x: 'guest' }, [['guest']]),
        time: fc.constantFrom('2025', '2027'),
        grants: fc.constantFrom([], [{ id: '1' }]),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (facts, entries) => {
        const cache = new DecisionCache(policy, { entries });
        for (const one of facts) {
          const input = one as DecisionInput;
          expect(cache.decide(input)).toEqual(policy.decide(input));
          expect(cache.counts.entries).toBeLessThanOrEqual(entries);
        }
      }),
      { numRuns: 300 },
    );
  });
});
