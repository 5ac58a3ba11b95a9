/** What a session writes into its journal: its start and end, decisions, refusals, and counts of repeated allows. */
import { readSync } from 'node:fs';
import type {
  Decision,
  DecisionInput,
  DecisionRecord,
  DenyReason,
  Outcome,
  SessionStart,
} from '@chaperone/protocol';
import type { DeviceKey } from './device-key.ts';
import type { Appended, Durability, Journal } from './journal.ts';
import { scrubArgv } from './scrub.ts';
import { scrubInput } from './scrub-input.ts';

/** Length of the counters file, in 64-bit numbers. */
export const maxClasses = 65_536;
const summaryMs = 1_000;

/** What a connection or request came to. */
export type Figures = Pick<Outcome, 'sent_bytes' | 'received_bytes' | 'took_ms' | 'certificate' | 'redacted'>;

type Counted = { readonly key: string; readonly first: string; firstAt: string; counted: bigint };

export class SessionRecord {
  readonly #journal: Journal;
  readonly #key: DeviceKey;
  readonly #counters: number | undefined;
  readonly #classes: Counted[] = [];
  readonly #numbers = new Map<string, number>();
  #summarisedAtMs = Date.now();
  allowed = 0;
  denied = 0;

  /**
   * @param counters file of 64-bit counts that the gate raises, one for each class that it answers by itself; absent where no gate
   *   answers by itself
   */
  constructor(journal: Journal, key: DeviceKey, counters?: number) {
    this.#journal = journal;
    this.#key = key;
    this.#counters = counters;
  }

  start(body: Omit<SessionStart, 'kind' | 'key'>): void {
    const argv = scrubArgv(body.argv, this.#key.salt);
    this.#journal.append({ kind: 'session_start', ...body, argv, key: this.#key.id }, 'now');
  }

  decision(
    input: DecisionInput,
    decision: Decision,
    durability: Durability,
    classKey: string | undefined,
    proceeded: boolean,
    { entrypoint, redacted }: Pick<DecisionRecord, 'entrypoint' | 'redacted'> = {},
  ): Appended {
    const done = this.#journal.append(
      {
        kind: 'decision',
        input: scrubInput(input, this.#key.salt),
        decision,
        ...(classKey ? { class: classKey } : {}),
        ...(entrypoint ? { entrypoint } : {}),
        ...(redacted ? { redacted } : {}),
        ...(proceeded && decision.effect === 'deny' ? { proceeded: true } : {}),
      },
      durability,
    );
    if (decision.effect === 'deny') this.denied += 1;
    else this.allowed += 1;
    return done;
  }

  /**
   * How an allowed act ended. Lost when it cannot be written: the next act is denied then.
   *
   * @returns false when it was lost
   */
  outcome(
    decision: string,
    result: Outcome['result'],
    errno: string | undefined,
    bytes?: number,
    figures: Figures = {},
  ): boolean {
    const how = { ...(errno ? { errno } : {}), ...(bytes === undefined ? {} : { bytes }), ...figures };
    try {
      this.#journal.append({ kind: 'outcome', decision, result, ...how }, 'grouped');
      return true;
    } catch {
      return false; // the journal is poisoned now
    }
  }

  refusal(
    reason: DenyReason,
    message: string,
    call: string,
    input: Partial<DecisionInput>,
  ): string | undefined {
    this.denied += 1;
    try {
      return this.#journal.append({ kind: 'refusal', reason, message, call, input }, 'now').id;
    } catch {
      return undefined; // refused whether or not that can be written
    }
  }

  /** @returns the number under which the gate counts allows of this class, or undefined when there are too many */
  classNumber(key: string, first: string): number | undefined {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#classes.length;
    if (number >= maxClasses) return undefined;
    this.#classes.push({ key, first, firstAt: new Date().toISOString(), counted: 0n });
    this.#numbers.set(key, number);
    return number;
  }

  /** Has all that was recorded on the disk. @returns false when that cannot be */
  flush(): boolean {
    try {
      this.#journal.flush();
      return true;
    } catch {
      return false;
    }
  }

  /** Writes what is due; a failure shows when the next act is to be recorded, and denies that. */
  keepUp(): void {
    try {
      if (Date.now() - this.#summarisedAtMs >= summaryMs) this.#summarise();
      this.#journal.flushIfDue();
    } catch {
      // The journal is poisoned now.
    }
  }

  /** Throws JournalError. */
  end(exitCode: number | undefined, cause: string | undefined): void {
    this.#summarise();
    const { allowed, denied } = this;
    const how = { ...(exitCode === undefined ? {} : { exit_code: exitCode }), ...(cause ? { cause } : {}) };
    this.#journal.append({ kind: 'session_end', allowed, denied, ...how }, 'now');
    this.#journal.close();
  }

  /** Allows that the gate answered by itself, by class, since the last time. */
  #summarise(): void {
    this.#summarisedAtMs = Date.now();
    if (this.#classes.length === 0 || this.#counters === undefined) return;
    const raw = Buffer.alloc(this.#classes.length * 8);
    readSync(this.#counters, raw, 0, raw.length, 0);
    const lastAt = new Date(this.#summarisedAtMs).toISOString();
    for (const [index, entry] of this.#classes.entries()) {
      const total = raw.readBigUInt64LE(index * 8);
      const count = Number(total - entry.counted);
      if (count === 0) continue;
      const { key, first, firstAt } = entry;
      this.#journal.append(
        { kind: 'summary', class: key, decision: first, count, first_at: firstAt, last_at: lastAt },
        'grouped',
      );
      this.allowed += count;
      entry.counted = total;
      entry.firstAt = lastAt;
    }
  }
}
