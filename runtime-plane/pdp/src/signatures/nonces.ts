/** Which requests were seen already. */

/** A holder of a key who signs more within the window is refused, and nobody else is. */
const maxPerKey = 250_000;

export class Nonces {
  /** By key: nonces with the time at which a request that has one is too old anyway. */
  readonly #seen = new Map<string, Map<string, number>>();
  readonly #max: number;

  constructor(max = maxPerKey) {
    this.#max = max;
  }

  /** @param untilMs how long it must be remembered */
  use(keyid: string, nonce: string, nowMs: number, untilMs: number): 'new' | 'replayed' | 'too_many' {
    const seen = this.#seen.get(keyid) ?? new Map<string, number>();
    this.#seen.set(keyid, seen);
    const until = seen.get(nonce);
    if (until !== undefined && until >= nowMs) return 'replayed';
    for (const [oldest, end] of seen) {
      // They were added in almost the order in which they end.
      if (end >= nowMs) break;
      seen.delete(oldest);
    }
    if (seen.size >= this.#max) return 'too_many';
    seen.delete(nonce);
    seen.set(nonce, untilMs);
    return 'new';
  }
}
