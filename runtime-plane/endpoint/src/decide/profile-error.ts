/** Why a profile cannot be used. Codes are a contract. */
export type ProfileErrorCode = 'unknown_profile' | 'bad_profile' | 'unknown_setting' | 'bad_setting';

export class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly code: ProfileErrorCode;

  /** @param message says what is wrong and what to do; it may quote files and arguments, so escape it */
  constructor(code: ProfileErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
