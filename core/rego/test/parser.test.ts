import { describe, expect, test } from 'vitest';
import { ask, program, refusal, refusals } from './harness.ts';

describe('parse errors carry place and hint', () => {
  test.each([
    ['p { true }', 'rego_parse_error 2:3'],
    ['p[x] := 1 if x :=', 'rego_parse_error 2:18'],
    ['p := "abc', 'rego_parse_error 2:6'],
    ['p := 012', 'rego_parse_error 2:7'],
    ['p := [1, 2', 'rego_parse_error 2:11'],
    ['p contains', 'rego_parse_error 2:11'],
    ['p if { }', 'rego_parse_error 2:6'],
    ['default p', 'rego_parse_error 2:10'],
    ['import foo.bar', 'rego_parse_error 2:15'],
    ['p := 1 q := 2', 'rego_parse_error 2:8'],
    ['p := 1e999', 'rego_unsupported 2:11'],
  ])('%s', (source, expected) => {
    expect(refusal(source)).toBe(expected);
  });

  test('a v0 rule in a v1 module says what to write', () => {
    const [error] = refusals('package a\nallow { true }');
    expect(error).toMatchObject({ code: 'rego_parse_error', file: 'test.rego', row: 2, col: 7 });
    expect(error?.hint).toContain('if');
  });

  test('hostile nesting is an error and not a stack overflow', () => {
    for (const part of ['[', '{1: ', 'x[', 'f(', '{1 | ', '$"{', '('])
      expect(refusal(`p := ${part.repeat(5000)}`)).toContain('rego_parse_error');
    expect(refusal(`p if { ${'x := {1 | '.repeat(5000)}`)).toContain('rego_parse_error');
  });

  test('every broken module is reported', () => {
    expect(refusals('package a\np := 1 +\n').length).toBe(1);
  });
});

describe('dialects', () => {
  test('v0: bodies without if, partial sets, several bodies', () => {
    const source =
      'package a\np { input.x == 1 } { input.x == 2 }\nq[x] { x = input.xs[_] }\nr = x { x := 7 }\ns.t[x] { x = "k" }';
    const at = (path: string, input: unknown) => program(source, 'v0').entrypoint(path).evaluate(input);
    expect(at('a/p', { x: 2 })).toBe(true);
    expect(at('a/p', { x: 3 })).toBeUndefined();
    expect(at('a/q', { xs: ['b', 'a', 'b'] })).toEqual(['a', 'b']);
    expect(at('a/r', {})).toBe(7);
    expect(at('a/s', {})).toEqual({ t: { k: true } });
  });

  test('v0: future keywords and rego.v1', () => {
    expect(
      program('package a\nimport future.keywords.in\np { 1 in [1] }', 'v0').entrypoint('a/p').evaluate({}),
    ).toBe(true);
    expect(
      program('package a\nimport rego.v1\np contains 1 if true', 'v0').entrypoint('a/p').evaluate({}),
    ).toEqual([1]);
    expect(refusals('package a\nimport rego.v1\np { true }', 'v0')).toHaveLength(1);
    expect(program('package a\nif = 1\np = x { x := if }', 'v0').entrypoint('a/p').evaluate({})).toBe(1);
  });

  test('no silent fallback from v1 to v0', () => {
    expect(refusals('package a\np { true }')).toHaveLength(1);
  });
});

describe('literals', () => {
  test('comments, raw strings, escapes, numbers', () => {
    expect(
      ask('# METADATA\n# title: x\np := [`a\\n`, "a\\n\\u00e9", 1e3, -0.5, 12345678901234567890] # end'),
    ).toEqual(['a\\n', 'a\né', 1000, -0.5, Number(12345678901234567890n)]);
  });
  test('integers beyond 2^53 are exact', () => {
    expect(ask('p := 9007199254740993 - 9007199254740992')).toBe(1);
    expect(ask('p if 9007199254740993 != 9007199254740992')).toBe(true);
    expect(ask('p := json.marshal(9007199254740993 * 3)')).toBe('27021597764222979');
  });
  test('template strings', () => {
    expect(ask('p := $"{input.a}-{input.b} \\{x}{[x | x := 1]}"', 'p', { a: 'v' })).toBe(
      'v-<undefined> {x}[1]',
    );
  });
});
