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
  /** What is wrong, without place, code and hint. */
  readonly reason: string;
  readonly hint?: string;
  /** More lines that say why, such as `have: …` and `want: …` of a type error. */
  readonly details: readonly string[];

  constructor(
    code: RegoErrorCode,
    reason: string,
    at: Location,
    hint?: string,
    details: readonly string[] = [],
  ) {
    const why =
      details.length === 0 ? '' : ` (${details.map((line) => line.replaceAll(/ +/g, ' ')).join('; ')})`;
    super(
      `${at.file}:${at.row}:${at.col}: ${code}: ${reason}${why}${hint === undefined ? '' : ` (hint: ${hint})`}`,
    );
    this.name = 'RegoError';
    this.reason = reason;
    this.details = details;
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
  /** An asynchronous evaluation waited longer than allowed, or was told to stop. */
  | 'eval_cancel_error'
  | 'eval_undetermined';

/** Thrown by an evaluation that has no answer; a caller that enforces must treat it as a deny. */
export class RegoEvalError extends Error {
  readonly code: RegoEvalErrorCode;
  /** What went wrong, without code and place. */
  readonly detail: string;
  /** The rule or expression that it happened in, where that is known. */
  readonly at?: Location;

  constructor(code: RegoEvalErrorCode, detail: string, at?: Location) {
    super(`${at === undefined ? '' : `${at.file}:${at.row}: `}${code}: ${detail}`);
    this.name = 'RegoEvalError';
    this.code = code;
    this.detail = detail;
    if (at !== undefined) this.at = at;
  }
}

/** Throws what was found so far, in source order per file. `soft`: also thrown, but alone no reason to stop yet. */
export function stopOn(errors: readonly RegoError[], soft: readonly RegoError[] = []): void {
  if (errors.length === 0) return;
  const all = [...errors, ...soft];
  const files = [...new Set(all.map((error) => error.file))].toSorted();
  const rank = new Map(files.map((file, i) => [file, i]));
  throw new RegoErrors(
    all.toSorted(
      (a, b) =>
        (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) ||
        a.row - b.row ||
        a.col - b.col ||
        compareText(`${a.code} ${a.reason}`, `${b.code} ${b.reason}`),
    ),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
