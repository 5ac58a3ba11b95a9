/** An enforcement point: asks before an act, and does not act without an allow. */
import type { DecisionInput } from '@chaperone/protocol';
import { Asker, readQuestion } from './ask.ts';
import { type PepDecision, pepDeny } from './decision.ts';
import { carryThrough, type Granted, type Guarded } from './guard.ts';
import { type Handlers, kindsOf } from './obligations.ts';
import type { PepOptions } from './options.ts';
import { type Outcome, OutcomeReports } from './outcomes.ts';
import { Requests } from './requests.ts';
import { readSettings } from './settings.ts';
import { realSurroundings, type Surroundings } from './surroundings.ts';

export type AskOptions = {
  /** Gives up; the decision is then a deny with `pep_aborted`. */
  readonly signal?: AbortSignal;
};

export type GuardOptions = AskOptions & {
  /** Handlers for this act alone; they go before those of `createPep`. */
  readonly obligations?: Handlers;
};

export type Pep = {
  /**
   * Asks whether the act may happen. Never throws: a failure is a decision, with its reason.
   *
   * An allow is good only together with its `obligations`. Whoever does not carry them out must not act; `guard` does it.
   */
  decide(input: DecisionInput, options?: AskOptions): Promise<PepDecision>;
  /**
   * Asks, carries out the obligations, acts when all of that permits it, and reports the outcome in the background.
   * Never throws; what `act` throws is in the result.
   */
  guard<T>(
    input: DecisionInput,
    act: (granted: Granted) => T | Promise<T>,
    options?: GuardOptions,
  ): Promise<Guarded<T>>;
  /** For callers of `decide`: tells what became of an allow. Returns at once; without a decision id it does nothing. */
  report(decision: PepDecision, outcome: Outcome): void;
  /** Waits for reports that are under way, at most so long, and closes all connections. Default 2000 ms. */
  close(limitMs?: number): Promise<void>;
};

/** Throws PepError when an option is wrong; afterwards nothing throws. */
export function createPep(options: PepOptions): Pep {
  const settings = readSettings(options);
  const surroundings: Surroundings = { ...realSurroundings, ...options.surroundings };
  const { failMode = 'deny', obligations = {} } = options;
  const requests = new Requests(settings, surroundings, settings.maxConnections);
  const asker = new Asker(requests, settings, failMode, surroundings);
  // Connections of their own: reports never make a decision wait.
  const reportRequests = new Requests(settings, surroundings, 2);
  const reports = new OutcomeReports(reportRequests, settings, surroundings, quiet(options.onNotice));
  const report = ({ decisionId }: PepDecision, outcome: Outcome): void => {
    if (decisionId !== undefined && options.outcomes !== false) reports.report(decisionId, outcome);
  };
  return {
    async decide(input, { signal } = {}) {
      const question = readQuestion(input, settings.maxRequestBytes);
      if (question === undefined) return pepDeny('pep_input_invalid', 0);
      return asker.ask(question, kindsOf(obligations), signal);
    },
    async guard(input, act, { signal, obligations: own = {} } = {}) {
      const question = readQuestion(input, settings.maxRequestBytes);
      if (question === undefined) return { result: 'denied', decision: pepDeny('pep_input_invalid', 0) };
      const handlers = { ...obligations, ...definedOf(own) };
      const decision = await asker.ask(question, kindsOf(handlers), signal);
      const parts = { question, decision, handlers, obligationMs: settings.obligationMs, abort: signal };
      return carryThrough({ ...parts, report: (outcome) => report(decision, outcome) }, act);
    },
    report,
    async close(limitMs = 2000) {
      await reports.flush(limitMs);
      requests.close();
      reportRequests.close();
    },
  };
}

function definedOf(handlers: Handlers): Handlers {
  return Object.fromEntries(Object.entries(handlers).filter(([, handler]) => handler !== undefined));
}

/** A notice that throws must not reach the act it is about. */
function quiet(notice: PepOptions['onNotice']): (line: string) => void {
  return (line) => {
    try {
      notice?.(line);
    } catch {
      // There is nobody left to tell.
    }
  };
}
