import type { External } from '../external.ts';
import type { Host } from '../host.ts';
import type { Value } from '../values.ts';

/** A built-in. Wrong argument types give undefined, which makes the calling expression undefined. */
export interface Builtin {
  /** Number of arguments; -1 for any. */
  readonly arity: number;
  readonly fn: (...args: Value[]) => Value | undefined;
  /** How it behaves when an argument holds an unknown string. Without it such a call is undetermined. */
  readonly abstract?: (...args: Value[]) => Value | undefined;
  /** The result is an array of solutions, each of which continues the body (`walk`). */
  readonly relation?: true;
}

/**
 * How a built-in says that it has no result. By default that makes the calling expression undefined and costs nothing; with
 * strict built-in errors the evaluation ends with it.
 */
export interface Fail {
  /**
   * An operand (counted from 1) is of the wrong type: `operand 1 must be one of {array, set} but got number`.
   * @param wanted names as `type_name` gives them
   */
  readonly type: (operand: number, wanted: string | readonly string[], got: Value | undefined) => undefined;
  /** An operand is wrong in another way: `operand 1 must be integer number but got floating-point number`. */
  readonly operand: (operand: number, message: string) => undefined;
  /** The operands do not go together; a type error that names none of them. */
  readonly invalid: (message: string) => undefined;
  /** Anything else, such as `divide by zero`. */
  readonly error: (message: string) => undefined;
}

/** What built-ins may use of the world. */
export interface BuiltinContext {
  readonly host: Host;
  readonly fail: Fail;
  /** Asks the outside; ends the evaluation when the answer is not there yet. */
  readonly ask: External['ask'];
  readonly nowNs: () => bigint;
  /** The value of `make`, made once per key in each evaluation. */
  readonly once: (key: string, make: () => Value) => Value;
  /** Pays for output whose size does not show in loops. */
  readonly charge: (steps: number) => void;
}

export type BuiltinTable = Readonly<Record<string, Builtin>>;
