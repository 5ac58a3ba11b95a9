import { RegoEvalError } from './errors.ts';
import { marshal } from './json.ts';
import type { Value } from './values.ts';

/** What a call to the outside came to: a value, or why there is none. */
export type Answer =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: string };

/** Ends an evaluation that needs an answer from outside; the evaluation is run again once the answer is there. */
export class Pending extends Error {
  readonly key: string;
  readonly perform: (deadline: AbortSignal) => Promise<Answer>;

  constructor(key: string, perform: (deadline: AbortSignal) => Promise<Answer>) {
    super('an answer from outside is needed');
    this.key = key;
    this.perform = perform;
    this.name = 'Pending';
  }
}

/** The outside as built-ins see it: answers that are known, or none at all in a synchronous evaluation. */
export interface External {
  /**
   * The answer to a call. The same name and question have the same answer throughout one evaluation.
   * @param perform asks the outside; must settle soon after its signal is aborted
   */
  readonly ask: (name: string, question: Value, perform: Pending['perform']) => Answer;
}

/** A synchronous evaluation cannot wait. It has no answer then, which is not the same as undefined. */
export const noWaiting: External = {
  ask: (name) => {
    throw new RegoEvalError(
      'eval_builtin_error',
      `${name}: this evaluation cannot wait for an answer from outside (evaluateAsync can)`,
    );
  },
};

/** Bounds of one asynchronous evaluation. */
export interface AsyncOptions {
  /** For all calls together; default 10,000 ms. */
  readonly timeoutMs?: number;
  /** Different calls that one evaluation may make; default 64. Each costs one more run of the rules. */
  readonly maxCalls?: number;
  /** Ends the evaluation early. */
  readonly signal?: AbortSignal;
}

/** Runs `evaluate` until it needs nothing more from outside. Throws RegoEvalError when a bound is reached. */
export async function evaluateWaiting<T>(
  evaluate: (external: External) => T,
  options: AsyncOptions = {},
): Promise<T> {
  const { timeoutMs = 10_000, maxCalls = 64, signal } = options;
  const answers = new Map<string, Answer>();
  const external: External = {
    ask: (name, question, perform) => {
      const key = `${name} ${marshal(question)}`;
      const known = answers.get(key);
      if (known === undefined) throw new Pending(key, perform);
      return known;
    },
  };
  const limit = AbortSignal.timeout(timeoutMs);
  const deadline = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  for (;;) {
    if (deadline.aborted) throw cancelled();
    try {
      return evaluate(external);
    } catch (error) {
      if (!(error instanceof Pending)) throw error;
      if (answers.size >= maxCalls)
        throw new RegoEvalError(
          'eval_budget_error',
          `evaluation asked the outside more than ${maxCalls} times`,
        );
      answers.set(error.key, await before(deadline, error.perform(deadline)));
    }
  }
}

function cancelled(): RegoEvalError {
  return new RegoEvalError('eval_cancel_error', 'evaluation waited longer than allowed');
}

/** The answer, unless the deadline comes first. A host that ignores the deadline does not hold the evaluation. */
async function before(deadline: AbortSignal, answer: Promise<Answer>): Promise<Answer> {
  let stop: (() => void) | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(cancelled());
    };
    deadline.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    if (error instanceof RegoEvalError) throw error;
    return { ok: false, why: error instanceof Error ? error.message : 'failed' };
  } finally {
    if (stop !== undefined) deadline.removeEventListener('abort', stop);
  }
}
