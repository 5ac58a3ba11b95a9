/**
 * For how much an allow holds. The policy is asked about "any path below this folder" instead of one path, and what it
 * read to answer says what the answer depends on; the widest folder for which it gives one allow becomes a class that
 * the gate answers by itself from then on.
 */
import type { Policy } from '@chaperone/policy';
import type { DecisionInput } from '@chaperone/protocol';
import { type Limits, mayHoldFor } from './limits.ts';

export type DecisionClass = {
  /** A folder with its closing slash, or the whole path when the answer holds for that path only. */
  readonly under: string;
  readonly exact: boolean;
  /** Holds only for callers that run the same executable file. */
  readonly perExe: boolean;
};

/** Fields that cannot change within a session. */
const steady: ReadonlySet<string> = new Set([
  'action',
  'path',
  'user',
  'groups',
  'mode',
  'operation',
  'agent',
  'agent.id',
  'agent.type',
  'agent.risk',
  'agent.capabilities',
  'agent.trust',
  'agent.session',
]);
const maxUndetermined = 20_000;

/** Whether an answer that depended on these fields may be remembered, and for whom. */
export function scopeOf(reads: ReadonlySet<string> | undefined): 'anyone' | 'exe' | undefined {
  if (!reads) return undefined;
  let scope: 'anyone' | 'exe' = 'anyone';
  for (const field of reads) {
    if (field === 'process.exe') scope = 'exe';
    else if (!steady.has(field)) return undefined;
  }
  return scope;
}

export class DecisionClasses {
  readonly #policy: Policy;
  readonly #limits: Limits;
  readonly #undetermined = new Set<string>();

  constructor(policy: Policy, limits: Limits) {
    this.#policy = policy;
    this.#limits = limits;
  }

  /** The class of an act that was just allowed; undefined when nothing about it may be remembered. */
  of(input: DecisionInput, reads: ReadonlySet<string> | undefined): DecisionClass | undefined {
    const { path } = input;
    const scope = scopeOf(reads);
    if (path === undefined || input.path_bytes !== undefined || !scope || !path.startsWith('/'))
      return undefined;
    for (let end = path.indexOf('/'); end >= 0 && end < path.length - 1; end = path.indexOf('/', end + 1)) {
      const under = path.slice(0, end + 1);
      if (!mayHoldFor(input.action, under, this.#limits)) continue;
      const found = this.#probe(input, under);
      if (found) return found;
    }
    return { under: path, exact: true, perExe: scope === 'exe' };
  }

  #probe(input: DecisionInput, under: string): DecisionClass | undefined {
    const key = `${input.action}\0${input.operation ?? ''}\0${input.process?.exe ?? ''}\0${under}`;
    if (this.#undetermined.has(key)) return undefined;
    const answer = this.#policy.decideClass(input, under);
    const scope = scopeOf(answer?.reads);
    if (answer?.decision.effect === 'allow' && answer.decision.obligations.length === 0 && scope) {
      return { under, exact: false, perExe: scope === 'exe' };
    }
    if (this.#undetermined.size >= maxUndetermined) this.#undetermined.clear();
    this.#undetermined.add(key);
    return undefined;
  }
}
