import { Undetermined } from './abstract.ts';
import { generate, instantiate } from './codegen/module.ts';
import type { ProgramInfo } from './codegen/emit.ts';
import type { Backend, Compiled } from './codegen/module.ts';
import type { Site } from './codegen/trace.ts';
import { check } from './compile.ts';
import type { Checked } from './compile.ts';
import { bodyTraces } from './explain.ts';
import type { BodyTrace } from './explain.ts';
import type { Module } from './compile.ts';
import { coverageOf } from './coverage.ts';
import type { FileCoverage } from './coverage.ts';
import { RegoError, RegoErrors, RegoEvalError } from './errors.ts';
import { determined, jsonOf, noAnswer, runOnce, whileWaiting } from './evaluation.ts';
import type { EvaluationOptions, Waiting } from './evaluation.ts';
import type { Location } from './errors.ts';
import type { Host } from './host.ts';
import { prepareQuery } from './query.ts';
import type { PreparedQuery, QueryOptions, QueryResult } from './query.ts';
import type { Group, Node, Tree } from './tree.ts';
import type { AsyncOptions } from './external.ts';
import { Tracer } from './tracer.ts';
import type { Json, Value } from './values.ts';

/** Options of `compile`. */
export interface CompileOptions {
  /** The base documents under `data`. Not copied: it must not change afterwards. */
  readonly data?: Value;
  /** Steps that one evaluation may take (rule entries, loop iterations, built-in output sizes). Default 1e6. */
  readonly steps?: number;
  /** What built-ins may use. Nothing when absent. */
  readonly host?: Host;
  /** Refuse what OPA refuses with `opa check --strict`: what is unused, shadowed or deprecated. */
  readonly strict?: boolean;
  /**
   * How the compiled code runs. `auto` (default): as JavaScript, or as closures where the host forbids code generation
   * (`--disallow-code-generation-from-strings`, a content security policy). Both give the same answers at the same cost in steps;
   * closures are slower.
   */
  readonly backend?: Backend;
}

/** What an answer depends on, apart from `data`. */
export interface Reads {
  /**
   * Input paths (`""` whole, `"path"`, `"process.exe"`) in the order in which they were first read: up to each of them, the
   * evaluation depends on nothing but the values of those before it.
   */
  readonly reads: ReadonlySet<string>;
  /** It also depends on the clock, on chance or on the network, so that the same input may have another answer next time. */
  readonly volatile: boolean;
}

/** What `probe` found: the answer for every member of the input's classes, or that there is no single answer. */
export type Probe =
  | ({ readonly determined: true; readonly value: Json | undefined } & Reads)
  | { readonly determined: false; readonly reads: ReadonlySet<string> };

/** The outcome of an evaluation, and what happened in every rule body that it tried, in source order per file. */
export type Explained = { readonly bodies: readonly BodyTrace[] } & (
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly error: unknown }
);

/** One document of a program, ready to be asked. Evaluations are synchronous and independent of each other. */
export interface Entrypoint {
  /** The document's value; undefined is Rego's undefined. Throws RegoEvalError when there is no answer. */
  evaluate(input: unknown, options?: EvaluationOptions): Json | undefined;
  /** As `evaluate`, but the value as the evaluation has it: sets stay sets, integers of any size stay exact (see `marshal`). */
  value(input: unknown, options?: EvaluationOptions): Value | undefined;
  /**
   * As `evaluate`, but built-ins that ask the outside (`http.send`) may wait for it. The rules are run again with each answer;
   * the input must not change meanwhile.
   */
  evaluateAsync(input: unknown, options?: EvaluationOptions & AsyncOptions): Promise<Json | undefined>;
  /** As `evaluateAsync`, with the value as `value` gives it. */
  valueAsync(input: unknown, options?: EvaluationOptions & AsyncOptions): Promise<Value | undefined>;
  /** The value, and what it depends on. */
  track(input: unknown): { readonly value: Json | undefined } & Reads;
  /** The value for every string that the AnyUnder leaves of the input stand for, if it is the same for all. */
  probe(input: unknown): Probe;
  /** The outcome of `evaluate` and how it came about. The first call compiles the traced code and may throw RegoErrors. */
  explain(input: unknown): Explained;
}

/** A compiled policy. */
export interface Program {
  /** Is there a rule or package at this slash-separated path? */
  has(path: string): boolean;
  /** The document at this path; throws RegoErrors if there is none. */
  entrypoint(path: string): Entrypoint;
  /**
   * The results of an ad-hoc query: a Rego body such as `data.a.b = x; y := x[_]`. None when it is undefined. Throws RegoErrors when
   * the query is malformed or unsafe, and RegoEvalError when there is no answer.
   */
  query(text: string, input: unknown, options?: QueryOptions & EvaluationOptions): readonly QueryResult[];
  /** A query to be asked more than once: compiled here, together with the program's rules. */
  prepareQuery(text: string, options?: QueryOptions): PreparedQuery;
  /** The same rules over other base documents; shares the compiled code. Not copied: it must not change afterwards. */
  withData(data: Value): Program;
  /** Every rule with the place where it is first defined, in source order. */
  rules(): readonly RuleInfo[];
  /** What the calls of `explain` have reached so far. */
  coverage(): readonly FileCoverage[];
}

/** A document or function that rules define. */
export interface RuleInfo {
  /** Below `data`. */
  readonly path: readonly string[];
  readonly kind: Group['kind'];
  /** Where it is first defined. */
  readonly at: Location;
}

const DEFAULT_STEPS = 1_000_000;

/** Compiles modules to JavaScript; throws RegoErrors when any is not valid or uses what is not supported. */
export function compile(modules: readonly Module[], options: CompileOptions = {}): Program {
  const { host = {}, backend = 'auto' } = options;
  const checked = withinStack(modules, () => check(modules, host, options));
  const { info, fast } = checked;
  const steps = options.steps ?? DEFAULT_STEPS;
  const runFast = withinStack(modules, () => instantiate(fast, host, backend));
  let made: Compiled | null = null;
  // Compiled on first use: most programs are only evaluated.
  const runAbstract = (): Compiled => (made ??= instantiate(generate(info, 'abstract'), host, backend));
  let noting: Compiled | null = null;
  const runStrict = (): Compiled => (noting ??= instantiate(generate(info, 'strict'), host, backend));
  let traced: Traced | null = null;
  const runTraced = (): Traced => (traced ??= withinStack(modules, () => makeTraced(info, host, backend)));
  return programOver({
    checked,
    host,
    backend,
    tree: info.tree,
    data: options.data ?? {},
    steps,
    runFast,
    runStrict,
    runAbstract,
    runTraced,
  });
}

function programOver(context: Context): Program {
  const { tree } = context;
  const prepare = (text: string, options: QueryOptions = {}): PreparedQuery =>
    withinStack([{ file: 'query', source: text }], () => prepareQuery(context, text, options));
  return {
    has: (path) => find(tree, path) !== null,
    entrypoint: (path) => {
      const node = find(tree, path);
      if (node === null)
        throw new RegoErrors([
          new RegoError('rego_compile_error', `no rule or package at ${path}`, { file: '', row: 1, col: 1 }),
        ]);
      return entrypoint(context, node);
    },
    query: (text, input, options) => prepare(text, options).results(input, options),
    prepareQuery: prepare,
    withData: (data) => programOver({ ...context, data }),
    rules: () => tree.groups.map(ruleInfo),
    coverage: () => {
      const { sites, tracer } = context.runTraced();
      return coverageOf(sites, tracer);
    },
  };
}

function ruleInfo({ path, kind, entries, defaultRule }: Group): RuleInfo {
  const rules = entries.map((entry) => entry.rule);
  const [first] =
    defaultRule === null ? rules : [...rules, defaultRule].toSorted((a, b) => order(a.at, b.at));
  return { path, kind, at: first?.at ?? { file: '', row: 1, col: 1 } };
}

function order(a: Location, b: Location): number {
  return a.file === b.file ? a.row - b.row || a.col - b.col : a.file < b.file ? -1 : 1;
}

/** Bodies and terms nest in the generated code; what is too deep for the JavaScript engine is refused, like all else, at load. */
function withinStack<T>(modules: readonly Module[], make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const at = { file: modules[0]?.file ?? '', row: 1, col: 1 };
    throw new RegoErrors([new RegoError('rego_unsupported', 'a rule is too long or nests too deeply', at)]);
  }
}

interface Traced {
  readonly compiled: Compiled;
  readonly sites: readonly Site[];
  readonly tracer: Tracer;
}

function makeTraced(info: ProgramInfo, host: Host, backend: Backend): Traced {
  const generated = generate(info, 'traced');
  const tracer = new Tracer();
  return { compiled: instantiate(generated, host, backend, tracer), sites: generated.sites, tracer };
}

interface Context {
  readonly checked: Checked;
  readonly host: Host;
  readonly backend: Backend;
  readonly tree: Tree;
  readonly data: Value;
  readonly steps: number;
  readonly runFast: Compiled;
  readonly runStrict: () => Compiled;
  readonly runAbstract: () => Compiled;
  readonly runTraced: () => Traced;
}

function find(tree: Tree, path: string): Node | null {
  let node: Node = tree.root;
  for (const part of path.split('/')) {
    if (part === '') continue;
    const next = node.children.get(part);
    if (next === undefined) return null;
    node = next;
  }
  return node;
}

function entrypoint(context: Context, node: Node): Entrypoint {
  const id = node.group?.id ?? node.id;
  const isGroup = node.group !== null;
  const read = (compiled: Compiled): Value | undefined => (isGroup ? compiled.group(id) : compiled.node(id));
  const tracked = (input: unknown): { value: Json | undefined; undetermined: Error | null } & Reads => {
    const compiled = context.runAbstract();
    const { state } = compiled;
    state.reads.clear();
    state.volatile = false;
    try {
      const value = jsonOf(runOnce(compiled, context, input, read));
      return { value, reads: new Set(state.reads), volatile: state.volatile, undetermined: null };
    } catch (error) {
      if (!isUndetermined(error)) throw error;
      const { volatile } = state;
      return { value: undefined, reads: new Set(state.reads), volatile, undetermined: error };
    }
  };
  const chosen = (options?: EvaluationOptions): Compiled =>
    options?.strictBuiltinErrors === true ? context.runStrict() : context.runFast;
  const evaluate = <T>(
    compiled: Compiled,
    input: unknown,
    as: (value: Value | undefined) => T,
    options?: EvaluationOptions,
    waiting?: Waiting,
  ): T => determined(() => as(runOnce(compiled, context, input, read, options, waiting)));
  const evaluateAsync = <T>(
    input: unknown,
    as: (value: Value | undefined) => T,
    options?: EvaluationOptions & AsyncOptions,
  ): Promise<T> => whileWaiting((waiting) => evaluate(chosen(options), input, as, options, waiting), options);
  return {
    evaluate: (input, options) => evaluate(chosen(options), input, jsonOf, options),
    value: (input, options) => evaluate(chosen(options), input, (value) => value, options),
    evaluateAsync: (input, options) => evaluateAsync(input, jsonOf, options),
    valueAsync: (input, options) => evaluateAsync(input, (value) => value, options),
    track: (input) => {
      const { value, reads, volatile, undetermined } = tracked(input);
      if (undetermined !== null) throw undetermined instanceof Undetermined ? noAnswer() : undetermined;
      return { value, reads, volatile };
    },
    probe: (input) => {
      const { value, reads, volatile, undetermined } = tracked(input);
      return undetermined !== null
        ? { determined: false, reads }
        : { determined: true, value, reads, volatile };
    },
    explain: (input) => {
      const { compiled, sites, tracer } = context.runTraced();
      tracer.begin();
      try {
        const value = evaluate(compiled, input, jsonOf);
        return { ok: true, value, bodies: bodyTraces(context.tree, sites, tracer, null) };
      } catch (error) {
        return { ok: false, error, bodies: bodyTraces(context.tree, sites, tracer, error) };
      }
    },
  };
}

/** A spent budget leaves a probe without answer too: a member of the class might need fewer steps. */
function isUndetermined(error: unknown): error is Error {
  return (
    error instanceof Undetermined || (error instanceof RegoEvalError && error.code === 'eval_budget_error')
  );
}
