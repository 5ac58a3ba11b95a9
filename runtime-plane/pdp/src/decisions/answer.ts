/** A decision as it goes back to an enforcement point. */
import { type Outcome, serverCarriesOut } from '@chaperone/endpoint/server';
import type { Mode } from '@chaperone/protocol';
import type { Value } from '@chaperone/rego';
import type { AnsweringRule, Asker } from './options.ts';

/** `allow` and `effect` say what is to be done, `would_deny` that it differs from what the policy says. */
export function answerOf(outcome: Outcome, rule: AnsweringRule, { declared }: Asker, mode: Mode): Value {
  const { decision, proceeds, id } = outcome;
  const { reason, policy_reason, message, rules, revision, obligations } = decision;
  // The rule that says true or false has no obligations here, so nothing is lost in a bare answer.
  if (rule === 'endpoint/access/allow') return proceeds;
  // Audit mode holds nothing back, least of all what runs already.
  const isDue = (kind: string): boolean => mode !== 'audit' || kind !== 'terminate';
  const left = obligations.filter(({ kind }) => declared.has(kind) && isDue(kind));
  const done = obligations.filter(({ kind }) => !declared.has(kind) && serverCarriesOut.has(kind));
  return {
    allow: proceeds,
    effect: proceeds ? 'allow' : 'deny',
    ...(proceeds && decision.effect === 'deny' ? { would_deny: true } : {}),
    reason,
    ...(policy_reason === undefined ? {} : { policy_reason }),
    message,
    // An obligation came from JSON and is JSON.
    obligations: left as unknown as readonly Value[],
    ...(done.length === 0 ? {} : { carried_out: done as unknown as readonly Value[] }),
    rules,
    revision,
    mode,
    ...(id === undefined ? {} : { decision_id: id }),
  };
}
