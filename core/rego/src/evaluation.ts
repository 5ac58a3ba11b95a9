import { Undetermined } from './abstract.ts';
import type { Compiled } from './codegen/module.ts';
import { RegoEvalError } from './errors.ts';
import { evaluateWaiting, noWaiting } from './external.ts';
import type { AsyncOptions, External } from './external.ts';
import type { State } from './runtime.ts';
import type { Json, Value } from './values.ts';
import { toJson } from './json.ts';

/** How one evaluation treats what goes wrong. */
export interface EvaluationOptions {
  /** An error of a built-in ends the evaluation with RegoEvalError instead of making an expression undefined. */
  readonly strictBuiltinErrors?: boolean;
}

/** What an evaluation reads beside its input. */
export interface Documents {
  readonly data: Value;
  readonly steps: number;
}

/** What the runs of one asynchronous evaluation share: one time, the same random values, the answers known so far. */
export interface Waiting {
  external: External;
  nowNs: bigint | null;
  once: State['once'];
}

/** Runs the evaluation as often as it needs one more answer from outside. Throws RegoEvalError when a bound is reached. */
export function whileWaiting<T>(evaluate: (waiting: Waiting) => T, options?: AsyncOptions): Promise<T> {
  const waiting: Waiting = { external: noWaiting, nowNs: null, once: null };
  return evaluateWaiting((external) => {
    waiting.external = external;
    return evaluate(waiting);
  }, options);
}

/** One evaluation: sets the documents, reads one of them. Throws what generated code throws. */
export function runOnce(
  compiled: Compiled,
  { data, steps }: Documents,
  input: unknown,
  read: (compiled: Compiled) => Value | undefined,
  options?: EvaluationOptions,
  waiting?: Waiting,
): Value | undefined {
  const { state } = compiled;
  if (state.running)
    throw new RegoEvalError('eval_builtin_error', 'an input getter evaluated the same program');
  state.running = true;
  try {
    state.strict = options?.strictBuiltinErrors === true;
    state.external = waiting?.external ?? noWaiting;
    compiled.start(input as Value | undefined, data, steps);
    if (waiting !== undefined) {
      state.nowNs = waiting.nowNs;
      state.once = waiting.once;
    }
    return read(compiled);
  } catch (error) {
    throw tooDeep(error);
  } finally {
    if (waiting !== undefined) {
      waiting.nowNs = state.nowNs;
      waiting.once = state.once;
    }
    state.running = false;
  }
}

/** Runs what may not depend on an unknown string. */
export function determined<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw error instanceof Undetermined ? noAnswer() : error;
  }
}

/** A result as plain JSON. */
export function jsonOf(value: Value | undefined): Json | undefined {
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

/** The error of an evaluation whose answer differs between the strings that an unknown stands for. */
export function noAnswer(): RegoEvalError {
  return new RegoEvalError('eval_undetermined', 'the answer depends on an unknown string; use probe');
}
