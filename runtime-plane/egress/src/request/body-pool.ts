/** The threads that look into bodies, and the memory that these may take meanwhile. */
import { Worker } from 'node:worker_threads';
import { scanMs, Threads } from '@chaperone/dlp/threads';
import type { BodyAnswer, BodyJob, BodySetup } from './body-job.ts';

/** Of all bodies together that wait to be looked at, in this process. */
const maxHeldBytes = 256 << 20;

export type BodyPoolOptions = Omit<BodySetup, 'maxMs'> & {
  readonly deadlineMs?: number;
  readonly maxHeldBytes?: number;
};

export class BodyPool {
  readonly #threads: Threads<BodyJob, BodyAnswer>;
  readonly #maxHeldBytes: number;
  #heldBytes = 0;

  constructor({ deadlineMs, maxHeldBytes: most = maxHeldBytes, credentials, ...setup }: BodyPoolOptions) {
    this.#maxHeldBytes = most;
    const workerData = {
      ...setup,
      // A thread that reads hostile bytes has no use for the secrets.
      credentials: credentials.map(({ id, kind, fingerprint }) => ({ id, kind, fingerprint })),
      maxMs: Math.min(scanMs, deadlineMs ?? scanMs),
    } satisfies BodySetup;
    this.#threads = new Threads({
      start: () => new Worker(new URL('./body-worker.ts', import.meta.url), { workerData }),
      what: 'bodies',
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
  }

  /** Takes so much of the memory for bodies. @returns false when there is not enough left; else `release` gives it back */
  hold(bytes: number): boolean {
    if (this.#heldBytes + bytes > this.#maxHeldBytes) return false;
    this.#heldBytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /** Never rejects: what nobody could look at is `failed`. */
  run(job: BodyJob): Promise<BodyAnswer> {
    return this.#threads.run(job);
  }

  close(): void {
    this.#threads.close();
  }
}
