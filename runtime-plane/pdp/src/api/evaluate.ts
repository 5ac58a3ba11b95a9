/** One question to one version, with what is to be known about how it was answered. */
import type { Entrypoint, EvaluationOptions, Value } from '@chaperone/rego';
import { evaluatePlan, follow, type DocumentPlan } from '../query/document.ts';
import type { Version } from '../store/version.ts';

/** Built-ins that reach out cannot answer at once; an entrypoint that can wait for them has this. */
type Waiting = {
  valueAsync(input: Value | undefined, options?: EvaluationOptions): Promise<Value | undefined>;
};

/** Throws RegoEvalError. */
export function evaluateDocument(
  version: Version,
  plan: DocumentPlan,
  input: Value | undefined,
  options?: EvaluationOptions,
): Value | undefined | Promise<Value | undefined> {
  if (plan.entrypoint === null || !version.reachesOut || !canWait(plan.entrypoint))
    return evaluatePlan(plan, input, options);
  return plan.entrypoint.valueAsync(input, options).then((value) => follow(value, plan.rest));
}

function canWait(entrypoint: Entrypoint): entrypoint is Entrypoint & Waiting {
  return 'valueAsync' in entrypoint && typeof entrypoint.valueAsync === 'function';
}
