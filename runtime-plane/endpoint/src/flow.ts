/**
 * One intercepted call through the six steps. Nothing throws past `handle`: a failure becomes a deny. The record of a
 * decision is written before the gate is answered, so no act happens without one.
 */
import type { Policy } from '@chaperone/policy';
import { type Decision, type DecisionInput, deny, type Mode } from '@chaperone/protocol';
import { buildInput, type Caller, type SessionFacts } from './context/build-input.ts';
import { type ContentLookup, ContentUnread } from './context/content-lookup.ts';
import type { Lookups } from './context/subject.ts';
import type { DecisionClass, DecisionClasses } from './decide/decision-class.ts';
import { isBeyond, isOwn, type LimitedAct, type Limits, own } from './decide/limits.ts';
import { gainedByMove, type ListFolder } from './decide/moved.ts';
import type { Action } from './intercept/actions.ts';
import { carryOut, ObligationError, proceeds, type Surroundings } from './obligations/carry-out.ts';
import type { Appended, Durability } from './record/index.ts';

export type Steps = {
  readonly session: SessionFacts;
  readonly policy: Policy;
  /** Absent: no allow is remembered. */
  readonly classes?: DecisionClasses;
  /** Undefined where nothing stands around the policy: no kernel holds a floor under these acts. */
  readonly limits: Limits | undefined;
  readonly listFolder: ListFolder;
  readonly surroundings: Surroundings;
  /** Obligations that whoever asked carries out. */
  readonly byOthers?: ReadonlySet<string>;
  /** Hears of every deny once it is recorded, and before the gate is answered. */
  denied(outcome: Outcome): void;
  record(
    input: DecisionInput,
    decision: Decision,
    durability: Durability,
    classKey: string | undefined,
    proceeded: boolean,
    extra?: { readonly redacted?: Removed },
  ): Appended;
};

/** Values that were replaced in what was handed over, by class. */
type Removed = Readonly<Record<string, number>>;

export type Outcome = {
  readonly proceeds: boolean;
  readonly decision: Decision;
  /** Id of the record. */
  readonly id: string | undefined;
  readonly input: DecisionInput;
  /** Nothing is decided or recorded yet: something is being looked up, and the call is asked about once more. */
  readonly waits?: true;
  readonly remembered?: DecisionClass & { readonly key: string };
};

/**
 * All acts of one call: the first that does not proceed decides.
 *
 * @param settled called for each act that is decided and recorded, so that a call which has to wait goes on with the next one
 */
export function handle(
  acts: readonly Action[],
  caller: Caller,
  lookups: Lookups,
  steps: Steps,
  settled?: () => void,
): Outcome {
  let last: Outcome | undefined;
  for (const act of acts) {
    last = handleOne(act, caller, lookups, steps);
    if (last.waits) return last;
    settled?.();
    if (last.decision.effect === 'deny') steps.denied(last);
    if (!last.proceeds) return last;
  }
  if (!last) throw new Error('a call without an act');
  return last;
}

function handleOne(act: Action, caller: Caller, lookups: Lookups, steps: Steps): Outcome {
  const { content } = lookups;
  const { mode } = steps.session;
  const settling = { ...steps, mode, ...(content ? { content } : {}) };
  return settle(act, buildInput(act, caller, steps.session, lookups), settling);
}

type Settling = Omit<Steps, 'session' | 'denied'> & {
  readonly mode: Mode;
  readonly content?: ContentLookup;
};

/** The last four steps, for an act whose facts are known. */
export function settle(
  act: LimitedAct & Partial<Pick<Action, 'repeatable'>>,
  { forPolicy, forRecord }: { readonly forPolicy: DecisionInput; readonly forRecord: DecisionInput },
  steps: Settling,
): Outcome {
  const { mode, policy, surroundings, classes, byOthers } = steps;
  const { content } = steps;
  const { decision: answer, reads } = decide(act, forPolicy, steps);
  let decision = answer;
  let redacted: Removed | undefined;
  const redact = (classes: readonly string[] | undefined): void => {
    redacted = content?.redact(classes);
  };
  try {
    if (content?.state.kind === 'failed') throw new ContentUnread(content.state.why);
    if (content?.state.kind !== 'waiting')
      carryOut(decision, content ? { ...surroundings, redact } : surroundings, mode, forPolicy, byOthers);
    const isHeldBack = decision.effect === 'allow' && mode === 'enforce';
    if (isHeldBack && content?.state.kind === 'known') content.secure();
  } catch (error) {
    decision = failed(error, policy.revision);
  }
  if (content?.state.kind === 'waiting')
    return { proceeds: false, decision, id: undefined, input: forRecord, waits: true };
  const remembered =
    classes && act.repeatable && decision.effect === 'allow' && decision.obligations.length === 0
      ? classOf(act, forPolicy, reads, classes)
      : undefined;
  const goesOn = proceeds(decision, mode);
  try {
    const durability = mayWait(act, decision) ? 'grouped' : 'now';
    const extra = redacted && decision.effect === 'allow' ? { redacted } : undefined;
    const { id } = steps.record(forRecord, decision, durability, remembered?.key, goesOn, extra);
    return {
      proceeds: goesOn,
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

function failed(error: unknown, revision: string): Decision {
  if (error instanceof ContentUnread)
    return deny('content_unread', revision, `What is in the file could not be looked at: ${error.message}.`);
  return deny('obligation_failed', revision, error instanceof ObligationError ? error.message : undefined);
}

/** A power cut may lose the last allows of what stays on this machine, never a denial or what left it. */
function mayWait(act: LimitedAct, { effect, obligations }: Decision): boolean {
  return effect === 'allow' && obligations.length === 0 && !leaves.has(act.name);
}

const leaves: ReadonlySet<string> = new Set(['connect', 'http_request', 'mint_token', 'call_tool']);

/** The policy itself, or what stands around it: the limits of the session, and what a move would carry along. */
export type DecidedBy = 'policy' | 'limits' | 'move' | 'label' | 'own';

/** What the policy answers to one act, with what lies outside of every policy. */
export function decide(
  act: LimitedAct,
  input: DecisionInput,
  steps: Pick<Steps, 'policy' | 'limits' | 'listFolder'>,
): { decision: Decision; reads: ReadonlySet<string> | undefined; by: DecidedBy } {
  const { policy, limits } = steps;
  if (limits && isOwn(act, limits))
    return { decision: own(policy.revision), reads: new Set(['path']), by: 'own' };
  if (limits && isBeyond(act, limits))
    return { decision: beyond(policy, input), reads: undefined, by: 'limits' };
  const tracked = { ...policy.decideTracked(input), by: 'policy' } as const;
  if (act.argvTooLong && tracked.decision.effect === 'allow' && looksAtArguments(tracked.reads)) {
    const message = 'The policy looks at the arguments, and they are too long to be shown to it.';
    return { decision: deny('unresolvable', policy.revision, message), reads: undefined, by: 'limits' };
  }
  const isUnspoken = act.labelChange && tracked.reads?.has('resource.label_change') !== true;
  if (isUnspoken && tracked.decision.effect === 'allow') {
    const message =
      'This would take away the sensitivity label of the file, and the policy does not speak about that.';
    return { decision: deny('policy', policy.revision, message), reads: undefined, by: 'label' };
  }
  if (act.name !== 'rename_file' || tracked.decision.effect === 'deny') return tracked;
  const gained = gainedByMove(policy, input, steps.listFolder);
  if (gained === undefined) return tracked;
  const message = `This would carry what is denied to where it is allowed: ${gained.slice(0, 200)}`;
  return { decision: deny('policy', policy.revision, message), reads: undefined, by: 'move' };
}

/** Denied whatever the policy says; where it would deny, too, it knows better than the floor what was reached for. */
function beyond(policy: Policy, input: DecisionInput): Decision {
  const denied = deny('floor', policy.revision);
  const { effect, policy_reason, message, rules } = policy.decide(input);
  if (effect === 'allow' || policy_reason === undefined || policy_reason === 'default_deny') return denied;
  return { ...denied, policy_reason, message: `${message} ${denied.message}`, rules };
}

function looksAtArguments(reads: ReadonlySet<string> | undefined): boolean {
  return reads === undefined || ['', 'command', 'command.argv'].some((field) => reads.has(field));
}

function classOf(
  act: LimitedAct,
  input: DecisionInput,
  reads: ReadonlySet<string> | undefined,
  classes: DecisionClasses,
): (DecisionClass & { key: string }) | undefined {
  const found = classes.of(input, reads);
  if (!found) return undefined;
  const who = found.perExe ? ` by ${input.process?.exe ?? '?'}` : '';
  return {
    ...found,
    key: `${act.name}${act.operation ? ` (${act.operation})` : ''} ${found.under}${found.exact ? '' : '**'}${who}`,
  };
}
