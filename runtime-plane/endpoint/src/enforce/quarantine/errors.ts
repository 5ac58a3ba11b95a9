/** Why something held could not be shown, let out or thrown away; the message says what to do. */
export type QuarantineErrorCode =
  | 'no_ticket'
  | 'damaged'
  | 'conflict'
  | 'unreachable'
  | 'not_released'
  | 'unsafe_directory';

export class QuarantineError extends Error {
  override readonly name = 'QuarantineError';
  readonly code: QuarantineErrorCode;
  constructor(code: QuarantineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
