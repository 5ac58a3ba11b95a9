/** Why a policy could not be loaded. Codes are a contract. */
export type PolicyErrorCode =
  /** The language refused the modules; `problems` says where. */
  | 'refused'
  /** The modules are fine, but none of them answers. */
  | 'no_entrypoint';

export type PolicyProblem = {
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
  readonly file?: string;
  /** From 1. */
  readonly row?: number;
  readonly col?: number;
};

export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode;
  readonly problems: readonly PolicyProblem[];

  constructor(code: PolicyErrorCode, problems: readonly PolicyProblem[], options?: { cause?: unknown }) {
    super(problems.map(({ message }) => message).join('\n'), options);
    this.code = code;
    this.problems = problems;
  }
}
