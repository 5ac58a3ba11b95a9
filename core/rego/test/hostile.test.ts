import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import type { Json, RegoEvalError } from '../src/index.ts';
import { ask, refusal } from './harness.ts';

const NASTY = [
  '"',
  "'",
  '`',
  '\\',
  '\n',
  '\u2028',
  '*/',
  '${x}',
  '"); throw 1; ("',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'map',
  'prefix',
  'size',
  '\u0000',
  '\ud800',
];

describe('policy strings never become code', () => {
  test.each(NASTY.map((text) => [JSON.stringify(text), text]))('%s', (spelled, text) => {
    const input = { [text]: text, deep: { [text]: [text] } };
    Object.defineProperty(input, text, { value: text, enumerable: true });
    Object.defineProperty(input.deep, text, { value: [text], enumerable: true });
    expect(ask(`p := input[${spelled}]`, 'p', input)).toBe(text);
    expect(ask(`p := input.deep[${spelled}][0]`, 'p', input)).toBe(text);
    expect(ask(`p if input.x == ${spelled}`, 'p', { x: text })).toBe(true);
    expect(ask(`p contains ${spelled}`)).toEqual([text]);
    const made = ask(`p[${spelled}] := 1\nq := {${spelled}: 1}`, 'p');
    expect(Object.entries(made as object)).toEqual([[text, 1]]);
    const literal = ask(`p := {${spelled}: 1, "z": 2}[${spelled}]`);
    expect(literal).toBe(1);
    const data: Record<string, Json> = {};
    Object.defineProperty(data, text, { value: 7, enumerable: true });
    expect(ask(`p := data[${spelled}]`, 'p', {}, data)).toBe(7);
  });

  test('as package and rule names', () => {
    const found = compile([
      { file: 'f', source: 'package a["__proto__"]["x\\"y"]\nconstructor := 1\ntoString := 2' },
    ]);
    expect(found.entrypoint('a').evaluate({})).toEqual(
      JSON.parse('{"__proto__": {"x\\"y": {"constructor": 1, "toString": 2}}}'),
    );
    expect(({} as Record<string, unknown>)['x"y']).toBeUndefined();
  });
});

describe('inherited properties do not exist', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])('%s', (name) => {
    expect(ask(`p := input.${name}`)).toBeUndefined();
    expect(ask(`p := input[x] if x := "${name}"`)).toBeUndefined();
    expect(ask('p := input.o[input.k]', 'p', { o: {}, k: name })).toBeUndefined();
    expect(ask('p := object.get(input.o, input.k, "none")', 'p', { o: {}, k: name })).toBe('none');
    expect(ask(`p := data.${name}`)).toBeUndefined();
    expect(ask(`p := {"a": 1, input.b: 2}.${name}`, 'p', { b: 'b' })).toBeUndefined();
    expect(refusal(`p := {"a": 1}.${name}`)).toBe('rego_type_error 2:6');
  });
  test('strings and arrays have no members of their own', () => {
    expect(ask('p := input.s.length', 'p', { s: 'abc' })).toBeUndefined();
    expect(ask('p := input.s[0]', 'p', { s: 'abc' })).toBeUndefined();
    expect(ask('p := input.xs.length', 'p', { xs: [1] })).toBeUndefined();
    expect(ask('p := input.xs["0"]', 'p', { xs: [1] })).toBeUndefined();
    expect(ask('p := input.xs[-1]', 'p', { xs: [1] })).toBeUndefined();
    expect(ask('p := {1, input.b}.size')).toBeUndefined();
    expect(refusal('p := {1, 2}.size')).toBe('rego_type_error 2:6');
  });
});

describe('budget', () => {
  const run = (body: string, input: unknown = {}): unknown =>
    compile([{ file: 'f', source: `package test\n${body}` }], { steps: 100_000 })
      .entrypoint('test/p')
      .evaluate(input);
  const xs = Array.from({ length: 2000 }, (_, i) => i);
  test.each([
    ['nested loops', 'p if { some a in input.xs; some b in input.xs; some c in input.xs; a + b + c < 0 }'],
    ['ranges', 'p := count(numbers.range(1, 1000000000))'],
    ['networks', 'p := count(net.cidr_expand("::/0"))'],
    [
      'big integers',
      'a := 99999999999999999999\nf(x) := ((x * x) * (x * x)) * ((x * x) * (x * x))\np := f(f(f(f(f(f(f(a)))))))',
    ],
    ['walk', 'p := count([1 | walk(input, [_, _]); walk(input, [_, _])])'],
  ])('%s', (_, body) => {
    const started = Date.now();
    expect(() => run(body, { xs })).toThrow(
      expect.objectContaining({ code: 'eval_budget_error' }) as RegoEvalError,
    );
    expect(Date.now() - started).toBeLessThan(3000);
  });
  test('patterns on which a backtracking matcher would not end', () => {
    const started = Date.now();
    const text = `${'a'.repeat(50)}!`;
    for (const pattern of [
      '^(a+)+$',
      '^(a|a)*$',
      '(a*)*b',
      '^(([a-z])+.)+[A-Z]([a-z])+$',
      '(.*)(.*)(.*)(.*)x',
      `^${'a?'.repeat(40)}${'a'.repeat(51)}$`,
      `^${'(a|a)'.repeat(40)}b`,
    ]) {
      expect(ask(`p := regex.match(\`${pattern}\`, input.s)`, 'p', { s: text })).toBe(false);
    }
    expect(Date.now() - started).toBeLessThan(1000);
  });
});
