/** Who decides: our own engine in this process, or another one that is asked. */
import type { Decision, DecisionInput } from '@chaperone/protocol';
import type { Policy } from './policy.ts';

export type EngineCall = {
  /** Ends the wait; the answer is then a deny. */
  readonly signal?: AbortSignal;
};

/**
 * Answers one question at a time or many at once. Never throws and never rejects: an engine that cannot be reached, or answers
 * with what is no decision, gives a deny with its own reason.
 */
export interface DecisionEngine {
  /** For records and messages, such as `chaperone` or `opa http://127.0.0.1:8181`. */
  readonly name: string;
  decide(input: DecisionInput, call?: EngineCall): Promise<Decision>;
}

/** @param inForce the policy at the time of each question, such as that of a PolicyStore */
export function ownEngine(inForce: () => Pick<Policy, 'decide'>): DecisionEngine {
  return { name: 'chaperone', decide: (input) => Promise.resolve(inForce().decide(input)) };
}
