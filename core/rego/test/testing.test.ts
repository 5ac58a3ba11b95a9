import { describe, expect, test } from 'vitest';
import { tests } from '../src/index.ts';
import type { TestOptions, TestResult } from '../src/index.ts';

const policy = `package files
default allow := false
allow if input.path == "/a"
allow if {
	input.path == "/b"
	print("b is", input.path, input.missing)
	input.user == "alice"
}
unused if input.never`;

const suite = `package files_test
import data.files
test_allowed if files.allow with input as {"path": "/a"}
test_refused if files.allow with input as {"path": "/b"}
test_conflict if choice == 1
choice := 1
choice := 2 if true
todo_test_later if false
test_is_not_true := 7
test_cases[name] if {
	some name, request in {"first": {"path": "/a"}, "second": {"path": "/c"}}
	files.allow with input as request
}`;

function run(options: Partial<TestOptions> = {}, extra = '') {
  let ms = 0;
  const found = tests(
    [
      { file: 'files.rego', source: policy },
      { file: 'files_test.rego', source: suite + extra },
    ],
    { clock: () => (ms += 1), ...options },
  );
  const results = [...found.results];
  const byName = new Map(results.map((result) => [result.name.replace('data.files_test.', ''), result]));
  return { found, results, of: (name: string) => byName.get(name) as TestResult };
}

describe('[req: policy:test] tests of a policy', () => {
  test('each test rule is run and judged', () => {
    const { results } = run();
    expect(results.map(({ name, outcome }) => [name.split('.').at(-1), outcome])).toEqual([
      ['test_allowed', 'pass'],
      ['test_refused', 'fail'],
      ['test_conflict', 'error'],
      ['todo_test_later', 'skip'],
      ['test_is_not_true', 'fail'],
      ['test_cases', 'fail'],
    ]);
  });

  test('a failure says which condition stopped it, the test itself first', () => {
    const { trace = [], output, row } = run().of('test_refused');
    expect(row).toBe(4);
    expect(output).toEqual(['b is /b <undefined>']);
    expect(trace[0]?.rule).toBe('data.files_test.test_refused');
    expect(trace.find(({ failed }) => failed?.text === 'input.user == "alice"')).toBeDefined();
  });

  test('behind a not that failed, what held is named first', () => {
    const [failure] = run(
      { only: (name) => name.endsWith('test_closed') },
      'test_closed if not files.allow with input as {"path": "/a"}',
    ).results;
    const shown = failure?.trace?.map(({ rule, outcome }) => `${outcome} ${rule}`);
    expect(shown?.slice(0, 2)).toEqual(['failed data.files_test.test_closed', 'matched data.files.allow']);
  });

  test('an error says what happened', () => {
    expect(run().of('test_conflict').message).toContain('eval_conflict_error');
  });

  test('a case that fails is named, although it leaves no value', () => {
    expect(run().of('test_cases').cases).toEqual([
      { name: 'first', passed: true },
      { name: 'second', passed: false },
    ]);
  });

  test('only what is asked for runs', () => {
    const { found, results } = run({ only: (name) => name.endsWith('test_allowed') });
    expect([found.count, results.length]).toEqual([1, 1]);
  });

  test('a test that runs away is an error, and the others still run', () => {
    const endless =
      '\ntest_endless if { some a in numbers.range(1, 9999); some b in numbers.range(1, 9999); a + b == 0 }';
    const { of } = run({ steps: 20_000 }, endless);
    expect(of('test_endless').message).toContain('eval_budget_error');
    expect(of('test_allowed').outcome).toBe('pass');
  });

  test('what tests print is theirs alone', () => {
    const heard: string[] = [];
    run({ host: { print: (text) => heard.push(text) } });
    expect(heard).toEqual([]);
  });
});

describe('[req: policy:coverage] coverage', () => {
  test('rows count when their condition was evaluated, heads when their body held', () => {
    const { found } = run({ coverage: true });
    const [files] = found.coverage();
    expect(files).toEqual({
      file: 'files.rego',
      covered: [
        { start: 2, end: 3 },
        { start: 5, end: 7 },
      ],
      notCovered: [
        { start: 4, end: 4 },
        { start: 9, end: 9 },
      ],
      coveredRows: 5,
      rows: 7,
    });
  });

  test('nothing is covered before anything ran', () => {
    const found = tests([{ file: 'files.rego', source: policy }], { clock: () => 0 });
    expect(found.coverage().map(({ coveredRows }) => coveredRows)).toEqual([0]);
  });
});
