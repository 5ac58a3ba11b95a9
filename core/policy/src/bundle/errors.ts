/** Why a bundle was refused. Codes are a contract. */
export type BundleErrorCode =
  /** Not a gzipped tar, or a damaged one. */
  | 'bad_archive'
  /** A limit was reached; nothing behind it was read. */
  | 'too_large'
  /** A name that could mean another place, a link or device, or the same name twice. */
  | 'unsafe_entry'
  | 'bad_manifest'
  | 'bad_data'
  | 'bad_module'
  /** A delta, a plan or WebAssembly. */
  | 'unsupported'
  /** Packages or data outside of the roots, or roots that overlap. */
  | 'bad_roots'
  /** Verification is configured, the bundle is not signed. */
  | 'unsigned'
  /** The bundle is signed, verification is not configured. */
  | 'unverified'
  | 'bad_signature'
  /** A key or algorithm that is given to sign or verify with. */
  | 'bad_key';

/** The message is one line for a person; it may quote names and texts from the bundle, so escape it. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: BundleErrorCode;

  constructor(code: BundleErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
