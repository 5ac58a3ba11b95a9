/**
 * What a policy answered, as data. A policy is written by people and may be wrong, so whatever it returned becomes a
 * Decision here and nowhere else; anything that is not exactly understood is a deny with its own reason.
 */
import { explainObligation, type Obligation, obligationKinds, readObligation } from './obligation.ts';

/** Codes are a contract: a new one may be added, an existing one never changes its meaning. */
export const denyReasons = [
  'policy',
  'default_deny',
  'policy_missing',
  'policy_error',
  'policy_timeout',
  'unknown_obligation',
  'invalid_decision',
  'obligation_failed',
  'content_unread',
  'journal_failed',
  'floor',
  'refused_call',
  'unresolvable',
  'supervisor_lost',
  'not_permitted_in_session',
  'egress',
] as const;

export type DenyReason = (typeof denyReasons)[number];

/** `floor`: granted statically before the session began, no policy was asked for this act. */
export type AllowReason = 'policy' | 'floor';

export type ReasonCode = AllowReason | DenyReason;

type Answer = {
  /** For a person and the agent; untrusted text when a policy wrote it. */
  readonly message: string;
  /** The policy's own reason code, when it gave one. */
  readonly policy_reason?: string;
  readonly obligations: readonly Obligation[];
  /** Ids of the rules that matched. */
  readonly rules: readonly string[];
  /** Names the policy that answered. */
  readonly revision: string;
};

export type Allow = Answer & { readonly effect: 'allow'; readonly reason: AllowReason };
export type Deny = Answer & { readonly effect: 'deny'; readonly reason: DenyReason };
export type Decision = Allow | Deny;

export type ParseDecisionOptions = {
  readonly revision: string;
  /** Kinds that the caller has a handler for; all kinds when absent. */
  readonly knownObligations?: ReadonlySet<string>;
  /** Accept a bare `true` or `false`, as `data.endpoint.access.allow` answers. */
  readonly plainBoolean?: boolean;
};

const denyMessages: { readonly [reason in DenyReason]: string } = {
  policy: 'The policy denies this.',
  default_deny: 'No rule of the policy allows this.',
  policy_missing: 'There is no policy to ask, so nothing is allowed.',
  policy_error: 'The policy failed while it was deciding.',
  policy_timeout: 'The policy took too long to decide.',
  unknown_obligation: 'The policy asks for something that this version cannot do.',
  invalid_decision: 'The policy answered in a form that cannot be understood.',
  obligation_failed: 'A condition of the permission could not be met.',
  content_unread: 'What is in the file could not be looked at, and the answer depends on it.',
  journal_failed: 'The decision could not be recorded, so the act must not happen.',
  floor: 'This is outside what the session was given when it started.',
  refused_call: 'This system call is refused in every session.',
  unresolvable: 'The object of the act could not be determined.',
  supervisor_lost: 'The supervisor of the session is gone.',
  not_permitted_in_session: 'This kind of act is not available in this session.',
  egress: 'What was sent over the connection is refused in every session.',
};

/** @param message replaces the standard sentence of the reason */
export function deny(reason: DenyReason, revision: string, message = denyMessages[reason]): Deny {
  return { effect: 'deny', reason, message, obligations: [], rules: [], revision };
}

const answerFields: ReadonlySet<string> = new Set(['allow', 'reason', 'message', 'obligations', 'rules']);
const maxTextLength = 1000;
const maxListLength = 100;

/**
 * Never throws. `undefined` is a deny by default; a value with a missing, extra or ill-typed field is a deny with
 * `invalid_decision`: a misspelt `obligation` must not become an allow without conditions.
 *
 * @param value `{"allow": bool, "reason"?, "message"?, "obligations"?, "rules"?}`
 */
export function parseDecision(value: unknown, options: ParseDecisionOptions): Decision {
  const { revision } = options;
  if (value === undefined) return deny('default_deny', revision);
  if (typeof value === 'boolean' && options.plainBoolean) {
    return value ? allowOf(revision, 'The policy allows this.') : deny('policy', revision);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid(revision, 'the answer is not an object');
  }
  const answer = value as Record<string, unknown>;
  for (const name of Object.keys(answer)) {
    if (!answerFields.has(name))
      return invalid(revision, `unknown field ${JSON.stringify(name.slice(0, 80))}`);
  }
  // A default covers only what is absent: an explicit null is a mistake of the policy.
  const { allow, reason, message, rules = [], obligations: duties = [] } = answer;
  if (typeof allow !== 'boolean') return invalid(revision, 'allow is not true or false');
  if (reason !== undefined && !isShortText(reason)) return invalid(revision, 'reason is not a short text');
  if (message !== undefined && !isShortText(message)) return invalid(revision, 'message is not a short text');
  if (!Array.isArray(rules) || rules.length > maxListLength || !rules.every(isShortText)) {
    return invalid(revision, 'rules is not a list of texts');
  }
  const obligations = readObligations(duties, options.knownObligations ?? obligationKinds);
  if (!Array.isArray(obligations)) return deny(obligations.reason, revision, obligations.message);

  const rest = { obligations, rules, revision, ...(reason === undefined ? {} : { policy_reason: reason }) };
  if (allow)
    return { effect: 'allow', reason: 'policy', message: message ?? 'The policy allows this.', ...rest };
  const code = reason === 'default_deny' ? 'default_deny' : 'policy';
  return { effect: 'deny', reason: code, message: message ?? denyMessages[code], ...rest };
}

function allowOf(revision: string, message: string): Allow {
  return { effect: 'allow', reason: 'policy', message, obligations: [], rules: [], revision };
}

function invalid(revision: string, what: string): Deny {
  return deny('invalid_decision', revision, `${denyMessages.invalid_decision.slice(0, -1)}: ${what}.`);
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxTextLength;
}

function readObligations(
  value: unknown,
  known: ReadonlySet<string>,
): Obligation[] | { reason: 'unknown_obligation' | 'invalid_decision'; message: string } {
  if (!Array.isArray(value) || value.length > maxListLength) {
    return { reason: 'invalid_decision', message: 'The obligations of the answer are not a list.' };
  }
  const obligations: Obligation[] = [];
  for (const item of value as unknown[]) {
    const obligation = readObligation(item);
    if (obligation === 'invalid') {
      return { reason: 'invalid_decision', message: 'An obligation of the answer has a wrong form.' };
    }
    if (obligation === 'unknown')
      return { reason: 'unknown_obligation', message: denyMessages.unknown_obligation };
    if (!known.has(obligation.kind))
      return {
        reason: 'unknown_obligation',
        message: `The policy allows this on a condition that cannot be met here: ${explainObligation(obligation)}`,
      };
    obligations.push(obligation);
  }
  return obligations;
}
