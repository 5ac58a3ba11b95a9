/**
 * What the journal holds: one record per line. The envelope (number, time, chain) belongs to the journal; the body is
 * one of the kinds below. Nothing in a body is secret: the writer scrubs it first.
 */
import type { DecisionInput, Mode } from './action.ts';
import type { Decision, DenyReason } from './decision.ts';

export type PolicyPlace = {
  /** Absolute paths of folders or files. */
  readonly locations: readonly string[];
  readonly entrypoint?: string;
  /** SHA-256 in hex of a bundle whose signature was verified. */
  readonly verified?: string;
  /** What else it had as `data`: settings of a profile, facts of the session. */
  readonly data?: Readonly<Record<string, unknown>>;
};

export type SessionStart = {
  readonly kind: 'session_start';
  readonly session: string;
  /** Scrubbed. */
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly agent?: string;
  /** What the policy was loaded from, so that a decision can be explained afterwards. */
  readonly policy?: PolicyPlace;
  readonly revision: string;
  readonly mode: Mode;
  /** Layers of the floor that hold in this session, in the words of `chaperone doctor`. Empty for a server: others hold the acts. */
  readonly floor?: readonly string[];
  /** Id of the device key that signs the checkpoints. */
  readonly key: string;
  readonly version: string;
};

/** Written before the act it allows. */
export type DecisionRecord = {
  readonly kind: 'decision';
  /** What repeated allows are counted under; absent when this decision is never counted. */
  readonly class?: string;
  readonly input: DecisionInput;
  readonly decision: Decision;
  /** The rule that was asked, when it is not that of the session. */
  readonly entrypoint?: string;
  /** A deny that held nothing back: audit mode, or the obligation `audit_only`. */
  readonly proceeded?: true;
  /** Values that were replaced in the copy that was handed over, by class. */
  readonly redacted?: Readonly<Record<string, number>>;
  /** From the act being held to the decision. */
  readonly took_us?: number;
};

/** In the words of whoever made it. */
export type CertificateSeen = {
  /** One line, such as `CN=example.org, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256, lower-case hex. */
  readonly fingerprint256: string;
  /** ISO 8601, UTC. */
  readonly validTo: string;
};

/** What became of an allowed act. */
export type Outcome = {
  readonly kind: 'outcome';
  /** Id of the decision. */
  readonly decision: string;
  readonly result: 'done' | 'failed' | 'abandoned';
  /** Name from errno(3), for example ENOENT. */
  readonly errno?: string;
  readonly bytes?: number;
  /** Of a connection or request: what the agent sent and got, in bytes, and how long it stood, in milliseconds. */
  readonly sent_bytes?: number;
  readonly received_bytes?: number;
  readonly took_ms?: number;
  /** Of a destination whose TLS was opened; its own words. */
  readonly certificate?: CertificateSeen;
  /** Values that were replaced in what was sent, by class. */
  readonly redacted?: Readonly<Record<string, number>>;
};

/** Further allows of a class whose first allow has its own record. */
export type Summary = {
  readonly kind: 'summary';
  readonly class: string;
  /** Id of the first decision of this class. */
  readonly decision?: string;
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly first_at: string;
  readonly last_at: string;
};

/** A refusal that no policy was asked about. */
export type Refusal = {
  readonly kind: 'refusal';
  readonly reason: DenyReason;
  readonly message: string;
  /** System call or other entrance, for example `io_uring_setup`. */
  readonly call?: string;
  readonly input?: Partial<DecisionInput>;
};

export type SessionEnd = {
  readonly kind: 'session_end';
  /** Exit status as a shell gives it: 128 + n for signal n. */
  readonly exit_code?: number;
  readonly allowed: number;
  readonly denied: number;
  /** Why the session ended, when the agent did not end it itself. */
  readonly cause?: string;
};

/** Signed by the device key over everything before it; written by the journal itself. */
export type Checkpoint = {
  readonly kind: 'checkpoint';
  readonly session: string;
  /** Records before this one. */
  readonly count: number;
  readonly key: string;
  /** Base64 Ed25519 signature; docs/journal.md gives the signed text. */
  readonly signature: string;
};

export type RecordBody = SessionStart | DecisionRecord | Outcome | Summary | Refusal | SessionEnd;

export type JournalRecord = (RecordBody | Checkpoint) & {
  readonly v: 1;
  /** From 1, without a gap. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Hash of the record before; of the session's name for the first. */
  readonly prev: string;
  readonly hash: string;
};

/** `<session>:<seq>`: what a denial shows to a person and what `chaperone why` takes. */
export function recordId(session: string, seq: number): string {
  return `${session}:${seq}`;
}

const sessionIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A session's id is a folder name, too: nothing in it can lead out of the journal's directory. */
export function isSessionId(value: unknown): value is string {
  return typeof value === 'string' && sessionIdPattern.test(value);
}
