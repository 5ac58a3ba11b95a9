/** What would change: the same questions to the policy in force and to a candidate. */
import type { Decision, DecisionInput } from '@chaperone/protocol';
import type { Policy } from './policy.ts';

export type ChangeKind = 'allow_to_deny' | 'deny_to_allow' | 'obligations' | 'reason';

/** One decision that changed. */
export type Change = {
  readonly input: DecisionInput;
  readonly before: Decision;
  readonly after: Decision;
};

/** Changes of one kind to one action, with the same reasons and rules before and after. */
export type ChangeGroup = {
  readonly kind: ChangeKind;
  readonly action: string;
  readonly before: string;
  readonly after: string;
  readonly count: number;
  /** The first ones. */
  readonly examples: readonly Change[];
};

export type SimulationReport = {
  readonly asked: number;
  readonly unchanged: number;
  readonly counts: Readonly<Record<ChangeKind, number>>;
  /** What opens first, then what closes; within a kind the most frequent first. */
  readonly groups: readonly ChangeGroup[];
  /** Changes that were counted, but found no place among the groups. */
  readonly ungrouped: number;
  /** The signal ended it before the inputs did. */
  readonly stopped: boolean;
};

export type SimulateOptions = {
  readonly examples?: number;
  readonly groups?: number;
  /** After every so many questions. */
  readonly every?: number;
  readonly onProgress?: (progress: { readonly asked: number; readonly changed: number }) => void;
  readonly signal?: AbortSignal;
};

const kinds = [
  'deny_to_allow',
  'allow_to_deny',
  'obligations',
  'reason',
] as const satisfies readonly ChangeKind[];

type Asked = Pick<Policy, 'decide'>;

/**
 * Memory does not grow with the inputs. Rejects only when the inputs do.
 *
 * @param inputs as they were recorded; each must hold all that the policies may ask for
 */
export async function simulate(
  candidate: Asked,
  current: Asked,
  inputs: Iterable<DecisionInput> | AsyncIterable<DecisionInput>,
  { examples = 3, groups: maxGroups = 1_000, every = 1_000, onProgress, signal }: SimulateOptions = {},
): Promise<SimulationReport> {
  const counts: Record<ChangeKind, number> = {
    allow_to_deny: 0,
    deny_to_allow: 0,
    obligations: 0,
    reason: 0,
  };
  const groups = new Map<
    string,
    { group: Omit<ChangeGroup, 'count' | 'examples'>; count: number; examples: Change[] }
  >();
  let [asked, changed, ungrouped] = [0, 0, 0];
  let stopped = false;
  for await (const input of inputs) {
    stopped = signal?.aborted ?? false;
    if (stopped) break;
    const [before, after] = [current.decide(input), candidate.decide(input)];
    asked += 1;
    const kind = changeOf(before, after);
    if (kind !== undefined) {
      changed += 1;
      counts[kind] += 1;
      const group = { kind, action: String(input.action), before: summary(before), after: summary(after) };
      const key = JSON.stringify(group);
      const found = groups.get(key) ?? { group, count: 0, examples: [] };
      if (found.count === 0 && groups.size >= maxGroups) ungrouped += 1;
      else {
        groups.set(key, found);
        found.count += 1;
        if (found.examples.length < examples) found.examples.push({ input, before, after });
      }
    }
    if (asked % every === 0) onProgress?.({ asked, changed });
  }
  onProgress?.({ asked, changed });
  const listed = [...groups.values()].map(({ group, ...rest }): ChangeGroup => ({ ...group, ...rest }));
  return {
    asked,
    unchanged: asked - changed,
    counts,
    groups: listed.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.count - a.count),
    ungrouped,
    stopped,
  };
}

/** The gravest difference. The revision always differs and is none; nor is the wording of a message. */
function changeOf(before: Decision, after: Decision): ChangeKind | undefined {
  if (before.effect !== after.effect) return before.effect === 'allow' ? 'allow_to_deny' : 'deny_to_allow';
  if (obligationsOf(before) !== obligationsOf(after)) return 'obligations';
  return reasonOf(before) === reasonOf(after) ? undefined : 'reason';
}

function obligationsOf({ obligations }: Decision): string {
  return JSON.stringify(obligations.map((one) => JSON.stringify(one)).toSorted());
}

function reasonOf({ reason, policy_reason, rules }: Decision): string {
  return JSON.stringify([reason, policy_reason ?? null, rules.toSorted()]);
}

function summary(decision: Decision): string {
  const { effect, reason, policy_reason, rules, obligations } = decision;
  const why = [policy_reason ?? reason, ...rules.toSorted()].join(', ');
  const duties = obligations.map(({ kind }) => kind).toSorted();
  return `${effect} (${why})${duties.length > 0 ? ` with ${duties.join(', ')}` : ''}`;
}
