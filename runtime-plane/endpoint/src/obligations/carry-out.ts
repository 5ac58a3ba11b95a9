/** What must also happen. An obligation without a handler here never gets this far: the policy's answer was a deny. */
import {
  type ActionName,
  explainObligation,
  type Decision,
  type Mode,
  type Obligation,
  type ObligationKind,
} from '@chaperone/protocol';

export type Surroundings = {
  /** A line for the person; untrusted text. */
  readonly tell: (text: string) => void;
  readonly endSession: () => void;
  /** Whether changes to this path land in a layer; absent where there is none. */
  readonly isQuarantined?: (path: string) => boolean;
  /** Has the caller get a copy without these classes; throws where that cannot be. Absent where nothing is handed over. */
  readonly redact?: (classes: readonly string[] | undefined) => void;
};

/** The message says to a person what could not be done. */
export class ObligationError extends Error {
  override readonly name = 'ObligationError';
}

/** What the obligation is about. */
type Act = { readonly action: ActionName; readonly path?: string };

type Handler = (obligation: Obligation, surroundings: Surroundings, act: Act) => void;

const changes: ReadonlySet<ActionName> = new Set(['write_file', 'create_file', 'delete_file', 'rename_file']);

const handlers: Partial<Readonly<Record<ObligationKind, Handler>>> = {
  // Settled where the decision is applied: see `proceeds`.
  audit_only: () => {},
  notify: (obligation, { tell }) =>
    tell(
      obligation.kind === 'notify' && obligation.message ? obligation.message : explainObligation(obligation),
    ),
  // What is changed there is in the layer anyway, and settled by what the policy answers to its release.
  quarantine: (_obligation, { isQuarantined }, { action, path }) => {
    if (!changes.has(action) || path === undefined || isQuarantined?.(path) !== true)
      throw new ObligationError('What is to be quarantined is in none of the quarantined folders.');
  },
  limit() {
    throw new ObligationError('Only what a request sends can be limited.');
  },
  terminate: (_obligation, { endSession }) => endSession(),
  redact(obligation, { redact }) {
    if (!redact) throw new ObligationError('Only a file that is opened for reading can be redacted.');
    redact(obligation.kind === 'redact' ? obligation.classes : undefined);
  },
};

export const carriedOut: ReadonlySet<string> = new Set(Object.keys(handlers));

/**
 * Throws when an obligation cannot be carried out; the caller denies.
 *
 * @param byOthers kinds that whoever asked carries out
 */
export function carryOut(
  decision: Decision,
  surroundings: Surroundings,
  mode: Mode,
  act: Act,
  byOthers?: ReadonlySet<string>,
): void {
  for (const obligation of decision.obligations) {
    if (byOthers?.has(obligation.kind)) continue;
    const handler = handlers[obligation.kind];
    if (!handler) throw new Error(`no handler for the obligation ${obligation.kind}`);
    // Audit mode holds nothing back, least of all the whole session.
    if (mode === 'audit' && (obligation.kind === 'terminate' || obligation.kind === 'redact')) continue;
    handler(obligation, surroundings, act);
  }
}

/** Whether the act goes on: an allow, or a deny that is only recorded. */
export function proceeds(decision: Decision, mode: Mode): boolean {
  if (decision.effect === 'allow') return true;
  // What is outside the floor, or could not be recorded, stays denied in audit mode, too.
  if (
    decision.reason === 'floor' ||
    decision.reason === 'journal_failed' ||
    decision.reason === 'refused_call'
  )
    return false;
  return mode === 'audit' || decision.obligations.some(({ kind }) => kind === 'audit_only');
}
