import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { judge } from './judge.ts';
import { parseCases, readCases } from './cases.ts';
import type { Case } from './cases.ts';
import { testHost } from './host.ts';

/** Cases that pass at least. Raise it when more pass; a lower number is a regression. */
const FLOOR = 1787;

/** Failures that are known and why, by the names of the cases; each must still fail. */
const ACCEPTED: Readonly<Record<string, string>> = {};

const root = path.resolve(import.meta.dirname, '../../../..');
const cases = readCases();

function one(fields: Readonly<Record<string, unknown>>): Case {
  const [found] = parseCases(JSON.stringify({ note: 'own', data: {}, ...fields }));
  if (found === undefined) throw new Error('no case');
  return found;
}

describe('conformance suite', () => {
  test('[req: rego:reference] what fails does so because a built-in is not supported, or is listed here', async ({
    skip,
  }) => {
    if (typeof cases === 'string') return skip(cases);
    const failed: { readonly note: string; readonly why: string }[] = [];
    for (const found of cases) {
      const why = await judge(found, testHost);
      if (why !== null) failed.push({ note: found.note, why });
    }
    console.log(`conformance: passed ${cases.length - failed.length} of ${cases.length}`);
    const passed = `**${cases.length - failed.length} of ${cases.length}** cases`;
    for (const page of ['README.md', 'docs/reference/rego.md'])
      expect(readFileSync(path.join(root, page), 'utf8'), `${page} has another number`).toContain(passed);
    const unlisted = failed.filter(
      ({ note, why }) =>
        ACCEPTED[note] === undefined && !/^refused: .*built-in function \S+ is not supported/.test(why),
    );
    expect(unlisted).toEqual([]);
    expect(Object.keys(ACCEPTED).filter((note) => failed.every((one) => one.note !== note))).toEqual([]);
    expect(cases.length - failed.length).toBeGreaterThanOrEqual(FLOOR);
  }, 120_000);
});

describe('the judge', () => {
  const modules = ['package a\n\np := x if x := data.n / input.d\n\nq contains v if some v in [3, 1]'];
  const ask = (fields: Readonly<Record<string, unknown>>): Promise<string | null> =>
    judge(one({ modules, data: { n: 4 }, input: { d: 0 }, query: 'data.a.p = x', ...fields }), testHost);

  test('wants the whole result, by value', async () => {
    expect(await ask({ input: { d: 2 }, want_result: [{ x: 2 }] })).toBeNull();
    expect(await ask({ input: { d: 2 }, want_result: [{ x: 3 }] })).toContain('wants');
    expect(await ask({ input: { d: 2 }, want_result: [] })).toContain('wants');
    expect(await ask({ want_result: [] })).toBeNull();
    const unordered = { query: 'x := [3, 1]', want_result: [{ x: [1, 3] }] };
    expect(await ask(unordered)).toContain('wants');
    expect(await ask({ ...unordered, sort_bindings: true })).toBeNull();
    expect(await ask({ ...unordered, query: 'x := 3', sort_bindings: true })).toContain('is no array');
  });

  test('wants an error by code and text, and takes neither another error nor undefined for it', async () => {
    const error = { want_error_code: 'eval_builtin_error', want_error: 'divide by zero' };
    expect(await ask({ ...error, strict_error: true })).toBeNull();
    expect(await ask(error)).toContain('has a result');
    expect(await ask({ ...error, want_error_code: 'eval_type_error', strict_error: true })).toContain(
      'error code',
    );
    expect(await ask({ ...error, want_error: 'modulo', strict_error: true })).toContain('wants the error');
    expect(await ask({ want_result: [], strict_error: true })).toContain('has an error');
    expect(await ask({ ...error, modules: ['package a\n\np := 1 if zzz'], strict_error: true })).toContain(
      'refused',
    );
  });

  test('takes an error of loading by code and text', async () => {
    const unsafe = { modules: ['package a\n\np := x'], want_error_code: 'rego_unsafe_var_error' };
    expect(await ask(unsafe)).toBeNull();
    expect(await ask({ ...unsafe, want_error: 'var x is unsafe' })).toBeNull();
    expect(await ask({ ...unsafe, want_error: 'var y is unsafe' })).toContain('refused');
    expect(await ask({ ...unsafe, want_error_code: 'rego_type_error' })).toContain('refused');
  });

  test('refuses lines that are no cases, by number', async () => {
    expect(() => parseCases('{"query":"1"}\n[]')).toThrow('line 2: is not a JSON object');
    expect(() => parseCases('{"modules":[]}')).toThrow('line 1: has no "query"');
    expect(() => parseCases('{')).toThrow('line 1');
    expect(await ask({})).toContain('expects neither');
  });
});
