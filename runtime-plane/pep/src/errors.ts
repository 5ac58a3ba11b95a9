/** What is wrong with the options. Everything that goes wrong later is a decision, not an error. */
export type PepErrorCode =
  /** An option without meaning, or options that contradict each other. */
  | 'bad_option'
  /** Legal, and dangerous: it has to be asked for by name. */
  | 'dangerous_option'
  /** A key or certificate that cannot be used. */
  | 'bad_key';

export class PepError extends Error {
  override readonly name = 'PepError';
  readonly code: PepErrorCode;

  /** @param message one line: what is wrong, and what to do */
  constructor(code: PepErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
