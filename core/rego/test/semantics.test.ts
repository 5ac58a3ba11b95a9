import { describe, expect, test } from 'vitest';
import { compile, RegoEvalError } from '../src/index.ts';
import { ask, program, refusal } from './harness.ts';

const SEED = `package endpoint.access
default allow = false
allow {
input.action == "read_file"
not blocked_path(input.path)
}
blocked_path(p) {
startswith(p, "/financials")
not has_role(input.process, "finance_access")
}
has_role(process, role) {
some i
process.roles[i] == role
}`;

describe("the first seed's policy, as written", () => {
  const allow = program(SEED, 'v0').entrypoint('endpoint/access/allow');
  const context = {
    action: 'read_file',
    path: '/financials/Q4.xlsx',
    process: { exe: 'C:/Program Files/Cowork/cowork.exe', roles: ['user'] },
    user: 'alice',
  };
  test('denies the financials to a process without the role', () =>
    expect(allow.evaluate(context)).toBe(false));
  test('allows them with the role', () =>
    expect(allow.evaluate({ ...context, process: { roles: ['user', 'finance_access'] } })).toBe(true));
  test('allows other paths', () => expect(allow.evaluate({ ...context, path: '/home/a' })).toBe(true));
  test('denies other actions and empty input', () => {
    expect(allow.evaluate({ ...context, action: 'write_file' })).toBe(false);
    expect(allow.evaluate({})).toBe(false);
    expect(allow.evaluate(undefined)).toBe(false);
  });
});

describe('rules', () => {
  test('else, default, functions, default functions', () => {
    expect(ask('p := "a" if input.x == 1 else := "b" if input.x == 2 else := "c"', 'p', { x: 2 })).toBe('b');
    expect(ask('default f(_) := 0\nf(x) := 1 if x > 1\np := [f(1), f(2)]')).toEqual([0, 1]);
  });
  test('sets, objects, general references', () => {
    expect(ask('p contains x if some x in [3, 1, 1]')).toEqual([1, 3]);
    expect(ask('p[k].v := i if some i, k in ["a", "b"]\np.c.v := 9')).toEqual({
      a: { v: 0 },
      b: { v: 1 },
      c: { v: 9 },
    });
    expect(ask('p[k] contains v if some [k, v] in [["a", 1], ["a", 2], ["b", 3]]')).toEqual({
      a: [1, 2],
      b: [3],
    });
  });
  test('conflicts are errors, not choices', () => {
    for (const body of [
      'p := x if some x in [1, 2]',
      'f(_) := 1\nf(_) := 2\np := f(0)',
      'p["a"] := x if some x in [1, 2]',
      'p := {"a": x | some x in [1, 2]}',
    ]) {
      expect(() => ask(body)).toThrow(RegoEvalError);
    }
  });
  test('every, in, comprehensions, unification', () => {
    expect(ask('p if every x in input.xs { x > 0 }', 'p', { xs: [1, 2] })).toBe(true);
    expect(ask('p if every x in input.xs { x > 0 }', 'p', { xs: [1, 0] })).toBeUndefined();
    expect(ask('p if every x in input.missing { x > 0 }')).toBeUndefined();
    expect(ask('p := [a, b, c] if [a, {"k": [b, "x"]}, c] = [1, {"k": [2, c]}, "x"]')).toEqual([1, 2, 'x']);
    expect(ask('p := {k: v | some k, v in {"a": 1}}')).toEqual({ a: 1 });
  });
  test('a closure before a declaration does not see it', () => {
    expect(ask('xs := {"a", "b"}\np := [y, x] if { y := {x | xs[x]}; x := "b" }')).toEqual([['a', 'b'], 'b']);
    expect(refusal('p if { y := x; x := 1 }')).toBe('rego_compile_error 2:16');
  });
  test('undefined, false and errors differ', () => {
    expect(ask('p if not input.x')).toBe(true);
    expect(ask('p if not input.x', 'p', { x: false })).toBe(true);
    expect(ask('p := count(input.n)', 'p', { n: 5 })).toBeUndefined();
    expect(ask('p := 1 / 0')).toBeUndefined();
    expect(ask('p := is_string(input.nope)')).toBeUndefined();
  });
  test('with replaces input, data, rules, functions and built-ins, and is undone', () => {
    expect(ask('q := input.x\np := [q, r, q] if { r := q with input.x as 2 }', 'p', { x: 1 })).toEqual([
      1, 2, 1,
    ]);
    expect(ask('q := 1\np := [q, r] if { r := q with data.test.q as 5 }')).toEqual([1, 5]);
    expect(ask('f(x) := x\ng(x) := f(x) + 10\np := [f(1), r] if { r := f(1) with f as g }')).toEqual([1, 11]);
    expect(ask('p := [x, count([1])] if { x := count([1]) with count as 7 }')).toEqual([7, 1]);
    expect(ask('p := x if { x := data.a.b with data.a.b as 3 }', 'p', {}, { a: { b: 1 } })).toBe(3);
    expect(refusal('q := {"a": 1}\np if q.a with data.test.q.a as 2')).toContain('rego_compile_error');
  });
  test('packages of several modules, imports, computed package names', () => {
    const modules = [
      { file: 'a.rego', source: 'package lib.a\ndeny contains "a" if input.x' },
      { file: 'b.rego', source: 'package lib.b\ndeny contains "b" if input.x\nother if data.main.all' },
      {
        file: 'm.rego',
        source:
          'package main\nimport data.lib.a as first\nall contains m if some m in data.lib[_].deny\none := first.deny',
      },
    ];
    const found = compile(modules);
    expect(found.entrypoint('main/all').evaluate({ x: true })).toEqual(['a', 'b']);
    expect(found.entrypoint('main').evaluate({ x: true })).toEqual({ all: ['a', 'b'], one: ['a'] });
    expect(found.has('lib/a/deny')).toBe(true);
    expect(found.has('lib/a/allow')).toBe(false);
    expect(() => found.entrypoint('nope')).toThrow('no rule or package');
  });
  test('one evaluation leaves nothing to the next', () => {
    const entry = program('package test\np := input.x').entrypoint('test/p');
    expect(entry.evaluate({ x: 1 })).toBe(1);
    expect(entry.evaluate({})).toBeUndefined();
    const conflicting = program(
      'package test\nq := x if some x in input.xs\np := r if { r := q with input.y as 1 }',
    ).entrypoint('test/p');
    expect(() => conflicting.evaluate({ xs: [1, 2] })).toThrow(RegoEvalError);
    expect(conflicting.evaluate({ xs: [3] })).toBe(3);
  });
  test('the clock is an option, exact in nanoseconds, and stands still during an evaluation', () => {
    let ms = 1_700_000_000_123;
    const entry = compile(
      [
        {
          file: 't',
          source:
            'package test\np := [time.now_ns() == 1700000000123000000, time.now_ns() - time.now_ns(), time.date(time.now_ns())]',
        },
      ],
      { host: { now: () => (ms += 1) - 1 } },
    ).entrypoint('test/p');
    expect(entry.evaluate({})).toEqual([true, 0, [2023, 11, 14]]);
  });
});

describe('lazy input', () => {
  test('a getter is called only when the policy reads the field', () => {
    let calls = 0;
    const input = {
      path: '/a',
      process: {
        exe: '/b',
        get sha256() {
          calls += 1;
          return 'ff';
        },
      },
    };
    const entry = program(
      'package test\np if { input.path == "/x"; input.process.sha256 == "ff" }\nq if input.process.sha256 == "ff"\nr if input.process.exe with input.path as "/y"',
    ).entrypoint('test/p');
    expect(entry.evaluate(input)).toBeUndefined();
    expect(calls).toBe(0);
    const all = program(
      'package test\nq if input.process.sha256 == "ff"\nr if input.process.exe with input.process.pid as 1',
    );
    expect(all.entrypoint('test/r').evaluate(input)).toBe(true);
    expect(calls).toBe(0);
    expect(all.entrypoint('test/q').evaluate(input)).toBe(true);
    expect(calls).toBe(1);
  });
});

describe('limits', () => {
  test('a rule that is too long for the JavaScript engine is refused at load', () => {
    const body = Array.from({ length: 20_000 }, (_, i) => `input.x${i} == ${i}`).join('\n');
    expect(refusal(`p if {\n${body}\n}`)).toContain('rego_unsupported');
  });
  test('input that nests too deeply is an error', () => {
    let deep: unknown = [];
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(() => ask('p := input.deep', 'p', { deep })).toThrow(RegoEvalError);
    expect(() => ask('p contains input.deep', 'p', { deep })).toThrow(RegoEvalError);
  });
  test('a getter cannot evaluate the same program', () => {
    const entry = program('package test\np := input.x').entrypoint('test/p');
    const input = {
      get x() {
        return entry.evaluate({ x: 1 });
      },
    };
    expect(() => entry.evaluate(input)).toThrow(RegoEvalError);
    expect(entry.evaluate({ x: 2 })).toBe(2);
  });
  test('print holds whatever its arguments are', () => {
    expect(ask('p if { print(input.missing, 1); true }')).toBe(true);
  });
});
