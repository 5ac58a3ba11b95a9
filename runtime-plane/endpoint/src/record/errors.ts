/** Failures of the journal. Codes are a contract; after `write_failed` the journal accepts nothing more. */
export type JournalErrorCode =
  | 'write_failed'
  | 'closed'
  | 'session_exists'
  | 'bad_session_id'
  | 'unsafe_directory'
  | 'unsafe_key'
  | 'register_locked'
  | 'register_damaged'
  | 'unreadable';

export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The errno name (ENOSPC, EROFS …) of a failed system call; undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
