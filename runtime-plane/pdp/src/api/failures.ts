/** What went wrong, as an answer. */
import { type RegoError, type RegoErrors, RegoEvalError } from '@chaperone/rego';
import { type ErrorCode, type ErrorDetail, errorReply, type Reply, ReplyError } from '../http/reply.ts';
import { InvalidPath } from '../query/path.ts';
import { QueryError } from '../query/errors.ts';
import { ModulesRefused, StoreError, type StoreErrorCode } from '../store/errors.ts';

const evaluating = 'error(s) occurred while evaluating query';
const compiling = 'error(s) occurred while compiling module(s)';

const storeFailures: Readonly<Record<StoreErrorCode, readonly [status: number, code: ErrorCode]>> = {
  storage_not_found_error: [404, 'resource_not_found'],
  storage_write_conflict_error: [404, 'resource_conflict'],
  storage_invalid_patch_error: [400, 'invalid_parameter'],
  path_conflict: [400, 'invalid_parameter'],
  owned: [400, 'invalid_parameter'],
};

/** The answer for an error that a handler did not expect to answer itself. */
export function failureReply(error: unknown): Reply {
  if (error instanceof ReplyError) return error.reply;
  if (error instanceof StoreError) {
    const [status, code] = storeFailures[error.code];
    return errorReply(status, code, error.message);
  }
  if (error instanceof ModulesRefused) return refusedReply(error, 'invalid_parameter');
  if (error instanceof RegoEvalError)
    return errorReply(500, 'internal_error', evaluating, { errors: [evalDetail(error)] });
  if (error instanceof QueryError)
    return errorReply(400, 'invalid_parameter', error.message, {
      errors: error.reasons.errors.map(detailOf),
    });
  if (error instanceof InvalidPath)
    return errorReply(500, 'internal_error', `invalid_parameter: invalid path: ${error.message}`);
  // Reading or writing a value that nests thousands deep.
  if (error instanceof RangeError)
    return errorReply(500, 'internal_error', evaluating, {
      errors: [{ code: 'eval_budget_error', message: 'a value nests too deeply' }],
    });
  return errorReply(500, 'internal_error', 'internal error');
}

export function refusedReply({ reasons }: ModulesRefused, code: ErrorCode): Reply {
  return errorReply(400, code, compiling, { errors: reasons.errors.map(detailOf) });
}

export function detailOf(error: RegoErrors['errors'][number]): ErrorDetail {
  const { code, file, row, col } = error;
  return { code, message: bareMessage(error), location: { file, row, col } };
}

function evalDetail({ code, detail, at }: RegoEvalError): ErrorDetail {
  return { code, message: detail, ...(at === undefined ? {} : { location: at }) };
}

/** Without place and code, which stand beside it. */
function bareMessage(error: RegoError): string {
  return withoutPrefix(error.message, `${error.file}:${error.row}:${error.col}: ${error.code}: `);
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
