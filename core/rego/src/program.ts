import { Undetermined } from './abstract.ts';
import { Code, withinStack } from './code.ts';
import { generate } from './codegen/module.ts';
import type { Variant } from './codegen/emit.ts';
import type { Backend, Compiled } from './codegen/module.ts';
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
  const checked = withinStack(modules[0]?.file ?? '', () => check(modules, host, options));
  const { info } = checked;
  const steps = options.steps ?? DEFAULT_STEPS;
  const code = (variant: Variant): Code => new Code(info, host, backend, variant);
  const fast = code('fast');
  fast.tryDoubtful();
  return programOver({
    checked,
    host,
    backend,
    tree: info.tree,
    data: options.data ?? {},
    steps,
    fast,
    strict: code('strict'),
    abstract: code('abstract'),
    traced: code('traced'),
  });
}

function programOver(context: Context): Program {
  const { tree } = context;
  const prepare = (text: string, options: QueryOptions = {}): PreparedQuery =>
    withinStack('query', () => prepareQuery(context, text, options));
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
      const { sites } = generate(context.checked.info, 'traced');
      return coverageOf(sites, context.traced.reports());
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

interface Context {
  readonly checked: Checked;
  readonly host: Host;
  readonly backend: Backend;
  readonly tree: Tree;
  readonly data: Value;
  readonly steps: number;
  readonly fast: Code;
  readonly strict: Code;
  readonly abstract: Code;
  readonly traced: Code;
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
  const document = node.group ?? node;
  const { id } = document;
  const isGroup = node.group !== null;
  const read = (compiled: Compiled): Value | undefined => (isGroup ? compiled.group(id) : compiled.node(id));
  const tracked = (input: unknown): { value: Json | undefined; undetermined: Error | null } & Reads => {
    const { compiled } = context.abstract.of(document);
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
  let fast: Compiled | null = null;
  const chosen = (options?: EvaluationOptions): Compiled =>
    options?.strictBuiltinErrors === true
      ? context.strict.of(document).compiled
      : (fast ??= context.fast.of(document).compiled);
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
      const { compiled, sites, tracer } = context.traced.of(document);
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
