/**
 * One intercepted call through the six steps. Nothing throws past `handle`: a failure becomes a deny. The record of a
 * decision is written before the gate is answered, so no act happens without one.
 */
import type { Policy } from '@chaperone/policy';
import { type Decision, type DecisionInput, deny } from '@chaperone/protocol';
import { buildInput, type Caller, type SessionFacts } from './context/build-input.ts';
import type { Lookups } from './context/subject.ts';
import type { DecisionClass, DecisionClasses } from './decide/decision-class.ts';
import { isBeyond, type Limits } from './decide/limits.ts';
import { gainedByMove, type ListFolder } from './decide/moved.ts';
import type { Action } from './intercept/actions.ts';
import { carryOut, proceeds, type Surroundings } from './obligations/carry-out.ts';
import type { Appended, Durability } from './record/index.ts';

export type Steps = {
  readonly session: SessionFacts;
  readonly policy: Policy;
  readonly classes: DecisionClasses;
  readonly limits: Limits;
  readonly listFolder: ListFolder;
  readonly surroundings: Surroundings;
  record(
    input: DecisionInput,
    decision: Decision,
    durability: Durability,
    classKey: string | undefined,
  ): Appended;
};

export type Outcome = {
  readonly proceeds: boolean;
  readonly decision: Decision;
  /** Id of the record. */
  readonly id: string | undefined;
  readonly input: DecisionInput;
  readonly remembered?: DecisionClass & { readonly key: string };
};

/** All acts of one call: the first that does not proceed decides. */
export function handle(acts: readonly Action[], caller: Caller, lookups: Lookups, steps: Steps): Outcome {
  let last: Outcome | undefined;
  for (const act of acts) {
    last = handleOne(act, caller, lookups, steps);
    if (!last.proceeds) return last;
  }
  if (!last) throw new Error('a call without an act');
  return last;
}

function handleOne(act: Action, caller: Caller, lookups: Lookups, steps: Steps): Outcome {
  const { session, policy, surroundings } = steps;
  const { forPolicy, forRecord } = buildInput(act, caller, session, lookups);
  const { decision: answer, reads } = decide(act, forPolicy, steps);
  let decision = answer;
  try {
    carryOut(decision, surroundings);
  } catch {
    decision = deny('obligation_failed', policy.revision);
  }
  const remembered =
    act.repeatable && decision.effect === 'allow' && decision.obligations.length === 0
      ? classOf(act, forPolicy, reads, steps)
      : undefined;
  try {
    const durability = mayWait(act, decision) ? 'grouped' : 'now';
    const { id } = steps.record(forRecord, decision, durability, remembered?.key);
    return {
      proceeds: proceeds(decision, session.mode),
      decision,
      id,
      input: forRecord,
      ...(remembered ? { remembered } : {}),
    };
  } catch {
    // Full disk, unwritable file: an act that cannot be recorded does not happen, in audit mode either.
    return {
      proceeds: false,
      decision: deny('journal_failed', policy.revision),
      id: undefined,
      input: forRecord,
    };
  }
}

/** A power cut may lose the last allows of what stays on this machine, never a denial or what left it. */
function mayWait(act: Action, { effect, obligations }: Decision): boolean {
  return effect === 'allow' && obligations.length === 0 && act.name !== 'connect';
}

function decide(
  act: Action,
  input: DecisionInput,
  steps: Steps,
): { decision: Decision; reads: ReadonlySet<string> | undefined } {
  const { policy, limits } = steps;
  if (isBeyond(act, limits)) return { decision: deny('floor', policy.revision), reads: undefined };
  const tracked = policy.decideTracked(input);
  if (act.name !== 'rename_file' || tracked.decision.effect === 'deny') return tracked;
  const gained = gainedByMove(policy, input, steps.listFolder);
  if (gained === undefined) return tracked;
  const message = `This would carry what is denied to where it is allowed: ${gained.slice(0, 200)}`;
  return { decision: deny('policy', policy.revision, message), reads: undefined };
}

function classOf(
  act: Action,
  input: DecisionInput,
  reads: ReadonlySet<string> | undefined,
  { classes }: Steps,
): (DecisionClass & { key: string }) | undefined {
  const found = classes.of(input, reads);
  if (!found) return undefined;
  const who = found.perExe ? ` by ${input.process?.exe ?? '?'}` : '';
  return {
    ...found,
    key: `${act.name}${act.operation ? ` (${act.operation})` : ''} ${found.under}${found.exact ? '' : '**'}${who}`,
  };
}
