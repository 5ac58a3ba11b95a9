import { describe, expect, test } from 'vitest';
import { Code } from '../src/code.ts';
import { generate } from '../src/codegen/module.ts';
import { check } from '../src/compile.ts';
import { compile, RegoErrors } from '../src/index.ts';
import type { Module } from '../src/index.ts';
import type { Group } from '../src/tree.ts';

const modules: readonly Module[] = [
  {
    file: 'a.rego',
    source: `package a
allow if helper(input.x) with input.y as base
base := data.b.limits[input.k]
unrelated := [x | some x in data.c.other]
helper(x) if x == "far from the rest"`,
  },
  { file: 'b.rego', source: 'package b\nlimits := {"k": 1}\nalso_unrelated := 2' },
  { file: 'c.rego', source: 'package c\nother := ["only in other"]' },
];

function pathsOf(path: readonly string[]): string[] {
  const { info } = check(modules);
  const group = info.tree.byPath.get(JSON.stringify(path));
  if (group === undefined) throw new Error('no such rule');
  const { reached } = generate(info, 'fast', [group]);
  return [...reached].map((one) => one.path.join('.')).toSorted();
}

describe('code for one document', () => {
  test('holds what the document can reach and nothing else', () => {
    expect(pathsOf(['a', 'allow'])).toEqual(['a.allow', 'a.base', 'a.helper', 'b.limits']);
    expect(pathsOf(['c', 'other'])).toEqual(['c.other']);
  });

  test('gives what code for everything gives, in whatever order documents are asked for', () => {
    const paths = ['a/allow', 'a', 'b/limits', 'c/other', ''];
    const input = { x: 'far from the rest', k: 'k' };
    const values = (order: readonly string[]): Map<string, unknown> => {
      const program = compile(modules);
      return new Map(order.map((path) => [path, program.entrypoint(path).evaluate(input)]));
    };
    const expected = values(['', ...paths]);
    expect(expected.get('a/allow')).toBe(true);
    expect(expected.get('')).toMatchObject({
      a: { base: 1, unrelated: ['only in other'] },
      b: { limits: { k: 1 } },
    });
    for (const order of [paths, paths.toReversed()]) expect(values(order)).toEqual(expected);
  });

  test('is made once, and a second time for everything', () => {
    const { info } = check(modules);
    const group = (...path: string[]): Group => info.tree.byPath.get(JSON.stringify(path)) as Group;
    const code = new Code(info, {}, 'auto', 'fast');
    const first = code.of(group('a', 'allow'));
    expect(code.of(group('b', 'limits'))).toBe(first);
    const second = code.of(group('c', 'other'));
    expect(second).not.toBe(first);
    expect(code.of(group('b', 'also_unrelated'))).toBe(second);
    expect(code.of(group('a', 'allow'))).toBe(first);
    expect(code.reports()).toHaveLength(2);
  });

  test('coverage names the rules that no code was made for', () => {
    const program = compile(modules);
    program.entrypoint('c/other').explain({});
    const rows = Object.fromEntries(program.coverage().map((one) => [one.file, [one.coveredRows, one.rows]]));
    expect(rows).toEqual({ 'a.rego': [0, 4], 'b.rego': [0, 2], 'c.rego': [1, 1] });
  });
});

describe('what the JavaScript engine does not take', () => {
  const long = (iterations: number): string =>
    `package a\np := 1\nq if {\n${Array.from({ length: iterations }, (_, i) => `x${i} := input[_]`).join('\n')}\n}`;

  test('is refused when the policy is loaded, also in rules that nobody asks for', () => {
    const load = (): unknown => compile([{ file: 'a.rego', source: long(1600) }]);
    expect(load).toThrow(RegoErrors);
    expect(load).toThrow('a rule is too long or nests too deeply');
  });

  test('is none of what is left untried', () => {
    const { info } = check([{ file: 'a.rego', source: long(130) }]);
    expect(info.largest).toBeLessThan(400);
    expect(() => generate(info, 'fast')).not.toThrow();
    expect(
      compile([{ file: 'a.rego', source: long(130) }])
        .entrypoint('a/q')
        .evaluate({ k: 1 }),
    ).toBe(true);
  });
});
