/** Decide, carry out what was asked for, act, and tell what became of it. */
import { type Question } from './ask.ts';
import { type PepAllow, type PepDecision, type PepDeny, pepDeny } from './decision.ts';
import { carryOut, type Handlers } from './obligations.ts';
import type { Outcome } from './outcomes.ts';

export type Granted = {
  readonly decision: PepAllow;
  /** Told with the outcome; the last call counts. */
  readonly reportBytes: (bytes: number) => void;
};

/** What became of the act. Only `done` has its value. */
export type Guarded<T> =
  | { readonly result: 'done'; readonly value: T; readonly decision: PepAllow }
  /** The act threw. */
  | { readonly result: 'failed'; readonly error: unknown; readonly decision: PepAllow }
  /** The act was not tried. */
  | { readonly result: 'denied'; readonly decision: PepDeny }
  /** The act was done, an obligation after it failed: its value is not handed over. */
  | { readonly result: 'withheld'; readonly decision: PepDeny };

export type GuardParts = {
  readonly question: Question;
  readonly decision: PepDecision;
  readonly handlers: Handlers;
  readonly obligationMs: number;
  readonly abort: AbortSignal | undefined;
  readonly report: (outcome: Outcome) => void;
};

/** Throws nothing; what `act` throws is in the result. */
export async function carryThrough<T>(
  { question: { input }, decision, handlers, obligationMs, abort, report }: GuardParts,
  act: (granted: Granted) => T | Promise<T>,
): Promise<Guarded<T>> {
  const failedBefore = await carryOut('before', handlers, { input, decision }, obligationMs);
  // A deny may ask for something, too, as to notify somebody; it is a deny whatever becomes of that.
  if (decision.effect === 'deny') return { result: 'denied', decision };
  if (failedBefore !== undefined) {
    report({ result: 'abandoned' });
    return { result: 'denied', decision: unmet(decision, failedBefore) };
  }
  if (abort?.aborted) {
    report({ result: 'abandoned' });
    return { result: 'denied', decision: withId(pepDeny('pep_aborted', decision.attempts), decision) };
  }
  let bytes: number | undefined;
  const told = (): { bytes?: number } => (bytes === undefined ? {} : { bytes });
  let value: T;
  try {
    value = await act({
      decision,
      reportBytes(count) {
        if (Number.isSafeInteger(count) && count >= 0) bytes = count;
      },
    });
  } catch (error) {
    report({ result: 'failed', ...errnoOf(error), ...told() });
    return { result: 'failed', error, decision };
  }
  const failedAfter = await carryOut('after', handlers, { input, decision }, obligationMs);
  // What happened, happened: the record says so although its result stays here.
  report({ result: 'done', ...told() });
  return failedAfter === undefined
    ? { result: 'done', value, decision }
    : { result: 'withheld', decision: unmet(decision, failedAfter) };
}

function unmet(decision: PepAllow, kind: string): PepDeny {
  return withId(pepDeny('pep_obligation_failed', decision.attempts, kind), decision);
}

function withId(denied: PepDeny, { decisionId, rules }: PepAllow): PepDeny {
  return { ...denied, rules, ...(decisionId === undefined ? {} : { decisionId }) };
}

function errnoOf(error: unknown): { errno?: string } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]{1,31}$/.test(code) ? { errno: code } : {};
}
