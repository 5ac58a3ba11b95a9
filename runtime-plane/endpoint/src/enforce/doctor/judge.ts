/** From facts to what a person should know. Pure, so that hosts can be judged that are not here. */
import type { Isolation } from '../floor.ts';
import type { HostFacts, PolicyFacts } from './facts.ts';
import { blocks, type Finding, found } from './finding.ts';
import { triedGuarantees } from './guarantees.ts';
import { type Chosen, selectIsolation } from './isolation.ts';
import { judgeKernel } from './judge-kernel.ts';
import { judgeDesktop, judgeLimits, judgeNamespaces, judgeRecords } from './judge-surroundings.ts';
import { diagnoseNamespaces } from './namespaces.ts';

export type Verdict = {
  /** `joins`: inside a session. `limited`: it starts, and `lost` says what is not guaranteed. */
  readonly run: 'works' | 'limited' | 'impossible' | 'joins';
  /** What `chaperone run` chooses; absent where it cannot start. */
  readonly isolation?: Isolation;
  /** Why it cannot start: names of checks. */
  readonly because: readonly string[];
  /** Guarantees that do not hold in a session here. */
  readonly lost: readonly string[];
};

export type Report = {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly facts: HostFacts;
};

const lostWithoutNamespaces = [
  'the network is decided, but not closed',
  'what is never granted still shows that it exists',
  'files and processes have no session of their own',
];

export function judge(facts: HostFacts): Report {
  const chosen = isolationHere(facts);
  const findings = [
    ...judgeKernel(facts),
    ...judgeNamespaces(facts),
    ...judgeLayer(facts),
    judgeLimits(facts),
    ...judgeRecords(facts),
    ...(facts.policy ? [judgePolicy(facts.policy, chosen)] : []),
    ...judgeDesktop(facts.desktop, facts.system),
  ];
  return { verdict: verdictOf(facts, findings, chosen), findings, facts };
}

function judgeLayer({ layer, namespaces }: HostFacts): Finding[] {
  // Where there are no namespaces that is what is wrong, and what to mend first.
  if (layer === undefined || namespaces === undefined || diagnoseNamespaces(namespaces) !== undefined)
    return [];
  const { problem } = layer;
  if (problem === undefined) return [found('quarantine', 'ok', 'Folders can be quarantined.')];
  const means = `No folder can be quarantined: ${problem.what}. A policy that demands it gets no session.`;
  return [found('quarantine', 'limited', means, { text: problem.remedy, commands: [] })];
}

function isolationHere({ namespaces, policy }: HostFacts): Chosen | undefined {
  if (namespaces === undefined) return undefined;
  const demanded = policy && 'isolation' in policy ? policy.isolation : 'process';
  return selectIsolation(undefined, demanded, () => diagnoseNamespaces(namespaces));
}

function judgePolicy(policy: PolicyFacts, chosen: Chosen | undefined): Finding {
  if ('problem' in policy) return blocks('policy', policy.problem);
  const { isolation, nesting } = policy;
  if (chosen && 'refused' in chosen)
    return blocks(
      'policy',
      `Its floor demands isolation "${isolation}", which cannot be had here; see namespaces.`,
    );
  return found(
    'policy',
    'ok',
    `Its floor (isolation "${isolation}", nesting "${nesting}") ${chosen ? 'holds here' : 'is well-formed'}.`,
  );
}

function verdictOf(facts: HostFacts, findings: readonly Finding[], chosen: Chosen | undefined): Verdict {
  if (facts.limits.session !== undefined)
    return { run: 'joins', because: [], lost: ['a policy given here is not used'] };
  const because = findings.filter(({ required }) => required).map(({ check }) => check);
  if (because.length > 0 || chosen === undefined || 'refused' in chosen)
    return { run: 'impossible', because, lost: [] };
  const { isolation } = chosen;
  const { kernel } = facts;
  const lost = [
    ...(isolation === 'process' ? lostWithoutNamespaces : []),
    ...(kernel === undefined ? [] : triedGuarantees(kernel))
      .filter(({ weight, holds }) => weight === 'guarantee' && kernel !== undefined && !holds(kernel))
      .map(({ adds, without }) => `${adds}: ${without}`),
  ];
  const whole = findings.every(({ result }) => result === 'ok' || result === 'info');
  return { run: whole ? 'works' : 'limited', isolation, because: [], lost };
}
