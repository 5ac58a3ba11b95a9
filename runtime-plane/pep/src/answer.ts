/** From the bytes of an answer to a decision. What is not exactly a decision is a deny. */
import { type ObligationKind, parseDecision } from '@chaperone/protocol';
import { type PepDecision, pepDeny } from './decision.ts';
import { isOwnResult, readOwnResult } from './own-result.ts';
import { parseStrictJson } from './strict-json.ts';

export type Reading = {
  /** Obligation kinds that somebody here carries out. */
  readonly handled: ReadonlySet<ObligationKind>;
  readonly attempts: number;
};

/** `metrics` and `provenance` are what OPA adds when the path asks for them; they decide nothing. */
const envelope: ReadonlySet<string> = new Set(['result', 'decision_id', 'metrics', 'provenance']);

/**
 * Never throws.
 *
 * @param bytes `{"decision_id"?, "result"?}`. The result is true or false, or what the policy said (`{"allow", "reason"?,
 *   "message"?, "obligations"?, "rules"?}`), or what a Chaperone decision point made of that (own-result.ts); without one
 *   the policy has no rule for it, which is a deny by default
 */
export function readAnswer(bytes: Uint8Array, { handled, attempts }: Reading): PepDecision {
  let answer: unknown;
  try {
    answer = parseStrictJson(bytes);
  } catch {
    return pepDeny('pdp_invalid', attempts, 'it is no JSON, or not unambiguous');
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    return pepDeny('pdp_invalid', attempts, 'it is no object');
  for (const name of Object.keys(answer))
    if (!envelope.has(name)) return pepDeny('pdp_invalid', attempts, 'it has an unknown field');
  const { result, decision_id: decisionId } = answer as Record<string, unknown>;
  if (decisionId !== undefined && !isDecisionId(decisionId))
    return pepDeny('pdp_invalid', attempts, 'decision_id is no short text');
  const id = decisionId === undefined ? {} : { decisionId };
  if (isOwnResult(result)) {
    if (Object.hasOwn(result, 'decision_id') && result['decision_id'] !== decisionId)
      return pepDeny('pdp_invalid', attempts, 'it has two decision ids');
    const own = readOwnResult(result, handled, attempts);
    return own === 'invalid' ? { ...pepDeny('pdp_invalid', attempts), ...id } : { ...own, ...id };
  }
  const decision = parseDecision(result, { revision: '', knownObligations: handled, plainBoolean: true });
  if (decision.reason === 'invalid_decision') return { ...pepDeny('pdp_invalid', attempts), ...id };
  const { revision: _, policy_reason: policyReason, ...rest } = decision;
  return { ...rest, ...(policyReason === undefined ? {} : { policyReason }), ...id, attempts };
}

function isDecisionId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value);
}
