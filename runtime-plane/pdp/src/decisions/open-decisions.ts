/** Decisions that let an act go on, until whoever holds the act says how it ended. */

/** An act is over long before so many others began; of those that are forgotten the end stays unknown. */
const maxOpen = 100_000;
const maxEnded = 100_000;

export class OpenDecisions {
  /** By id: the enforcement point that asked, where that is known. */
  readonly #open = new Map<string, string | undefined>();
  readonly #ended = new Set<string>();
  readonly #maxOpen: number;

  constructor(max = maxOpen) {
    this.#maxOpen = max;
  }

  add(id: string, pep: string | undefined): void {
    this.#open.set(id, pep);
    if (this.#open.size > this.#maxOpen) this.#open.delete(this.#open.keys().next().value ?? '');
  }

  /** Nobody but whoever asked ends it. */
  end(id: string, pep: string | undefined): 'ended' | 'unknown' | 'ended_before' {
    if (this.#ended.has(id)) return 'ended_before';
    if (!this.#open.has(id) || this.#open.get(id) !== pep) return 'unknown';
    this.#open.delete(id);
    this.#ended.add(id);
    if (this.#ended.size > maxEnded) this.#ended.delete(this.#ended.keys().next().value ?? '');
    return 'ended';
  }
}
