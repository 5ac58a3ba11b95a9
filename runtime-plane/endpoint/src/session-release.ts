/** Decides in the loop what becomes of an output of a quarantined folder: the same policy, the same flow, the same journal. */
import type { Policy, Tracked } from '@chaperone/policy';
import type { Decision, DecisionInput, Obligation } from '@chaperone/protocol';
import type { ReleaseAnswer, ReleaseQuestion } from './enforce/quarantine/judge.ts';
import type { HoldReason } from './enforce/quarantine/ticket.ts';
import { settle, type Steps } from './flow.ts';

/** Carried out where the output is: the flow itself has nothing to do for them. */
const byOthers: ReadonlySet<string> = new Set(['redact', 'quarantine', 'require_approval', 'justify']);

/** What a policy may ask for when an output is to be released; `others` is what the session carries out anyway. */
export function releaseObligations(others: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...others, ...byOthers]);
}

/** @param policy loaded with the obligations of {@link releaseObligations} */
export function answerRelease(question: ReleaseQuestion, steps: Steps, policy: Policy): ReleaseAnswer {
  const { session } = steps;
  if (isSpecial(question.kind))
    return { outcome: 'discard', message: `A ${question.kind} is never let out of quarantine.` };
  const held: { reason?: HoldReason } = {};
  const { action, path, kind, size, content, previous, labelChange } = question;
  const forRecord: DecisionInput = {
    action,
    ...path,
    operation: 'release',
    user: session.person.user,
    mode: session.mode,
    agent: session.agent,
    resource: {
      kind,
      size,
      ...content,
      ...(previous ? { previous } : {}),
      ...(labelChange ? { label_change: labelChange } : {}),
    },
  };
  const forPolicy = {
    ...forRecord,
    groups: session.person.groups,
    time: new Date(session.clock()).toISOString(),
  };
  const act = { name: action, path, operation: 'release', kind, repeatable: false } as const;
  const { classes: _none, ...rest } = steps;
  const outcome = settle(
    act,
    { forPolicy, forRecord },
    { ...rest, policy: holding(policy, (reason) => (held.reason = reason)), mode: session.mode, byOthers },
  );
  const answer = answerOf(outcome.decision, outcome.proceeds, session.mode === 'audit', held.reason);
  if (answer.outcome === 'discard' || !outcome.proceeds) steps.denied(outcome);
  return { ...answer, ...(outcome.id === undefined ? {} : { decision: outcome.id }) };
}

function isSpecial(kind: string): boolean {
  return kind !== 'file' && kind !== 'directory' && kind !== 'symlink';
}

function answerOf(
  decision: Decision,
  proceeds: boolean,
  isAudit: boolean,
  reason: HoldReason = 'policy',
): ReleaseAnswer {
  const { message, obligations } = decision;
  if (!proceeds) {
    // Only a rule that says no throws work away. Who could not decide must not.
    return decision.effect === 'deny' && decision.reason === 'policy'
      ? { outcome: 'discard', message }
      : { outcome: 'hold', reason: 'undecided', message };
  }
  // Audit mode holds nothing back.
  if (isAudit || decision.effect === 'deny') return { outcome: 'release', message };
  if (
    obligations.some(({ kind }) => kind === 'quarantine' || kind === 'require_approval' || kind === 'justify')
  )
    return { outcome: 'hold', reason, message };
  const redact = obligations.find(
    (one): one is Extract<Obligation, { kind: 'redact' }> => one.kind === 'redact',
  );
  if (!redact) return { outcome: 'release', message };
  return { outcome: 'redact', message, ...(redact.classes ? { classes: redact.classes } : {}) };
}

/** As the session asks it about a release: what is held by default is part of the answer. */
export function forRelease<Asked extends Policy>(policy: Asked): Asked {
  return holding(policy, () => {});
}

/** Holds, as if the policy had said so, what takes a label away or could not be read, unless the policy looked at just that. */
function holding<Asked extends Policy>(policy: Asked, tell: (reason: HoldReason) => void): Asked {
  const decideTracked = (input: DecisionInput): Tracked => {
    const tracked = policy.decideTracked(input);
    const { decision } = tracked;
    if (input.operation !== 'release' || decision.effect !== 'allow') return tracked;
    if (decision.obligations.some(({ kind }) => holds.has(kind))) return tracked;
    const found = reservations.find((one) => one.isNeeded(input) && !one.isSpokenOf(input, tracked, policy));
    if (!found) return tracked;
    tell(found.reason);
    const obligations: Obligation[] = [...decision.obligations, { kind: 'quarantine' }];
    return { decision: { ...decision, message: found.message, obligations }, reads: undefined };
  };
  return { ...policy, decideTracked, decide: (input) => decideTracked(input).decision };
}

const holds: ReadonlySet<string> = new Set(['quarantine', 'require_approval', 'justify']);
const losses: ReadonlySet<string | undefined> = new Set(['removed', 'lowered', 'changed']);

const reservations: readonly {
  readonly reason: HoldReason;
  readonly message: string;
  readonly isNeeded: (input: DecisionInput) => boolean;
  /** Whether the policy took it into account. */
  readonly isSpokenOf: (input: DecisionInput, answer: Tracked, policy: Policy) => boolean;
}[] = [
  {
    reason: 'label',
    message:
      'This would take away the sensitivity label of the file, and the policy does not speak about that.',
    isNeeded: ({ resource }) => losses.has(resource?.label_change),
    isSpokenOf: (_input, { reads }) => reads?.has('resource.label_change') === true,
  },
  {
    reason: 'unreadable',
    message: 'Not all of this could be read, and the policy does not speak about that.',
    isNeeded: ({ resource }) => resource?.classification?.some(isUnread) === true,
    // A policy that looks for some class has read the field and does not mean this by it; so: would it say the same otherwise?
    isSpokenOf: (input, { decision }, policy) => saidBy(decision) !== saidBy(policy.decide(asIfRead(input))),
  },
];

const isUnread = (name: string): boolean => name.startsWith('unread.');

function saidBy({ effect, message, obligations, rules }: Decision): string {
  return JSON.stringify([effect, message, obligations, rules]);
}

function asIfRead(input: DecisionInput): DecisionInput {
  const { classification = [], findings = [], ...resource } = input.resource ?? {};
  return {
    ...input,
    resource: {
      ...resource,
      classification: classification.filter((one) => !isUnread(one)),
      findings: findings.filter((one) => !isUnread(one.class)),
    },
  };
}
