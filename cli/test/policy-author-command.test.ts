/** chaperone policy check, deps and inspect -a, and what the commands read: as processes. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.js');
const env = { ...process.env, NO_COLOR: '1' };
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'policy-author-'));
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  write('p/access.rego', good);
  write('p/lib.rego', 'package lib\n\nopen(folder) if folder in data.folders\n');
  write('p/data.yaml', 'folders: [/a, /b]\n');
  write('p/roles/data.json', '{"a b": ["ann"]}');
});

const good = `# METADATA
# title: Access \u001b[31m
package endpoint.access

default allow := false

# METADATA
# entrypoint: true
allow if {
	data.lib.open(input.folder)
	input.user in data.roles["a b"]
}
`;

function write(name: string, text: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function policy(...args: string[]) {
  const options = { cwd: folder, encoding: 'utf8', env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'policy', ...args], options);
  return { status, stdout, stderr };
}

describe('[req: policy:check] policy check', () => {
  test('a policy without problems', () => {
    expect(policy('check', 'p')).toEqual({ status: 0, stdout: 'p: 2 files, no problem\n', stderr: '' });
    expect(policy('check', '--strict', '--contract', '-f', 'json', 'p').stdout).toBe('{}\n');
  });

  test('every problem of every file, with line, caret and hint, and exit code 1', () => {
    write('p/bad.rego', 'package bad\n\nx { true }\n');
    write('p/worse.rego', 'package worse\n\nx := \n');
    const { status, stdout } = policy('check', 'p');
    expect(status).toBe(1);
    expect(stdout).toContain('the policy in p has 2 problems:');
    expect(stdout).toContain('p/bad.rego:3:3: rego_parse_error');
    expect(stdout).toContain('  3 | x { true }\n        ^');
    expect(stdout).toContain('p/worse.rego:');
    const { errors } = JSON.parse(policy('check', '-f', 'json', 'p').stdout) as { errors: unknown[] };
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({
      code: 'rego_parse_error',
      location: { file: 'p/bad.rego', row: 3, col: 3 },
      hint: expect.stringContaining('if'),
    });
  });

  test('more than a screenful is not cut', () => {
    write('p/many.rego', `package many\n${Array.from({ length: 30 }, (_, i) => `x${i} := y\n`).join('')}`);
    expect(policy('check', 'p').stdout.match(/rego_unsafe_var_error/g)).toHaveLength(30);
  });

  test('--strict and --contract ask for more', () => {
    write('q/q.rego', 'package q\nimport data.unused\np := 1\n');
    expect(policy('check', 'q').status).toBe(0);
    expect(policy('check', '--strict', 'q').stdout).toContain('import data.unused unused');
    const { status, stdout } = policy('check', '--contract', 'q');
    expect(status).toBe(1);
    expect(stdout).toContain('no rule decides: define data.chaperone.access.decision or');
  });

  test('data in the place of a rule is a problem, as in OPA', () => {
    write('p/endpoint/access/data.json', '{"allow": true}');
    const { status, stdout } = policy('check', 'p');
    expect(status).toBe(1);
    expect(stdout).toContain('conflicting rule for data path endpoint/access/allow found');
  });

  test('what cannot be read is exit code 2', () => {
    expect(policy('check', 'absent')).toMatchObject({ status: 2, stdout: '' });
    expect(policy('check')).toMatchObject({ status: 2 });
    write('p/data.json', '{');
    expect(policy('check', 'p').stderr).toContain('data.json is not JSON');
  });
});

describe('[req: policy:check] what the commands read', () => {
  test('bundles and YAML, alike in all of them', () => {
    write('in.json', '{"folder": "/b", "user": "ann"}');
    expect(policy('build', 'p', '-o', 'b.tar.gz').status).toBe(0);
    const rule = 'data.endpoint.access.allow';
    for (const from of ['p', 'b.tar.gz']) {
      expect(policy('check', from).status).toBe(0);
      expect(policy('deps', rule, from).status).toBe(0);
      expect(policy('explain', rule, from, '-i', 'in.json').status).toBe(0);
      expect(policy('bench', rule, from, '-i', 'in.json', '--seconds', '0.1').status).toBe(0);
      expect(policy('eval', rule, '-d', from, '-i', 'in.json').stdout).toBe('true\n');
      expect(policy('eval', rule, '-b', from, '-i', 'in.json').stdout).toBe('true\n');
    }
    write('t_test.rego', 'package t_test\ntest_a if "/a" in data.folders\n');
    expect(policy('test', 'b.tar.gz', 't_test.rego').stdout).toContain('PASS 1');
  });

  test('a bundle leaves tests out, a folder does not', () => {
    write('p/x_test.rego', 'package x_test\ntest_x := 1\n');
    expect(policy('eval', 'data.x_test', '-d', 'p').stdout).toContain('test_x');
    expect(policy('eval', 'data.x_test', '-b', 'p').stdout).toBe('undefined\n');
  });

  test('data of two places that contradict each other is refused', () => {
    write('q/data.json', '{"folders": 1}');
    expect(policy('eval', 'data', '-d', 'p', '-d', 'q')).toMatchObject({ status: 2, stdout: '' });
  });

  test('a test may put a reply in the place of http.send', () => {
    write(
      'p/h.rego',
      'package h\nok if http.send({"method": "get", "url": "http://x"}).status_code == 200\n',
    );
    write('p/h_test.rego', 'package h_test\ntest_ok if data.h.ok with http.send as {"status_code": 200}\n');
    expect(policy('test', 'p').status).toBe(0);
  });

  test('a bundle with a mistake shows the line', () => {
    write('bad/x.rego', 'package x\np { true }\n');
    const { status, stderr } = policy('eval', 'data.x', '-b', 'bad', '--v0-compatible');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    write('bad/y.rego', 'package y\np if {\n');
    expect(policy('check', '-b', 'bad').stderr).toContain(
      'the policy in bad has one problem:\ny.rego:3:1: rego_parse',
    );
  });
});

test('[req: policy:eval] eval takes paths, and says what --input takes', () => {
  write('in.json', '{"folder": "/a", "user": "ann"}');
  expect(policy('eval', 'data.endpoint.access.allow', 'p', '-i', 'in.json').stdout).toBe('true\n');
  const { status, stderr } = policy('eval', 'input', '-i', '{"a": 1}');
  expect(status).toBe(2);
  expect(stderr).toContain('it takes a file, or - for JSON on standard input');
});

describe('[req: policy:check] policy deps', () => {
  test('what a rule reads and which rules it uses', () => {
    const text = policy('deps', 'data.endpoint.access.allow', 'p').stdout;
    expect(text).toBe(
      'data.endpoint.access.allow\n  reads\n    data.folders\n    data.roles["a b"]\n    input.folder\n    input.user\n  uses the rules\n    data.lib.open\n',
    );
    expect(JSON.parse(policy('deps', '-f', 'json', 'endpoint/access/allow', 'p').stdout)).toEqual({
      base: ['data.folders', 'data.roles["a b"]', 'input.folder', 'input.user'],
      virtual: ['data.endpoint.access.allow', 'data.lib.open'],
    });
  });

  test('no such rule', () => {
    expect(policy('deps', 'data.endpoint.access.alow', 'p')).toMatchObject({ status: 2, stdout: '' });
  });
});

test('[req: policy:check] inspect -a prints annotations, safe for a terminal', () => {
  const { status, stdout } = policy('inspect', '-a', 'p');
  expect(status).toBe(0);
  expect(stdout).toContain('data.endpoint.access  (package, access.rego:1)');
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toContain('data.endpoint.access.allow  (document, access.rego:7)\n  entrypoint: true\n');
  expect(policy('inspect', 'p').stdout).not.toContain('entrypoint');
});

test('[req: policy:test] test --watch runs again after a change', async () => {
  write('p/a_test.rego', 'package a_test\ntest_a if 1 == 1\n');
  const child = spawn(process.execPath, [main, 'policy', 'test', '--watch', 'p'], { cwd: folder, env });
  onTestFinished(() => void child.kill());
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await expect.poll(() => printed, { timeout: 10_000 }).toMatch(/PASS 1[^]*waiting/);
  write('p/a_test.rego', 'package a_test\ntest_a if 1 == 2\n');
  await expect.poll(() => printed, { timeout: 10_000 }).toMatch(/FAIL 1/);
});
