import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lintReference } from '../../../scripts/lint-reference.ts';
import { lint, lintRules } from '../src/lint/index.ts';
import type { LintOptions } from '../src/lint/index.ts';

const found = (body: string, options: LintOptions = {}, pkg = 'lint'): string[] =>
  lint([{ file: 'x.rego', source: `package ${pkg}\n\n${body}` }], options).map(
    ({ row, col, rule }) => `${String(row)}:${String(col)} ${rule}`,
  );
const rulesIn = (body: string, options: LintOptions = {}, pkg = 'lint'): string[] =>
  found(body, options, pkg).map((one) => one.split(' ')[1] ?? '');

describe('[req: rego:lint] every rule', () => {
  test.each(lintRules.map((rule) => [rule.id, rule] as const))(
    '%s objects to its bad example only',
    (id, { bad, good }) => {
      expect(rulesIn(bad)).toContain(id);
      expect(rulesIn(good)).not.toContain(id);
      expect(rulesIn(bad, { disable: [id] })).not.toContain(id);
    },
  );

  test('has an id of its own', () => {
    expect(new Set(lintRules.map(({ id }) => id)).size).toBe(lintRules.length);
  });

  test('[req: rego:lint:docs] is in docs/reference/lint.md as it is in the table', () => {
    const page = readFileSync(new URL('../../../docs/reference/lint.md', import.meta.url), 'utf8');
    expect(page).toBe(lintReference());
  });
});

describe('[req: rego:lint] exceptions', () => {
  const line = 'p if startswith(input.path, "/etc")';
  test.each([
    [`${line} # chaperone-lint ignore=path-prefix`, false],
    [`# chaperone-lint ignore=path-prefix,use-in\n${line}`, false],
    [`# regal ignore:path-prefix\n${line}`, false],
    [`# chaperone-lint ignore=use-in\n${line}`, true],
    [`# chaperone-lint ignore=path-prefix\n\n${line}`, true],
    [line, true],
  ])('%s', (body, objects) => {
    expect(rulesIn(body).includes('path-prefix')).toBe(objects);
  });
});

describe('[req: rego:lint] what security mistakes look like', () => {
  test.each([
    ['allow if input.agnet.id == "x"', 'unknown-input-field', 'agent'],
    ['allow if input.destination.hostname == "x"', 'unknown-input-field', 'host'],
    ['allow if input.proces.exe == "x"', 'unknown-input-field', 'process'],
    ['import input.resorce as r\nallow if r.size > 1', 'unknown-input-field', 'resource'],
  ])('%s: did you mean', (body, rule, hint) => {
    const finding = lint([{ file: 'x', source: `package a\n${body}` }]).find((one) => one.rule === rule);
    expect(finding?.hint).toBe(`did you mean ${hint}?`);
  });

  test.each([
    ['deny if not f(input.user)', ['negated-unknown']],
    ['deny if not input.size > 3', ['negated-unknown']],
    ['blocked(p) if { p == "/x"; not f(input.process) }', ['negated-unknown']],
    ['deny if not input.user == "eve"', []],
    ['deny if { input.user; not f(input.user) }', []],
    ['deny if { startswith(input.path, "/a/"); not startswith(input.path, "/a/b/") }', []],
    ['deny if not f(data.users)', []],
    ['deny if not f(input.user) with input.user as "x"', []],
    ['default allow := false\n\nallow if not f(input.user)', []],
  ])('a negated question about what may be missing: %s', (source, expected) => {
    const found = lint([{ file: 'a.rego', source: `package a\n\n${source}\n\nf(x) if x == 1\n` }]);
    expect(found.map(({ rule }) => rule).filter((rule) => rule === 'negated-unknown')).toEqual(expected);
  });

  test('fields of other inputs are told only in policies for the decision contract', () => {
    expect(rulesIn('p if input.tenant')).not.toContain('unknown-input-field');
    expect(rulesIn('p if input.tenant', {}, 'chaperone.access')).toContain('unknown-input-field');
    expect(rulesIn('p if input.agnet', { contract: { agnet: 'string' } })).not.toContain(
      'unknown-input-field',
    );
    expect(rulesIn('p if input.device.posture.disk_encrypted', {}, 'chaperone.access')).toEqual([]);
  });

  test.each([
    ['p if input.action == 5', true],
    ['p if count(input.groups) == "1"', true],
    ['p if input.groups == "admins"', true],
    ['p if input.device.attested == "true"', true],
    ['p if input.device.posture.x == "true"', false],
    ['p if input.groups[0] == "admins"', false],
    ['p if input.action == "read_file"', false],
  ])('impossible: %s', (body, impossible) => {
    expect(rulesIn(body).includes('impossible-comparison')).toBe(impossible);
  });

  test('a default in another module of the package counts; what other packages build upon needs none', () => {
    const allow = { file: 'a', source: 'package a\nallow if input.user' };
    const rules = (...more: readonly string[]): string[] =>
      lint([allow, ...more.map((source, i) => ({ file: String(i), source }))]).map(({ rule }) => rule);
    expect(rules()).toContain('missing-default');
    expect(rules('package a\ndefault allow := false')).not.toContain('missing-default');
    expect(rules('package b\ndefault decision := 1\ndecision := 2 if data.a.allow')).not.toContain(
      'missing-default',
    );
    expect(rules('package b\ndefault allow := false')).toContain('missing-default');
  });

  test('a function is used when another module calls it', () => {
    const source = 'package lib\nf(x) if x > 1';
    const user = 'package a\nimport data.lib as l\np if l.f(input.x)';
    expect(lint([{ file: 'x', source }]).map(({ rule }) => rule)).toEqual(['unused-function']);
    expect(
      lint([
        { file: 'x', source },
        { file: 'y', source: user },
      ]),
    ).toEqual([]);
  });

  test('findings have their place', () => {
    expect(found('p if {\n\tinput.x\n\tstartswith(input.path, "/etc")\n}')).toEqual(['5:2 path-prefix']);
  });

  test('names of inherited properties are no fields and no built-ins', () => {
    expect(rulesIn('p if constructor(input.x) == "1"\nconstructor(x) := x')).toEqual([]);
    expect(rulesIn('p if input.constructor', {}, 'chaperone.access')).toContain('unknown-input-field');
  });
});
