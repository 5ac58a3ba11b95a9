/** A constant, as Go types it: bigint is int, number is float64. */
export type Constant = string | boolean | bigint | number;

interface At {
  readonly at: number;
  /** As error messages show it. */
  readonly text: string;
}

export type Operand = At &
  (
    | { readonly o: 'dot' }
    | { readonly o: 'nil' }
    | { readonly o: 'constant'; readonly value: Constant }
    | { readonly o: 'function'; readonly name: string }
    /** `.a.b`, `$x.a` or `(…).a`: fields of the dot, a variable or a pipeline. */
    | { readonly o: 'fields'; readonly of: Operand; readonly names: readonly string[] }
    | { readonly o: 'variable'; readonly name: string }
    | { readonly o: 'pipeline'; readonly pipeline: Pipeline }
  );

export type Command = At & { readonly operands: readonly Operand[] };

export interface Pipeline {
  readonly variables: readonly string[];
  /** `:=` makes variables, `=` changes them. */
  readonly declares: boolean;
  readonly commands: readonly Command[];
}

export type Node =
  | { readonly n: 'text'; readonly text: string }
  | { readonly n: 'show'; readonly pipeline: Pipeline }
  | {
      readonly n: 'if' | 'with' | 'range';
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | { readonly n: 'template'; readonly name: string; readonly pipeline: Pipeline | null; readonly at: number }
  | { readonly n: 'break' | 'continue' };

export interface Template {
  readonly source: string;
  readonly main: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}
