/** The threads that look into bodies: as few as will do, a bounded queue, bounded memory, and an end to every wait. */
import { Worker } from 'node:worker_threads';
import type { BodyAnswer, BodyJob, BodySetup } from './body-job.ts';

const maxThreads = 2;
const maxWaiting = 256;
const deadlineMs = 20_000;
/** How much of that a single scan may take. */
const scanMs = 10_000;
/** Of all bodies together that wait to be looked at, in this process. */
const maxHeldBytes = 256 << 20;

export type BodyPoolOptions = Omit<BodySetup, 'maxMs'> & {
  readonly deadlineMs?: number;
  readonly maxHeldBytes?: number;
};

type Waiting = { readonly job: BodyJob; readonly done: (answer: BodyAnswer) => void };
type Thread = { readonly worker: Worker; work: Waiting | undefined };

export class BodyPool {
  readonly #options: BodyPoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #queue: Waiting[] = [];
  #isClosed = false;
  #heldBytes = 0;

  constructor(options: BodyPoolOptions) {
    this.#options = options;
  }

  /** Takes so much of the memory for bodies. @returns false when there is not enough left; else `release` gives it back */
  hold(bytes: number): boolean {
    if (this.#heldBytes + bytes > (this.#options.maxHeldBytes ?? maxHeldBytes)) return false;
    this.#heldBytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /** Never rejects: what nobody could look at is `failed`. */
  run(job: BodyJob): Promise<BodyAnswer> {
    return new Promise((resolve) => {
      if (this.#isClosed || this.#queue.length >= maxWaiting) {
        resolve({ task: 'failed', why: 'too many bodies are being looked at' });
        return;
      }
      const work: Waiting = {
        job,
        done: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
      };
      const timer = setTimeout(() => this.#late(work), this.#options.deadlineMs ?? deadlineMs);
      timer.unref();
      this.#queue.push(work);
      this.#next();
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const thread of this.#threads) {
      void thread.worker.terminate();
      thread.work?.done({ task: 'failed', why: 'the session is over' });
    }
    this.#threads.clear();
    for (const { done } of this.#queue.splice(0)) done({ task: 'failed', why: 'the session is over' });
  }

  #next(): void {
    if (this.#queue.length === 0 || this.#isClosed) return;
    let free = [...this.#threads].find(({ work }) => !work);
    if (!free && this.#threads.size < maxThreads) free = this.#start();
    if (!free) return;
    const work = this.#queue.shift();
    if (!work) return;
    free.work = work;
    free.worker.ref();
    free.worker.postMessage(work.job);
    this.#next();
  }

  #start(): Thread {
    const { key, credentials, off, custom, labelNames } = this.#options;
    const worker = new Worker(new URL('./body-worker.ts', import.meta.url), {
      workerData: {
        key,
        // A thread that reads hostile bytes has no use for the secrets.
        credentials: credentials.map(({ id, kind, fingerprint }) => ({ id, kind, fingerprint })),
        off,
        ...(custom === undefined ? {} : { custom }),
        labelNames,
        maxMs: Math.min(scanMs, this.#options.deadlineMs ?? scanMs),
      } satisfies BodySetup,
    });
    const thread: Thread = { worker, work: undefined };
    this.#threads.add(thread);
    worker.unref();
    worker.on('message', (answer: BodyAnswer) => {
      const { work } = thread;
      thread.work = undefined;
      worker.unref();
      work?.done(answer);
      this.#next();
    });
    const lost = (why: string): void => this.#lost(thread, why);
    worker.once('error', (error: Error) =>
      lost(`the thread that looks into bodies failed: ${error.message}`),
    );
    worker.once('exit', () => lost('the thread that looks into bodies ended'));
    return thread;
  }

  #lost(thread: Thread, why: string): void {
    if (!this.#threads.delete(thread)) return;
    thread.work?.done({ task: 'failed', why: why.slice(0, 200) });
    this.#next();
  }

  #late(work: Waiting): void {
    const at = this.#queue.indexOf(work);
    if (at >= 0) this.#queue.splice(at, 1);
    for (const thread of this.#threads) {
      if (thread.work !== work) continue;
      this.#threads.delete(thread);
      void thread.worker.terminate();
    }
    work.done({ task: 'failed', why: 'it took too long' });
    this.#next();
  }
}
