import type { RegoErrors } from '@chaperone/rego';

/** A query that cannot be evaluated. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly reasons: RegoErrors;

  constructor(stage: 'parsing' | 'compiling', reasons: RegoErrors) {
    super(`error(s) occurred while ${stage} query`);
    this.reasons = reasons;
  }
}
