/** The result of a Chaperone decision point: what the policy said, and what the decision point made of it. */
import { denyReasons, type ObligationKind, parseDecision, readObligation } from '@chaperone/protocol';
import type { PepDecision } from './decision.ts';

type Found = PepDecision | 'invalid';

const names: ReadonlySet<string> = new Set(
  'allow effect reason policy_reason message obligations carried_out rules revision mode would_deny decision_id'.split(
    ' ',
  ),
);
const deniesFor: ReadonlySet<string> = new Set(denyReasons);
const allowsFor: ReadonlySet<string> = new Set(['policy', 'floor']);

/** Whether it is one of ours; a policy's own answer (from OPA) has no effect. */
export function isOwnResult(result: unknown): result is Record<string, unknown> {
  return typeof result === 'object' && result !== null && Object.hasOwn(result, 'effect');
}

/**
 * @param result `{"allow", "effect", "reason", "policy_reason"?, "message", "obligations", "carried_out"?, "rules",
 *   "revision", "mode", "would_deny"?, "decision_id"?}`
 */
export function readOwnResult(
  result: Record<string, unknown>,
  handled: ReadonlySet<ObligationKind>,
  attempts: number,
): Found {
  if (!Object.keys(result).every((name) => names.has(name))) return 'invalid';
  const { allow, effect, reason, policy_reason: policyReason, message, obligations, rules } = result;
  const { carried_out: carriedOut = [], revision, mode, would_deny: wouldDeny, decision_id: id } = result;
  if (effect !== (allow === true ? 'allow' : 'deny')) return 'invalid';
  if (typeof revision !== 'string' || (mode !== 'audit' && mode !== 'enforce')) return 'invalid';
  if (wouldDeny !== undefined && (wouldDeny !== true || allow !== true)) return 'invalid';
  if (id !== undefined && typeof id !== 'string') return 'invalid';
  if (!Array.isArray(carriedOut) || !carriedOut.every((one) => typeof readObligation(one) === 'object'))
    return 'invalid';
  const isRecordedOnly = isAuditOnly(carriedOut) || isAuditOnly(obligations);
  // A denial that is not held back has to say why it is not.
  if (wouldDeny === true && mode !== 'audit' && !isRecordedOnly) return 'invalid';
  // Here nothing may be left out, while a policy may.
  if ([message, obligations, rules].includes(undefined)) return 'invalid';
  const reasons = allow === true && wouldDeny === undefined ? allowsFor : deniesFor;
  if (typeof reason !== 'string' || !reasons.has(reason)) return 'invalid';
  const said = {
    allow,
    message,
    obligations,
    rules,
    ...(policyReason === undefined ? {} : { reason: policyReason }),
  };
  const {
    revision: _,
    policy_reason: own,
    ...decision
  } = parseDecision(said, {
    revision,
    knownObligations: handled,
  });
  if (decision.reason === 'invalid_decision') return 'invalid';
  const more = { ...(own === undefined ? {} : { policyReason: own }), attempts };
  // An obligation that nobody handles has made a deny of it, whatever the reason was.
  if (decision.reason === 'unknown_obligation') return { ...decision, ...more };
  const given = { ...decision, ...more, reason, mode, ...(wouldDeny === true ? { wouldDeny } : {}) };
  // Effect and reason were checked against each other above.
  return given as PepDecision;
}

function isAuditOnly(duties: unknown): boolean {
  return Array.isArray(duties) && duties.some((one: unknown) => isKind(readObligation(one), 'audit_only'));
}

function isKind(duty: ReturnType<typeof readObligation>, kind: ObligationKind): boolean {
  return typeof duty === 'object' && duty.kind === kind;
}
