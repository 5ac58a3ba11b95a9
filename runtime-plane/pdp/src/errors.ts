/** Why the server could not start, or not take over what it was told to load. */
export type PdpErrorCode =
  /** Options that contradict each other or have no meaning. */
  | 'bad_option'
  /** A configuration that is not valid; the message names the member. */
  | 'config'
  /** An address that cannot be listened on. */
  | 'address'
  /** A certificate or key that cannot be used. */
  | 'tls'
  /** A policy or data file that cannot be read. */
  | 'unreadable'
  /** A file with keys of enforcement points that cannot be used. */
  | 'pep_keys'
  /** A journal that cannot be written. */
  | 'journal'
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
