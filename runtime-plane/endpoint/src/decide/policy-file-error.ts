export type PolicyFileErrorCode =
  | 'unreadable'
  | 'too_large'
  | 'no_modules'
  | 'bad_data'
  | 'bad_bundle'
  | 'refused';

/** The message is complete: file, line, excerpt and caret for each problem. It quotes the files, so escape it. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
  readonly code: PolicyFileErrorCode;

  constructor(code: PolicyFileErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
