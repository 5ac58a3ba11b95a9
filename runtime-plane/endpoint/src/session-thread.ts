/** The thread of the decision loop as the main thread sees it: what it says, what it is asked, and how it ends. */
import { Worker } from 'node:worker_threads';
import { SessionError } from './enforce/errors.ts';
import type { ReleaseAnswer } from './enforce/quarantine/judge.ts';
import { down, eventFrame, verdict } from './intercept/wire.ts';
import type { EgressAnswer, LoopMessage, LoopPlan, LoopQuestion } from './session-messages.ts';
import { type ContentPool, contentPool } from './session-content-pool.ts';
import { cachedCode } from './session-setup.ts';

const SIGKILL = 9;

/** What a person or a log may want to hear while the session runs. */
export type SessionNews =
  | { readonly kind: 'note'; readonly text: string }
  | Extract<LoopMessage, { kind: 'denied' | 'refused' }>;

type Ears = {
  readonly ask: (question: LoopQuestion) => void;
  readonly toGate: (bytes: Buffer) => void;
  readonly news: (item: SessionNews) => void;
  readonly carry: (message: Extract<LoopMessage, { kind: 'relay' }>) => void;
  readonly answered: (answers: readonly EgressAnswer[]) => void;
  readonly clipboard: (question: number, allowed: boolean) => void;
  readonly release: (question: number, answer: ReleaseAnswer) => void;
};

type RunningLoop = {
  readonly ears: Ears;
  /** Rejects with SessionError when the policy or the journal cannot be used. */
  readonly ready: Promise<void>;
  /** Resolves if the loop stops before it was told to. */
  readonly failed: Promise<void>;
  finish(end: LoopQuestion): Promise<{ allowed: number; denied: number }>;
};

/** The decision loop's thread, and whoever answers what it cannot do itself. */
export function startLoop(plan: LoopPlan, ears: Ears): RunningLoop {
  const worker = new Worker(new URL('./session-worker.ts', import.meta.url), {
    workerData: plan,
    trackUnmanagedFds: false, // it closes descriptors that the gate sent it
    ...cachedCode(),
  });
  let contents: ContentPool | undefined;
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ allowed: number; denied: number }>();
  const failed = Promise.withResolvers<void>();
  const fail = (error: SessionError): void => {
    started.reject(error);
    ended.reject(error);
    failed.resolve();
  };
  ended.promise.catch(() => {}); // whoever awaits the end hears it
  worker.on('message', (message: LoopMessage) => {
    switch (message.kind) {
      case 'ready':
        return started.resolve();
      case 'failed':
        return fail(new SessionError(message.code === 'refused' ? 'policy' : 'journal', message.message));
      case 'denied':
      case 'refused':
        return ears.news(message);
      case 'release':
        return ears.release(message.question, message.answer);
      case 'tell':
        return ears.news({ kind: 'note', text: message.text });
      case 'relay':
        return ears.carry(message);
      case 'egress':
        return ears.answered(message.answers);
      case 'content': {
        const { job, rules } = message;
        contents ??= contentPool({ rules, key: plan.contentKey });
        return void contents.run(job).then((answer) => {
          ears.ask({ kind: 'content', result: { call: job.call, number: job.number, answer } });
          ears.toGate(eventFrame(down.release, verdict.again, BigInt(job.call)));
        });
      }
      case 'clipboard':
        return ears.clipboard(message.question, message.allowed);
      case 'end_session':
        return ears.toGate(eventFrame(down.signal, SIGKILL, 0n));
      case 'done':
        return ended.resolve({ allowed: message.allowed, denied: message.denied });
      default:
        return message satisfies never;
    }
  });
  worker.once('error', (error: Error) => {
    fail(new SessionError('launch_failed', `the decision loop failed: ${error.message}`, { cause: error }));
  });
  return {
    ears,
    ready: started.promise,
    failed: failed.promise,
    async finish(end) {
      ears.ask(end);
      try {
        return await ended.promise;
      } finally {
        contents?.close();
        await worker.terminate();
      }
    },
  };
}
