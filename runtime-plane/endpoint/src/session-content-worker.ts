/** A thread that looks into files, one at a time, for whoever asks the pool. */
import { parentPort, workerData } from 'node:worker_threads';
import { digestOf } from './context/content-scan.ts';
import type { ContentAnswer, ContentJob, ContentSetup } from './session-content-job.ts';
import { openScanner } from './session-content-scanner.ts';

const port = parentPort;
if (!port) throw new Error('content is looked at in a thread of its own');
const { rules, key, maxMs } = workerData as ContentSetup;
const scanner = openScanner(rules, key);

function answerOf(job: ContentJob): ContentAnswer {
  switch (job.task) {
    case 'scan': {
      const { fd, leased, copy } = job;
      return { task: 'scan', scanned: scanner.scan({ fd, leased, copy, maxMs }) };
    }
    case 'redact':
      return { task: 'redact', redacted: scanner.redacted(job.fd, job.classes, maxMs) };
    case 'digest':
      return { task: 'digest', digest: digestOf(job.fd) };
    default:
      return job satisfies never;
  }
}

port.on('message', (job: ContentJob) => {
  let answer: ContentAnswer;
  try {
    answer = answerOf(job);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    answer = { task: 'failed', why: why.slice(0, 200) };
  }
  port.postMessage(answer);
});
