import { describe, expect, test } from 'vitest';
import { compile, RegoErrors } from '../src/index.ts';
import { ask, refusal, refusals } from './harness.ts';

describe('safety', () => {
  test.each([
    ['p := x', 'rego_unsafe_var_error 2:6'],
    ['p if x == 1', 'rego_unsafe_var_error 2:6'],
    ['p if not x == 1', 'rego_unsafe_var_error 2:6'],
    ['p if not input.xs[_]', 'rego_unsafe_var_error 2:6'],
    ['p if { some x; not input[x] }', 'rego_unsafe_var_error 2:16'],
    ['p if { x = y; y = x }', 'rego_unsafe_var_error 2:8'],
    ['p := [y | x := 1]', 'rego_unsafe_var_error 2:6'],
    ['f(x) := y', 'rego_unsafe_var_error 2:9'],
  ])('%s', (source, expected) => {
    expect(refusal(source)).toBe(expected);
  });

  test('expressions are put in an order in which every variable has a value', () => {
    expect(ask('p := z if { z = y + 1; y = x * 2; x = input.n }', 'p', { n: 3 })).toBe(7);
    expect(ask('p if { not r; r = input.b }', 'p', { b: false })).toBe(true);
    expect(ask('p := x if { x + 1 == input.xs[x] }', 'p', { xs: [5, 2, 9] })).toBe(1);
  });
});

describe('recursion, conflicts, arity', () => {
  test.each([
    'q if { x := "foo"; data.test[x] == 1 }',
    'q if { data.test[y] == 1; x = "foo"; y = x }',
    'q if { x := "test"; y := "foo"; data[x][y] == 1 }',
    'q if { x := "foo"; every i in [1] { data.test[x] == i } }',
    'q := data.test[x] == 1 if x := "foo"',
  ])('a variable that stands for one name reaches no other rule: %s', (rule) => {
    expect(ask(`foo := 1\n${rule}`, 'q')).toBe(true);
  });

  test.each([
    ['p if q\nq if p', 'rego_recursion_error'],
    ['f(x) := f(x)', 'rego_recursion_error'],
    ['p := data.test', 'rego_recursion_error'],
    ['p := data[input.x]', 'rego_recursion_error'],
    ['p := 1\np contains 2', 'rego_type_error'],
    ['f(x) := x\nf(x, y) := y', 'rego_type_error'],
    ['default p := 1\ndefault p := 2', 'rego_type_error'],
    ['p := 1\np.q := 2', 'rego_type_error'],
    ['p := count(1, 2, 3)', 'rego_type_error'],
    ['p := nope(1)', 'rego_type_error'],
    ['input := 1', 'rego_compile_error'],
    ['p if { x := 1; x := 2 }', 'rego_compile_error'],
    ['f(x) if { x := 2 }', 'rego_compile_error'],
  ])('%s', (source, code) => {
    expect(refusal(source)).toContain(code);
  });

  test('what is not supported is refused at load, by name', () => {
    for (const call of ['http.send(input.x)', 'rego.metadata.rule()']) {
      const [error] = refusals(`package test\np := x if { x := ${call} }`);
      expect(error).toMatchObject({ code: 'rego_unsupported' });
      expect(error?.message).toContain(call.slice(0, call.indexOf('(')));
    }
  });

  test('all errors come together', () => {
    try {
      compile([
        { file: 'a.rego', source: 'package a\np := x\nq := y' },
        { file: 'b.rego', source: 'package b\nr := z' },
      ]);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RegoErrors);
      expect(error instanceof RegoErrors && error.errors.map((e) => `${e.file}:${e.row}`)).toEqual([
        'a.rego:2',
        'a.rego:3',
        'b.rego:2',
      ]);
    }
  });
});
