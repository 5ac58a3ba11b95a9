/** Threads that look into content: as few as will do, a bounded queue, and an end to every wait. */
import type { Worker } from 'node:worker_threads';

const maxThreads = 2;
const maxWaiting = 256;
/** Shorter than the kernel lets a lease stand against a writer. */
const deadlineMs = 20_000;
/** How much of that a single scan may take. */
export const scanMs = 10_000;

/** Nobody could look: completes "… could not be looked at: …". */
type Failed = { readonly task: 'failed'; readonly why: string };

export type ThreadsOptions = {
  /** Of a thread that answers each message with one. */
  readonly start: () => Worker;
  /** What is looked into, for example `files`. */
  readonly what: string;
  readonly deadlineMs?: number;
};

type Waiting<Job, Answer> = { readonly job: Job; readonly done: (answer: Answer | Failed) => void };
type Thread<Job, Answer> = { readonly worker: Worker; work: Waiting<Job, Answer> | undefined };

export class Threads<Job, Answer> {
  readonly #options: ThreadsOptions;
  readonly #threads = new Set<Thread<Job, Answer>>();
  readonly #queue: Waiting<Job, Answer>[] = [];
  #isClosed = false;

  constructor(options: ThreadsOptions) {
    this.#options = options;
  }

  /** Never rejects: what nobody could look at is `failed`. What the job names must stay open until then. */
  run(job: Job): Promise<Answer | Failed> {
    return new Promise((resolve) => {
      if (this.#isClosed || this.#queue.length >= maxWaiting) {
        resolve({ task: 'failed', why: `too many ${this.#options.what} are being looked at` });
        return;
      }
      const work: Waiting<Job, Answer> = {
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

  /** Threads that hang in a file system are not waited for. */
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

  #start(): Thread<Job, Answer> {
    const { start, what } = this.#options;
    const worker = start();
    const thread: Thread<Job, Answer> = { worker, work: undefined };
    this.#threads.add(thread);
    worker.unref();
    worker.on('message', (answer: Answer) => {
      const { work } = thread;
      thread.work = undefined;
      worker.unref();
      work?.done(answer);
      this.#next();
    });
    const lost = (why: string): void => this.#lost(thread, why);
    worker.once('error', (error: Error) =>
      lost(`the thread that looks into ${what} failed: ${error.message}`),
    );
    worker.once('exit', () => lost(`the thread that looks into ${what} ended`));
    return thread;
  }

  #lost(thread: Thread<Job, Answer>, why: string): void {
    if (!this.#threads.delete(thread)) return;
    thread.work?.done({ task: 'failed', why: why.slice(0, 200) });
    this.#next();
  }

  #late(work: Waiting<Job, Answer>): void {
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
