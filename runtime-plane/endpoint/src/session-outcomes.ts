/** Allowed acts whose end is not known yet, by the call that the gate holds for them. */
import { getSystemErrorName } from 'node:util';
import { ending } from './intercept/wire.ts';
import type { SessionRecord } from './record/index.ts';

/** A call is over long before so many others began. */
const maxPending = 10_000;

type Ending = { outcome(...how: Parameters<SessionRecord['outcome']>): unknown };

export class PendingOutcomes {
  readonly #decisions = new Map<bigint, string[]>();
  readonly #record: Ending;

  constructor(record: Ending) {
    this.#record = record;
  }

  /** @param id of the record of an allow; one call may need several */
  add(call: bigint, id: string | undefined): void {
    if (id === undefined) return;
    const known = this.#decisions.get(call);
    if (known) known.push(id);
    else this.#decisions.set(call, [id]);
    for (const oldest of this.#decisions.keys()) {
      if (this.#decisions.size <= maxPending) return;
      this.ended({ id: oldest, code: ending.abandoned });
    }
  }

  has(call: bigint): boolean {
    return this.#decisions.has(call);
  }

  /** Somebody else tells how it ends. */
  passOn(call: bigint): void {
    this.#decisions.delete(call);
  }

  /** The session is over: what had not ended by then never will. */
  close(): void {
    for (const id of this.#decisions.keys()) this.ended({ id, code: ending.abandoned });
  }

  ended({ id, code }: { readonly id: bigint; readonly code: bigint }): void {
    const decisions = this.#decisions.get(id) ?? [];
    this.#decisions.delete(id);
    const result = code === 0n ? 'done' : code === ending.abandoned ? 'abandoned' : 'failed';
    for (const decision of decisions) this.#record.outcome(decision, result, errnoName(code));
  }
}

/** The kernel's own codes for a call that is to be started again (512 and more) have no name for a program. */
function errnoName(code: bigint): string | undefined {
  return code > 0n && code < 512n ? getSystemErrorName(-Number(code)) : undefined;
}
