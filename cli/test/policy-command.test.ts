/** chaperone policy test, eval, explain and bench, as processes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.js');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'policy-command-'));
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  write(
    'access.rego',
    'package access\ndefault allow := false\nallow if input.path == data.open\nnever if input.x\n',
  );
  write('data.json', '{"open": "/a"}');
  write(
    'access_test.rego',
    'package access_test\nimport data.access\ntest_open if access.allow with input as {"path": "/a"}\ntest_other if { print("\\u001b[31mred"); access.allow with input as {"path": "/<&>"} }\n',
  );
  write('request.json', '{"path": "/a", "size": 12345678901234567890}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function policy(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'policy', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

describe('[req: policy:test] policy test', () => {
  test('says what failed and why, and ends with 1', () => {
    const { status, stdout } = policy('test', '.');
    expect(status).toBe(1);
    expect(stdout).toContain('FAIL  data.access_test.test_other');
    expect(stdout).toContain('does not hold: input.path == data.open');
    expect(stdout).toContain('| \\x1b[31mred');
    expect(stdout).toMatch(/^PASS 1 {2}FAIL 1 {2}of 2/m);
    expect(stdout).not.toContain('test_open');
  });

  test('ends with 0 when all tests that are asked for hold, with 2 when there is none', () => {
    expect(policy('test', '.', '--run', 'open').status).toBe(0);
    const none = policy('test', '.', '--run', 'absent');
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('there is no test whose name matches absent');
  });

  test('the JSON has the members of opa test', () => {
    const [first, second] = JSON.parse(policy('test', '.', '--format', 'json').stdout) as object[];
    expect(first).toMatchObject({ package: 'data.access_test', name: 'test_open', location: { row: 3 } });
    expect(second).toMatchObject({ name: 'test_other', fail: true });
  });

  test('the JUnit report is well-formed whatever a test prints', () => {
    const { stdout } = policy('test', '.', '--format', 'junit');
    expect(stdout).toContain('<testsuite name="access_test.rego" tests="2" failures="1" errors="0"');
    expect(stdout).toContain('<system-out>\uFFFD[31mred</system-out>');
    expect(stdout).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#10;)/);
  });

  test('[req: policy:coverage] too little coverage ends with 1', () => {
    const enough = policy('test', '.', '--run', 'open', '--threshold', '10');
    expect(enough.status).toBe(0);
    expect(enough.stdout).toContain('access.rego  not: 2, 4');
    const less = policy('test', '.', '--run', 'open', '--threshold', '99');
    expect(less.status).toBe(1);
    expect(less.stderr).toContain('less than the 99 % asked for');
  });

  test('a mistake in the policy is shown with its place', () => {
    writeFileSync(path.join(folder, 'broken.rego'), 'package broken\np if {');
    const { status, stderr } = policy('test', 'broken.rego');
    expect(status).toBe(2);
    expect(stderr).toContain('broken.rego:2:7: rego_parse_error');
    rmSync(path.join(folder, 'broken.rego'));
  });
});

describe('[req: policy:eval] policy eval', () => {
  test('shows a value, exact numbers included', () => {
    expect(policy('eval', '-d', '.', '-i', 'request.json', 'data.access.allow').stdout).toBe('true\n');
    expect(policy('eval', '-i', 'request.json', 'input.size + 1').stdout).toBe('12345678901234567891\n');
  });

  test('shows several results as a table, and for programs as OPA does', () => {
    expect(policy('eval', 'x := [1, 2]; y := x[_]').stdout).toBe('x      y\n[1,2]  1\n[1,2]  2\n');
    const { stdout } = policy('eval', '-f', 'json', 'y := [7][_]');
    expect(JSON.parse(stdout)).toEqual({
      result: [
        {
          bindings: { y: 7 },
          expressions: [{ text: 'y := [7][_]', value: true, location: { row: 1, col: 1 } }],
        },
      ],
    });
  });

  test('ends by what was asked', () => {
    expect(policy('eval', '--fail', 'input.a').status).toBe(1);
    expect(policy('eval', '--fail-defined', '1 == 1').status).toBe(1);
    expect(policy('eval', '--fail', '1 == 1').status).toBe(0);
    const wrong = policy('eval', 'x := ');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('rego_parse_error');
  });
});

describe('[req: policy:explain] policy explain', () => {
  test('names the condition that failed and what it read', () => {
    const { status, stdout } = policy('explain', 'access.allow', '.');
    expect(status).toBe(1);
    expect(stdout).toContain('line 3 does not hold: input.path == data.open');
    expect(stdout).toContain('input.path is not known');
  });

  test('a rule that is not there is answered with those that are', () => {
    const { status, stderr } = policy('explain', 'access.alow', '.');
    expect(status).toBe(2);
    expect(stderr).toContain('data.access.allow');
  });
});

test('[req: policy:bench] policy bench measures', () => {
  const { status, stdout } = policy('bench', 'access.allow', '.', '--seconds', '0.1', '--json');
  expect(status).toBe(0);
  const figures = JSON.parse(stdout) as { median_us: number; p99_us: number };
  expect(figures.median_us).toBeGreaterThan(0);
  expect(figures.p99_us).toBeGreaterThanOrEqual(figures.median_us);
});
