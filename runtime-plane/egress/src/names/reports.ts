/** Records of refused questions, few enough that refusals cannot be used to flood the journal. */
import type { ConnectionId, Refused, RefusedReason } from '../wire.ts';

const pauseMs = 1_000;
/** In a second so many askers are told apart; those of more are counted with the latest of them. */
const maxAskers = 16;

export type NameRefusal = Omit<Refused, 'connection'> & { readonly asker: ConnectionId };

type Held = { latest: NameRefusal; count: number };
type Pause = { readonly timer: NodeJS.Timeout; readonly held: Map<ConnectionId, Held> };

/** One report per reason and second, and then one for each who asked meanwhile, with how often. */
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
    const { reason, asker } = refusal;
    const pause = this.#pauses.get(reason);
    if (!pause) {
      this.#pause(reason);
      this.#refused(refusal);
      return;
    }
    const { held } = pause;
    const known = held.get(asker) ?? (held.size < maxAskers ? undefined : [...held.values()].at(-1));
    if (known) {
      known.latest = refusal;
      known.count += 1;
    } else held.set(asker, { latest: refusal, count: 1 });
  }

  #pause(reason: RefusedReason): void {
    const timer = setTimeout(() => this.#resume(reason), pauseMs).unref();
    this.#pauses.set(reason, { timer, held: new Map() });
  }

  #resume(reason: RefusedReason): void {
    const pause = this.#pauses.get(reason);
    this.#pauses.delete(reason);
    if (!pause || pause.held.size === 0) return;
    this.#pause(reason);
    this.#tell(pause);
  }

  /** Reports what is held. */
  close(): void {
    for (const pause of this.#pauses.values()) {
      clearTimeout(pause.timer);
      this.#tell(pause);
    }
    this.#pauses.clear();
  }

  #tell({ held }: Pause): void {
    for (const { latest, count } of held.values()) this.#refused(counted(latest, count));
  }
}

const counted = (refusal: NameRefusal, count: number): NameRefusal =>
  count < 2 ? refusal : { ...refusal, message: `${refusal.message} (and ${count - 1} more like it)` };
