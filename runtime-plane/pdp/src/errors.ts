/** Why the server could not start, or not take over what it was told to load. */
export type PdpErrorCode =
  /** Options that contradict each other or have no meaning. */
  | 'bad_option'
  /** An address that cannot be listened on. */
  | 'address'
  /** A certificate or key that cannot be used. */
  | 'tls'
  /** A policy or data file that cannot be read. */
  | 'unreadable'
  /** Policies that are not valid, or that do not go with the data. */
  | 'refused';

export class PdpError extends Error {
  override readonly name = 'PdpError';
  readonly code: PdpErrorCode;

  /** @param message one line per reason: what is wrong, and what to do */
  constructor(code: PdpErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
