/** What passes between a session's main thread and its decision loop: plain data only. */
import type { AgentFacts, Decision, DecisionInput, Mode } from '@chaperone/protocol';
import type { Answer, EgressSettings, Question, Refused } from '@chaperone/egress';
import type { ContentJob, ContentResult } from './session-content-job.ts';
import type { ContentRules } from './context/content-facts.ts';
import type { ServiceFacts } from './context/services.ts';
import type { Limits } from './decide/limits.ts';
import type { PolicySet } from './decide/load-policy.ts';
import type { ReleaseAnswer, ReleaseQuestion } from './enforce/quarantine/judge.ts';
import type { Figures } from './record/index.ts';
import type { Machine } from './intercept/syscalls.ts';

/** Everything the loop needs, as plain data. */
export type LoopPlan = {
  readonly channel: number;
  readonly questions: number;
  readonly counters: number;
  readonly session: string;
  readonly mode: Mode;
  readonly policy: PolicySet;
  /** Where the agent reads what it was refused; absent where the floor leaves no place for it. */
  readonly denials: string | undefined;
  readonly journalDir: string;
  readonly stateDir: string;
  readonly limits: Limits;
  readonly services: ServiceFacts;
  readonly person: { readonly user: string; readonly groups: readonly string[] };
  readonly agent: AgentFacts;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly version: string;
  readonly floor: readonly string[];
  readonly machine: Machine;
  /** Folders whose changes land in a layer. */
  readonly quarantine: readonly string[];
  /** All allowed connections are carried out of it; without, those that leave the machine. */
  readonly ownNetwork: boolean;
  readonly nameservers: readonly string[];
  readonly regions: EgressSettings['regions'];
  readonly opaque: EgressSettings['opaque'];
  /** Of the session: pseudonyms of what is redacted depend on it. */
  readonly contentKey: Uint8Array;
};

/** What the loop tells the main thread. */
export type LoopMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string }
  | {
      readonly kind: 'denied';
      readonly input: DecisionInput;
      readonly decision: Decision;
      readonly id: string | undefined;
      readonly proceeded: boolean;
    }
  | { readonly kind: 'refused'; readonly call: string; readonly exe: string; readonly id: string | undefined }
  | {
      readonly kind: 'relay';
      readonly id: bigint;
      readonly descriptor: number;
      readonly destination: NonNullable<DecisionInput['destination']>;
      readonly names: boolean;
      /** From which the agent's socket sends; 0 with a descriptor. */
      readonly port: number;
      /** Names under which the session resolved the address, the one that was decided on first. */
      readonly hosts: readonly string[];
      readonly inspect: boolean;
    }
  | { readonly kind: 'egress'; readonly answers: readonly EgressAnswer[] }
  | { readonly kind: 'clipboard'; readonly question: number; readonly allowed: boolean }
  | { readonly kind: 'release'; readonly question: number; readonly answer: ReleaseAnswer }
  /** Too long to be done in the loop's thread; `rules` as the policy has them. */
  | { readonly kind: 'content'; readonly job: ContentJob; readonly rules: ContentRules }
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'end_session' }
  | { readonly kind: 'done'; readonly allowed: number; readonly denied: number };

export type EgressAnswer = { readonly id: number; readonly answer: Answer };

/** Of a connection, or of the decision of one request in it. */
export type EgressEnd = {
  readonly kind: 'egress_ended';
  readonly connection: string;
  readonly decision?: string;
  readonly result: 'done' | 'failed' | 'abandoned';
  /** Of a connect that came to nothing. */
  readonly errno?: number;
  readonly figures?: Figures;
};

/** What the main thread asks the loop, as JSON in one message of the questions socket. */
export type LoopQuestion =
  | { readonly kind: 'egress'; readonly id: number; readonly question: Question }
  | { readonly kind: 'egress_refused'; readonly refusal: Refused }
  | { readonly kind: 'egress_lost'; readonly why: string }
  | EgressEnd
  | { readonly kind: 'addresses'; readonly host: string; readonly addresses: readonly string[] }
  | { readonly kind: 'clipboard'; readonly question: number; readonly operation: 'read' | 'write' }
  | { readonly kind: 'release'; readonly question: number; readonly act: ReleaseQuestion }
  | { readonly kind: 'released'; readonly decision: string; readonly result: 'done' | 'failed' | 'abandoned' }
  | {
      readonly kind: 'bus_refused';
      readonly bus: string;
      readonly call: { readonly destination: string; readonly method: string; readonly path: string };
      readonly times: number;
    }
  | { readonly kind: 'content'; readonly result: ContentResult }
  | { readonly kind: 'bus_lost'; readonly bus: string; readonly how: string }
  | { readonly kind: 'end'; readonly exitCode: number | undefined; readonly cause: string | undefined };
