/** Why a customer's own definitions are refused. Codes are a contract, messages may change. */
export type CustomErrorCode =
  | 'custom_malformed'
  | 'custom_pattern_unsafe'
  | 'custom_too_large'
  | 'custom_duplicate_id';

export class CustomError extends Error {
  readonly code: CustomErrorCode;

  constructor(code: CustomErrorCode, message: string) {
    super(message);
    this.name = 'CustomError';
    this.code = code;
  }
}
