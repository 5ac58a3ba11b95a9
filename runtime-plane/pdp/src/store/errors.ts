import type { RegoErrors } from '@chaperone/rego';

/** The codes, and the messages that go with them, are those of the Open Policy Agent's storage. */
export type StoreErrorCode =
  | 'storage_not_found_error'
  | 'storage_write_conflict_error'
  | 'storage_invalid_patch_error'
  /** A rule and a base document at the same path. */
  | 'path_conflict'
  /** A bundle owns the path. */
  | 'owned';

/** A write, or a read of base documents, that the store refused; nothing has changed. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(code.startsWith('storage_') ? `${code}: ${message}` : message);
    this.code = code;
  }
}

/** A set of modules that does not compile; the one before stays in force. */
export class ModulesRefused extends Error {
  override readonly name = 'ModulesRefused';
  readonly reasons: RegoErrors;

  constructor(reasons: RegoErrors) {
    super(reasons.message, { cause: reasons });
    this.reasons = reasons;
  }
}
