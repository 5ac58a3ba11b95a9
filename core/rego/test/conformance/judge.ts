import { compile, marshal, parseJson, RegoErrors, RegoEvalError } from '../../src/index.ts';
import type { Host, QueryResult, Value } from '../../src/index.ts';
import { toJson } from '../../src/json.ts';
import { compare, isArray, objectEntries, objectFrom, RegoSet } from '../../src/values.ts';
import type { Case } from './cases.ts';

/** Enough for every case of the suite; what needs more is a failure. */
const STEPS = 5e7;

/**
 * Judges one case as OPA's own runner does: an expected error must come by its code and contain its text, an expected result must be
 * the whole result, and what does not load has failed unless an error of loading is expected. Beyond it, the code that tracks reads must have the same result.
 * @returns why the case fails; null when it passes
 */
export async function judge(found: Case, host: Host): Promise<string | null> {
  const { wantResult, wantError, wantErrorCode, wantDefined } = found;
  const expected = [wantResult, wantError, wantErrorCode, wantDefined].some((want) => want !== undefined);
  if (!expected) return 'expects neither a result nor an error';
  let results: readonly QueryResult[];
  let tracked: readonly QueryResult[] | null = null;
  try {
    const modules = found.modules.map((source, i) => ({ file: `test-${i}.rego`, source }));
    const program = compile(modules, { data: found.data, steps: STEPS, host });
    const query = program.prepareQuery(found.query);
    const input = found.inputTerm === undefined ? found.input : termValue(found.inputTerm);
    try {
      results = await query.resultsAsync(input, { strictBuiltinErrors: found.strictError });
    } catch (error) {
      if (!(error instanceof RegoEvalError)) throw error;
      return judgeError(found, error);
    }
    // What comes from outside is another value at another time.
    if (!found.modules.some((source) => /now_ns|net\.lookup|http\.send/.test(source)))
      tracked = query.track(input).results;
  } catch (error) {
    return error instanceof RegoErrors ? judgeRefusal(found, error) : `crashed: ${String(error)}`;
  }
  if (wantError !== undefined || wantErrorCode !== undefined)
    return `wants the error ${[wantErrorCode, wantError].filter(Boolean).join(': ')}, has a result: ${shown(bindings(results))}`;
  if (tracked !== null && compare(bindings(tracked), bindings(results)) !== 0)
    return `track has ${shown(bindings(tracked))}, evaluation ${shown(bindings(results))}`;
  if (wantDefined !== undefined && results.length > 0 !== wantDefined)
    return `wants ${wantDefined ? 'a result' : 'none'}, has ${results.length}`;
  return wantResult === undefined ? null : judgeResult(found, wantResult, results);
}

function judgeError({ wantError, wantErrorCode }: Case, error: RegoEvalError): string | null {
  if (wantError === undefined && wantErrorCode === undefined) return `has an error: ${error.message}`;
  if (wantError !== undefined && !error.message.includes(wantError))
    return `wants the error ${wantError}, has: ${error.message}`;
  return wantErrorCode === undefined || wantErrorCode === error.code
    ? null
    : `wants the error code ${wantErrorCode}, has: ${error.message}`;
}

/** One of the reasons must be the error that is expected. */
function judgeRefusal({ wantError, wantErrorCode }: Case, { errors, message }: RegoErrors): string | null {
  const isExpected =
    (wantError !== undefined || wantErrorCode !== undefined) &&
    errors.some(
      (error) =>
        (wantErrorCode === undefined || error.code === wantErrorCode) &&
        (wantError === undefined || error.message.includes(wantError)),
    );
  return isExpected ? null : `refused: ${message}`;
}

function judgeResult(
  { sortBindings }: Case,
  want: readonly Value[],
  results: readonly QueryResult[],
): string | null {
  const got = results.map(({ bindings: found }) => {
    const values = Object.entries(found).map(([name, value]) => {
      const json = asJson(value);
      if (!sortBindings) return [name, json] as const;
      // OPA's runner takes every binding to be an array here.
      return [name, isArray(json) ? json.toSorted(compare) : 'is no array'] as const;
    });
    return objectFrom(values);
  });
  // Who wrote the file had doubles only: what it expects of longer numbers is the nearest double.
  const [expected, actual] = [RegoSet.of(want.map(toJson)), RegoSet.of(got.map(toJson))];
  return compare(expected, actual) === 0 ? null : `wants ${shown(expected)}, has ${shown(actual)}`;
}

function bindings(results: readonly QueryResult[]): Value {
  return results.map((result) => objectFrom(objectEntries(result.bindings)));
}

/** Sets as arrays, keys as strings. */
function asJson(value: Value): Value {
  return parseJson(marshal(value)) ?? null;
}

function shown(value: Value): string {
  return marshal(value).slice(0, 300);
}

function termValue(text: string): Value {
  const [result] = compile([]).query(`value = ${text}`, undefined);
  const value = result?.bindings['value'];
  if (value === undefined) throw new Error(`no value: ${text}`);
  return value;
}
