import type { Module } from './compile.ts';
import type { FileCoverage } from './coverage.ts';
import { RegoErrors, RegoEvalError } from './errors.ts';
import type { BodyTrace } from './explain.ts';
import type { Host } from './host.ts';
import { display } from './json.ts';
import { compile } from './program.ts';
import type { Entrypoint, RuleInfo } from './program.ts';
import type { Json } from './values.ts';

/** One test: a rule whose name begins with `test_`. One that begins with `todo_test_` is skipped. */
export interface TestResult {
  /** `data.pkg.test_x`. */
  readonly name: string;
  readonly file: string;
  readonly row: number;
  /** `error`: there is no answer, for example because a rule gave two values. */
  readonly outcome: 'pass' | 'fail' | 'error' | 'skip';
  readonly durationMs: number;
  /** What `print` printed, a line each. */
  readonly output: readonly string[];
  /** Of a rule such as `test_x[name]`: each name with whether it holds. */
  readonly cases?: readonly { readonly name: string; readonly passed: boolean }[];
  /** For an error. */
  readonly message?: string;
  /** For a failure: the bodies that were tried, the test's own first. */
  readonly trace?: readonly BodyTrace[];
}

export interface TestOptions {
  readonly data?: Json;
  readonly host?: Host;
  /** Which tests run, by their full names. */
  readonly only?: (name: string) => boolean;
  /** Steps that one test may take. */
  readonly steps?: number;
  /** Milliseconds from any start. */
  readonly clock: () => number;
  /** Evaluate with reports, so that `coverage` has something to say. */
  readonly coverage?: boolean;
}

export interface TestRun {
  readonly results: Iterable<TestResult>;
  /** Tests found, those that `only` leaves out not counted. */
  readonly count: number;
  coverage(): readonly FileCoverage[];
}

const DEFAULT_STEPS = 20_000_000;

/** Compiles the modules, tests among them, and gives the tests to run one by one; throws RegoErrors. */
export function tests(modules: readonly Module[], options: TestOptions): TestRun {
  const heard: Heard = { output: [], cases: [] };
  const program = compile(modules, {
    data: options.data ?? {},
    steps: options.steps ?? DEFAULT_STEPS,
    host: {
      ...options.host,
      print: (text) => heard.output.push(text),
      testCase: (names) => heard.cases.push(names.map((name) => display(name)).join(' / ')),
    },
  });
  const found = program
    .rules()
    .filter(({ path }) => /^(?:todo_)?test_/.test(path.at(-1) ?? ''))
    .filter((rule) => options.only?.(nameOf(rule)) ?? true);
  function* run(): Generator<TestResult> {
    for (const rule of found) yield runTest(rule, program.entrypoint(rule.path.join('/')), heard, options);
  }
  return { results: run(), count: found.length, coverage: () => program.coverage() };
}

interface Heard {
  output: string[];
  cases: string[];
}

function nameOf({ path }: RuleInfo): string {
  return `data.${path.join('.')}`;
}

function runTest(rule: RuleInfo, entry: Entrypoint, heard: Heard, options: TestOptions): TestResult {
  const base = { name: nameOf(rule), file: rule.at.file, row: rule.at.row };
  if (rule.path.at(-1)?.startsWith('todo_') === true)
    return { ...base, outcome: 'skip', durationMs: 0, output: [] };
  heard.output = [];
  heard.cases = [];
  const startedMs = options.clock();
  const answer = ask(entry, options.coverage === true);
  const durationMs = options.clock() - startedMs;
  const { output, cases: names } = heard;
  // What the explanation of a failure prints again goes nowhere.
  heard.output = [];
  const done = { ...base, durationMs, output };
  if ('error' in answer) return { ...done, outcome: 'error', message: answer.error };
  const cases = caseResults(names, answer.value);
  const passed = cases === undefined ? isTrue(answer.value) : cases.every((one) => one.passed);
  const result = { ...done, ...(cases === undefined ? {} : { cases }) };
  if (passed) return { ...result, outcome: 'pass' };
  return { ...result, outcome: 'fail', trace: relevant(base.name, entry.explain(undefined).bodies) };
}

/** The test's own bodies, then what failed, then the rest; behind a `not` that failed, what held is the reason. */
function relevant(name: string, bodies: readonly BodyTrace[]): readonly BodyTrace[] {
  const isNegated = bodies.some(
    ({ group, failed }) => group === name && failed?.text.startsWith('not ') === true,
  );
  const first = isNegated ? 'matched' : 'failed';
  const rank = ({ group, outcome }: BodyTrace): number => (group === name ? 0 : outcome === first ? 1 : 2);
  return bodies.toSorted((a, b) => rank(a) - rank(b));
}

function ask(entry: Entrypoint, traced: boolean): { value: Json | undefined } | { error: string } {
  try {
    if (!traced) return { value: entry.evaluate(undefined) };
    const explained = entry.explain(undefined);
    if (explained.ok) return { value: explained.value };
    throw explained.error;
  } catch (error) {
    if (error instanceof RegoEvalError || error instanceof RegoErrors) return { error: error.message };
    throw error;
  }
}

/** As in OPA, a test holds when its value is true; of a rule with cases, or of any object, every value must be. */
function isTrue(value: Json | undefined): boolean {
  return value === true;
}

function caseResults(
  names: readonly string[],
  value: Json | undefined,
): { name: string; passed: boolean }[] | undefined {
  if (names.length === 0) return undefined;
  const holds = (name: string): boolean => {
    const found = name.split(' / ').reduce<Json | undefined>(below, value);
    return isTrue(found);
  };
  return [...new Set(names)].map((name) => ({ name, passed: holds(name) }));
}

function below(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as { readonly [k: string]: Json })[key] : undefined;
}
