import type { DecisionInput } from '@chaperone/protocol';
import type { Policy } from '@chaperone/policy';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecisionClass, DecisionClasses, scopeOf } from '../src/decide/decision-class.ts';
import type { Limits } from '../src/decide/limits.ts';
import { anAllow, aPolicy, noLimits } from './policy-fixture.ts';

function anInput(path: string, more: Partial<DecisionInput> = {}): DecisionInput {
  return { action: 'read_file', path, process: { pid: 1, exe: '/usr/bin/cat' }, user: 'u', ...more };
}

function classOf(policy: Policy, input: DecisionInput, limits: Limits = noLimits): DecisionClass | undefined {
  const { decision, reads } = policy.decideTracked(input);
  expect(decision.effect, 'only an allow has a class').toBe('allow');
  return new DecisionClasses(policy, limits).of(input, reads);
}

describe('the width of a class', () => {
  test('is the widest folder for which the policy gives one answer', () => {
    const policy = anAllow('startswith(input.path, "/work/")');
    expect(classOf(policy, anInput('/work/a/b/c'))).toEqual({ under: '/work/', exact: false, perExe: false });
    expect(classOf(anAllow('true'), anInput('/work/a'))).toMatchObject({ under: '/', exact: false });
  });

  test('ends where a rule below would answer otherwise', () => {
    const policy = aPolicy(`decision := {"allow": true} if {
      startswith(input.path, "/work/")
      not startswith(input.path, "/work/a/secret/")
    }`);
    expect(classOf(policy, anInput('/work/a/open'))).toMatchObject({ under: '/work/a/open', exact: true });
    expect(classOf(policy, anInput('/work/b/c/d'))).toMatchObject({ under: '/work/b/', exact: false });
    expect(classOf(policy, anInput('/work/a/x/y'))).toMatchObject({ under: '/work/a/x/', exact: false });
  });

  test('is the path alone when the answer depends on its end', () => {
    const policy = anAllow('endswith(input.path, ".md")');
    expect(classOf(policy, anInput('/work/a.md'))).toEqual({
      under: '/work/a.md',
      exact: true,
      perExe: false,
    });
  });

  test('is the path alone when some allow below carries an obligation', () => {
    const policy =
      aPolicy(`decision := {"allow": true, "obligations": duties} if startswith(input.path, "/work/")
default duties := []
duties := [{"kind": "notify"}] if endswith(input.path, ".env")`);
    expect(classOf(policy, anInput('/work/a'))).toMatchObject({ under: '/work/a', exact: true });
    const always = aPolicy('decision := {"allow": true, "obligations": [{"kind": "notify"}]}');
    expect(classOf(always, anInput('/work/a'))).toMatchObject({ exact: true });
  });

  test('is asked anew for another action and another executable', () => {
    const policy = anAllow(
      'input.process.exe == "/usr/bin/cat"; input.action == "read_file"',
      'input.path == "/a/b"',
    );
    const classes = new DecisionClasses(policy, noLimits);
    const find = (input: DecisionInput): DecisionClass | undefined =>
      classes.of(input, policy.decideTracked(input).reads);
    expect(find(anInput('/a/b', { action: 'write_file' }))).toMatchObject({ exact: true });
    // What could not be told for one executable says nothing about another.
    expect(find(anInput('/a/b', { process: { pid: 2, exe: '/usr/bin/vi' } }))).toMatchObject({ exact: true });
    expect(find(anInput('/a/b'))).toMatchObject({ under: '/', exact: false });
  });
});

describe('for whom a class holds', () => {
  test('for everyone, or for the executable that the policy looked at', () => {
    const policy = anAllow('input.process.exe == "/usr/bin/cat"; startswith(input.path, "/work/")');
    expect(classOf(policy, anInput('/work/a'))).toEqual({ under: '/work/', exact: false, perExe: true });
    const exact = anAllow('input.process.exe == "/usr/bin/cat"; input.path == "/work/a"');
    expect(classOf(exact, anInput('/work/a'))).toEqual({ under: '/work/a', exact: true, perExe: true });
  });

  test.each([
    ['the object', 'input.resource.kind == "file"'],
    ['its size', 'input.resource.size < 100'],
    ['the process', 'input.process.pid == 1'],
    ['the digest of the program', 'input.process.sha256 == "00"'],
    ['what the process descends from', '"/bin/sh" in input.process.ancestors'],
    ['the time', 'input.time != ""'],
    ['the whole input', 'count(input) > 0'],
  ])('nothing is remembered when the answer depends on %s', (_what, condition) => {
    const process = { pid: 1, exe: '/usr/bin/cat', sha256: '00', ancestors: ['/bin/sh'] };
    const time = '2026-01-01T00:00:00Z';
    const input = anInput('/work/a', { process, time, resource: { kind: 'file', size: 5 } });
    expect(classOf(anAllow(condition), input)).toBeUndefined();
  });

  test('nothing is remembered for a path that text cannot carry, or that is none', () => {
    expect(classOf(anAllow('true'), anInput('/work/\ufffd', { path_bytes: 'L3dvcmsv/w==' }))).toBeUndefined();
    expect(classOf(anAllow('true'), anInput('socket:[1]'))).toBeUndefined();
  });

  test('scopeOf takes what it does not know for what may change', () => {
    expect(scopeOf(undefined)).toBeUndefined();
    expect(scopeOf(new Set())).toBe('anyone');
    expect(scopeOf(new Set(['action', 'path', 'process.exe']))).toBe('exe');
    expect(scopeOf(new Set(['process.exe', 'process']))).toBeUndefined();
    expect(scopeOf(new Set(['a.field.of.a.later.version']))).toBeUndefined();
  });
});

describe('what a class never holds', () => {
  const limits: Limits = {
    closed: ['/home/u/.keys'],
    sealed: ['/home/u/policy'],
    granted: { read: ['/'], write: ['/home'], execute: ['/usr'] },
  };

  test('neither what is closed nor, for changes, what is sealed', () => {
    const under = (action: DecisionInput['action'], path: string): string | undefined =>
      classOf(anAllow('true'), anInput(path, { action }), limits)?.under;
    expect(under('read_file', '/home/u/work/a/b')).toBe('/home/u/work/');
    expect(under('read_file', '/home/v/a')).toBe('/home/v/');
    expect(under('read_file', '/home/u/policy/a/b')).toBe('/home/u/policy/');
    expect(under('write_file', '/home/u/work/a')).toBe('/home/u/work/');
    expect(under('write_file', '/home/u/a')).toBe('/home/u/a');
    // A name that only begins alike.
    expect(under('read_file', '/home/u/.keys2/a')).toBe('/home/u/.keys2/');
  });

  test('nor what the floor does not grant', () => {
    expect(classOf(anAllow('true'), anInput('/home/v/a', { action: 'write_file' }), limits)?.under).toBe(
      '/home/v/',
    );
    const work = { ...noLimits, granted: { read: ['/work/a'], write: [], execute: [] } };
    expect(classOf(anAllow('true'), anInput('/work/a/b/c'), work)?.under).toBe('/work/a/');
  });
});

const segment = fc.constantFrom('work', 'a', 'b', 'secret', '.env', 'x.md', 'ä', 'A', 'workshop', ' ');
const concrete = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
const folder = fc.array(segment, { maxLength: 2 }).map((parts) => ['', ...parts, ''].join('/'));
const condition = fc.oneof(
  folder.map((one) => `startswith(input.path, ${JSON.stringify(one)})`),
  folder.map((one) => `not startswith(input.path, ${JSON.stringify(one)})`),
  segment.map((one) => `endswith(input.path, ${JSON.stringify(one)})`),
  segment.map((one) => `not contains(input.path, ${JSON.stringify(one)})`),
  segment.map((one) => `contains(lower(input.path), ${JSON.stringify(one)})`),
  segment.map((one) => `split(input.path, "/")[1] == ${JSON.stringify(one)}`),
  segment.map((one) => `substring(input.path, 1, 4) != ${JSON.stringify(one)}`),
  concrete.map((one) => `input.path != ${JSON.stringify(one)}`),
  concrete.map((one) => `input.path < ${JSON.stringify(one)}`),
  folder.map((one) => `glob.match(${JSON.stringify(`${one}**`)}, ["/"], input.path)`),
  folder.map((one) => `regex.match(${JSON.stringify(`^${one}`)}, input.path)`),
  folder.map((one) => `trim_prefix(input.path, ${JSON.stringify(one)}) != input.path`),
  fc.nat(20).map((one) => `count(input.path) > ${one}`),
  fc.constant('input.process.exe == "/usr/bin/cat"'),
);
const rule = fc.array(condition, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('; '));

test('whatever is below a class is allowed', () => {
  let wide = 0;
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 3 }),
      fc.array(rule, { maxLength: 2 }),
      fc.array(concrete, { minLength: 6, maxLength: 6 }),
      fc.array(concrete, { minLength: 6, maxLength: 6 }),
      (allows, denies, asked, below) => {
        const policy = aPolicy(
          [
            'decision := {"allow": true} if { allowed; not denied }',
            ...allows.map((one) => `allowed if { ${one} }`),
            'default denied := false',
            ...denies.map((one) => `denied if { ${one} }`),
          ].join('\n'),
        );
        const classes = new DecisionClasses(policy, noLimits);
        for (const path of asked) {
          const { decision, reads } = policy.decideTracked(anInput(path));
          if (decision.effect === 'deny') continue;
          const found = classes.of(anInput(path), reads);
          if (!found || found.exact) continue;
          wide += 1;
          expect(path.startsWith(found.under)).toBe(true);
          for (const end of [...below.map((one) => one.slice(1)), 'q', '\u{10ffff}', 'Ω/'.repeat(9)]) {
            const exe = found.perExe ? '/usr/bin/cat' : '/opt/other';
            const answer = policy.decide(anInput(found.under + end, { process: { pid: 9, exe } }));
            expect([found.under + end, answer.effect]).toEqual([found.under + end, 'allow']);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(wide, 'classes that were put to the test').toBeGreaterThan(50);
});
