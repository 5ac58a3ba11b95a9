import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnyUnder, compile } from '../src/index.ts';
import type { Probe } from '../src/index.ts';

const probe = (body: string, input: unknown): Probe =>
  compile([{ file: 'f', source: `package test\n${body}` }])
    .entrypoint('test/p')
    .probe(input);
const value = (found: Probe): unknown => (found.determined ? found.value : 'undetermined');
const under = { path: new AnyUnder('/work/proj/') };

describe('probe', () => {
  test.each([
    ['startswith(input.path, "/work/")', true],
    ['startswith(input.path, "/etc")', false],
    ['startswith(input.path, "/work/proj/src")', 'undetermined'],
    ['startswith("/work/proj/x", input.path)', 'undetermined'],
    ['startswith("/work/pro", input.path)', false],
    ['input.path == "/etc/passwd"', false],
    ['input.path == "/work/proj/"', false],
    ['input.path == "/work/proj/a"', 'undetermined'],
    ['input.path != "/etc/passwd"', true],
    ['input.path == 5', false],
    ['input.path == input.path', 'undetermined'],
    ['glob.match("/work/proj/**", ["/"], input.path)', true],
    ['glob.match("/work/**", ["/"], input.path)', true],
    ['glob.match("/work/*", ["/"], input.path)', false],
    ['glob.match("/work/proj/*", ["/"], input.path)', 'undetermined'],
    ['glob.match("/etc/**", ["/"], input.path)', false],
    ['glob.match("**/.ssh/**", ["/"], input.path)', 'undetermined'],
    ['glob.match("/work/proj/", ["/"], input.path)', false],
    ['endswith(input.path, ".env")', 'undetermined'],
    ['contains(input.path, "/work/proj/")', 'undetermined'],
    ['regex.match("^/work", input.path)', 'undetermined'],
    ['is_string(input.path)', true],
    ['is_number(input.path)', false],
    ['input.path in {"/etc/passwd", "/etc/shadow"}', false],
    ['input.path in {"/etc/passwd", "/work/proj/x"}', 'undetermined'],
    ['input.path in ["/etc/passwd"]', false],
    ['count(input.path) > 3', 'undetermined'],
    ['input.path < "/x"', 'undetermined'],
  ])('%s is %s', (expression, expected) => {
    expect(value(probe(`p := ${expression}`, under))).toBe(expected);
  });

  test.each([
    ['not', 'p if not input.path == "/work/proj/x"'],
    ['else', 'p := 1 if endswith(input.path, "x") else := 2'],
    ['default', 'default p := 0\np := 1 if endswith(input.path, "x")'],
    ['comprehension', 'p := count([1 | endswith(input.path, "x")])'],
    ['every', 'p if every x in [input.path] { endswith(x, "x") }'],
    ['function', 'f(x) if endswith(x, "x")\np := {"a": f(input.path)}'],
    ['built-in', 'p := lower(input.path)'],
    ['value', 'p := {"path": input.path}'],
    ['set member', 'p contains input.path'],
    ['object key', 'p[input.path] := 1'],
    ['key of data', 'p if {"/work/proj/x": 1}[input.path]'],
    ['template', 'p := $"{input.path}"'],
    ['with', 'q if endswith(input.x, "x")\np if q with input.x as input.path'],
  ])('nothing swallows an undetermined operation: %s', (_, body) => {
    expect(probe(body, under).determined).toBe(false);
  });

  test('a part that does not matter may stay unknown', () => {
    expect(
      value(
        probe('p if { input.action == "read"; endswith(input.path, "x") }', { ...under, action: 'write' }),
      ),
    ).toBeUndefined();
    expect(value(probe('p if {"/etc/passwd": 1}[input.path]', under))).toBeUndefined();
  });

  test('evaluate and track refuse unknown strings rather than answer for them', () => {
    const entry = compile([{ file: 'f', source: 'package test\np := input.path' }]).entrypoint('test/p');
    expect(() => entry.evaluate(under)).toThrow(
      expect.objectContaining({ code: 'eval_undetermined' }) as Error,
    );
    expect(() => entry.track(under)).toThrow(expect.objectContaining({ code: 'eval_undetermined' }) as Error);
  });
});

describe('reads', () => {
  const reads = (body: string, input: unknown): string[] =>
    [
      ...compile([{ file: 'f', source: `package test\n${body}` }])
        .entrypoint('test/p')
        .track(input).reads,
    ].toSorted();
  test.each([
    ['p if input.path', ['path']],
    ['p if input.process.exe == "x"', ['process.exe']],
    ['p if { x := input.process; x.exe == "x" }', ['process']],
    ['p if some x in input.process', ['process']],
    ['p if { some k; input.process[k] }', ['process']],
    ['p if { some k; input[k].exe }', ['']],
    ['p := input', ['']],
    ['p if input["process"]["exe"]', ['process.exe']],
    ['p if { input.action == "no"; input.path }', ['action']],
    ['f(x) := x.exe\np := f(input.process)', ['process']],
    ['import input.process as proc\np := proc.exe', ['process.exe']],
    ['p := input.process.ancestors[0]', ['process.ancestors']],
    ['p if not input.missing', ['missing']],
  ])('%s', (body, expected) => {
    expect(reads(body, { action: 'read', path: '/a', process: { exe: '/b', ancestors: ['c'] } })).toEqual(
      expected,
    );
  });
});

/** Random small policies over input.path and input.user, with constants that meet the prefixes in every way. */
const PARTS = ['/', '/a', '/a/', '/a/b', '/a/b/', '/a/b/c', '/ab', '/b/', ''];
const constant = fc.constantFrom(...PARTS, '/a/b/c/d', 'x');
const field = fc.constantFrom('input.path', 'input.user');
const quoted = (text: string): string => JSON.stringify(text);
const test1 = fc.oneof(
  fc.tuple(field, constant).map(([f, c]) => `startswith(${f}, ${quoted(c)})`),
  fc.tuple(field, constant).map(([f, c]) => `startswith(${quoted(c)}, ${f})`),
  fc.tuple(field, constant).map(([f, c]) => `${f} == ${quoted(c)}`),
  fc.tuple(field, constant).map(([f, c]) => `${f} != ${quoted(c)}`),
  fc.tuple(field, constant).map(([f, c]) => `endswith(${f}, ${quoted(c)})`),
  fc
    .tuple(field, fc.constantFrom('**', '*', '/*', '/**', '?', '{a,b}', ''), constant)
    .map(([f, tail, c]) => `glob.match(${quoted(c + tail)}, ["/"], ${f})`),
  fc.tuple(field, constant, constant).map(([f, a, b]) => `${f} in {${quoted(a)}, ${quoted(b)}}`),
  fc.tuple(field, constant).map(([f, c]) => `{${quoted(c)}: 1}[${f}] == 1`),
  fc.tuple(field, constant).map(([f, c]) => `[${f}, 1] == [${quoted(c)}, 1]`),
  field.map((f) => `is_string(${f})`),
  field.map((f) => `count(${f}) > 3`),
  fc.constant('input.path == input.user'),
  fc.constant('data.test.sets[_] == 1'),
);
const literal = fc
  .tuple(fc.boolean(), test1)
  .map(([negated, t]) => (negated && !t.includes('_') ? `not ${t}` : t));
const body = fc.array(literal, { minLength: 1, maxLength: 3 }).map((parts) => `{ ${parts.join('; ')} }`);
const policy = fc
  .tuple(
    fc.array(body, { minLength: 1, maxLength: 3 }),
    fc.array(body, { minLength: 1, maxLength: 2 }),
    body,
    body,
  )
  .map(
    ([allows, members, first, second]) => `package test
default allow := false
${allows.map((b) => `allow if ${b}`).join('\n')}
${members.map((b, i) => `sets contains ${i} if ${b.replaceAll('data.test.sets[_] == 1', 'true')}`).join('\n')}
why := "first" if ${first} else := "second" if ${second} else := "third"
all := count([x | some x in ["/a/b", "/b"]; startswith(input.path, x)])
answer := {"allow": allow, "sets": sets, "why": why, "all": all}`,
  );

describe('probe is sound', () => {
  test('a determined answer is the answer for every member of the class', () => {
    let determined = 0;
    const suffix = fc.constantFrom('a', 'b', '/', 'b/', 'b/c', '/b', 'a/b/c', 'x', '.');
    fc.assert(
      fc.property(
        policy,
        fc.constantFrom(...PARTS),
        constant,
        fc.array(suffix, { minLength: 3, maxLength: 8 }),
        fc.boolean(),
        (source, prefix, user, suffixes, both) => {
          const entry = compile([{ file: 'f', source }]).entrypoint('test/answer');
          const found = entry.probe({ path: new AnyUnder(prefix), user: both ? new AnyUnder(prefix) : user });
          if (!found.determined) return;
          determined += 1;
          suffixes.forEach((tail, i) => {
            const other = suffixes[suffixes.length - 1 - i] ?? tail;
            expect(entry.evaluate({ path: prefix + tail, user: both ? prefix + other : user })).toEqual(
              found.value,
            );
          });
        },
      ),
      { numRuns: 1500 },
    );
    // The property must not hold for want of determined answers.
    expect(determined).toBeGreaterThan(20);
  }, 60_000);

  test('what was not read does not matter', () => {
    fc.assert(
      fc.property(policy, constant, constant, constant, (source, path, user, other) => {
        const entry = compile([{ file: 'f', source }]).entrypoint('test/allow');
        const { value: before, reads } = entry.track({ path, user });
        if (!reads.has('path')) expect(entry.evaluate({ path: other, user })).toEqual(before);
        if (!reads.has('user')) expect(entry.evaluate({ path, user: other })).toEqual(before);
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});
