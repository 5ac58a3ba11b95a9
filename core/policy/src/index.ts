/** The policy decision point: compiled Rego in, decisions out. No I/O. What reads bundles is in `@chaperone/policy/bundle`. */
export { DecisionCache } from './cache.ts';
export type { CacheCounts, CacheOptions } from './cache.ts';
export { ownEngine } from './engine.ts';
export type { DecisionEngine, EngineCall } from './engine.ts';
export type { PolicyErrorCode, PolicyProblem } from './errors.ts';
export { PolicyError } from './errors.ts';
export type { Explanation, FailedCondition, RuleTrace } from './explanation.ts';
export { denyAll } from './none.ts';
export type { Policy, PolicySource, Tracked } from './policy.ts';
export { knownEntrypoints, loadPolicy, policyOver } from './policy.ts';
export { simulate } from './simulate.ts';
export type { Change, ChangeGroup, ChangeKind, SimulateOptions, SimulationReport } from './simulate.ts';
export type { Json } from '@chaperone/rego';
