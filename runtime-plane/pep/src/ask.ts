/** Puts one question, and turns whatever comes back into a decision. */
import { randomUUID } from 'node:crypto';
import type { DecisionInput } from '@chaperone/protocol';
import { readAnswer } from './answer.ts';
import { Breaker } from './breaker.ts';
import { failOpen, isSilence, type PepDecision, pepDeny, type PepReason } from './decision.ts';
import type { FailMode, HandledKinds } from './options.ts';
import type { Requests } from './requests.ts';
import { askUntilAnswered, type Asked } from './retry.ts';
import type { Settings } from './settings.ts';
import type { Surroundings } from './surroundings.ts';

/** The input as it is sent. Later changes to the caller's object change nothing. */
export type Question = { readonly input: DecisionInput; readonly body: Buffer };

/** @returns undefined when it has no action, is not JSON or is too long */
export function readQuestion(input: unknown, maxBytes: number): Question | undefined {
  try {
    const text = JSON.stringify(input);
    const snapshot = JSON.parse(text) as DecisionInput | null;
    if (typeof snapshot !== 'object' || snapshot === null || typeof snapshot.action !== 'string')
      return undefined;
    const body = Buffer.from(`{"input":${text}}`);
    return body.length > maxBytes ? undefined : { input: snapshot, body };
  } catch {
    return undefined;
  }
}

export class Asker {
  readonly #requests: Requests;
  readonly #settings: Settings;
  readonly #failMode: FailMode;
  readonly #surroundings: Surroundings;
  readonly #breaker: Breaker;

  constructor(requests: Requests, settings: Settings, failMode: FailMode, surroundings: Surroundings) {
    this.#requests = requests;
    this.#settings = settings;
    this.#failMode = failMode;
    this.#surroundings = surroundings;
    this.#breaker = new Breaker(settings.breaker, surroundings.monotonicMs);
  }

  /** Never throws. */
  async ask(question: Question, handled: HandledKinds, abort: AbortSignal | undefined): Promise<PepDecision> {
    if (abort?.aborted) return pepDeny('pep_aborted', 0);
    if (!this.#breaker.enter()) return this.#silent(question, pepDeny('pdp_circuit_open', 0));
    let decision: PepDecision = pepDeny('pep_fault', 0);
    try {
      decision = await this.#answer(question, handled, abort);
    } catch {
      // The deny stays: a fault of ours allows nothing.
    } finally {
      this.#breaker.tell(fateOf(decision));
    }
    return decision.effect === 'deny' ? this.#silent(question, decision) : decision;
  }

  async #answer(
    question: Question,
    handled: HandledKinds,
    abort: AbortSignal | undefined,
  ): Promise<PepDecision> {
    const { decisionPath, deadlineMs, retries, attemptMs } = this.#settings;
    const obligations = handled.size === 0 ? {} : { obligations: [...handled].toSorted().join(', ') };
    const extra = { ...obligations, idempotencyKey: randomUUID() };
    const limit = new AbortController();
    const stop = (): void => limit.abort();
    const timer = setTimeout(stop, deadlineMs);
    abort?.addEventListener('abort', stop);
    try {
      const deadlineAtMs = this.#surroundings.monotonicMs() + deadlineMs;
      const asked = await askUntilAnswered(
        (signal) => this.#requests.post(decisionPath, question.body, extra, signal),
        { retries, attemptMs },
        { signal: limit.signal, deadlineAtMs },
        this.#surroundings,
      );
      return abort?.aborted ? pepDeny('pep_aborted', asked.attempts) : decisionOf(asked, handled);
    } finally {
      clearTimeout(timer);
      abort?.removeEventListener('abort', stop);
    }
  }

  /** The one place where silence can become an allow. */
  #silent({ input }: Question, denied: Extract<PepDecision, { effect: 'deny' }>): PepDecision {
    const { reason } = denied;
    if (this.#failMode === 'deny' || input.mode !== 'audit' || !isSilence(reason)) return denied;
    const reads: readonly string[] = this.#failMode.allowInAudit;
    return reads.includes(input.action) ? failOpen(denied, reason) : denied;
  }
}

function decisionOf({ exchange, attempts }: Asked, handled: HandledKinds): PepDecision {
  switch (exchange.kind) {
    case 'unreachable':
      return pepDeny('pdp_unreachable', attempts);
    case 'stopped':
      return pepDeny('pdp_timeout', attempts);
    case 'too_long':
      return pepDeny('pdp_invalid', attempts, 'it is too long');
    case 'untrusted':
      return pepDeny('pdp_untrusted', attempts, exchange.why);
    case 'answer': {
      const { status, headers, body } = exchange;
      if (status !== 200) return pepDeny(reasonOf(status), attempts, `status ${status}`);
      const type = headers['content-type'] ?? '';
      if (
        !/^application\/json\s*(?:;|$)/i.test(type) ||
        (headers['content-encoding'] ?? 'identity') !== 'identity'
      )
        return pepDeny('pdp_invalid', attempts, 'it is not plain JSON');
      return readAnswer(body, { handled, attempts });
    }
    default:
      return exchange satisfies never;
  }
}

function reasonOf(status: number): PepReason {
  // A gateway that found nobody behind it.
  if (status === 502 || status === 504) return 'pdp_unreachable';
  if (status === 429 || status === 503) return 'pdp_overloaded';
  if (status >= 500) return 'pdp_error';
  return status >= 300 ? 'pdp_refused' : 'pdp_invalid';
}

function fateOf({ reason }: PepDecision): 'answered' | 'failed' | 'unknown' {
  if (reason === 'pep_aborted' || reason === 'pep_fault') return 'unknown';
  // 500 is an answer about one question: its policy may fail on this input alone.
  return isSilence(reason) && reason !== 'pdp_error' ? 'failed' : 'answered';
}
