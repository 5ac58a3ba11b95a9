/** The threads that look into files: as few as will do, a bounded queue, and an end to every wait. */
import { Worker } from 'node:worker_threads';
import type { ContentAnswer, ContentJob, ContentSetup } from './session-content-job.ts';
import { cachedCode } from './session-setup.ts';

const maxThreads = 2;
const maxWaiting = 256;
/** Shorter than the kernel lets a lease stand against a writer. */
const deadlineMs = 20_000;
/** How much of that a single scan may take. */
const scanMs = 10_000;

export type PoolOptions = Pick<ContentSetup, 'rules' | 'key'> & { readonly deadlineMs?: number };

type Waiting = { readonly job: ContentJob; readonly done: (answer: ContentAnswer) => void };
type Thread = { readonly worker: Worker; work: Waiting | undefined };

export class ContentPool {
  readonly #options: PoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #queue: Waiting[] = [];
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Never rejects: what nobody could look at is `failed`. The descriptor must stay open until then. */
  run(job: ContentJob): Promise<ContentAnswer> {
    return new Promise((resolve) => {
      if (this.#isClosed || this.#queue.length >= maxWaiting) {
        resolve({ task: 'failed', why: 'too many files are being looked at' });
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

  #start(): Thread {
    const { rules, key } = this.#options;
    const worker = new Worker(new URL('./session-content-worker.ts', import.meta.url), {
      workerData: { rules, key, maxMs: scanMs } satisfies ContentSetup,
      trackUnmanagedFds: false, // the descriptors that it makes are for others
      ...cachedCode(),
    });
    const thread: Thread = { worker, work: undefined };
    this.#threads.add(thread);
    worker.unref();
    worker.on('message', (answer: ContentAnswer) => {
      const { work } = thread;
      thread.work = undefined;
      worker.unref();
      work?.done(answer);
      this.#next();
    });
    const lost = (why: string): void => this.#lost(thread, why);
    worker.once('error', (error: Error) => lost(`the thread that looks into files failed: ${error.message}`));
    worker.once('exit', () => lost('the thread that looks into files ended'));
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
    const why = 'it took too long';
    for (const thread of this.#threads) {
      if (thread.work !== work) continue;
      this.#threads.delete(thread);
      void thread.worker.terminate();
    }
    work.done({ task: 'failed', why });
    this.#next();
  }
}
