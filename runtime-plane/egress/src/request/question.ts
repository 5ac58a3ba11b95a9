/** One request on its way to a verdict: what is known of it, what was answered, and how it ends. */
import type { CredentialFacts, Mode, Obligation, ResourceFacts } from '@chaperone/protocol';
import type { Scrubber } from '../credentials/scrub.ts';
import type { Refusal, RequestHead } from '../http/desk.ts';
import type { Answer, ConnectionId, Question, Refused, RefusedReason, ToEndpoint } from '../wire.ts';
import type { RequestFacts } from './facts.ts';

export type RequestQuestion = Extract<Question, { about: 'request' }>;
export type RequestEnded = Extract<ToEndpoint, { kind: 'ended' }>;

export type Lines = {
  readonly connection: ConnectionId;
  readonly mode: Mode;
  /** May reject: then the request is denied. */
  readonly ask: (question: RequestQuestion) => Promise<Answer>;
  readonly refused: (refusal: Refused) => void;
  readonly ended: (ended: RequestEnded) => void;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  /** After which nobody waits for an answer any more. */
  readonly askMs: number;
};

/** Kinds that are carried out here. */
const declared: readonly Obligation['kind'][] = ['redact', 'quarantine', 'limit'];

const silent: Answer = {
  allow: false,
  decision: undefined,
  reason: 'supervisor_lost',
  message: 'Nobody could decide about this request.',
  rules: [],
  obligations: [],
};

export class AskedRequest {
  readonly head: RequestHead;
  readonly #lines: Lines;
  readonly #facts: RequestFacts;
  readonly #scrubber: Scrubber;
  readonly #since: number;
  #credential: CredentialFacts | undefined;
  #answer: Answer = silent;
  #isOver = false;
  #redacted: Readonly<Record<string, number>> | undefined;

  /** @param facts without secrets @param credential of its head */
  constructor(
    head: RequestHead,
    lines: Lines,
    facts: RequestFacts,
    credential: CredentialFacts | undefined,
    scrubber: Scrubber,
  ) {
    this.head = head;
    this.#lines = lines;
    this.#facts = facts;
    this.#credential = credential;
    this.#scrubber = scrubber;
    this.#since = lines.clock();
  }

  get answer(): Answer {
    return this.#answer;
  }

  get isAudit(): boolean {
    return this.#lines.mode === 'audit';
  }

  /** The agent brought a credential that is known here. */
  get isUnproven(): boolean {
    return this.#credential?.provenance === 'unknown';
  }

  obligation<Kind extends Obligation['kind']>(kind: Kind): Extract<Obligation, { kind: Kind }> | undefined {
    // Under audit nothing is held back, whatever a permission asks for.
    if (this.isAudit) return undefined;
    return this.#answer.obligations.find(
      (one): one is Extract<Obligation, { kind: Kind }> => one.kind === kind,
    );
  }

  /** Never rejects. @param credential found in the body */
  async ask(resource?: ResourceFacts, credential?: CredentialFacts): Promise<void> {
    if (credential) this.#credential = credential;
    const { connection, ask, askMs } = this.#lines;
    const question: RequestQuestion = {
      about: 'request',
      connection,
      ...this.#facts,
      ...(this.#credential ? { credential: this.#credential } : {}),
      ...(resource ? { resource } : {}),
      declared,
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => resolve(silent), askMs);
      timer.unref();
    });
    try {
      this.#answer = await Promise.race([ask(question), late]);
    } catch {
      this.#answer = silent;
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the policy said no to. */
  denied(): Refusal {
    const { reason, message, decision } = this.#answer;
    this.end('failed', 0, 0);
    return { status: 403, reason, message: this.#scrubber.text(message), decision };
  }

  /** Recorded; @returns undefined under audit, where it goes on */
  refuse(reason: RefusedReason, message: string, status = 403): Refusal | undefined {
    const { connection, refused } = this.#lines;
    refused({ connection, reason, message, destination: this.#facts.destination });
    if (this.isAudit) return undefined;
    this.end('failed', 0, 0);
    return { status, reason, message, decision: this.#answer.decision };
  }

  /** Values that were replaced in the body that goes out. */
  redacted(removed: Readonly<Record<string, number>>): void {
    this.#redacted = removed;
  }

  /** Told once, of a decision that was recorded. */
  end(result: RequestEnded['result'], sentBytes: number, receivedBytes: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { connection, ended, clock } = this.#lines;
    const { decision } = this.#answer;
    if (decision === undefined) return;
    ended({
      kind: 'ended',
      connection,
      decision,
      result,
      sentBytes,
      receivedBytes,
      tookMs: Math.max(0, Math.round(clock() - this.#since)),
      ...(this.#redacted ? { redacted: this.#redacted } : {}),
    });
  }
}
