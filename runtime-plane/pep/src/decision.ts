/** What the caller gets: the policy's answer, or why there is none. */
import type { AllowReason, DenyReason, Mode, Obligation } from '@chaperone/protocol';

/** The decision point gave no answer. These, and no others, are subject to the fail mode. */
export const silences = [
  /** No connection, one that broke before the answer was read, or a gateway with nobody behind it (502, 504). */
  'pdp_unreachable',
  /** No answer within the deadline. */
  'pdp_timeout',
  /** It said 429 or 503 until the attempts or the deadline were used up. */
  'pdp_overloaded',
  /** It answered with another status from 500 on: the policy or the server is broken. */
  'pdp_error',
  /** It failed so often in a row that it is not asked for a moment. */
  'pdp_circuit_open',
] as const;

export type Silence = (typeof silences)[number];

/** Reasons that the enforcement point adds to those of the policy. Codes are a contract. */
export type PepReason =
  | Silence
  /** An answer that is not exactly a decision, or is too long. */
  | 'pdp_invalid'
  /** It refused the request: status 400 to 499, or a redirect, which is never followed. */
  | 'pdp_refused'
  /** It could not prove who it is: certificate, pin, or owner of the Unix socket. */
  | 'pdp_untrusted'
  /** The input has no action, cannot be written as JSON or is too long. Nothing was asked. */
  | 'pep_input_invalid'
  /** The caller's signal was aborted. */
  | 'pep_aborted'
  /** A fault of this library. Nothing is allowed on its account. */
  | 'pep_fault'
  /** The handler of an obligation threw or took too long. */
  | 'pep_obligation_failed';

type Answer = {
  /** For a person. Untrusted text when the policy wrote it: escape it before it reaches a terminal. */
  readonly message: string;
  /** The policy's own reason code. */
  readonly policyReason?: string;
  readonly obligations: readonly Obligation[];
  /** Ids of the rules that matched. */
  readonly rules: readonly string[];
  /** The decision point's name for this decision; absent where it gives none. */
  readonly decisionId?: string;
  /** Whether the decision point holds things back, where it says so. */
  readonly mode?: Mode;
  /** Requests that were sent for it; the last one is the one that was answered. */
  readonly attempts: number;
};

export type PepAllow = Answer &
  (
    | { readonly effect: 'allow'; readonly reason: AllowReason }
    /** The policy says no, for this reason, and nothing is held back: audit mode, or `audit_only`. */
    | { readonly effect: 'allow'; readonly reason: DenyReason; readonly wouldDeny: true }
    /** Nobody was asked with success; the fail mode allows reads in audit mode. */
    | { readonly effect: 'allow'; readonly reason: 'pep_fail_open'; readonly cause: Silence }
  );
export type PepDeny = Answer & { readonly effect: 'deny'; readonly reason: DenyReason | PepReason };
export type PepDecision = PepAllow | PepDeny;

const messages: { readonly [reason in PepReason]: string } = {
  pdp_unreachable: 'The decision point cannot be reached.',
  pdp_timeout: 'The decision point did not answer in time.',
  pdp_overloaded: 'The decision point has too much to do.',
  pdp_error: 'The decision point failed while it was deciding.',
  pdp_circuit_open: 'The decision point failed repeatedly and is left alone for a moment.',
  pdp_invalid: 'The decision point answered in a form that cannot be understood.',
  pdp_refused: 'The decision point refused to answer.',
  pdp_untrusted: 'The decision point could not prove who it is.',
  pep_input_invalid: 'The question cannot be put: it has no action, is no JSON or is too long.',
  pep_aborted: 'The caller gave up.',
  pep_fault: 'The enforcement point itself failed.',
  pep_obligation_failed: 'A condition of the permission could not be met.',
};

/** @param detail what exactly, in our own words; nothing the other side wrote */
export function pepDeny(reason: PepReason, attempts: number, detail?: string): PepDeny {
  const message =
    detail === undefined ? messages[reason] : `${messages[reason].replace(/\.$/, '')}: ${detail}.`;
  return { effect: 'deny', reason, message, obligations: [], rules: [], attempts };
}

export function failOpen(denied: PepDeny, cause: Silence): PepAllow {
  const message = `${denied.message} The fail mode allows reads in audit mode.`;
  return { ...denied, effect: 'allow', reason: 'pep_fail_open', cause, message };
}

export function isSilence(reason: string): reason is Silence {
  return (silences as readonly string[]).includes(reason);
}
