import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generate } from '../src/codegen/module.ts';
import { check } from '../src/compile.ts';
import { compile, RegoErrors } from '../src/index.ts';
import type { Entrypoint } from '../src/index.ts';
import { readCases } from './conformance/cases.ts';
import type { Case } from './conformance/cases.ts';
import { testHost } from './conformance/host.ts';

const cases = readCases();

/** Cases that load, at least: the comparison must not hold for want of cases. */
const LOADED = 1400;

/** The document that a case asks for; null when it asks something else. */
function load({ query, modules, data }: Case): Entrypoint | null {
  const document = /^data((?:\.\w+)*) = x$/.exec(query)?.[1]?.replaceAll('.', '/');
  const program = compile(
    modules.map((source, i) => ({ file: `m${i}.rego`, source })),
    { data, steps: 5e7, host: testHost },
  );
  return document !== undefined && program.has(document) ? program.entrypoint(document) : null;
}

/** Every construct that the generator treats in its own way, for where there is no conformance data. */
const sample = `
default answer := "none"
answer := "one" if input.n == 1 else := "two" if input.n == 2 else := data.words[input.n]
members contains x if some x in input.list
members contains "n" if input.n
table[k] := v if some k, v in input.map
table.fixed := input.n
nested[k] contains v if { some k, vs in input.sets; some v in vs }
default f(_) := 0
f(x) := x + 1 if x > 1
f([x, y]) := x if y == input.n
g(1, x) := x
replaced := y if y := f(3) with f as count2 with input.list as [1, 2]
count2(x) := count(input.list) + x
mocked := y if y := count([1, 2]) with count as 5
above if every x in input.list { x >= data.least; not x in {9} }
pairs := {[x, y] | some x in input.list; some y in members; x != y}
index := {x: i | some i, x in input.list}
text := $"{input.n} of {count(input.list)} {input.none}"
walked := [at | walk(input.map, [at, _])]
p := {
  "n": input.n, "answer": answer, "members": members, "table": table, "nested": nested, "replaced": replaced,
  "mocked": mocked, "above": {1 | above}, "pairs": pairs, "index": index, "text": text, "walked": walked,
  "f": [y | some x in [0, 1, 2, [7, 1]]; y := f(x)], "g": [y | some x in [0, 1]; y := g(x, x)],
  "words": [w | w := data.words[_]],
}`;

describe('the code that enforces', () => {
  test('explain has the value or the error of evaluate, for any input of the sample', () => {
    const asked = compile([{ file: 'p.rego', source: `package test\n${sample}` }], {
      data: { words: { 3: 'three' }, least: 1 },
    }).entrypoint('test/p');
    const seen = new Set<string>();
    const small = fc.integer({ min: 0, max: 4 });
    const input = fc.record(
      {
        n: fc.oneof(small, fc.constant('3')),
        list: fc.array(small, { maxLength: 4 }),
        map: fc.dictionary(fc.constantFrom('a', 'b', 'fixed'), small),
        sets: fc.dictionary(fc.constantFrom('a', 'b'), fc.array(small, { maxLength: 3 })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(input, (given) => {
        const { bodies, ...outcome } = asked.explain(given);
        let expected: unknown;
        try {
          expected = { ok: true, value: asked.evaluate(given) };
        } catch (error) {
          expected = { ok: false, error };
        }
        expect(outcome).toEqual(expected);
        seen.add(outcome.ok ? typeof outcome.value : 'error');
        for (const body of bodies) seen.add(body.outcome);
      }),
      { numRuns: 300 },
    );
    expect([...seen].toSorted()).toEqual(['error', 'failed', 'matched', 'object', 'undefined']);
  });

  test('explain has the value or the error of evaluate, in every conformance case that loads', ({ skip }) => {
    if (typeof cases === 'string') return skip(cases);
    let loaded = 0;
    const traces = { matched: 0, failed: 0, error: 0 };
    for (const found of cases) {
      let asked;
      try {
        asked = load(found);
      } catch (error) {
        if (!(error instanceof RegoErrors)) throw error;
        continue;
      }
      if (asked === null) continue;
      loaded += 1;
      const explained = asked.explain(found.input);
      for (const { outcome } of explained.bodies) traces[outcome] += 1;
      let expected: unknown;
      try {
        expected = { ok: true, value: asked.evaluate(found.input) };
      } catch (error) {
        expected = { ok: false, error };
      }
      const { bodies: _, ...outcome } = explained;
      expect(outcome, found.note).toEqual(expected);
    }
    expect(loaded).toBeGreaterThan(LOADED);
    for (const count of Object.values(traces)) expect(count).toBeGreaterThan(20);
  }, 120_000);

  test('is the traced code without its reports, in the sample and every conformance case that loads', () => {
    let loaded = 0;
    const own = { note: 'sample', modules: [`package test\n${sample}`] };
    for (const { modules = [], note } of [own, ...(typeof cases === 'string' ? [] : cases)]) {
      let checked;
      try {
        checked = check(modules.map((source, i) => ({ file: `m${i}.rego`, source })));
      } catch (error) {
        if (!(error instanceof RegoErrors)) throw error;
        continue;
      }
      loaded += 1;
      const traced = generate(checked.info, 'traced');
      const bare = traced.source.split('\n').filter((line) => !/^(?:const \{ T \} = R;$|T\.)/.test(line));
      expect(bare.join('\n'), note).toBe(generate(checked.info, 'fast').source);
      expect(traced.pool, note).toEqual(generate(checked.info, 'fast').pool);
    }
    expect(loaded).toBeGreaterThan(typeof cases === 'string' ? 0 : LOADED);
  }, 120_000);
});
