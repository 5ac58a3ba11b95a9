/** What a command reports instead of a result. Exit codes are a contract with scripts. */
export type ExitCode =
  /** Done. */
  | 0
  /** The answer is no: tampered, denied, failed. */
  | 1
  /** The question was wrong, or what it is about cannot be read. */
  | 2;

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: Exclude<ExitCode, 0>;

  /** @param message says what is wrong and what to do; text from outside in it is escaped when it is printed */
  constructor(exitCode: Exclude<ExitCode, 0>, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
