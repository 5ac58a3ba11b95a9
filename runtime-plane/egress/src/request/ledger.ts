/** Which hosts a session has reached, and how much went to each. One for each session. */

export type Tally = {
  /** It goes out. */
  readonly begin: () => void;
  /** All is over. @param sent bytes that went */
  readonly end: (sent: number) => void;
};

const maxHosts = 10_000;

export class Ledger {
  readonly #sent = new Map<string, number>();
  readonly #most: number;
  /** To all hosts together for which there was no place any more. */
  #beyond = 0;
  /** Only hosts that credentials belong to. */
  readonly #secrets = new Map<string, Set<string>>();

  constructor(most = maxHosts) {
    this.#most = most;
  }

  /** Bytes of bodies that went there; for a host without a place, to all of these together. */
  sentTo(host: string): number {
    return this.#sent.get(host) ?? (this.#isFull ? this.#beyond : 0);
  }

  /** A host without a place is new each time. */
  hasReached(host: string): boolean {
    return this.#sent.has(host);
  }

  /**
   * For one request. What it said it would send counts from when it goes out, so that many at once do not all begin at the same figure.
   *
   * @param announced bytes of its body
   */
  tally(host: string, announced: number): Tally {
    let counted: number | undefined;
    return {
      begin: () => {
        counted = announced;
        this.#count(host, announced);
      },
      end: (sent) => {
        if (counted !== undefined || sent > 0) this.#count(host, sent - (counted ?? 0));
      },
    };
  }

  #count(host: string, bytes: number): void {
    const before = this.#sent.get(host);
    if (before !== undefined) this.#sent.set(host, Math.max(0, before + bytes));
    else if (this.#isFull) this.#beyond = Math.max(0, this.#beyond + bytes);
    else this.#sent.set(host, Math.max(0, bytes));
  }

  /** Ids of credentials whose secrets this host was given: whatever it answers from then on may hold them. */
  secretsOf(host: string): ReadonlySet<string> {
    return this.#secrets.get(host) ?? new Set();
  }

  gave(host: string, credential: string): void {
    const known = this.#secrets.get(host);
    if (known) known.add(credential);
    else this.#secrets.set(host, new Set([credential]));
  }

  get #isFull(): boolean {
    return this.#sent.size >= this.#most;
  }
}
