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

/** What built-ins may use of the world. */
export interface BuiltinContext {
  readonly nowNs: () => bigint;
  /** Pays for output whose size does not show in loops. */
  readonly charge: (steps: number) => void;
}

export type BuiltinTable = Readonly<Record<string, Builtin>>;
