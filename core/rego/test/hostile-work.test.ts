/** Little to write, much to do: each ends by its budget, soon, and in bounded memory. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compile, RegoEvalError } from '../src/index.ts';
import { nodeHost } from '../src/node/index.ts';

interface Case {
  readonly name: string;
  readonly rules: string;
  /** A JavaScript expression. */
  readonly input: string;
}

const corpus = fileURLToPath(new URL('corpus/work.jsonl', import.meta.url));
const cases = readFileSync(corpus, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

const script = `
import { readFileSync } from 'node:fs';
import { compile, RegoEvalError } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
import { nodeHost } from ${JSON.stringify(new URL('../src/node/index.ts', import.meta.url).href)};
const found = readFileSync(process.env.CASES, 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
const host = nodeHost();
for (const { name, rules, input } of found) {
  const value = new Function('text', 'list', 'object', 'deep', 'return ' + input)(
    (n, part = 'a') => part.repeat(n),
    (n, item = (i) => i) => Array.from({ length: n }, (_, i) => item(i)),
    (n, item = (i) => i) => Object.fromEntries(Array.from({ length: n }, (_, i) => ['k' + i, item(i)])),
    (n, wrap) => { let v = 1; for (let i = 0; i < n; i++) v = wrap(v); return v; },
  );
  const entry = compile([{ file: 'f', source: 'package test\\n' + rules }], { host, steps: 200_000 }).entrypoint('test/p');
  const begun = performance.now();
  let end = 'value';
  try { entry.evaluate(value); } catch (error) {
    end = error instanceof RegoEvalError ? error.code : String(error);
  }
  console.log(JSON.stringify({ name, end, ms: Math.round(performance.now() - begun) }));
}`;

test('everything found so far ends soon with a value or for its budget, in a heap of 256 MB', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--max-old-space-size=256', '--input-type=module', '-e', script],
    { encoding: 'utf8', env: { ...process.env, CASES: corpus }, timeout: 170_000 },
  );
  const ends = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; end: string; ms: number });
  expect(stderr.split('\n').filter((line) => /FATAL|Error/.test(line))).toEqual([]);
  expect(status).toBe(0);
  expect(ends.map(({ name }) => name)).toEqual(cases.map(({ name }) => name));
  expect(ends.filter(({ end }) => end !== 'value' && end !== 'eval_budget_error')).toEqual([]);
  // Some of these took minutes; the bound leaves room for a machine that has other things to do.
  expect(ends.filter(({ ms }) => ms > 10_000)).toEqual([]);
}, 180_000);

describe('input that is no JSON', () => {
  const entry = compile([{ file: 'f', source: 'package test\np := json.marshal(input)\nq := input\n' }], {
    host: nodeHost(),
  });
  test.each(['p', 'q'])('a value that holds itself has no answer (%s)', (name) => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    const list: unknown[] = [];
    list.push(list);
    for (const input of [loop, list, { a: [loop] }])
      expect(() => entry.entrypoint(`test/${name}`).evaluate(input)).toThrow(RegoEvalError);
  });
  test('an evaluation after one that failed is not touched by it', () => {
    const list: unknown[] = [];
    list.push(list);
    expect(() => entry.entrypoint('test/p').evaluate(list)).toThrow(RegoEvalError);
    expect(entry.entrypoint('test/p').evaluate([1])).toBe('[1]');
  });
});
