import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DecisionInput } from '@chaperone/protocol';
import { DECISION_CONTRACT } from '@chaperone/rego/lint';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { unifiedDiff } from '../src/commands/policy/diff.ts';

const main = path.resolve(import.meta.dirname, '../src/main.js');

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'policy-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

function policy(
  args: readonly string[],
  input = '',
): { code: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_CACHE_HOME: tmpdir() };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'policy', ...args], {
    cwd: home,
    env,
    input,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

const file = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
  writeFileSync(path.join(home, name), text, { mode: 0o640 });
};
const read = (name: string): string => readFileSync(path.join(home, name), 'utf8');

describe('[req: cli:policy:fmt] chaperone policy fmt', () => {
  const untidy = 'package a\np:=1\n';
  const tidy = 'package a\n\np := 1\n';

  test('prints, checks, shows and writes', () => {
    file('x/a.rego', untidy);
    file('x/b.rego', tidy);
    file('x/deep/c.rego', untidy);
    file('x/other.txt', untidy);
    expect(policy(['fmt', 'x/a.rego'])).toEqual({ code: 0, stdout: tidy, stderr: '' });
    expect(policy(['fmt', '-'], untidy)).toEqual({ code: 0, stdout: tidy, stderr: '' });
    expect(policy(['fmt', '--check', 'x'])).toEqual({
      code: 1,
      stdout: 'x/a.rego\nx/deep/c.rego\n',
      stderr: '',
    });
    expect(policy(['fmt', '--diff', 'x/a.rego']).stdout).toContain('-p:=1\n+\n+p := 1\n');
    expect(read('x/a.rego')).toBe(untidy);
    expect(policy(['fmt', '--write', 'x'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect([read('x/a.rego'), read('x/deep/c.rego'), read('x/other.txt')]).toEqual([tidy, tidy, untidy]);
    expect(statSync(path.join(home, 'x/a.rego')).mode & 0o777).toBe(0o640);
    expect(policy(['fmt', '--check', 'x']).code).toBe(0);
  });

  test('what a link names is changed, and the link stays', () => {
    file('real.rego', untidy);
    symlinkSync('real.rego', path.join(home, 'link.rego'));
    expect(policy(['fmt', '-w', 'link.rego']).code).toBe(0);
    expect(read('real.rego')).toBe(tidy);
    expect(readFileSync(path.join(home, 'link.rego'), 'utf8')).toBe(tidy);
  });

  test('one file that is no policy: nothing is written', () => {
    file('a.rego', untidy);
    file('b.rego', 'package b\np if {\n');
    const { code, stderr } = policy(['fmt', '-w', '.']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('b.rego:3:1: rego_parse_error')]);
    expect(read('a.rego')).toBe(untidy);
  });

  test.each([
    [['fmt', 'missing'], 'cannot read missing (ENOENT)'],
    [['fmt', 'empty'], 'there is no .rego file in empty'],
    [['fmt', '--write', '--check', 'empty'], 'cannot be used with'],
    [['fmt'], "missing required argument 'path'"],
  ])('%j', (args, message) => {
    mkdirSync(path.join(home, 'empty'));
    const { code, stderr } = policy(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('bytes that are no text are refused', () => {
    writeFileSync(path.join(home, 'a.rego'), Buffer.from('package a\n# \xff\n', 'latin1'));
    expect(policy(['fmt', '-w', 'a.rego']).code).toBe(2);
  });

  test('v0 becomes v1', () => {
    expect(policy(['fmt', '--v0-v1', '-'], 'package a\np { input.x }').stdout).toBe(
      'package a\n\nimport rego.v1\n\np if input.x\n',
    );
    expect(policy(['fmt', '--v0-compatible', '-'], 'package a\np { input.x }').stdout).toBe(
      'package a\n\np {\n\tinput.x\n}\n',
    );
  });

  test('a diff that patch takes', () => {
    const before = Array.from({ length: 30 }, (_, i) => `line ${String(i)}`);
    const after = before.with(3, 'changed').with(20, 'too').toSpliced(25, 1);
    file('a', before.join('\n') + '\n');
    const diff = unifiedDiff('a', `${before.join('\n')}\n`, `${after.join('\n')}\n`);
    expect(diff.match(/^@@/gm)).toHaveLength(2);
    expect(diff).toContain('@@ -1,7 +1,7 @@');
    const patched = spawnSync('git', ['apply', '--unsafe-paths', '-'], {
      cwd: home,
      input: diff.replaceAll(/^(---|\+\+\+) a/gm, '$1 x/a'),
      encoding: 'utf8',
    });
    if (patched.status === 0) expect(read('a')).toBe(`${after.join('\n')}\n`);
  });
});

describe('[req: cli:policy:lint] chaperone policy lint', () => {
  const risky = 'package a\n\np if startswith(input.path, "/etc")\n';

  test('text, JSON, exit codes', () => {
    file('a.rego', risky);
    const text = policy(['lint', 'a.rego']);
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(/^a\.rego:3:6: error: .*\[path-prefix\]\n1 file: 1 error\n$/);
    const json: unknown = JSON.parse(policy(['lint', '--format', 'json', 'a.rego']).stdout);
    expect(json).toMatchObject({ file: 'a.rego', row: 3, col: 6, rule: 'path-prefix', severity: 'error' });
    expect(policy(['lint', '--disable', 'path-prefix', 'a.rego'])).toEqual({
      code: 0,
      stdout: '1 file: nothing found\n',
      stderr: '',
    });
    file('b.rego', 'package a\n\n# TODO: all of it\np := 1\n');
    expect(policy(['lint', 'b.rego']).code).toBe(0);
    expect(policy(['lint', '--fail-on', 'info', 'b.rego']).code).toBe(1);
  });

  test('a rule that does not exist, a file that does not parse', () => {
    file('a.rego', 'package a\np if');
    expect(policy(['lint', '--disable', 'nothing', 'a.rego'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no rule nothing; there are: missing-default') as string,
    });
    expect(policy(['lint', 'a.rego'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('rego_parse_error') as string,
    });
  });

  test('names in a policy cannot control the terminal', () => {
    file('a.rego', 'package a\n\np if startswith(input.path, "/\\u001b[2J\\u009b")\n');
    const { stdout } = policy(['lint', 'a.rego']);
    expect(stdout).toContain('path-prefix');
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001B\u009B]/);
  });

  test('the linter knows the fields of the decision input', () => {
    const fields = DECISION_CONTRACT satisfies Record<keyof DecisionInput, unknown>;
    const nested = {
      ...fields.process,
    } satisfies Record<keyof NonNullable<DecisionInput['process']>, unknown>;
    fields.destination satisfies Record<keyof NonNullable<DecisionInput['destination']>, unknown>;
    fields.resource satisfies Record<keyof NonNullable<DecisionInput['resource']>, unknown>;
    fields.agent satisfies Record<keyof NonNullable<DecisionInput['agent']>, unknown>;
    fields.device satisfies Record<keyof NonNullable<DecisionInput['device']>, unknown>;
    fields.command satisfies Record<keyof NonNullable<DecisionInput['command']>, unknown>;
    fields.call satisfies Record<keyof NonNullable<DecisionInput['call']>, unknown>;
    fields.credential satisfies Record<keyof NonNullable<DecisionInput['credential']>, unknown>;
    const used = { action: 'read_file', process: { pid: 1 } } satisfies DecisionInput;
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(used)));
    expect(Object.keys(nested)).toContain('exe');
  });

  test('the shipped policies have no findings, and are formatted', () => {
    const folder = path.resolve(import.meta.dirname, '../../policies');
    expect(policy(['lint', '--fail-on', 'info', folder]).stdout).toMatch(/^\d+ files: nothing found\n$/);
    expect(policy(['fmt', '--check', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
