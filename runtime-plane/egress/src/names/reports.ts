/** Records of refused questions, few enough that refusals cannot be used to flood the journal. */
import type { ConnectionId, Refused, RefusedReason } from '../wire.ts';

const pauseMs = 1_000;

export type NameRefusal = Omit<Refused, 'connection'> & { readonly asker: ConnectionId };

type Pause = { readonly timer: NodeJS.Timeout; latest?: NameRefusal; held: number };

/** One report per reason and second; those between are counted in the next. */
export class Reports {
  readonly #refused: (refusal: NameRefusal) => void;
  readonly #pauses = new Map<RefusedReason, Pause>();

  constructor(refused: (refusal: NameRefusal) => void) {
    this.#refused = (refusal) => {
      try {
        refused(refusal);
      } catch {
        // Refused it is all the same, and the timer has nobody to tell.
      }
    };
  }

  add(refusal: NameRefusal): void {
    const pause = this.#pauses.get(refusal.reason);
    if (pause) {
      pause.latest = refusal;
      pause.held += 1;
      return;
    }
    this.#report(refusal);
  }

  #report(refusal: NameRefusal): void {
    const { reason } = refusal;
    const timer = setTimeout(() => this.#resume(reason), pauseMs).unref();
    this.#pauses.set(reason, { timer, held: 0 });
    this.#refused(refusal);
  }

  #resume(reason: RefusedReason): void {
    const pause = this.#pauses.get(reason);
    this.#pauses.delete(reason);
    if (pause?.latest) this.#report(counted(pause.latest, pause.held));
  }

  /** Reports what is held. */
  close(): void {
    for (const { timer, latest, held } of this.#pauses.values()) {
      clearTimeout(timer);
      if (latest) this.#refused(counted(latest, held));
    }
    this.#pauses.clear();
  }
}

const counted = (refusal: NameRefusal, held: number): NameRefusal =>
  held < 2 ? refusal : { ...refusal, message: `${refusal.message} (and ${held - 1} more like it)` };
