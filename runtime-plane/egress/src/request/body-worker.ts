/** A thread that looks into bodies, one at a time, for whoever asks the pool. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BodyAnswer, BodyJob, BodySetup } from './body-job.ts';
import { BodyScanner } from './body-look.ts';

const port = parentPort;
if (!port) throw new Error('bodies are looked at in a thread of its own');
const scanner = new BodyScanner(workerData as BodySetup);

port.on('message', (job: BodyJob) => {
  let answer: BodyAnswer;
  try {
    answer = scanner.answer(job);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    answer = { task: 'failed', why: why.slice(0, 200) };
  }
  port.postMessage(answer);
});
