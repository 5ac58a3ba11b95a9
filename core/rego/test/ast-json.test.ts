/** `rego.parse_module`: a module as OPA's AST. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { moduleJson } from '../src/ast-json/module.ts';
import { toJson } from '../src/json.ts';
import { evaluate, oracle } from './with-host.ts';

const every = `# METADATA
# title: all of it
package foo["x y"].bar

import rego.v1
import data.a.b as c
import input.x["y z"]

default allow := false # behind é
default f(_) := 1
allow if { input.x == 1; not input.y; some i; input.z[i] = "a" }
allow if { some x in input.xs; some k, v in input.o; x != k; v }
else := 3 if { every q in [1, 2] { q > 0 } }
p contains x if { x := input.q[_]; y = x with input.a as 5 with data.z as [1] }
q[x] := y if { x := 1; y := 2 }
r.a.b[x].c contains 1 if x := "s"
r[x] if x := 1
a.b := 1
a.b := 2 if true
a.b if true
f.g(x) if true
f(x, _) := z if { z := x + y * 2 } else := -x
f(1, "a") = 1.50
obj := {"b": 1, "a": {2, 1, 1}, "c": [x | x := 1], "d": {x | x}, "e": {x: y | x; y}, "f": set(), null: {}}
order := {f(1), [x | x], set(), {}, [1], y.z, input, x, "x", -1, true, null}
s := $"hello {input.x} and {1 + 2} {"é"} \\u00e9 {x with input as 1}"
t := $\`raw
{x}\`
none := $""
neg := -input.x
calls if { count(input.x) > 2; io.jwt.decode(input.x, z); data.a["b c"](3); [f(1)][0].x }
mock if input.a with f as g with time.now_ns as 1
`;

function ours(source: string): unknown {
  return toJson(moduleJson('m.rego', source, 'v1'));
}

describe('modules as data', () => {
  test('what stands in a head, a body and a comment', () => {
    expect(ours('package a # x \n\np[x] := y if { not x; y := 1 }')).toEqual({
      package: {
        path: [
          { type: 'var', value: 'data' },
          { type: 'string', value: 'a' },
        ],
      },
      comments: [{ Location: { file: 'm.rego', row: 1, col: 11 }, Text: 'IHgg' }],
      rules: [
        {
          head: {
            name: 'p',
            key: { type: 'var', value: 'x' },
            ref: [
              { type: 'var', value: 'p' },
              { type: 'var', value: 'x' },
            ],
            value: { type: 'var', value: 'y' },
            assign: true,
          },
          body: [
            { index: 0, negated: true, terms: { type: 'var', value: 'x' } },
            {
              index: 1,
              terms: [
                { type: 'ref', value: [{ type: 'var', value: 'assign' }] },
                { type: 'var', value: 'y' },
                { type: 'number', value: 1 },
              ],
            },
          ],
        },
      ],
    });
  });

  test('the built-in gives it, and says why it cannot', () => {
    const call = 'rego.parse_module("x.rego", "package foo.bar")["package"].path[1].value';
    expect(evaluate(call)).toBe('"foo"');
    expect(evaluate('rego.parse_module("x.rego", "package a\\np {")')).toContain(
      'x.rego:2: rego_parse_error',
    );
    expect(evaluate('rego.parse_module("x.rego", input)')).toContain(
      'operand 2 must be string but got object',
    );
    const deep = `rego.parse_module("x.rego", concat("", ["package a\\np := ", ${JSON.stringify('['.repeat(9_000))}]))`;
    expect(evaluate(deep)).toContain('rego_parse_error');
  });

  test('as OPA gives it', ({ skip }) => {
    const found = oracle();
    if ('skip' in found) return skip(found.skip);
    const folder = mkdtempSync(path.join(tmpdir(), 'ast-'));
    try {
      const data = path.join(folder, 'data.json');
      writeFileSync(data, JSON.stringify({ m: every }));
      const query = 'rego.parse_module("m.rego", data.m)';
      const text = execFileSync(found.binary, ['eval', '-f', 'raw', '-d', data, query], { encoding: 'utf8' });
      expect(ours(every)).toEqual(JSON.parse(text));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
