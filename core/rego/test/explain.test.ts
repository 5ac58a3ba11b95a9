import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import type { BodyTrace, Entrypoint, Explained } from '../src/index.ts';

const entry = (body: string, data = {}, steps = 1e6): Entrypoint =>
  compile([{ file: 'p.rego', source: `package test\n${body}` }], { data, steps }).entrypoint('test/p');

const explain = (body: string, input: unknown = {}, data = {}): Explained => entry(body, data).explain(input);

/** The trace of the rule on a line; the first line after the package is 2. */
function on(found: Explained, line: number): BodyTrace | undefined {
  return found.bodies.find((body) => body.line === line);
}

const facts = (body: BodyTrace | undefined): unknown =>
  Object.fromEntries((body?.failed?.facts ?? []).map(({ name, value }) => [name, value]));

describe('a body that fails', () => {
  test('names the condition and what it read', () => {
    const found = explain(
      'p if {\n input.action == "read"\n startswith(input.path, data.root) # below the root\n}',
      { action: 'read', path: '/etc/passwd' },
      { root: '/work/' },
    );
    expect(found.bodies).toEqual([
      {
        rule: 'data.test.p',
        group: 'data.test.p',
        kind: 'complete',
        isDefault: false,
        file: 'p.rego',
        line: 2,
        outcome: 'failed',
        conditions: 2,
        passed: 1,
        fixed: true,
        failed: {
          file: 'p.rego',
          line: 4,
          text: 'startswith(input.path, data.root)',
          facts: [
            { name: 'input.path', value: '/etc/passwd' },
            { name: 'data.root', value: '/work/' },
          ],
          uses: [],
        },
        uses: [],
      },
    ]);
  });

  test.each([
    ['absent', 'p if input.a.b == 1', { 'input.a.b': undefined }],
    ['variables', 'p if { x := input.n; y := x + 1; y > x + 5 }', { x: 1, y: 2 }],
    ['a variable with a part', 'p if { x := input; x.n > 5 }', { 'x.n': 1 }],
    ['a collection, not one element', 'p if { some i; input.list[i] == 9 }', { 'input.list': [1, 2, 3] }],
    ['a key', 'p if data.of[input.who] == 1', { 'data.of[input.who]': undefined, 'input.who': 'me' }],
    ['inside not', 'p if not input.n in data.ok', { 'input.n': 1, 'data.ok': [1] }],
    [
      'inside every, the element that failed',
      'p if every x in input.list { x < data.max }',
      { 'input.list': [1, 2, 3], x: 2, 'data.max': 2 },
    ],
    [
      'inside a comprehension',
      'p if count({x | some x in input.list; x > data.max}) == 9',
      {
        'input.list': [1, 2, 3],
        'data.max': 2,
      },
    ],
    ['under with', 'p if q with input.n as 5\nq if input.n > 7', {}],
    ['a rule', 'p if q == 2\nq := 1', { 'data.test.q': 1 }],
    ['an argument', 'p if f(input.n)\nf(x) if x > 5', { 'input.n': 1 }],
  ])('reports facts: %s', (_, body, expected) => {
    const found = explain(body, { n: 1, list: [1, 2, 3], who: 'me' }, { max: 2, ok: [1], of: { you: 1 } });
    expect(facts(on(found, 2))).toEqual(expected);
  });

  test('the furthest attempt is reported, the first of them when several came as far', () => {
    const found = explain('p if {\n some x in input.list\n x.a == 1\n x.b == 1\n}', {
      list: [
        { a: 0, b: 7 },
        { a: 1, b: 8 },
        { a: 1, b: 9 },
      ],
    });
    expect(on(found, 2)).toMatchObject({ conditions: 3, passed: 2, failed: { line: 5, text: 'x.b == 1' } });
    expect(facts(on(found, 2))).toEqual({ 'x.b': 8 });
  });

  test('a rule called with several arguments is one trace', () => {
    const found = explain('p if { some x in [1, 2, 3]; f(x, 2) }\nf(x, y) if { x >= y; x > 9 }');
    expect(found.bodies).toHaveLength(2);
    expect(on(found, 3)).toMatchObject({ outcome: 'failed', passed: 1 });
    expect(facts(on(found, 3))).toEqual({ x: 2 });
  });

  test('with replaces what a condition reads', () => {
    const found = explain('p if q with input.n as 5\nq if input.n > 7', { n: 1 });
    expect(facts(on(found, 3))).toEqual({ 'input.n': 5 });
  });

  test('a value that cannot be computed fails with the head of the rule', () => {
    const found = explain('p := {"x": input.x} if input.n', { n: 1 });
    expect(on(found, 2)).toMatchObject({
      outcome: 'failed',
      passed: 1,
      failed: { line: 2, text: 'p := {"x": input.x}' },
    });
    expect(facts(on(found, 2))).toEqual({ 'input.x': undefined });
  });

  test('a declaration is no condition', () => {
    const found = explain('p if {\n some i, j\n input.list[i] == 1\n input.list[j] == 9\n}', { list: [1] });
    expect(on(found, 2)).toMatchObject({ conditions: 2, passed: 1 });
  });

  test('text is one line, without comments, and cut', () => {
    const found = explain('p if {\n every x in [1] { # note\n  x == 1\n  x == 2\n }\n}');
    expect(on(found, 2)?.failed?.text).toBe('every x in [1] { x == 1; x == 2 }');
    const long = explain(`p if input.x == "${'a'.repeat(300)}"`, { x: 1 });
    expect(on(long, 2)?.failed?.text).toMatch(/^input\.x == "a{187}…$/);
  });

  test('a value that is wide and deep is cut as a whole', () => {
    const wide = (depth: number): unknown =>
      Array.from({ length: 9 }, () => (depth === 0 ? 1 : wide(depth - 1)));
    const found = explain('p if input.x == 1', { x: wide(3) });
    const value = JSON.stringify(on(found, 2)?.failed?.facts[0]?.value);
    expect(value.length).toBeGreaterThan(100);
    expect(value.length).toBeLessThan(2000);
  });

  test('values are cut, and at most eight are given', () => {
    const names = [...'abcdefghij'];
    const found = explain(`p if [${names.map((n) => `input.${n}`).join()}] == []`, {
      ...Object.fromEntries(names.map((n) => [n, 1])),
      a: 'x'.repeat(500),
      b: Array.from({ length: 99 }, (_, i) => i),
    });
    const read = on(found, 2)?.failed?.facts ?? [];
    expect(read.map(({ name }) => name)).toEqual([...'abcdefgh'].map((n) => `input.${n}`));
    expect(read[0]?.value).toHaveLength(200);
    expect(read[1]?.value).toHaveLength(17);
  });
});

describe('what was tried', () => {
  test('else: each branch has its own trace, a branch that was not needed has none', () => {
    const found = explain('p := 1 if input.a\n else := 2 if input.b\n else := 3 if input.c', { b: true });
    expect(found.bodies.map(({ line, outcome, value }) => [line, outcome, value])).toEqual([
      [2, 'failed', undefined],
      [3, 'matched', 2],
    ]);
    expect(on(found, 2)?.failed?.text).toBe('input.a');
  });

  test('what a body would have given, as far as it is constant', () => {
    const found = explain('p := {"a": 1, "b": input.b} if input.none\np := false if input.none');
    expect(found.bodies.map(({ fixed }) => fixed)).toEqual([{ a: 1 }, false]);
  });

  test('rules that were not consulted do not show; default shows when it answered', () => {
    const found = explain('default p := false\np if { input.a; q }\nq if input.b\nr if input.c');
    expect(found).toMatchObject({ ok: true, value: false });
    expect(found.bodies.map(({ line, outcome, isDefault }) => [line, outcome, isDefault])).toEqual([
      [2, 'matched', true],
      [3, 'failed', false],
    ]);
  });

  test('a partial set gives its member, an object its value', () => {
    const found = explain(
      'p := [s, o]\ns contains msg if { some x in input.list; msg := sprintf("no %v", [x]) }\no[k] := v if some k, v in input.map',
      { list: [1, 2], map: { a: 'b' } },
    );
    expect(on(found, 3)).toMatchObject({ outcome: 'matched', value: 'no 1', kind: 'set' });
    expect(on(found, 4)).toMatchObject({ outcome: 'matched', value: 'b', kind: 'object' });
    expect(on(found, 2)?.uses.map(({ group }) => group)).toEqual(['data.test.s', 'data.test.o']);
  });

  test('one evaluation leaves nothing behind for the next', () => {
    const asked = entry('p if { input.a; q }\nq if input.b');
    expect(asked.explain({ a: 1 }).bodies).toHaveLength(2);
    expect(asked.explain({}).bodies).toHaveLength(1);
  });

  test('an input getter that the policy does not ask is not called', () => {
    const input = {
      n: 1,
      get costly(): never {
        throw new Error('asked');
      },
    };
    const found = explain('p if f(input)\nf(x) if x.n == 2', input);
    expect(found.ok).toBe(true);
    expect(facts(on(found, 2))).toEqual({ input: { n: 1 } });
  });
});

describe('an error', () => {
  test('is reported by the rules that it left unfinished, the innermost first', () => {
    const found = explain('p if {\n input.n\n q == 1\n}\nq := 1 if input.n\nq := 2 if input.n', { n: 1 });
    expect(found.ok).toBe(false);
    expect(found.bodies.map(({ line, outcome }) => [line, outcome])).toEqual([
      [7, 'error'],
      [2, 'error'],
      [6, 'matched'],
    ]);
    expect(found.bodies[0]?.failed?.text).toContain('must not produce multiple outputs');
    expect(found.bodies[1]?.failed).toMatchObject({ line: 4 });
  });

  test('a rule that has returned does not get the blame', () => {
    const found = explain(
      'p if {\n q\n object.union({}, {x: 1 | some x in [1]})[1]\n {"a": y | some y in [1, 2]}\n}\nq if true',
    );
    expect(found.bodies.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, 'error'],
      [7, 'matched'],
    ]);
    expect(found.bodies[0]?.failed).toMatchObject({ line: 5 });
  });

  test('the budget is that of evaluate', () => {
    const body = 'p if { some i in numbers.range(1, 100); i > input.n }';
    for (let steps = 150; steps < 350; steps += 1) {
      const asked = entry(body, {}, steps);
      let value: unknown;
      try {
        value = asked.evaluate({ n: 99 });
      } catch {
        value = 'over';
      }
      const found = asked.explain({ n: 99 });
      expect(found.ok ? found.value : 'over').toBe(value);
    }
  });
});
