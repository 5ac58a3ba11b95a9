import { describe, expect, test } from 'vitest';
import { RegoErrors, RegoEvalError } from '../src/index.ts';
import { load, readCases } from './conformance.ts';
import type { Case } from './conformance.ts';

/** Cases that pass at least. Raise it when more pass; a lower number is a regression. */
const FLOOR = 1440;

type Outcome =
  | { readonly is: 'pass' }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'fail'; readonly got: string };

/** A text that is equal for equal results; arrays as multisets when the case leaves their order open. */
function canonical(v: unknown, unordered: boolean): string {
  if (Array.isArray(v)) {
    const items = v.map((item: unknown) => canonical(item, unordered));
    return `[${(unordered ? items.toSorted() : items).join()}]`;
  }
  if (typeof v === 'object' && v !== null) {
    const entries = Object.entries(v).map(
      ([k, item]) => `${JSON.stringify(k)}:${canonical(item, unordered)}`,
    );
    return `{${entries.toSorted().join()}}`;
  }
  return JSON.stringify(v) ?? 'undefined';
}

const bindings = (list: unknown, unordered: boolean): string =>
  Array.isArray(list)
    ? list
        .map((b) => canonical(b, unordered))
        .toSorted()
        .join()
    : String(list);

/** Asks the query. */
function answer(found: Case): unknown {
  const { entry, input, direct } = load(found);
  const x = entry.evaluate(input);
  if (!direct) return x;
  // The tracking code is a second translation of the same rules and must agree.
  if (canonical(entry.track(input).value, false) !== canonical(x, false))
    throw new Error('track disagrees with evaluate');
  return x === undefined ? [] : [{ x }];
}

function outcome(found: Case): Outcome {
  const wantsError = found.want_error_code !== undefined || found.want_error !== undefined;
  try {
    const got = answer(found);
    const unordered = found.sort_bindings === true;
    if (found.strict_error === true && bindings(got, unordered) === '') return { is: 'pass' };
    const same =
      (!wantsError || found.strict_error === true) &&
      bindings(got, unordered) === bindings(found.want_result ?? [], unordered);
    return same ? { is: 'pass' } : { is: 'fail', got: JSON.stringify(got) };
  } catch (error) {
    if (error instanceof RegoErrors)
      return { is: 'refused', why: error.errors[0]?.message.replace(/^\S+ /, '') ?? '' };
    const right =
      wantsError &&
      error instanceof RegoEvalError &&
      (found.want_error_code === undefined || found.want_error_code === error.code);
    return right ? { is: 'pass' } : { is: 'fail', got: String(error) };
  }
}

const cases = readCases();

describe('conformance suite', () => {
  test('no case that loads gives a wrong result', ({ skip }) => {
    if (typeof cases === 'string') return skip(cases);
    const outcomes = cases.map((found) => ({ note: found.note, ...outcome(found) }));
    const refused = outcomes.filter((o) => o.is === 'refused');
    const passed = outcomes.filter((o) => o.is === 'pass').length;
    const failed = outcomes.filter((o) => o.is === 'fail');
    const reasons = new Map<string, number>();
    for (const { why } of refused) reasons.set(why, (reasons.get(why) ?? 0) + 1);
    const listed = [...reasons]
      .toSorted((a, b) => b[1] - a[1])
      .map(([why, n]) => `${String(n).padStart(5)}  ${why}`);
    console.log(
      [
        `conformance: ${cases.length} cases, ${cases.length - refused.length} supported, ${passed} passed, ${refused.length} refused at load, ${failed.length} failed`,
        ...listed,
      ].join('\n'),
    );
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThanOrEqual(FLOOR);
    // Nothing of the language itself is refused, only built-ins and one number that no double holds.
    expect(refused.filter(({ why }) => !why.startsWith('rego_unsupported')).length).toBeLessThanOrEqual(1);
  }, 120_000);
});
