/** Tells the decision point what became of what it allowed, in the background. */
import type { Requests } from './requests.ts';
import type { Settings } from './settings.ts';
import { askUntilAnswered } from './retry.ts';
import type { Surroundings } from './surroundings.ts';

export type Outcome = {
  /** `abandoned`: allowed, and then not tried. */
  readonly result: 'done' | 'failed' | 'abandoned';
  /** As `EACCES`. */
  readonly errno?: string;
  readonly bytes?: number;
};

/** More than these wait for a server that does not take them: later ones are dropped, and that is said. */
const maxPending = 1000;
/** A single decision may be forgotten: the decision point was started again. */
const unknownInARow = 3;
const deadlineMs = 10_000;

export class OutcomeReports {
  readonly #requests: Requests;
  readonly #settings: Settings;
  readonly #surroundings: Surroundings;
  readonly #notice: (line: string) => void;
  readonly #pending = new Set<Promise<void>>();
  readonly #end = new AbortController();
  #isTaken = true;
  #dropped = 0;
  #unknown = 0;

  constructor(
    requests: Requests,
    settings: Settings,
    surroundings: Surroundings,
    notice: (line: string) => void,
  ) {
    this.#requests = requests;
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#notice = notice;
  }

  /** Returns at once. */
  report(decisionId: string, outcome: Outcome): void {
    if (!this.#isTaken || this.#end.signal.aborted) return;
    if (this.#pending.size >= maxPending) {
      this.#dropped += 1;
      if (this.#dropped === 1 || this.#dropped % 1000 === 0)
        this.#notice(`outcomes are not taken fast enough: ${this.#dropped} not reported so far`);
      return;
    }
    const report = this.#send(decisionId, outcome).finally(() => this.#pending.delete(report));
    this.#pending.add(report);
  }

  /** Waits until all reports have ended, at most so long. */
  async flush(limitMs: number): Promise<void> {
    const limit = new AbortController();
    const all = Promise.all(this.#pending).then(() => limit.abort());
    await Promise.race([all, this.#surroundings.sleep(limitMs, limit.signal)]);
    this.#end.abort();
    await Promise.all(this.#pending);
  }

  async #send(decisionId: string, outcome: Outcome): Promise<void> {
    const body = Buffer.from(JSON.stringify({ decision_id: decisionId, ...outcome }));
    const { monotonicMs } = this.#surroundings;
    const limit = AbortSignal.any([this.#end.signal, AbortSignal.timeout(deadlineMs)]);
    const retries = { ...this.#settings.retries, attempts: 5, baseMs: 100, maxMs: 2000 };
    const { exchange } = await askUntilAnswered(
      (signal) => this.#requests.post('/v1/outcomes', body, {}, signal),
      { retries, attemptMs: deadlineMs },
      { signal: limit, deadlineAtMs: monotonicMs() + deadlineMs },
      this.#surroundings,
    );
    const status = exchange.kind === 'answer' ? exchange.status : 0;
    // 409: it was told before, and the answer to that was lost.
    if (status === 204 || status === 409) {
      this.#unknown = 0;
      return;
    }
    if (status === 404 || status === 405) {
      this.#unknown += 1;
      // A plain OPA gives its decisions ids, and takes no outcomes.
      if (this.#isTaken && this.#unknown >= unknownInARow) {
        this.#isTaken = false;
        this.#notice('the decision point takes no outcomes; none are reported from now on');
      }
      return;
    }
    const what = exchange.kind === 'answer' ? `status ${exchange.status}` : exchange.kind;
    this.#notice(`an outcome was not reported: ${what}`);
  }
}
