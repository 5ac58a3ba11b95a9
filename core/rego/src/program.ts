import { Undetermined } from './abstract.ts';
import { generate, instantiate } from './codegen/module.ts';
import type { ProgramInfo } from './codegen/emit.ts';
import type { Compiled } from './codegen/module.ts';
import type { Site } from './codegen/trace.ts';
import { check } from './compile.ts';
import { bodyTraces } from './explain.ts';
import type { BodyTrace } from './explain.ts';
import type { Module } from './compile.ts';
import { RegoError, RegoErrors, RegoEvalError } from './errors.ts';
import type { Host } from './host.ts';
import { toJson } from './json.ts';
import type { Node, Tree } from './tree.ts';
import { Tracer } from './tracer.ts';
import type { Json, Value } from './values.ts';

/** Options of `compile`. */
export interface CompileOptions {
  /** The base documents under `data`. Not copied: it must not change afterwards. */
  readonly data?: Json;
  /** Steps that one evaluation may take (rule entries, loop iterations, built-in output sizes). Default 1e6. */
  readonly steps?: number;
  /** What built-ins may use. Nothing when absent. */
  readonly host?: Host;
}

/** How one evaluation treats what goes wrong. */
export interface EvaluationOptions {
  /** An error of a built-in ends the evaluation with RegoEvalError instead of making an expression undefined. */
  readonly strictBuiltinErrors?: boolean;
}

/** What `probe` found: the answer for every member of the input's classes, or that there is no single answer. */
export type Probe =
  | { readonly determined: true; readonly value: Json | undefined; readonly reads: ReadonlySet<string> }
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
  /** The value, and the input paths it was read from (`""` whole, `"path"`, `"process.exe"`). */
  track(input: unknown): { readonly value: Json | undefined; readonly reads: ReadonlySet<string> };
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
  /** The same rules over other base documents; shares the compiled code. Not copied: it must not change afterwards. */
  withData(data: Json): Program;
}

const DEFAULT_STEPS = 1_000_000;

/** Compiles modules to JavaScript; throws RegoErrors when any is not valid or uses what is not supported. */
export function compile(modules: readonly Module[], options: CompileOptions = {}): Program {
  const host = options.host ?? {};
  const { info, fast } = withinStack(modules, () => check(modules, host));
  const steps = options.steps ?? DEFAULT_STEPS;
  const runFast = withinStack(modules, () => instantiate(fast, host));
  let made: Compiled | null = null;
  // Compiled on first use: most programs are only evaluated.
  const runAbstract = (): Compiled => (made ??= instantiate(generate(info, 'abstract'), host));
  let traced: Traced | null = null;
  const runTraced = (): Traced => (traced ??= withinStack(modules, () => makeTraced(info, host)));
  return programOver({ tree: info.tree, data: options.data ?? {}, steps, runFast, runAbstract, runTraced });
}

function programOver(context: Context): Program {
  const { tree } = context;
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
    withData: (data) => programOver({ ...context, data }),
  };
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

function makeTraced(info: ProgramInfo, host: Host): Traced {
  const generated = generate(info, 'traced');
  const tracer = new Tracer();
  return { compiled: instantiate(generated, host, tracer), sites: generated.sites, tracer };
}

interface Context {
  readonly tree: Tree;
  readonly data: Value;
  readonly steps: number;
  readonly runFast: Compiled;
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
  const run = (compiled: Compiled, input: unknown, options?: EvaluationOptions): Value | undefined => {
    if (compiled.state.running)
      throw new RegoEvalError('eval_builtin_error', 'an input getter evaluated the same program');
    compiled.state.running = true;
    try {
      compiled.state.strict = options?.strictBuiltinErrors === true;
      compiled.start(input as Value | undefined, context.data, context.steps);
      return isGroup ? compiled.group(id) : compiled.node(id);
    } catch (error) {
      throw tooDeep(error);
    } finally {
      compiled.state.running = false;
    }
  };
  const tracked = (
    input: unknown,
  ): { value: Json | undefined; reads: ReadonlySet<string>; undetermined: Error | null } => {
    const compiled = context.runAbstract();
    compiled.state.reads.clear();
    try {
      return {
        value: jsonOf(run(compiled, input)),
        reads: new Set(compiled.state.reads),
        undetermined: null,
      };
    } catch (error) {
      if (!isUndetermined(error)) throw error;
      return { value: undefined, reads: new Set(compiled.state.reads), undetermined: error };
    }
  };
  const evaluate = <T>(
    compiled: Compiled,
    input: unknown,
    as: (value: Value | undefined) => T,
    options?: EvaluationOptions,
  ): T => {
    try {
      return as(run(compiled, input, options));
    } catch (error) {
      throw error instanceof Undetermined ? noAnswer() : error;
    }
  };
  return {
    evaluate: (input, options) => evaluate(context.runFast, input, jsonOf, options),
    value: (input, options) => evaluate(context.runFast, input, (value) => value, options),
    track: (input) => {
      const { value, reads, undetermined } = tracked(input);
      if (undetermined !== null) throw undetermined instanceof Undetermined ? noAnswer() : undetermined;
      return { value, reads };
    },
    probe: (input) => {
      const { value, reads, undetermined } = tracked(input);
      return undetermined !== null ? { determined: false, reads } : { determined: true, value, reads };
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

function jsonOf(value: Value | undefined): Json | undefined {
  if (value === undefined) return undefined;
  try {
    return toJson(value);
  } catch (error) {
    throw tooDeep(error);
  }
}

/** What the JavaScript engine says of values that nest too deeply. */
function tooDeep(error: unknown): unknown {
  return error instanceof RangeError
    ? new RegoEvalError('eval_budget_error', 'a value nests too deeply')
    : error;
}

/** A spent budget leaves a probe without answer too: a member of the class might need fewer steps. */
function isUndetermined(error: unknown): error is Error {
  return (
    error instanceof Undetermined || (error instanceof RegoEvalError && error.code === 'eval_budget_error')
  );
}

function noAnswer(): RegoEvalError {
  return new RegoEvalError('eval_undetermined', 'the answer depends on an unknown string; use probe');
}
