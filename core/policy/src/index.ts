/** The policy decision point: compiled Rego in, decisions out. No I/O. */
export type { PolicyErrorCode, PolicyProblem } from './errors.ts';
export { PolicyError } from './errors.ts';
export type { Explanation, FailedCondition, RuleTrace } from './explanation.ts';
export type { Policy, PolicySource, Tracked } from './policy.ts';
export { loadPolicy } from './policy.ts';
export type { Json } from '@chaperone/rego';
