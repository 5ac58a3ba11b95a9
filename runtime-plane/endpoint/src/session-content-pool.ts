/** The threads that look into files. */
import { Worker } from 'node:worker_threads';
import { scanMs, Threads } from '@chaperone/dlp/threads';
import type { ContentAnswer, ContentJob, ContentSetup } from './session-content-job.ts';
import { cachedCode } from './session-setup.ts';

export type ContentPool = Threads<ContentJob, ContentAnswer>;

export function contentPool({
  rules,
  key,
  ...options
}: Pick<ContentSetup, 'rules' | 'key'> & { readonly deadlineMs?: number }): ContentPool {
  const start = (): Worker =>
    new Worker(new URL('./session-content-worker.ts', import.meta.url), {
      workerData: { rules, key, maxMs: scanMs } satisfies ContentSetup,
      trackUnmanagedFds: false, // the descriptors that it makes are for others
      ...cachedCode(),
    });
  return new Threads({ start, what: 'files', ...options });
}
