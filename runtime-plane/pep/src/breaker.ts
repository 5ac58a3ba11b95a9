/** Leaves a decision point alone for a moment that has failed several times in a row. */

export type BreakerOptions = {
  /** Failed decisions in a row that open it; 0 is never. */
  readonly failures: number;
  /** How long nobody asks; then one question is let through, and its fate decides. */
  readonly openMs: number;
};

export class Breaker {
  readonly #options: BreakerOptions;
  readonly #monotonicMs: () => number;
  #failed = 0;
  #openUntilMs = 0;
  #isProbing = false;

  constructor(options: BreakerOptions, monotonicMs: () => number) {
    this.#options = options;
    this.#monotonicMs = monotonicMs;
  }

  /** Whether a question may be put now. Whoever gets a yes must call `tell`. */
  enter(): boolean {
    if (this.#openUntilMs === 0) return true;
    if (this.#isProbing || this.#monotonicMs() < this.#openUntilMs) return false;
    this.#isProbing = true;
    return true;
  }

  /** @param fate `unknown`: the caller gave up before anything could be learned */
  tell(fate: 'answered' | 'failed' | 'unknown'): void {
    this.#isProbing = false;
    if (fate === 'unknown') return;
    if (fate === 'answered') {
      this.#failed = 0;
      this.#openUntilMs = 0;
      return;
    }
    this.#failed += 1;
    const { failures, openMs } = this.#options;
    if (failures > 0 && this.#failed >= failures) this.#openUntilMs = this.#monotonicMs() + openMs;
  }
}
