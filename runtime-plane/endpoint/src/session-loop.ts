/**
 * The decision loop: answers the gate, one question at a time. It blocks in the kernel between questions, so that a
 * question costs a switch to this thread and back, and nothing of the event loop.
 */
import { type DecisionInput, wirePath } from '@chaperone/protocol';
import { Regions } from '@chaperone/egress/regions';
import { Digests } from './context/digests.ts';
import type { Lookups } from './context/subject.ts';
import type { ReleaseAnswer, ReleaseQuestion } from './enforce/quarantine/judge.ts';
import { handle, type Outcome, type Steps } from './flow.ts';
import { type Action, actionsOf, splitStrings } from './intercept/actions.ts';
import type { Kernel } from './intercept/kernel.ts';
import { nameOf } from './intercept/syscalls.ts';
import {
  AskFrame,
  endingsOf,
  frame,
  frameBytes,
  need,
  noCache,
  op,
  type Reply,
  replyBytes,
  verdict,
  writeNeed,
  writeReply,
} from './intercept/wire.ts';
import type { DenialsFile, SessionRecord } from './record/index.ts';
import type { SessionContent } from './session-content.ts';
import { DesktopActs } from './session-desktop-acts.ts';
import { type Connected, EgressActs } from './session-egress-acts.ts';
import { PendingOutcomes } from './session-outcomes.ts';
import { LoopQuestions } from './session-loop-questions.ts';
import type { LoopMessage, LoopPlan } from './session-messages.ts';

const EACCES = 13;
const ECONNREFUSED = 111;
const idleMs = 250;

type CallId = readonly [low: number, high: number];

export class SessionLoop {
  readonly #plan: LoopPlan;
  readonly #kernel: Kernel;
  readonly #steps: Steps;
  readonly #record: SessionRecord;
  readonly #denials: DenialsFile | undefined;
  readonly #content: SessionContent;
  readonly #say: (message: LoopMessage) => void;
  readonly #in = Buffer.alloc(frameBytes);
  readonly #supplied = Buffer.alloc(frameBytes);
  readonly #ask = new AskFrame(this.#in);
  readonly #reply = Buffer.alloc(replyBytes);
  readonly #digests = new Digests();
  readonly #egress: EgressActs;
  /** Digests of images that a policy was told, by call. */
  readonly #promised = new Map<bigint, string>();
  readonly #pending: PendingOutcomes;
  readonly #desktop: DesktopActs;
  readonly #questions: LoopQuestions;

  constructor(
    plan: LoopPlan,
    kernel: Kernel,
    steps: Steps,
    record: SessionRecord,
    denials: DenialsFile | undefined,
    content: SessionContent,
    say: (message: LoopMessage) => void,
    release: (act: ReleaseQuestion) => ReleaseAnswer,
  ) {
    this.#plan = plan;
    this.#kernel = kernel;
    this.#steps = steps;
    this.#record = record;
    this.#denials = denials;
    this.#content = content;
    this.#say = say;
    this.#pending = new PendingOutcomes(record);
    this.#desktop = new DesktopActs(plan.services, plan.limits.desktop);
    const egress = new EgressActs(steps, record, denials, say, new Regions(plan.regions), plan.opaque);
    this.#egress = egress;
    const { questions: socket } = plan;
    this.#questions = new LoopQuestions({
      kernel,
      socket,
      steps,
      record,
      denials,
      content,
      egress,
      say,
      release,
    });
  }

  /** @returns how the session ended, when the main thread said so */
  run(): { exitCode: number | undefined; cause: string | undefined } {
    const { channel, questions } = this.#plan;
    const asked = this.#questions;
    while (!asked.end) {
      const ready = this.#kernel.wait(channel, questions, idleMs);
      if (ready & 2) asked.take();
      // However many are asked, held calls are not left waiting.
      if (ready & 1 && !asked.end && !this.#serve()) {
        // The gate is gone; the main thread says how the session ended.
        while (!asked.end) asked.take();
      }
      this.#record.keepUp();
    }
    // What the gate said last, before it was gone.
    while (this.#kernel.wait(channel, -1, 0) & 1 && this.#serve()) {}
    this.#pending.close();
    return asked.end;
  }

  /** @returns false at the end of the channel */
  #serve(): boolean {
    const ask = this.#ask;
    if (this.#kernel.receive(this.#plan.channel, this.#in) <= 0) return false;
    switch (ask.type) {
      case frame.ask:
        this.#kernel.stayOn(ask.cpu);
        this.#decide(ask);
        return true;
      case frame.refused:
        this.#refused(ask);
        return true;
      case frame.listener: {
        // First without a descriptor: reach the far side; then, the first time, with the listener that stands in for it.
        const { descriptor } = this.#kernel;
        const carried = this.#egress.carried(ask.id);
        if (carried && carried.destination.protocol !== 'udp') this.#pending.passOn(ask.id);
        if (carried) this.#say({ kind: 'relay', id: ask.id, descriptor, port: ask.sub, ...carried });
        return true;
      }
      case frame.confirm:
        this.#confirm(ask);
        return true;
      case frame.outcomes:
        for (const end of endingsOf(ask)) {
          // A connect that was never carried, because it failed before or reached the session's own.
          if (this.#pending.has(end.id)) this.#egress.forget(end.id);
          this.#pending.ended(end);
        }
        return true;
      default:
        throw new Error(`the gate sent a frame of type ${ask.type}`);
    }
  }

  #answer(reply: Reply, descriptor = -1): void {
    writeReply(this.#reply, this.#ask, reply);
    this.#kernel.send(this.#plan.channel, this.#reply, replyBytes, descriptor);
  }

  #decide(ask: AskFrame): void {
    const reply = this.#decided(ask);
    if (reply.verdict === verdict.hold || reply.verdict === verdict.open) return this.#answer(reply);
    const handed = this.#content.handed(ask.id);
    this.#answer({ ...reply, hand: handed.hand }, handed.descriptor);
    this.#content.forget(ask.id);
  }

  #decided(ask: AskFrame): Reply {
    let outcome: Outcome;
    let acts: Action[];
    let elsewhere: boolean;
    const isConnect = ask.op === op.connect;
    try {
      acts = actionsOf(ask).flatMap((act) => this.#desktop.of(this.#egress.named(act), ask.inode));
      elsewhere = this.#desktop.isElsewhere(acts[0]);
      if (elsewhere && this.#desktop.isGranted('x11')) return { verdict: verdict.deny, errno: ECONNREFUSED };
      if (isConnect && this.#isNameserver(acts[0]?.destination))
        return this.#carry(ask, acts[0]?.destination, undefined);
      outcome = handle(
        acts.slice(this.#content.settledActs(ask.id)),
        { pid: ask.pid, exe: ask.exe.toString('utf8') },
        this.#lookups(ask),
        this.#steps,
        () => this.#content.settled(ask.id),
      );
    } catch (error) {
      this.#say({
        kind: 'tell',
        text: `a question could not be answered and is denied: ${String(error)}`,
      });
      return { verdict: verdict.deny, errno: EACCES };
    }
    if (outcome.waits) return this.#content.waits(ask.id);
    if (!outcome.proceeds) return { verdict: verdict.deny, errno: elsewhere ? ECONNREFUSED : EACCES };
    if (isConnect && outcome.input.destination?.protocol === 'udp') {
      const sender = this.#connected(ask, outcome.input.destination, undefined);
      if (!this.#egress.mayGoUnopened(sender)) {
        if (outcome.id !== undefined) this.#record.outcome(outcome.id, 'failed', 'EACCES');
        return { verdict: verdict.deny, errno: EACCES };
      }
    }
    if (isConnect && this.#isCarried(outcome.input.destination))
      return this.#carry(ask, outcome.input.destination, outcome.id);
    this.#pending.add(ask.id, outcome.id);
    return {
      verdict: verdict.allow,
      digest: this.#promised.has(ask.id),
      ...this.#remember(outcome, ask),
    };
  }

  /** The image at its exec stop, when nobody can write to it any more: is it what the policy was told? */
  #confirm(ask: AskFrame): void {
    const promised = this.#promised.get(ask.id);
    this.#promised.delete(ask.id);
    const same = promised !== undefined && this.#digests.of(this.#kernel.descriptor) === promised;
    this.#answer({ verdict: same ? verdict.allow : verdict.deny });
  }

  /** @param decision id of the record that allowed it; undefined for a nameserver, whose questions are decided one by one */
  #carry(ask: AskFrame, destination: DecisionInput['destination'], decision: string | undefined): Reply {
    const isStream = destination?.protocol !== 'udp';
    const connected = this.#connected(ask, destination, isStream ? decision : undefined);
    this.#egress.add(ask.id, { ...connected, names: decision === undefined });
    this.#pending.add(ask.id, decision);
    return { verdict: verdict.allow, relay: true };
  }

  #connected(
    ask: AskFrame,
    destination: DecisionInput['destination'],
    decision: string | undefined,
  ): Connected {
    return {
      caller: { pid: ask.pid, exe: ask.exe.toString('utf8') },
      ancestors: this.#lookups(ask).ancestors(),
      destination: destination ?? {},
      names: false,
      ...(decision === undefined ? {} : { decision }),
    };
  }

  #isNameserver(destination: DecisionInput['destination']): boolean {
    return destination?.port === 53 && this.#plan.nameservers.includes(destination.ip ?? '');
  }

  /**
   * Where the session has no network of its own, what stays on this machine goes there itself unless it was asked for by name or a rule
   * looks inside: it may be the session's own.
   */
  #isCarried(destination: DecisionInput['destination']): boolean {
    if (this.#plan.ownNetwork) return true;
    const { ip = '', host, protocol } = destination ?? {};
    if (protocol === 'udp') return false;
    const isHere = ip.startsWith('127.') || ip === '::1';
    return !isHere || host !== undefined || this.#egress.inspects(destination ?? {});
  }

  #remember({ remembered, id }: Outcome, ask: AskFrame): Pick<Reply, 'cache' | 'perExe' | 'counter'> {
    const counter = remembered && this.#record.classNumber(remembered.key, id ?? '');
    if (counter === undefined) return { cache: noCache };
    const prefix = remembered?.exact ? 0 : Buffer.byteLength(remembered?.under ?? '');
    return {
      cache: prefix <= ask.path.length ? prefix : noCache,
      perExe: remembered?.perExe ?? true,
      counter,
    };
  }

  #lookups(ask: AskFrame): Lookups {
    const id: CallId = [ask.idLow, ask.idHigh];
    return {
      exeDigest: () => this.#digests.of(this.#require(id, need.exe)),
      objectDigest: (interpreter) => {
        const digest = this.#digests.of(this.#require(id, interpreter ? need.interpreter : need.content));
        const isImage = ask.op === op.execute && (interpreter || ask.secondPath.length === 0);
        if (isImage) this.#promised.set(ask.id, digest ?? '');
        return digest;
      },
      ancestors: () => {
        this.#require(id, need.ancestors);
        return splitStrings(new AskFrame(this.#supplied).extra);
      },
      content: this.#content.lookup(ask, (what) => {
        const fd = this.#require(id, what);
        return { fd, traits: new AskFrame(this.#supplied).traits };
      }),
    };
  }

  /** Has the gate look something up for the call it holds. @returns the descriptor that came with the answer, or -1 */
  #require(id: CallId, what: number): number {
    const { channel } = this.#plan;
    writeNeed(this.#reply, id, what);
    this.#kernel.send(channel, this.#reply, replyBytes);
    if (this.#kernel.receive(channel, this.#supplied) <= 0) throw new Error('the gate is gone');
    return this.#kernel.descriptor;
  }

  #refused(ask: AskFrame): void {
    const called = ask.path.toString('utf8');
    const exe = ask.exe.toString('utf8');
    const about = ask.secondPath.length > 0 ? wirePath(ask.secondPath) : {};
    const name = called === 'foreign_abi' ? `foreign_abi:${ask.kind.toString(16)}:${ask.callNumber}` : called;
    const input = { action: 'os_api', ...about, call: { name }, process: { pid: ask.pid, exe } } as const;
    const message = `${name} (${nameOf(ask.callNumber, this.#plan.machine)}) is refused in every session.`;
    const id = this.#record.refusal('refused_call', message, name, input);
    this.#denials?.add(input, id, { reason: 'refused_call', message, rules: [] });
    this.#answer({ verdict: verdict.deny });
    this.#say({ kind: 'refused', call: name, exe, id });
  }
}
