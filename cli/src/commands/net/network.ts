/** The network of all sessions of a journal, from one pass over their records, and from what is written later. */
import { runningSessions, streamSession } from '@chaperone/endpoint/record';
import { CliError, type ExitCode } from '../../errors.ts';
import { type Entry, readEntry } from '../journal/entry.ts';
import { type Position, newEntries } from '../journal/follow.ts';
import { chosenSessions } from '../journal/show.ts';
import type { Connection, Request } from './items.ts';
import { type Ears, Tracker } from './tracker.ts';

export class Network {
  readonly #dir: string;
  readonly #session: string | undefined;
  readonly #ears: Ears;
  readonly #positions = new Map<string, Position>();
  /** Of sessions that run, and of those whose end was not seen yet. */
  readonly #trackers = new Map<string, Tracker>();
  #running: ReadonlySet<string> = new Set();
  /** Lines that are no records. */
  damaged = 0;

  /** @param session only this one */
  constructor(dir: string, session: string | undefined, ears: Ears) {
    this.#dir = dir;
    this.#session = session;
    this.#ears = ears;
  }

  /** All that is there, one record in memory at a time. Throws CliError and JournalError. */
  read(): void {
    for (const session of chosenSessions(this.#dir, this.#session)) {
      for (const { bytes, line } of streamSession(this.#dir, session))
        this.#add(readEntry(session, line, bytes));
      const tracker = this.#trackers.get(session);
      if (!tracker) continue;
      // Asked after its records were read: what began since then would be taken for crashed otherwise.
      if (tracker.mayLive) this.#running = runningSessions(this.#dir);
      if (!this.#isLive(tracker)) this.#giveUp(tracker);
    }
  }

  /** What was written since the last time. Throws as above. */
  readNew(): void {
    this.#running = runningSessions(this.#dir);
    const heard = new Set<string>();
    for (const entry of newEntries(this.#dir, this.#session, this.#positions)) {
      heard.add(entry.session);
      this.#add(entry);
    }
    // A session that ended between the two looks still has records to come.
    for (const tracker of this.#trackers.values())
      if (!heard.has(tracker.session) && !this.#isLive(tracker)) this.#giveUp(tracker);
  }

  /** The oldest first. */
  live(): Connection[] {
    return this.#liveOf(({ open }) => open);
  }

  waiting(): Request[] {
    return this.#liveOf(({ unanswered }) => unanswered);
  }

  /** Says on standard error what could not be read. */
  told(): ExitCode {
    if (this.damaged === 0) return 0;
    const lines = this.damaged === 1 ? '1 line is no record' : `${this.damaged} lines are no records`;
    throw new CliError(1, `${lines}; \`chaperone journal verify ${this.#dir}\` says what happened`);
  }

  #liveOf<Item extends { readonly time: string }>(pick: (tracker: Tracker) => Iterable<Item>): Item[] {
    return [...this.#trackers.values()]
      .filter((tracker) => this.#isLive(tracker))
      .flatMap((tracker) => [...pick(tracker)])
      .toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  #isLive(tracker: Tracker): boolean {
    return tracker.mayLive && this.#running.has(tracker.session);
  }

  #giveUp(tracker: Tracker): void {
    tracker.giveUp();
    this.#trackers.delete(tracker.session);
  }

  #add(entry: Entry): void {
    if ('problem' in entry) {
      this.damaged += 1;
      return;
    }
    const { session } = entry;
    let tracker = this.#trackers.get(session);
    if (!tracker) this.#trackers.set(session, (tracker = new Tracker(session, this.#ears)));
    tracker.add(entry.record);
  }
}
