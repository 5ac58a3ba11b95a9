/** Why a set of modules was refused. The codes are a contract: they are those of the Open Policy Agent plus `rego_unsupported`. */
export type RegoErrorCode =
  | 'rego_parse_error'
  | 'rego_compile_error'
  | 'rego_type_error'
  | 'rego_unsafe_var_error'
  | 'rego_recursion_error'
  | 'rego_unsupported';

/** A place in a module: 1-based row and column. */
export interface Location {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

/** One reason why a module was refused, with its place. */
export class RegoError extends Error {
  readonly code: RegoErrorCode;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly hint?: string;

  constructor(code: RegoErrorCode, message: string, at: Location, hint?: string) {
    super(
      `${at.file}:${at.row}:${at.col}: ${code}: ${message}${hint === undefined ? '' : ` (hint: ${hint})`}`,
    );
    this.name = 'RegoError';
    this.code = code;
    this.file = at.file;
    this.row = at.row;
    this.col = at.col;
    if (hint !== undefined) this.hint = hint;
  }
}

/** What `compile` and `entrypoint` throw: every reason found, in source order per module. */
export class RegoErrors extends Error {
  readonly errors: readonly RegoError[];

  constructor(errors: readonly RegoError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.name = 'RegoErrors';
    this.errors = errors;
  }
}

/** Why an evaluation has no answer. Never the same as "undefined". */
export type RegoEvalErrorCode =
  | 'eval_conflict_error'
  | 'eval_builtin_error'
  /** A built-in was given an operand of the wrong type; only with strict built-in errors. */
  | 'eval_type_error'
  | 'eval_budget_error'
  | 'eval_undetermined';

/** Thrown by an evaluation that has no answer; a caller that enforces must treat it as a deny. */
export class RegoEvalError extends Error {
  readonly code: RegoEvalErrorCode;

  constructor(code: RegoEvalErrorCode, message: string) {
    super(`${code}: ${message}`);
    this.name = 'RegoEvalError';
    this.code = code;
  }
}
