import { RegoEvalError } from './errors.ts';

/** Values that one walk looks at, at most. */
const MAX_VISITS = 10_000_000;

/**
 * Counts what a walk through a value looks at. A policy can build a value that holds another one many times over, each of
 * which holds a third one many times: small in memory, but with more members than can be walked through or written down.
 */
export class Visits {
  private readonly limit: number;
  private left: number;

  constructor(limit = MAX_VISITS) {
    this.limit = limit;
    this.left = limit;
  }

  /** Throws RegoEvalError. */
  take(members: number): void {
    this.left -= 1 + members;
    if (this.left < 0) throw new RegoEvalError('eval_budget_error', 'a value is too large');
  }

  get taken(): number {
    return this.limit - this.left;
  }
}
