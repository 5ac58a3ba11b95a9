import { describe, expect, test } from 'vitest';
import { compile, marshal, RegoErrors } from '../src/index.ts';
import type { QueryOptions, QueryResult } from '../src/index.ts';

const source = `package a.b

b := [1, 2]
f(x) := x + 1
s := {1, "x"}
big := 123456789012345678901234567890
loop := [x | some x in numbers.range(1, 100000)]`;

const program = compile([{ file: 'a.rego', source }], { data: { d: 7 }, steps: 10_000 });

function ask(text: string, options?: QueryOptions): readonly QueryResult[] {
  return program.query(text, { i: 'in' }, options);
}

function refusal(text: string, options?: QueryOptions): string {
  try {
    ask(text, options);
  } catch (error) {
    if (error instanceof RegoErrors) return error.message;
    throw error;
  }
  return 'accepted';
}

const bindings = (text: string, options?: QueryOptions): unknown[] =>
  ask(text, options).map((result) => ({ ...result.bindings }));
const values = (text: string, options?: QueryOptions): unknown[] =>
  ask(text, options).map((result) => result.expressions.map(({ value }) => value));

describe('ad-hoc queries', () => {
  test('give bindings in order and every expression with its text, value and place', () => {
    const [first, second, ...rest] = ask('data.a.b.b = x;\n  y := x[_]; y > 0');
    expect(rest).toEqual([]);
    expect(Object.keys(first?.bindings ?? {})).toEqual(['x', 'y']);
    expect({ ...second?.bindings }).toEqual({ x: [1, 2], y: 2 });
    expect(first?.expressions).toEqual([
      { text: 'data.a.b.b = x', value: true, row: 1, col: 1 },
      { text: 'y := x[_]', value: true, row: 2, col: 3 },
      { text: 'y > 0', value: true, row: 2, col: 14 },
    ]);
  });

  test('have no result when undefined; false is the answer of one expression only', () => {
    expect(ask('data.nothing')).toEqual([]);
    expect(values('1 > 2')).toEqual([[false]]);
    expect(ask('1 > 2; true')).toEqual([]);
    expect(values('[false, 1][_]')).toEqual([[1]]);
  });

  test('keep exact values, duplicates and order', () => {
    expect(ask('data.a.b.big')[0]?.expressions[0]?.value).toBe(123456789012345678901234567890n);
    expect(marshal(ask('x := data.a.b.s')[0]?.bindings['x'] ?? null)).toBe('[1,"x"]');
    expect(bindings('some i; [3, 3][i]')).toEqual([{ i: 0 }, { i: 1 }]);
    expect(values('[3, 3][_]')).toEqual([[3], [3]]);
    expect(bindings('not 1 == 2; walk([1], [_, v])')).toEqual([{ v: [1] }, { v: 1 }]);
  });

  test('resolve names by package and imports, and see input and data', () => {
    expect(values('f(b[0])', { package: 'a.b' })).toEqual([[2]]);
    expect(values('mine.f(3); i', { imports: ['data.a.b as mine', 'input.i'] })).toEqual([[4, 'in']]);
    expect(values('data.d')).toEqual([[7]]);
    expect(values('b with data.a.b.b as 3', { package: 'a.b' })).toEqual([[3]]);
    expect(values('count(data.a.b.b)')).toEqual([[2]]);
    expect(refusal('f(1)')).toBe('query:1:1: rego_type_error: undefined function f');
  });

  test('are refused with a place when malformed or unsafe', () => {
    expect(refusal('x = ')).toContain('query:1:5: rego_parse_error');
    expect(refusal('')).toContain('query:1:1: rego_parse_error: empty query');
    expect(refusal('true false')).toContain('query:1:6: rego_parse_error');
    expect(refusal('true\nx > 1')).toContain('query:2:1: rego_unsafe_var_error');
    expect(refusal('true', { package: 'a-b' })).toContain('rego_parse_error');
  });

  test('cost steps, obey strict built-in errors, and are tracked', () => {
    expect(() => ask('count(data.a.b.loop)')).toThrow('eval_budget_error');
    expect(ask('1 / data.zero')).toEqual([]);
    const query = program.prepareQuery('x := 1 / input.zero');
    expect(query.results({ zero: 0 })).toEqual([]);
    expect(() => query.results({ zero: 0 }, { strictBuiltinErrors: true })).toThrow(
      'query:1: eval_builtin_error: div: divide by zero',
    );
    expect(query.track({ zero: 2 }).reads).toEqual(new Set(['zero']));
    expect(query.track({ zero: 2 }).results[0]?.bindings['x']).toBe(0.5);
  });
});
