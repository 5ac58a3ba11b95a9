import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '@chaperone/protocol';
import { loadPolicy, type Policy, simulate } from '../src/index.ts';

function aPolicy(body: string): Policy {
  return loadPolicy({
    modules: [{ file: 'p.rego', source: `package chaperone.access\n\n${body}\n` }],
    revision: body,
  });
}

const paths = (...all: string[]): DecisionInput[] => all.map((path) => ({ action: 'read_file', path }));
const current = aPolicy(`default decision := {"allow": false, "reason": "closed"}
decision := {"allow": true} if input.path in {"/a", "/b", "/c"}`);
const candidate = aPolicy(`default decision := {"allow": false, "reason": "closed"}
decision := {"allow": true} if input.path in {"/b", "/d"}
decision := {"allow": true, "obligations": [{"kind": "audit_only"}]} if input.path == "/c"
decision := {"allow": false, "reason": "secret"} if input.path == "/e"`);

describe('simulate', () => {
  test('[req: policy:simulate] tells what opens, what closes, and what else changes, in groups', async () => {
    const inputs = paths('/a', '/a', '/b', '/c', '/d', '/e', '/f');
    const report = await simulate(candidate, current, inputs);
    expect(report).toMatchObject({
      asked: 7,
      unchanged: 2,
      counts: { deny_to_allow: 1, allow_to_deny: 2, obligations: 1, reason: 1 },
      ungrouped: 0,
      stopped: false,
    });
    expect(
      report.groups.map(({ kind, action, before, after, count }) => [kind, action, before, after, count]),
    ).toEqual([
      ['deny_to_allow', 'read_file', 'deny (closed)', 'allow (policy)', 1],
      ['allow_to_deny', 'read_file', 'allow (policy)', 'deny (closed)', 2],
      ['obligations', 'read_file', 'allow (policy)', 'allow (policy) with audit_only', 1],
      ['reason', 'read_file', 'deny (closed)', 'deny (secret)', 1],
    ]);
    expect(report.groups[0]?.examples[0]).toMatchObject({
      input: { path: '/d' },
      before: { effect: 'deny' },
      after: { effect: 'allow' },
    });
    expect(await simulate(current, current, inputs)).toMatchObject({ unchanged: 7, groups: [] });
  });

  test('[req: policy:simulate] takes a stream, tells how far it is, and stops when it is told to', async () => {
    const progress: number[] = [];
    const control = new AbortController();
    async function* endless(): AsyncGenerator<DecisionInput> {
      for (let i = 0; ; i += 1) {
        yield { action: 'read_file', path: i % 2 === 0 ? '/a' : '/z' };
        await Promise.resolve();
      }
    }
    const report = await simulate(candidate, current, endless(), {
      every: 100,
      examples: 2,
      signal: control.signal,
      onProgress({ asked, changed }) {
        progress.push(asked);
        expect(changed).toBe(asked / 2);
        if (asked === 1_000) control.abort();
      },
    });
    expect(report).toMatchObject({ asked: 1_000, stopped: true, counts: { allow_to_deny: 500 } });
    expect(report.groups[0]?.examples).toHaveLength(2);
    expect(progress).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000, 1_000]);
  });

  test('[req: policy:simulate] memory is bounded however many kinds of changes there are; an input that fails is an answer', async () => {
    const each = aPolicy('decision := {"allow": true, "reason": input.path}');
    const many = paths(...Array.from({ length: 50 }, (_, i) => `/${i}`));
    const report = await simulate(each, current, many, { groups: 10 });
    expect(report.groups).toHaveLength(10);
    expect(report.ungrouped).toBe(40);
    expect(report.counts.deny_to_allow).toBe(50);
  });
});
