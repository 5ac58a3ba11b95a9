import { describe, expect, test } from 'vitest';
import { parseModule } from '../src/parser/module.ts';
import { ask, program, refusal, refusals } from './harness.ts';

describe('parse errors carry place and hint', () => {
  test.each([
    ['p { true }', 'rego_parse_error 2:3'],
    ['p[x] := 1 if x :=', 'rego_parse_error 2:18'],
    ['p := "abc', 'rego_parse_error 2:6'],
    ['p := 012', 'rego_parse_error 2:7'],
    ['p := [1, 2', 'rego_parse_error 2:11'],
    ['p contains', 'rego_parse_error 2:11'],
    ['p if {', 'rego_parse_error 2:7'],
    ['p if {x in }', 'rego_parse_error 2:12'],
    ['default p', 'rego_parse_error 2:10'],
    ['import foo.bar', 'rego_parse_error 2:15'],
    ['p := 1e999999', 'rego_unsupported 2:6'],
    ['p := 1 2', 'rego_parse_error 2:8'],
    ['p := "a".b', 'rego_parse_error 2:6'],
    ['p() := 1', 'rego_parse_error 2:3'],
    ['p := 1 if input.x\nelse', 'rego_parse_error 3:5'],
    ['p := 1 if input.x\nelse := 2\nelse := 3', 'rego_parse_error 4:1'],
    ['p := 1\nelse := 2', 'rego_parse_error 3:1'],
    ['p := "\\x41"', 'rego_parse_error 2:6'],
    ['p := "\\ud8"', 'rego_parse_error 2:6'],
    ['p := $"{1"', 'rego_parse_error 2:6'],
    ['p := $"a\n"', 'rego_parse_error 2:6'],
    ['p := $`a\n{)}`', 'rego_parse_error 3:2'],
    ['import rego.v2', 'rego_unsupported 2:1'],
    ['import future.keywords.or', 'rego_unsupported 2:1'],
    ['import future.keywords.not\np if not { input.x }', 'rego_unsupported 3:10'],
    ['import future.keywords.not\np := $"{[1 | not { input.x }]}"', 'rego_unsupported 3:18'],
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

describe('what a bracket or a word is depends on what follows', () => {
  test.each([
    ['p := [1 | true]', [1]],
    ['p := [a | b, 2] if { a := {1}; b := {2} }', [[1, 2], 2]],
    ['p := [1 + 1 | x] if x := {1}', undefined],
    ['p := {1 | true, 2}', undefined],
    ['p := {"k": 1 | true}', { k: 1 }],
    ['p := [, 1]', [1]],
    ['p := -input.n', -3],
    ['p := .5', 0.5],
    ['p := 0, "a" in ["a"]', true],
    ['p if 1 in {1}', true],
    ['p if {x | x := 1} == {1}', true],
    ['p if {1, 2} == {2, 1}', true],
    ['p if {}', true],
    ['p if { { 1 } }', true],
    ['p if input.not.some["if"]', true],
    ['in["x"] := 1\nelse.y := 2\np := data.test.in.x', 1],
    ['p := 1 if false else := 2 if false else := 3', 3],
  ])('%s', (body, expected) => {
    const value = (() => {
      try {
        return ask(body, 'p', { n: 3, not: { some: { if: true } } });
      } catch {
        return undefined;
      }
    })();
    expect(value).toEqual(expected);
  });

  test('comments have their places, those in template strings too', () => {
    const { comments } = parseModule('x', '# one \npackage a # two\np := $`\n{1 # three\n}` # four', 'v1');
    expect(comments).toEqual([
      { text: ' one', row: 1, col: 1 },
      { text: ' two', row: 2, col: 11 },
      { text: ' three', row: 4, col: 4 },
      { text: ' four', row: 5, col: 4 },
    ]);
  });

  test('brackets that could be either in every depth do not take forever', () => {
    const started = Date.now();
    refusals(`package a\np := ${'[x | '.repeat(90)}y${', z]'.repeat(90)}`);
    expect(Date.now() - started).toBeLessThan(3000);
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
