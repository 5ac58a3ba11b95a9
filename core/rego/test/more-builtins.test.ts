import { expect, test } from 'vitest';
import { compile, RegoErrors, RegoEvalError } from '../src/index.ts';
import type { Json } from '../src/index.ts';
import { nodeHost } from '../src/node/index.ts';

const host = nodeHost({ now: () => 0 });

/** The value of an expression, or the error that strict evaluation ends with. */
function value(expression: string, input: Json = {}): unknown {
  const program = compile([{ file: 'm.rego', source: `package t\nr := ${expression}` }], { host });
  try {
    return program.entrypoint('t/r').evaluate(input, { strictBuiltinErrors: true });
  } catch (error) {
    if (error instanceof RegoEvalError) return error.message;
    throw error;
  }
}

const SCHEMA = '`type Query { a(x: Int!): T } type T { id: ID! }`';

// Every expected value is the Open Policy Agent's.
test.each<readonly [string, unknown]>([
  ['graphql.is_valid("{ a(x: 1) { id } }", ' + SCHEMA + ')', true],
  ['graphql.is_valid("{ a { id } }", ' + SCHEMA + ')', false],
  ['graphql.parse_and_verify("{ zz }", ' + SCHEMA + ')', [false, {}, {}]],
  ['graphql.schema_is_valid("type T { a: Nope }")', false],
  ['graphql.schema_is_valid("extend type T { a: Int }")', true],
  ['graphql.schema_is_valid("input I { a: I! }")', false],
  ['graphql.is_valid(graphql.parse_query("{ a(x: 1) { id } }"), graphql.parse_schema(' + SCHEMA + '))', true],
  ['json.verify_schema({"type": "boolean"})', [true, null]],
  ['json.verify_schema({"pattern": "("})', [false, 'jsonschema: pattern must be a valid regex']],
  [
    'json.match_schema({"a": 1}, {"properties": {"a": {"type": "string"}}})[1][0].error',
    'a: Invalid type. Expected: string, given: integer',
  ],
  ['json.match_schema({"a": 0.3}, {"properties": {"a": {"multipleOf": 0.1}}})[0]', true],
  [
    'json.match_schema({"a": [1]}, {"definitions": {"l": {"items": {"$ref": "#/definitions/l"}}}, "$ref": "#/definitions/l"})[0]',
    true,
  ],
  ['regex.globs_match("a*b", "aaab")', true],
  ['regex.globs_match("[a-c]+", "[d-f]+")', false],
  ['regex.template_match("a.b<[0-9]+>", "axb12", "<", ">")', false],
  ['regex.template_match("a.b<[0-9]+>", "a.b12", "<", ">")', true],
  [
    'strings.render_template("{{range $i, $e := .l}}{{if $i}}, {{end}}{{$e}}{{end}}", {"l": ["a", 2]})',
    'a, 2',
  ],
  ['strings.render_template("{{.x}}|{{len .y}}", {"y": "é"})', '<undefined>|2'],
  ['strings.render_template("{{define `T`}}[{{.}}]{{end}}{{template `T` .x}}", {"x": 1})', '[1]'],
  ['strings.split_n("a.b.c", ".", -2)', ['b', 'c']],
  [
    'uri.parse("https://u@h.x:8080/a%2Fb?q=1#f")',
    {
      scheme: 'https',
      hostname: 'h.x',
      port: '8080',
      path: '/a/b',
      raw_path: '/a%2Fb',
      raw_query: 'q=1',
      fragment: 'f',
    },
  ],
  ['uri.is_valid("http://a b/")', false],
  ['uuid.parse("6ba7b8109dad11d180b400c04fd430c8").version', 1],
  ['time.parse_ns("RFC850", "Monday, 02-Jan-06 15:04:05 EST")', 1_136_214_245_000_000_000],
  ['time.parse_ns("2006-01-02 3:04PM", "1970-01-01 12:15AM")', 900_000_000_000],
  [
    'yaml.unmarshal("a: yes\\nb: 010\\nc: 2023-01-01\\nd: &x [1]\\ne: *x")',
    { a: 'yes', b: 8, c: '2023-01-01', d: [1], e: [1] },
  ],
  ['yaml.unmarshal("<<: {a: 1, b: 2}\\nb: 3")', { a: 1, b: 3 }],
  ['yaml.is_valid("{a: 1")', false],
  ['yaml.marshal({"a": [1, {"b": "yes"}], "c": "x\\ny"})', 'a:\n  - 1\n  - b: "yes"\nc: |-\n  x\n  y\n'],
  ['opa.runtime()', {}],
  ['test.sleep("1h")', null],
])('%s', (expression, expected) => {
  expect(value(expression)).toEqual(expected);
});

test.each<readonly [string, RegExp]>([
  ['graphql.parse_query("{")', /Expected Name, found <EOF> in GraphQL string at location 1:2/],
  [
    'graphql.parse("{ a(x: 1) { zz } }", ' + SCHEMA + ')',
    /Cannot query field "zz" on type "T" in GraphQL string at location 1:13/,
  ],
  ['json.match_schema({}, {"type": "x"})', /has a primitive type that is NOT VALID -- given: \/x\//],
  ['json.match_schema({}, {"$ref": "http://example.com/s"})', /remote reference .* is not loaded/],
  ['regex.globs_match("pqrs]", "a")', /input:pqrs\], pos:5, set-close/],
  ['strings.render_template("{{.x.y}}", {"x": null})', /nil pointer evaluating interface \{\}\.y/],
  ['strings.render_template("{{nope .x}}", {})', /function "nope" not defined/],
  ['time.parse_ns("2006-01-02", "2020-02-30")', /parsing time "2020-02-30": day out of range/],
  ['time.parse_ns("2006", "9999")', /time outside of valid range/],
  ['yaml.unmarshal("a: .inf")', /unsupported value: \+Inf/],
  ['yaml.unmarshal("a: *b")', /unknown anchor 'b' referenced/],
])('%s is an error', (expression, message) => {
  expect(value(expression)).toMatch(message);
});

const bomb = [
  'a: &a0 [x,x,x,x,x,x,x,x,x,x]',
  ...Array.from(
    { length: 12 },
    (_, i) => `b${i}: &a${i + 1} [${Array.from({ length: 10 }, () => `*a${i}`).join()}]`,
  ),
].join('\n');

test.each<readonly [string, string, Json]>([
  ['a YAML alias bomb', 'yaml.unmarshal(input)', bomb],
  ['deep YAML', 'yaml.unmarshal(input)', '['.repeat(20_000)],
  ['a deep GraphQL query', 'graphql.parse_query(input)', '{a'.repeat(50_000)],
  [
    'a GraphQL query with very many fields',
    'graphql.is_valid(input, "type Query { a: Int }")',
    `{ ${'a '.repeat(20_000)} }`,
  ],
  ['GraphQL lists in lists', 'graphql.parse_query(input)', `{ a(x: ${'['.repeat(50_000)}) }`],
  ['a deep schema', 'json.verify_schema(input)', `${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}`],
  ['a schema that refers to itself', 'json.match_schema({}, {"$ref": "#"})', null],
  [
    'a schema that doubles',
    'json.match_schema({}, input)',
    {
      $ref: '#/definitions/d0',
      definitions: Object.fromEntries([
        ...Array.from({ length: 40 }, (_, i) => [
          `d${i}`,
          { allOf: [{ $ref: `#/definitions/d${i + 1}` }, { $ref: `#/definitions/d${i + 1}` }] },
        ]),
        ['d40', {}],
      ]),
    },
  ],
  [
    'a pattern that backtracks',
    'json.match_schema({"a": input}, {"properties": {"a": {"pattern": "^(a+)+$"}}})',
    `${'a'.repeat(50_000)}b`,
  ],
  ['globs with many stars', 'regex.globs_match(input, concat("", [input, "d"]))', `${'.*'.repeat(40)}c`],
  [
    'a template that calls itself',
    'strings.render_template(input, {})',
    '{{define "T"}}{{template "T"}}{{template "T"}}{{end}}{{template "T"}}',
  ],
  ['a template that counts', 'strings.render_template(input, {})', '{{range 1000000000}}{{end}}'],
])('%s ends soon', (_name, expression, input) => {
  const started = performance.now();
  value(expression, input);
  expect(performance.now() - started).toBeLessThan(3000);
});

test('built-ins that need a library are refused by name without it', () => {
  for (const name of ['yaml.unmarshal', 'graphql.parse_query', 'net.lookup_ip_addr'])
    expect(() => compile([{ file: 'm.rego', source: `package t\nr := ${name}("x")` }])).toThrow(RegoErrors);
});
