/** Queries that are not part of a policy: `x := data.a.b; x > 1`. */
import { RegoError, RegoErrors, type Value } from '@chaperone/rego';
import type { Version } from '../store/version.ts';
import { QueryError } from './errors.ts';

export type Bindings = { readonly [name: string]: Value };

/** The solutions of a query. Throws QueryError and RegoEvalError. */
export async function runQuery(
  { program }: Version,
  query: string,
  input: Value | undefined,
): Promise<Bindings[]> {
  try {
    const results = await program.prepareQuery(query).resultsAsync(input);
    return results.map(({ bindings }) => bindings);
  } catch (error) {
    throw error instanceof RegoErrors ? queryError(error) : error;
  }
}

/** The query is no file: places in it carry no name. */
function queryError({ errors }: RegoErrors): QueryError {
  const unnamed = errors.map(
    ({ code, reason, row, col, hint }) => new RegoError(code, reason, { file: '', row, col }, hint),
  );
  const isParse = unnamed.some(({ code }) => code === 'rego_parse_error');
  return new QueryError(isParse ? 'parsing' : 'compiling', new RegoErrors(unnamed));
}
