import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generate, instantiate } from '../src/codegen/module.ts';
import type { Variant } from '../src/codegen/emit.ts';
import type { Backend, Compiled } from '../src/codegen/module.ts';
import { check } from '../src/compile.ts';
import type { Checked } from '../src/compile.ts';
import { marshal, RegoEvalError } from '../src/index.ts';
import type { Json } from '../src/index.ts';
import { Tracer } from '../src/tracer.ts';
import { readCases } from './conformance/cases.ts';
import { generatedData, generatedInput, generatedModule } from './generated.ts';

const STEPS = 2000;

/** What an evaluation came to, and what it cost. */
type Outcome = { readonly steps: number } & ({ readonly value: string } | { readonly error: string });

type Ask = (input: Json, steps?: number) => Outcome;

function asker({ info }: Checked, variant: Variant, backend: Backend): Ask {
  const compiled: Compiled = instantiate(generate(info, variant), {}, backend, new Tracer());
  const group = info.tree.byPath.get(JSON.stringify(['test', 'all']))?.id ?? -1;
  return (input, steps = STEPS) => {
    compiled.start(input, generatedData, steps);
    const spent = (): number => steps - compiled.state.fuel;
    try {
      const value = compiled.group(group);
      return { value: value === undefined ? 'undefined' : marshal(value), steps: spent() };
    } catch (error) {
      if (!(error instanceof RegoEvalError)) throw error;
      return { error: error.code, steps: spent() };
    }
  };
}

const load = (source: string): Checked => check([{ file: 'p.rego', source }]);
const inputs = fc.array(generatedInput, { minLength: 1, maxLength: 8 });

describe('for any generated policy and input', () => {
  test('both back-ends give the same value or error for the same steps, also within any budget', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(generatedModule, inputs, fc.nat({ max: 40 }), (source, given, budget) => {
        const checked = load(source);
        const javascript = asker(checked, 'fast', 'javascript');
        const closures = asker(checked, 'fast', 'closures');
        for (const input of given) {
          const expected = javascript(input);
          expect(closures(input)).toEqual(expected);
          expect(closures(input, budget)).toEqual(javascript(input, budget));
          seen.add('error' in expected ? expected.error : 'value');
        }
      }),
      { numRuns: 150 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['eval_conflict_error', 'value']));
  });

  test('the index gives what trying every rule gives, for the same steps', () => {
    let indexed = 0;
    fc.assert(
      fc.property(generatedModule, inputs, fc.nat({ max: 40 }), (source, given, budget) => {
        const checked = load(source);
        if (/select\(k/.test(generate(checked.info, 'fast').source)) indexed += 1;
        const some = asker(checked, 'fast', 'javascript');
        // Traced code is the same text, but its index selects all rules.
        const every = asker(checked, 'traced', 'javascript');
        for (const input of given) {
          expect(some(input)).toEqual(every(input));
          expect(some(input, budget)).toEqual(every(input, budget));
        }
      }),
      { numRuns: 150 },
    );
    expect(indexed).toBeGreaterThan(50);
  });

  test('the code that tracks reads agrees, and the value depends on nothing that it did not record', () => {
    fc.assert(
      fc.property(generatedModule, generatedInput, generatedInput, (source, input, other) => {
        const checked = load(source);
        const fast = asker(checked, 'fast', 'javascript');
        const compiled = instantiate(generate(checked.info, 'abstract'), {}, 'javascript');
        const group = checked.info.tree.byPath.get(JSON.stringify(['test', 'all']))?.id ?? -1;
        const expected = fast(input);
        if (!('value' in expected)) return;
        compiled.start(input, generatedData, STEPS);
        const value = compiled.group(group);
        expect(value === undefined ? 'undefined' : marshal(value)).toBe(expected.value);
        const { reads } = compiled.state;
        const kept = Object.entries(input as Record<string, Json>);
        const read = (key: string): boolean =>
          [...reads].some((path) => path === '' || path === key || path.startsWith(`${key}.`));
        const changed = Object.fromEntries([
          ...Object.entries(other as Record<string, Json>).filter(([key]) => !read(key)),
          ...kept.filter(([key]) => read(key)),
        ]);
        expect(fast(changed)).toMatchObject({ value: expected.value });
      }),
      { numRuns: 150 },
    );
  });

  test('evaluation is deterministic: the same value and steps again, and after other inputs', () => {
    fc.assert(
      fc.property(generatedModule, inputs, (source, given) => {
        const ask = asker(load(source), 'fast', 'javascript');
        const first = given.map((input) => ask(input));
        expect(given.map((input) => ask(structuredClone(input)))).toEqual(first);
        expect(given.toReversed().map((input) => ask(input))).toEqual(first.toReversed());
        const fresh = asker(load(source), 'fast', 'javascript');
        expect(given.toReversed().map((input) => fresh(input))).toEqual(first.toReversed());
      }),
      { numRuns: 100 },
    );
  });
});

describe('where the host forbids code generation', () => {
  test('every conformance case comes to what it comes to elsewhere', ({ skip }) => {
    const cases = readCases();
    if (typeof cases === 'string') return skip(cases);
    const forbidding = '--disallow-code-generation-from-strings';
    const probe = spawnSync(process.execPath, [forbidding, '-e', 'new Function("")'], { encoding: 'utf8' });
    expect(probe.stderr).toContain('EvalError');
    const script = fileURLToPath(new URL('conformance/run.ts', import.meta.url));
    const run = (...flags: string[]): { stdout: string; status: number | null } => {
      const { stdout, status } = spawnSync(process.execPath, [...flags, script], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      return { stdout, status };
    };
    const elsewhere = run();
    expect(elsewhere.status).toBe(0);
    expect(run(forbidding)).toEqual(elsewhere);
  }, 120_000);
});
