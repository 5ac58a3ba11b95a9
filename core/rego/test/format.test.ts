import { readFileSync, globSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RegoErrors } from '../src/index.ts';
import { format } from '../src/format/index.ts';
import type { FormatOptions } from '../src/format/index.ts';
import { isPreserved } from '../src/format/preserved.ts';
import { Concrete } from '../src/parser/concrete.ts';
import { parseModule } from '../src/parser/module.ts';
import { readCases } from './conformance/cases.ts';
import { testHost } from './conformance/host.ts';
import { judge } from './conformance/judge.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const policies = globSync('policies/**/*.rego', { cwd: root }).map((file) =>
  readFileSync(path.join(root, file), 'utf8'),
);
const cases = readCases();
const modules = [
  ...new Set([...policies, ...(typeof cases === 'string' ? [] : cases.flatMap((one) => one.modules ?? []))]),
];

const laid = (body: string, options: FormatOptions = {}): string =>
  format('x.rego', `package a\n${body}`, options).slice('package a\n\n'.length);

describe('[req: rego:fmt] the layout', () => {
  test.each([
    ['p:=1', 'p := 1\n'],
    ['p if {input.x\ninput.y}', 'p if {\n\tinput.x\n\tinput.y\n}\n'],
    ['p if {\n\tinput.x\n}', 'p if {\n\tinput.x\n}\n'],
    ['p if { input.x }', 'p if input.x\n'],
    ['p if {not   input.x}', 'p if not input.x\n'],
    [
      'p if {some   x in  input.xs ;not x==1  with input as {}}',
      'p if {\n\tsome x in input.xs\n\tnot x == 1 with input as {}\n}\n',
    ],
    ['p if {every k,v in  input.m{v>k}}', 'p if every k, v in input.m { v > k }\n'],
    ['p:={x|some x in  input.xs;x!=1}', 'p := {x | some x in input.xs; x != 1}\n'],
    ['p:=1 if{input.a}else:=2 if  not input.b', 'p := 1 if input.a\n\nelse := 2 if not input.b\n'],
    ['p := 1\nq := 2\n\n\n\nr := 3', 'p := 1\nq := 2\n\nr := 3\n'],
    ['p := 1 # one\nq := 2 # two', 'p := 1 # one\nq := 2 # two\n'],
    ['p := [1,2,\n3]', 'p := [\n\t1, 2,\n\t3,\n]\n'],
    ['p := {"a":1,\n"b":[2]}', 'p := {\n\t"a": 1,\n\t"b": [2],\n}\n'],
    ['p := x["y"].z["a b"][`c d`][i]', 'p := x.y.z["a b"]["c d"][i]\n'],
    ['p := a-b-c*2', 'p := (a - b) - (c * 2)\n'],
    ['p := `a\\n`', 'p := `a\\n`\n'],
    ['p := "\\u00e9\\t"', 'p := "\\u00e9\\t"\n'],
    ['p := $"a { x } \\{"', 'p := $"a {x} \\{"\n'],
    ['p if plus(1,2,input.x)', 'p if input.x = 1 + 2\n'],
    ['p := 1 if {x} else := 2 if {y} else := 3', 'p := 1 if x\n\nelse := 2 if y\n\nelse := 3\n'],
    ['p if {\n\tx\n} else := 2 if {\n\ty\n}', 'p if {\n\tx\n} else := 2 if {\n\ty\n}\n'],
    ['p if every x in [1] { x > 0 }', 'p if every x in [1] { x > 0 }\n'],
    ['p if q with input.a as 1\n  with input.b as 2', 'p if q with input.a as 1\n\twith input.b as 2\n'],
    [
      'import data.z\nimport data.b as c\nimport data.a',
      'import data.a\nimport data.b as c\nimport data.z\n',
    ],
    ['# METADATA\n# title: x\np := 1', '# METADATA\n# title: x\np := 1\n'],
    ['in.x := 1\np.q["if"] := 2', 'in.x := 1\np.q["if"] := 2\n'],
    ['p if {\n\t# why\n\tx\n\t# end\n}', 'p if {\n\t# why\n\tx\n\t# end\n}\n'],
    ['p := (1 in [1]) == true', 'p := (1 in [1]) == true\n'],
  ])('%j', (body, expected) => {
    expect(laid(body)).toBe(expected);
  });

  test('a v0 module stays one, or becomes one for both', () => {
    const source =
      'import future.keywords.in\ndefault p = false\np { 1 in input.x } { true }\nq[x] { x = 1; x }';
    expect(laid(source, { dialect: 'v0' })).toBe(
      'import future.keywords.in\n\ndefault p = false\n\np {\n\t1 in input.x\n}\n\np = true\n\nq[x] {\n\tx = 1\n\tx\n}\n',
    );
    expect(laid(source, { dialect: 'v0', to: 'v1' })).toBe(
      'import rego.v1\n\ndefault p := false\n\np if 1 in input.x\n\np := true\n\nq contains x if {\n\tx = 1\n\tx\n}\n',
    );
  });

  test('what does not parse is refused with its place', () => {
    expect(() => laid('p {')).toThrow(RegoErrors);
    expect(() => laid('p := 1e999')).not.toThrow();
  });
});

/** A module with comments and line breaks where a hasty author might put them. */
function scattered(source: string, seed: readonly number[]): string {
  let n = 0;
  const next = (): number => seed[n++ % seed.length] ?? 0;
  if (source.includes('`')) return source;
  return source
    .split('\n')
    .flatMap((line) => {
      const at = next();
      if (line.includes('#')) return [line];
      const broken =
        at % 5 === 0 && !line.includes('"')
          ? line.replace(/[[({,]/, (c) => `${c}${at % 2 ? '' : ` # b${String(n)}`}\n`)
          : line;
      if (at % 7 === 0) return [`\t# own ${String(n)}`, broken];
      if (at % 11 === 0) return [broken, '', ''];
      return [at % 3 === 0 ? `${broken} # end ${String(n)}` : broken];
    })
    .join('\n');
}

const parses = (source: string): boolean => {
  try {
    parseModule('x', source, 'v1');
    return true;
  } catch {
    return false;
  }
};

describe('[req: rego:fmt] of every module', () => {
  const check = (source: string): void => {
    const text = format('x', source);
    expect(format('x', text)).toBe(text);
    expect(isPreserved(parseModule('x', source, 'v1', new Concrete()), text, 'v1')).toBe(true);
  };
  test('formatted again it stays, it means the same, and no comment is lost', () => {
    for (const source of modules) check(source);
  });

  test('the same, with comments and line breaks all over', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...modules),
        fc.array(fc.nat(100), { minLength: 7, maxLength: 40 }),
        (source, seed) => {
          const odd = scattered(source, seed);
          fc.pre(parses(odd));
          check(odd);
          expect(
            parseModule('x', format('x', odd), 'v1')
              .comments.map(({ text }) => text)
              .toSorted(),
          ).toEqual(
            parseModule('x', odd, 'v1')
              .comments.map(({ text }) => text)
              .toSorted(),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  test('the shipped policies are formatted', () => {
    for (const source of policies) expect(format('x', source)).toBe(source);
  });

  test('evaluation gives the same', async ({ skip }) => {
    if (typeof cases === 'string') return skip(cases);
    for (const one of cases.filter((_, i) => i % 4 === 0)) {
      const formatted = { ...one, modules: one.modules.map((source) => format('x', source)) };
      expect([one.note, await judge(formatted, testHost)]).toEqual([one.note, await judge(one, testHost)]);
    }
  }, 120_000);
});

/** Where the layout differs from `opa fmt` on purpose: template strings keep what was written, and so on. */
const DIFFERENT = /__local\d+__|^\s*p := \$[`"]\{42\}|\$[`"]\\\{\{|\("foo", |"foo", \(2 in/m;

test('[req: rego:fmt] the bytes are those of opa fmt', ({ skip }) => {
  const opa = process.env['OPA_BIN'];
  if (opa === undefined) {
    console.log('skipped: the comparison with opa fmt, because OPA_BIN names no binary');
    return skip('OPA_BIN names no binary');
  }
  const different = modules.filter((source, i) => {
    if (i % 4 !== 0 || DIFFERENT.test(source)) return false;
    const { status, stdout } = spawnSync(opa, ['fmt'], { input: source, encoding: 'utf8' });
    return status === 0 && stdout !== format('x', source);
  });
  expect(different).toEqual([]);
}, 120_000);
