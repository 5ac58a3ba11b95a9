import type { JournalFiles } from '@chaperone/endpoint/record';
import type { PdpRequest } from '../http/request.ts';
import type { Mode } from '@chaperone/protocol';

/** Decisions as acts of enforcement points: with context, obligations and a journal. */
export type DecisionOptions = {
  /** `auto`: from the moment a policy has one of the rules that answer. `on`: also before, and then everything is denied. */
  readonly when: 'auto' | 'on';
  readonly journalDir: string;
  readonly stateDir: string;
  readonly mode: Mode;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly user: string;
  /** File with the keys of enforcement points; then every question must be signed. */
  readonly pepKeys?: string;
  readonly signatureWindowMs: number;
  /** Calls of the file system that the journal makes. */
  readonly journalFiles?: JournalFiles;
  readonly engine?: { readonly url: string; readonly deadlineMs: number };
};

/** The rules that answer, as `core/policy` knows them. */
export const answeringRules = ['chaperone/access/decision', 'endpoint/access/allow'] as const;
export type AnsweringRule = (typeof answeringRules)[number];

/** Who asks, as far as it is known. */
export type Asker = {
  readonly pep: string | undefined;
  readonly declared: ReadonlySet<string>;
  readonly isLocal: boolean;
};

/** A program on the same machine: through a Unix socket or the loopback address. */
export function isLocalRequest({ raw: { socket } }: PdpRequest): boolean {
  const { remoteAddress } = socket;
  return remoteAddress === undefined || /^(?:127\.|::1$|::ffff:127\.)/.test(remoteAddress);
}
