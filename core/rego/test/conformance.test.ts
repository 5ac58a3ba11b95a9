import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile, RegoErrors, RegoEvalError } from '../src/index.ts';
import type { Json } from '../src/index.ts';

/** One case of the Open Policy Agent's conformance suite. */
interface Case {
  readonly note: string;
  readonly query: string;
  readonly modules?: readonly string[];
  readonly data?: Json;
  readonly input?: Json;
  /** The input as a Rego term, for inputs that JSON cannot spell. */
  readonly input_term?: string;
  readonly want_result?: readonly Record<string, Json>[] | null;
  readonly sort_bindings?: boolean;
  readonly want_error_code?: string;
  readonly want_error?: string;
  /** The case wants built-in errors to be fatal. Here they are undefined, as by default in OPA. */
  readonly strict_error?: boolean;
}

const SHARED =
  process.env['CHAPERONE_SHARED_DATA'] ?? path.resolve(import.meta.dirname, '../../../../shared/data');
const FILE = path.join(SHARED, 'rego-conformance/cases.jsonl');

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

/** The variables that a query binds. */
function variables(found: Case): string[] {
  if (found.want_result?.length) return [...new Set(found.want_result.flatMap((b) => Object.keys(b)))];
  return [...found.query.matchAll(/= ([a-z]\w*)(?=$|;|\s)/g)]
    .map((m) => m[1] ?? '')
    .filter((name) => name !== 'input');
}

/** Asks the query: directly when it is one document, else through a rule that collects the bindings. */
function answer(found: Case): unknown {
  const modules = (found.modules ?? []).map((source, i) => ({ file: `m${i}.rego`, source }));
  const { data = {} } = found;
  let { input, input_term: term } = found;
  try {
    if (term !== undefined) {
      input = JSON.parse(term) as Json;
      term = undefined;
    }
  } catch {
    // It needs Rego's own notation, and is given by `with`.
  }
  if (/^data(\.\w+)* = x$/.test(found.query) && term === undefined) {
    const program = compile(modules, { data, steps: 5e7 });
    const document = found.query.slice('data'.length, -' = x'.length).replaceAll('.', '/');
    if (program.has(document)) {
      const entry = program.entrypoint(document);
      const x = entry.evaluate(input);
      // The tracking code is a second translation of the same rules and must agree.
      if (canonical(entry.track(input).value, false) !== canonical(x, false))
        throw new Error('track disagrees with evaluate');
      return x === undefined ? [] : [{ x }];
    }
  }
  const overrides = term === undefined ? '' : ` with input as ${term}`;
  const parts = found.query.startsWith('x = $') ? [found.query] : found.query.trim().split('; ');
  const head = variables(found)
    .map((name) => `"${name}": ${name}`)
    .join(', ');
  const source = `package conformance_query\nbindings := [{${head}} | ${parts.map((part) => part + overrides).join('\n')}\n]`;
  return compile([...modules, { file: 'query.rego', source }], { data, steps: 5e7 })
    .entrypoint('conformance_query/bindings')
    .evaluate(input);
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

describe.skipIf(!existsSync(FILE))(`conformance suite (${FILE})`, () => {
  test('no case that loads gives a wrong result', () => {
    const cases = readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Case);
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
