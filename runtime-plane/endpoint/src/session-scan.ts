/** What is in files and trees, outside of a session: threads of their own, as many files under way as there are threads. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ContentRules } from './context/content-facts.ts';
import { loadPolicyFiles } from './decide/load-policy.ts';
import { PolicyFileError } from './decide/policy-file-error.ts';
import { SessionError } from './enforce/errors.ts';
import { cachedCode } from './session-setup.ts';
import type { ScanAnswer, ScanSetup, ScannedFile } from './session-scan-worker.ts';

export { SessionError } from './enforce/errors.ts';
export type { FoundAt, ScannedFile } from './session-scan-worker.ts';

const maxThreads = 4;
/** Beyond a scan's own limit: a thread that hangs in a file system. */
const lostMs = 30_000;

export type FileReport = { readonly path: string } & (
  | ({ readonly ok: true } & ScannedFile)
  /** It could not be opened or read. */
  | { readonly ok: false; readonly why: string }
);

/** Rules for labels, the policy's own detectors, and what does not count. Rejects with SessionError `policy`. */
export async function contentRulesOf(policy: string): Promise<ContentRules> {
  try {
    const rules = loadPolicyFiles(policy).content.settings;
    if (rules.custom !== undefined) (await import('./session-content-scanner.ts')).demandDetectors(rules);
    return rules;
  } catch (error) {
    if (error instanceof PolicyFileError) throw new SessionError('policy', error.message, { cause: error });
    throw error;
  }
}

export const noContentRules: ContentRules = { labels: { names: {}, order: [], paths: [] }, off: [] };

/**
 * @param files absolute paths of regular files; taken one by one, as threads become free
 * @param report called for each, in the order in which they are done
 */
export async function scanFiles(
  files: Iterable<string>,
  rules: ContentRules,
  report: (one: FileReport) => void,
  threads = Math.min(maxThreads, availableParallelism()),
): Promise<void> {
  const next = files[Symbol.iterator]();
  await Promise.all(Array.from({ length: threads }, () => serve(next, rules, report)));
}

async function serve(
  files: Iterator<string>,
  rules: ContentRules,
  report: (one: FileReport) => void,
): Promise<void> {
  let worker: Worker | undefined;
  for (let file = files.next(); !file.done; file = files.next()) {
    worker ??= startWorker(rules);
    const path = file.value;
    const answer = await ask(worker, path);
    if (answer === undefined) {
      void worker.terminate();
      worker = undefined;
    }
    report({ path, ...(answer ?? { ok: false, why: 'it took too long, or its reader failed' }) });
  }
  await worker?.terminate();
}

function startWorker(rules: ContentRules): Worker {
  return new Worker(new URL('./session-scan-worker.ts', import.meta.url), {
    workerData: { rules } satisfies ScanSetup,
    ...cachedCode(),
  });
}

/** @returns undefined when the thread is lost */
function ask(worker: Worker, path: string): Promise<ScanAnswer | undefined> {
  return new Promise((resolve) => {
    const end = (answer: ScanAnswer | undefined): void => {
      clearTimeout(timer);
      worker.off('message', end).off('error', lost).off('exit', lost);
      resolve(answer);
    };
    const lost = (): void => end(undefined);
    const timer = setTimeout(lost, lostMs);
    worker.on('message', end).on('error', lost).on('exit', lost);
    worker.postMessage(path);
  });
}
