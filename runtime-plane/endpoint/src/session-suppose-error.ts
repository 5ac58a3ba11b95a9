/** Why an act cannot be supposed. */
export type SupposeErrorCode = 'unknown_act' | 'bad_arguments' | 'not_found';

export class SupposeError extends Error {
  override readonly name = 'SupposeError';
  readonly code: SupposeErrorCode;
  constructor(code: SupposeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
