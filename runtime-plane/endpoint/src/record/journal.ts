/**
 * The journal of one session: what was decided, written before it happens. Everything is synchronous, because an act
 * that proceeds while its record is still under way would be an act without a record. Any failure to write poisons the
 * journal for good: a gap must not be followed by records that look whole.
 */
import * as nodeFs from 'node:fs';
import path from 'node:path';
import { isSessionId, recordId, type RecordBody } from '@chaperone/protocol';
import type { DeviceKey } from './device-key.ts';
import { errnoOf, JournalError } from './errors.ts';
import { genesis, sealLine } from './line.ts';
import { processStart } from './process-start.ts';
import { appendToRegister, type RegisterBody } from './register.ts';

/** `now`: on disk before append returns. `grouped`: on disk within the group's bounds; a power cut may lose it. */
export type Durability = 'now' | 'grouped';

/** The calls whose failures matter; a parameter so that a full disk can be tested. */
export type JournalFiles = Pick<
  typeof nodeFs,
  'openSync' | 'writeSync' | 'fdatasyncSync' | 'fsyncSync' | 'closeSync' | 'mkdirSync'
>;

export type JournalOptions = {
  /** Shared by all sessions; created 0700 when absent. */
  readonly dir: string;
  readonly session: string;
  readonly key: DeviceKey;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** A segment that would grow beyond this is followed by a new one. */
  readonly maxSegmentBytes?: number;
  /** Records between signed checkpoints. */
  readonly checkpointEvery?: number;
  /** At most so many records, and so long, wait for their fdatasync. */
  readonly groupRecords?: number;
  readonly groupMs?: number;
  readonly files?: JournalFiles;
};

export type Appended = {
  readonly seq: number;
  /** `<session>:<seq>` */
  readonly id: string;
};

export type Journal = {
  readonly session: string;
  /** Throws JournalError `write_failed` (now and ever after) or `closed`; the caller denies. */
  append(body: RecordBody, durability: Durability): Appended;
  /** Makes every record durable. */
  flush(): void;
  /** As {@link flush}, when records have waited for their full time; for a loop that has nothing else to do. */
  flushIfDue(): void;
  /** Writes the last checkpoint and tells the register. A poisoned journal stays unclosed. */
  close(): void;
};

const segmentMode = 0o600;

export function openJournal(options: JournalOptions): Journal {
  if (!isSessionId(options.session)) {
    throw new JournalError('bad_session_id', `${JSON.stringify(options.session)} cannot name a session`);
  }
  return new SessionJournal(options);
}

export function segmentName(number: number): string {
  return `${String(number).padStart(6, '0')}.jsonl`;
}

class SessionJournal implements Journal {
  readonly session: string;
  readonly #options: JournalOptions;
  readonly #files: JournalFiles;
  readonly #folder: string;
  readonly #maxSegmentBytes: number;
  readonly #checkpointEvery: number;
  readonly #groupRecords: number;
  readonly #groupMs: number;

  #seq = 0;
  #head: string;
  #fd: number;
  #segment = 1;
  #segmentBytes = 0;
  #sinceCheckpoint = 0;
  #unsynced = 0;
  #unsyncedSinceMs = 0;
  /** A new file's name is durable only after its folder was synced. */
  #folderSynced = false;
  #failure: JournalError | undefined;
  #closed = false;

  constructor(options: JournalOptions) {
    this.session = options.session;
    this.#options = options;
    this.#files = options.files ?? nodeFs;
    this.#folder = path.join(options.dir, options.session);
    this.#maxSegmentBytes = options.maxSegmentBytes ?? 16 * 1024 * 1024;
    this.#checkpointEvery = options.checkpointEvery ?? 256;
    this.#groupRecords = options.groupRecords ?? 512;
    this.#groupMs = options.groupMs ?? 200;
    this.#head = genesis(options.session);
    this.#createFolder();
    // The folder comes first: a crash in between leaves an empty folder, which is harmless, not a registered session
    // that looks deleted.
    this.#fd = this.#guard(() => this.#openSegment());
    try {
      this.#register({
        kind: 'session_opened',
        session: options.session,
        key: options.key.id,
        public_key: options.key.spki,
        pid: process.pid,
        pid_start: processStart(process.pid) ?? '',
      });
    } catch (error) {
      this.#closeSegment();
      throw error;
    }
  }

  append(body: RecordBody, durability: Durability): Appended {
    this.#assertUsable();
    return this.#guard(() => {
      this.#write(body);
      const seq = this.#seq;
      this.#sinceCheckpoint += 1;
      if (this.#sinceCheckpoint >= this.#checkpointEvery) this.#writeCheckpoint();
      if (durability === 'now' || this.#unsynced >= this.#groupRecords || this.#isDue()) this.#sync();
      return { seq, id: recordId(this.session, seq) };
    });
  }

  flush(): void {
    this.#assertUsable();
    this.#guard(() => this.#sync());
  }

  flushIfDue(): void {
    if (!this.#failure && !this.#closed && this.#isDue()) this.flush();
  }

  close(): void {
    if (this.#closed) return;
    try {
      if (!this.#failure) {
        this.#guard(() => {
          this.#writeCheckpoint();
          this.#sync();
        });
        this.#register({ kind: 'session_closed', session: this.session, count: this.#seq, head: this.#head });
      }
    } finally {
      this.#closed = true;
      this.#closeSegment();
    }
  }

  #closeSegment(): void {
    const fd = this.#fd;
    // The number may soon name a file of somebody else, so it is forgotten before anything can fail.
    this.#fd = -1;
    if (fd !== -1) this.#files.closeSync(fd);
  }

  #assertUsable(): void {
    if (this.#failure) throw this.#failure;
    if (this.#closed) throw new JournalError('closed', `the journal of session ${this.session} is closed`);
  }

  #guard<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      const why = errnoOf(error) ?? (error instanceof Error ? error.message : 'unknown error');
      this.#failure = new JournalError(
        'write_failed',
        `cannot write the journal in ${this.#folder} (${why})`,
        {
          cause: error,
        },
      );
      throw this.#failure;
    }
  }

  #register(body: RegisterBody): void {
    const { dir, key, clock } = this.#options;
    appendToRegister(dir, body, key, clock());
  }

  #createFolder(): void {
    const { dir } = this.#options;
    this.#guard(() => this.#files.mkdirSync(dir, { recursive: true, mode: 0o700 }));
    const { mode, uid } = nodeFs.statSync(dir);
    if ((mode & 0o022) !== 0 || (uid !== process.geteuid?.() && uid !== 0)) {
      throw new JournalError(
        'unsafe_directory',
        `others can write to ${dir}; give it to its user alone (chmod 700)`,
      );
    }
    try {
      this.#files.mkdirSync(this.#folder, { mode: 0o700 });
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') {
        throw new JournalError('session_exists', `${this.#folder} exists; a session is never continued`);
      }
      this.#guard(() => {
        throw error;
      });
    }
  }

  #openSegment(): number {
    const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = nodeFs.constants;
    const file = path.join(this.#folder, segmentName(this.#segment));
    this.#folderSynced = false;
    this.#segmentBytes = 0;
    return this.#files.openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, segmentMode);
  }

  #write(body: object, signer?: DeviceKey): void {
    const nowMs = this.#options.clock();
    const sealed = sealLine(this.#seq + 1, new Date(nowMs).toISOString(), this.#head, body, signer);
    if (this.#segmentBytes > 0 && this.#segmentBytes + sealed.line.length > this.#maxSegmentBytes)
      this.#rotate();
    // write(2) may take less than it was given, for example on a disk that is nearly full.
    for (let at = 0; at < sealed.line.length;) at += this.#files.writeSync(this.#fd, sealed.line, at);
    if (this.#unsynced === 0) this.#unsyncedSinceMs = nowMs;
    this.#unsynced += 1;
    this.#segmentBytes += sealed.line.length;
    this.#seq += 1;
    this.#head = sealed.hash;
  }

  #writeCheckpoint(): void {
    const { key } = this.#options;
    const body = { kind: 'checkpoint', session: this.session, count: this.#seq, key: key.id };
    this.#write(body, key);
    this.#sinceCheckpoint = 0;
  }

  #rotate(): void {
    this.#sync();
    this.#closeSegment();
    this.#segment += 1;
    this.#fd = this.#openSegment();
  }

  #isDue(): boolean {
    const waitedMs = this.#options.clock() - this.#unsyncedSinceMs;
    // Negative: the clock was set back, so how long they waited is unknown.
    return this.#unsynced > 0 && (waitedMs >= this.#groupMs || waitedMs < 0);
  }

  #sync(): void {
    if (this.#unsynced === 0) return;
    this.#files.fdatasyncSync(this.#fd);
    if (!this.#folderSynced) {
      this.#syncFolder(this.#folder);
      if (this.#segment === 1) this.#syncFolder(this.#options.dir);
      this.#folderSynced = true;
    }
    this.#unsynced = 0;
  }

  #syncFolder(folder: string): void {
    const fd = this.#files.openSync(folder, nodeFs.constants.O_RDONLY | nodeFs.constants.O_DIRECTORY);
    try {
      this.#files.fsyncSync(fd);
    } finally {
      this.#files.closeSync(fd);
    }
  }
}
