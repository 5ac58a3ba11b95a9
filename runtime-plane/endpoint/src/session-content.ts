/**
 * What the decision loop knows of the content of the objects of held calls. Small files are scanned at once when the scanner
 * is loaded; others by threads of their own, and the gate asks again when they are done.
 */
import { type BigIntStats, closeSync, fstatSync } from 'node:fs';
import { ContentCache } from './context/content-cache.ts';
import { type Content, type ContentRules, withPathLabels } from './context/content-facts.ts';
import { type ContentLookup, type ContentState, ContentUnread } from './context/content-lookup.ts';
import type { ContentScanner } from './context/content-scan.ts';
import { type AskFrame, hand, handing, need, op, type Reply, trait, verdict } from './intercept/wire.ts';
import type { ContentAnswer, ContentJob, ContentResult, ContentTask } from './session-content-job.ts';

/** Up to here a scan is shorter than the way to another thread and back is worth. */
const atOnceBytes = 256 << 10;
const atOnceMs = 2_000;
/** A call that nobody asks about any more. */
const forgottenMs = 120_000;
const maxCalls = 4_096;
const atRestMs = 1_000;

export type ContentOptions = {
  readonly rules: ContentRules;
  readonly handOver: 'file' | 'copy';
  /** Absent until a policy is known to look at content. */
  readonly scanner: ContentScanner | undefined;
  readonly post: (job: ContentJob) => void;
};

/** What was learned for one held call, from the first question about it to its answer. */
type Call = {
  readonly startedAtMs: number;
  fd: number;
  traits: number;
  stat: ReturnType<typeof statOf>;
  isRequired: boolean;
  state: ContentState;
  content?: Content | undefined;
  digest?: string | undefined;
  copy: number;
  /** What is handed over when something had to be removed. */
  redacted?: { readonly copy: number; readonly removed: Readonly<Record<string, number>> };
  /** The second look at what others may be writing to. */
  secondDigest?: string;
  /** It stays as it is until it is handed over. */
  isKept: boolean;
  isSecured: boolean;
  isOpenLater: boolean;
  pending?: { readonly number: number; readonly task: ContentTask['task'] };
  settledActs: number;
};

export class SessionContent {
  readonly #options: ContentOptions;
  readonly #cache = new ContentCache();
  readonly #calls = new Map<bigint, Call>();
  #number = 0;

  constructor(options: ContentOptions) {
    this.#options = options;
  }

  /** @param require has the gate look something up for the call; gives the descriptor and what it supplied with it */
  lookup(ask: AskFrame, require: (what: number) => { fd: number; traits: number }): ContentLookup {
    const id = ask.id;
    const path = ask.path.toString('utf8');
    const about = { op: ask.op, handing: ask.handing, inode: ask.inode, path };
    const call = (): Call => this.#call(id);
    const stateOf = (): ContentState => this.#calls.get(id)?.state ?? { kind: 'unasked' };
    return {
      get state() {
        return stateOf();
      },
      facts: () => {
        const content = this.#content(id, call(), about, require);
        return content && withPathLabels(content, path, this.#options.rules);
      },
      redact: (classes) => {
        if (about.handing !== handing.read)
          throw new ContentUnread('it is opened for writing, too, and only a copy to read can be redacted');
        this.#content(id, call(), about, require);
        return this.#redacted(id, call(), classes);
      },
      secure: () => this.#secure(id, call(), about.handing),
    };
  }

  /** How many acts of this call are settled from before. */
  settledActs(id: bigint): number {
    return this.#calls.get(id)?.settledActs ?? 0;
  }

  settled(id: bigint): void {
    const call = this.#calls.get(id);
    if (call) call.settledActs += 1;
  }

  /** @returns the digest of what was looked at, of an image that is to be started */
  digestOf(id: bigint): string | undefined {
    return this.#calls.get(id)?.digest;
  }

  /** What the gate is told while the call waits. */
  waits(id: bigint): Reply {
    const call = this.#call(id);
    const later = call.isOpenLater;
    call.isOpenLater = false;
    return { verdict: later ? verdict.open : verdict.hold };
  }

  /** What an allowed open hands over, and a descriptor that goes along or -1. It is closed by {@link forget}. */
  handed(id: bigint): { readonly hand: NonNullable<Reply['hand']>; readonly descriptor: number } {
    const call = this.#calls.get(id);
    if (call?.redacted && isLess(call.redacted)) return { hand: hand.copy, descriptor: call.redacted.copy };
    if (!call?.isSecured) return { hand: hand.file, descriptor: -1 };
    if (call.copy >= 0) return { hand: hand.copy, descriptor: call.copy };
    return { hand: hand.scanned, descriptor: -1 };
  }

  /** The call is answered. */
  forget(id: bigint): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    for (const fd of [call.fd, call.copy, call.redacted?.copy ?? -1]) if (fd >= 0) closeSync(fd);
  }

  /** What another thread has found; the gate asks again. */
  arrived({ call: id, number, answer }: ContentResult): void {
    const call = this.#calls.get(BigInt(id));
    if (call?.pending?.number !== number) {
      discard(answer);
      return;
    }
    delete call.pending;
    call.state = { kind: 'known' };
    switch (answer.task) {
      case 'scan':
        this.#found(call, answer.scanned);
        break;
      case 'redact':
        if (answer.redacted.ok) call.redacted = answer.redacted;
        else call.state = { kind: 'failed', why: notRedacted(answer.redacted.why) };
        break;
      case 'digest':
        call.secondDigest = answer.digest;
        break;
      case 'failed':
        call.state = { kind: 'failed', why: answer.why };
        break;
      default:
        answer satisfies never;
    }
  }

  #call(id: bigint): Call {
    const known = this.#calls.get(id);
    if (known) return known;
    this.#forgetOld();
    const made: Call = {
      startedAtMs: Date.now(),
      fd: -1,
      traits: 0,
      stat: undefined,
      isRequired: false,
      state: { kind: 'unasked' },
      copy: -1,
      isKept: false,
      isSecured: false,
      isOpenLater: false,
      settledActs: 0,
    };
    this.#calls.set(id, made);
    return made;
  }

  #forgetOld(): void {
    for (const [id, { startedAtMs }] of this.#calls) {
      if (this.#calls.size < maxCalls && Date.now() - startedAtMs < forgottenMs) return;
      this.forget(id);
    }
  }

  #content(
    id: bigint,
    call: Call,
    about: {
      readonly op: number;
      readonly handing: number;
      readonly inode: string | undefined;
      readonly path: string;
    },
    require: (what: number) => { fd: number; traits: number },
  ): Content | undefined {
    if (call.state.kind === 'known') return call.content;
    if (call.state.kind === 'failed') throw new ContentUnread(call.state.why);
    if (call.pending) throw new ContentUnread('it is still being looked at');
    if (!call.isRequired) {
      const { fd, traits } = require(need.content);
      if (traits & trait.later) {
        call.isOpenLater = true;
        call.state = { kind: 'waiting' };
        throw new ContentUnread('it is not open yet');
      }
      call.isRequired = true;
      call.fd = fd;
      call.traits = traits;
    }
    call.stat = statOf(call.fd);
    const { stat } = call;
    // Not the file's doing: what is not opened now, because somebody holds a lease or changed its mode, may be later.
    if (!stat) return this.#fail(call, 'it could not be opened');
    if (!stat.isFile()) return this.#known(call, undefined);
    if (`${stat.dev}:${stat.ino}` !== about.inode) return this.#fail(call, 'another file took its place');
    const wantsCopy = about.handing === handing.read;
    call.isKept = (call.traits & trait.leased) !== 0 && (!wantsCopy || this.#mayBeRead(call.traits, stat));
    const leased = call.isKept;
    const isExec = about.op === op.execute;
    const cached = leased && call.traits & trait.stamped && !isExec ? this.#cache.of(stat) : undefined;
    if (cached) return this.#known(call, cached);
    const task = { task: 'scan', leased, copy: wantsCopy } as const;
    const { scanner } = this.#options;
    const isLong = stat.size > atOnceBytes || (call.traits & trait.mayHang) !== 0;
    if (!scanner || isLong) return this.#post(id, call, task);
    try {
      this.#found(call, scanner.scan({ fd: call.fd, ...task, maxMs: atOnceMs }));
    } catch (error) {
      return this.#fail(call, reasonOf(error));
    }
    if (this.#calls.get(id)?.state.kind === 'failed') throw new ContentUnread(tooLong);
    return call.content;
  }

  /**
   * Whether a file that nobody has open for writing is handed over itself: whoever holds it then sees what is written later. So not
   * while it changes, and not where changes cannot be seen.
   */
  #mayBeRead(traits: number, { mtimeMs, ctimeMs }: BigIntStats): boolean {
    const changedAtMs = Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs);
    const isAtRest = Date.now() - changedAtMs > atRestMs;
    return this.#options.handOver === 'file' && (traits & trait.stamped) !== 0 && isAtRest;
  }

  #found(
    call: Call,
    {
      content,
      digest,
      copy,
    }: { readonly content: Content; readonly digest: string | undefined; readonly copy: number },
  ): void {
    this.#known(call, content);
    call.digest = digest;
    call.copy = copy;
    // The machine's doing, and so within the reach of whoever keeps it busy.
    if (content.problems.includes('timeout')) {
      call.state = { kind: 'failed', why: tooLong };
      return;
    }
    const isFixed = call.isKept && (call.traits & trait.stamped) !== 0;
    if (isFixed && copy < 0 && call.stat) this.#cache.keep(call.stat, content, call.startedAtMs);
  }

  #known(call: Call, content: Content | undefined): Content | undefined {
    call.state = { kind: 'known' };
    call.content = content;
    return content;
  }

  #fail(call: Call, why: string): never {
    call.state = { kind: 'failed', why };
    throw new ContentUnread(why);
  }

  /** Never returns. */
  #post(id: bigint, call: Call, task: ContentTask): never {
    this.#number += 1;
    call.pending = { number: this.#number, task: task.task };
    call.state = { kind: 'waiting' };
    const fd = task.task !== 'scan' && call.copy >= 0 ? call.copy : call.fd;
    this.#options.post({ call: String(id), number: this.#number, fd, ...task });
    throw new ContentUnread('it is being looked at');
  }

  #redacted(
    id: bigint,
    call: Call,
    classes: readonly string[] | undefined,
  ): Readonly<Record<string, number>> {
    if (call.redacted) return call.redacted.removed;
    if (!call.content) throw new ContentUnread('it is no file');
    const fd = call.copy >= 0 ? call.copy : call.fd;
    const task = { task: 'redact', ...(classes ? { classes } : {}) } as const;
    const { scanner } = this.#options;
    if (!scanner || !call.stat || call.stat.size > atOnceBytes || call.traits & trait.mayHang)
      return this.#post(id, call, task);
    if (call.copy < 0 && !call.isKept) return this.#fail(call, unfixed);
    const made = scanner.redacted(fd, classes, atOnceMs);
    if (!made.ok) return this.#fail(call, notRedacted(made.why));
    call.redacted = made;
    return made.removed;
  }

  /** What a caller gets to read is what was looked at. */
  #secure(id: bigint, call: Call, how: number): void {
    if (how === handing.nothing || (call.redacted && isLess(call.redacted)) || !call.content || !call.stat)
      return;
    if (call.copy < 0 && !call.isKept) {
      if (how === handing.read) this.#fail(call, unfixed);
      if (call.digest === undefined) this.#fail(call, unfixed);
      if (call.secondDigest === undefined) this.#post(id, call, { task: 'digest' });
      if (call.secondDigest !== call.digest) this.#fail(call, 'somebody else is writing to it');
    }
    call.isSecured = true;
  }
}

const tooLong = 'it took too long';
const unfixed =
  'others may be writing to it, or its file system may change it, and it is too large for a copy';

function isLess({ removed }: { readonly removed: Readonly<Record<string, number>> }): boolean {
  return Object.keys(removed).length > 0;
}

function notRedacted(why: string): string {
  return `a copy without what the policy wants removed cannot be made: ${why}`;
}

function statOf(fd: number): BigIntStats | undefined {
  try {
    return fd < 0 ? undefined : fstatSync(fd, { bigint: true });
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'it could not be read';
}

function discard(answer: ContentAnswer): void {
  const copy =
    answer.task === 'scan'
      ? answer.scanned.copy
      : answer.task === 'redact' && answer.redacted.ok
        ? answer.redacted.copy
        : -1;
  if (copy >= 0) closeSync(copy);
}
