/** What the main thread asks the decision loop, and tells it. */
import type { Lookups } from './context/subject.ts';
import type { ReleaseAnswer, ReleaseQuestion } from './enforce/quarantine/judge.ts';
import { handle, type Steps } from './flow.ts';
import type { Action } from './intercept/actions.ts';
import type { Kernel } from './intercept/kernel.ts';
import type { DenialsFile, SessionRecord } from './record/index.ts';
import type { SessionContent } from './session-content.ts';
import { busRefusal } from './session-desktop-acts.ts';
import type { EgressActs } from './session-egress-acts.ts';
import type { LoopMessage, LoopQuestion } from './session-messages.ts';

const questionBytes = 65_536;
const nobody: Lookups = { exeDigest: () => undefined, objectDigest: () => undefined, ancestors: () => [] };

export type AskedLoop = {
  readonly kernel: Kernel;
  /** Of the main thread's messages. */
  readonly socket: number;
  readonly steps: Steps;
  readonly record: SessionRecord;
  readonly denials: DenialsFile | undefined;
  readonly content: SessionContent;
  readonly egress: EgressActs;
  readonly say: (message: LoopMessage) => void;
  readonly release: (act: ReleaseQuestion) => ReleaseAnswer;
};

export class LoopQuestions {
  readonly #loop: AskedLoop;
  readonly #buffer = Buffer.alloc(questionBytes);
  /** How the session ended, when that was said. */
  end: Extract<LoopQuestion, { kind: 'end' }> | undefined;

  constructor(loop: AskedLoop) {
    this.#loop = loop;
  }

  /** Answers about requests wait for their records to be on the disk, which costs as much for many as for one. */
  take(): void {
    const { kernel, socket, egress } = this.#loop;
    do this.#message();
    while (egress.waits && !this.end && kernel.wait(-1, socket, 0) & 2);
    egress.release();
  }

  #message(): void {
    const { kernel, socket } = this.#loop;
    const length = kernel.receive(socket, this.#buffer);
    if (length <= 0) throw new Error('the main thread is gone');
    const all = JSON.parse(this.#buffer.toString('utf8', 0, length)) as readonly LoopQuestion[];
    for (const question of all) this.#take(question);
  }

  #take(question: LoopQuestion): void {
    const { egress, content, record, denials, say, release } = this.#loop;
    switch (question.kind) {
      case 'egress':
        egress.take(question.id, question.question);
        return;
      case 'egress_refused':
        egress.refused(question.refusal);
        return;
      case 'egress_lost':
        egress.lost(question.why);
        return;
      case 'egress_ended':
        egress.ended(question);
        return;
      case 'addresses':
        egress.learned(question.host, question.addresses);
        return;
      case 'content':
        content.arrived(question.result);
        return;
      case 'clipboard': {
        const { question: number, operation } = question;
        const allowed = this.#mayDo({ name: 'use_clipboard', operation, repeatable: false });
        say({ kind: 'clipboard', question: number, allowed });
        return;
      }
      case 'release':
        say({ kind: 'release', question: question.question, answer: release(question.act) });
        return;
      case 'released':
        record.outcome(question.decision, question.result, undefined);
        return;
      case 'bus_refused':
      case 'bus_lost': {
        const { message, input } = busRefusal(question);
        const id = record.refusal('floor', message, 'dbus', input);
        denials?.add(input, id, { reason: 'floor', message, rules: [] });
        if (question.kind === 'bus_refused')
          say({ kind: 'refused', call: `dbus ${question.call.method}`, exe: '', id });
        return;
      }
      case 'end':
        this.end = question;
        return;
      default:
        question satisfies never;
    }
  }

  /** For acts that no held call stands for. */
  #mayDo(act: Action): boolean {
    return handle([act], { pid: 0, exe: '' }, nobody, this.#loop.steps).proceeds;
  }
}
