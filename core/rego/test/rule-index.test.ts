import { describe, expect, test } from 'vitest';
import { AnyUnder, compile } from '../src/index.ts';
import type { Entrypoint } from '../src/index.ts';

const entry = (body: string): Entrypoint =>
  compile([{ file: 'f', source: `package test\n${body}` }]).entrypoint('test/p');

const many = (rule: (i: number) => string, n = 40): string =>
  Array.from({ length: n }, (_, i) => rule(i)).join('\n');

/** How often `user` was read while the policy was asked, and the answer. */
function asked(policy: Entrypoint, input: Record<string, unknown>): { reads: number; value: unknown } {
  let reads = 0;
  const counting = {
    ...input,
    get user() {
      reads += 1;
      return 'u7';
    },
  };
  return { value: policy.evaluate(counting), reads };
}

describe('of rules that are keyed on constants, only those are tried that can hold', () => {
  test.each([
    ['==', (i: number) => `p contains ${i} if { input.action == "a${i}"; input.user == "u7" }`],
    ['== reversed', (i: number) => `p contains ${i} if { "a${i}" == input.action; input.user == "u7" }`],
    ['=', (i: number) => `p contains ${i} if { input.action = "a${i}"; input.user == "u7" }`],
    [
      'in a set',
      (i: number) => `p contains ${i} if { input.action in {"a${i}", "b${i}"}; input.user == "u7" }`,
    ],
    [
      'in an array',
      (i: number) => `p contains ${i} if { input.action in ["a${i}", "a${i}"]; input.user == "u7" }`,
    ],
    [
      'a variable',
      (i: number) => `p contains ${i} if { x := input.action; x == "a${i}"; input.user == "u7" }`,
    ],
    [
      'after a test',
      (i: number) => `p contains ${i} if { input.action == "a${i}"; input.n > 0; input.user == "u7" }`,
    ],
  ])('%s', (_, rule) => {
    expect(asked(entry(many(rule)), { action: 'a7', n: 1 })).toEqual({ value: [7], reads: 1 });
    expect(asked(entry(many(rule)), { action: 'none', n: 1 })).toEqual({ value: [], reads: 0 });
    expect(asked(entry(many(rule)), { n: 1 })).toEqual({ value: [], reads: 0 });
  });

  test('arguments of functions, by their constants and by what is compared with them', () => {
    const f = many((i) => `f("a${i}", x) := ${i} if { input.user == "u7"; x.kind == "k" }`);
    expect(asked(entry(`${f}\np := f(input.action, {"kind": "k"})`), { action: 'a7' })).toEqual({
      value: 7,
      reads: 1,
    });
    const g = many((i) => `f(x) := ${i} if { x.kind == "a${i}"; input.user == "u7" }`);
    expect(asked(entry(`${g}\np := f(input)`), { kind: 'a7' })).toEqual({ value: 7, reads: 1 });
  });

  test('two keys, and rules without a key among them', () => {
    const rules = many((i) => `p contains ${i} if { input.a == "x${i % 4}"; input.b == ${i}; input.user }`);
    const policy = entry(`${rules}\np contains "always" if input.user`);
    expect(asked(policy, { a: 'x3', b: 7 })).toEqual({ value: [7, 'always'], reads: 2 });
    expect(asked(policy, { a: 'x2', b: 7 })).toEqual({ value: ['always'], reads: 1 });
  });

  test('branches of an else chain count together', () => {
    const policy = entry(
      many(
        (i) =>
          `p := "one" if { input.action == "a${i}"; input.user == "no" } else := "two" if { input.action == "b${i}"; input.user }`,
      ),
    );
    expect(asked(policy, { action: 'a7' })).toEqual({ value: undefined, reads: 1 });
    expect(asked(policy, { action: 'b7' })).toEqual({ value: 'two', reads: 1 });
  });
});

describe('the index reads and decides nothing else', () => {
  test('what only follows another test is not read for the index', () => {
    const policy = entry(many((i) => `p contains ${i} if { input.n > ${i}; input.user == "u${i}" }`));
    expect(asked(policy, { n: 0 })).toEqual({ value: [], reads: 0 });
  });

  test('integers of any size are found, other kinds of values meet no constant', () => {
    const rules = many((i) => `p contains ${i} if input.n == ${i}`);
    const policy = entry(`${rules}\np contains "large" if input.n == 9007199254740993`);
    expect(policy.evaluate({ n: 7 })).toEqual([7]);
    expect(policy.evaluate({ n: 9007199254740993n })).toEqual(['large']);
    for (const n of ['7', [7], { 7: 7 }, null, true]) expect(policy.evaluate({ n })).toEqual([]);
  });

  test('a conflict between two rules of one key is found', () => {
    const policy = entry(
      `${many((i) => `p := ${i} if input.a == "a${i}"`)}\np := "other" if input.a == "a7"`,
    );
    expect(policy.evaluate({ a: 'a8' })).toBe(8);
    expect(() => policy.evaluate({ a: 'a7' })).toThrow(/complete rules must not produce multiple outputs/);
  });

  test('it follows the input that a `with` puts in place', () => {
    const rules = many((i) => `q contains ${i} if input.a == "a${i}"`);
    expect(entry(`${rules}\np := q`).evaluate({ a: 'a3' })).toEqual([3]);
    const replaced = entry(`${rules}\np := x if x := q with input.a as "a5"`);
    expect(replaced.evaluate({ a: 'a3' })).toEqual([5]);
  });

  test('an unknown string is looked up nowhere: every rule that it might meet counts', () => {
    const policy = entry(many((i) => `p contains ${i} if input.path == "/a/${i}"`));
    expect(policy.probe({ path: new AnyUnder('/b/') })).toMatchObject({ determined: true, value: [] });
    expect(policy.probe({ path: new AnyUnder('/a/') }).determined).toBe(false);
    expect(policy.track({ path: '/a/7' })).toEqual({ value: [7], reads: new Set(['path']), volatile: false });
  });

  test('an explanation still names the condition that failed in each rule', () => {
    const explained = entry(many((i) => `p contains ${i} if input.a == "a${i}"`)).explain({ a: 'a7' });
    const outcomes = explained.bodies.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'failed')).toHaveLength(39);
  });
});
