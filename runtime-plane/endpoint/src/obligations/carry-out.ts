/** What must also happen. An obligation without a handler here never gets this far: the policy's answer was a deny. */
import {
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
};

type Handler = (obligation: Obligation, surroundings: Surroundings) => void;

const handlers: Partial<Readonly<Record<ObligationKind, Handler>>> = {
  // Settled where the decision is applied: see `proceeds`.
  audit_only: () => {},
  notify: (obligation, { tell }) =>
    tell(
      obligation.kind === 'notify' && obligation.message ? obligation.message : explainObligation(obligation),
    ),
  terminate: (_obligation, { endSession }) => endSession(),
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
  byOthers?: ReadonlySet<string>,
): void {
  for (const obligation of decision.obligations) {
    if (byOthers?.has(obligation.kind)) continue;
    const handler = handlers[obligation.kind];
    if (!handler) throw new Error(`no handler for the obligation ${obligation.kind}`);
    // Audit mode holds nothing back, least of all the whole session.
    if (mode === 'audit' && obligation.kind === 'terminate') continue;
    handler(obligation, surroundings);
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
