/** The part of JavaScript that generated code is made of. */
export type Expression =
  | { readonly t: 'value'; readonly value: unknown }
  | { readonly t: 'name'; readonly name: string }
  | { readonly t: 'member'; readonly of: Expression; readonly key: Expression }
  | {
      readonly t: 'call';
      readonly fn: Expression;
      readonly args: readonly Argument[];
      readonly isNew: boolean;
    }
  | { readonly t: 'binary'; readonly op: string; readonly left: Expression; readonly right: Expression }
  | { readonly t: 'unary'; readonly op: string; readonly of: Expression }
  | { readonly t: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly t: 'assign'; readonly target: Expression; readonly value: Expression }
  | { readonly t: 'step'; readonly target: Expression; readonly by: 1 | -1; readonly isPrefix: boolean }
  | { readonly t: 'array'; readonly items: readonly Expression[] }
  | { readonly t: 'object'; readonly fields: readonly (readonly [string, Expression])[] }
  | { readonly t: 'arrow'; readonly made: Made };

export interface Argument {
  readonly value: Expression;
  readonly isSpread: boolean;
}

/** A function or an arrow function. */
export interface Made {
  readonly params: readonly string[];
  /** The only parameter takes all arguments. */
  readonly takesRest: boolean;
  readonly body: Statement;
}

export interface Declared {
  readonly name: string;
  readonly value: Expression | null;
}

export type Statement =
  | { readonly s: 'declare'; readonly all: readonly Declared[] }
  /** `const { a, b } = from;` */
  | { readonly s: 'unpack'; readonly names: readonly string[]; readonly from: Expression }
  | { readonly s: 'function'; readonly name: string; readonly made: Made }
  | { readonly s: 'block'; readonly label: string | null; readonly all: readonly Statement[] }
  | { readonly s: 'if'; readonly test: Expression; readonly yes: Statement; readonly no: Statement | null }
  | {
      readonly s: 'for';
      readonly start: Statement;
      readonly test: Expression;
      readonly next: Expression;
      readonly body: Statement;
    }
  | { readonly s: 'each'; readonly name: string; readonly of: Expression; readonly body: Statement }
  | {
      readonly s: 'switch';
      readonly on: Expression;
      readonly cases: readonly (readonly [unknown, Statement])[];
      readonly otherwise: Statement;
    }
  | { readonly s: 'break'; readonly label: string }
  | { readonly s: 'return'; readonly value: Expression | null }
  | { readonly s: 'do'; readonly expression: Expression };
