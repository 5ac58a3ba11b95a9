/**
 * What content is, as policies are told: classes, labels and figures, never a value. What could not be read is a class of its own
 * (`unread.*`), so that a policy can act on it.
 */
import type { Classification, Label, ProblemCode } from './finding.ts';

export type ContentFacts = {
  /** Media type by content. */
  readonly type: string;
  /** Classes found with confidence 75 or more, and `unread.<code>` for each kind of problem. Sorted. */
  readonly classification: readonly string[];
  /** Names in lower case, each once; the id of a label whose name is not known. Sorted. */
  readonly labels: readonly string[];
  /** From confidence 65; `unread.*` as well. */
  readonly findings: readonly {
    readonly class: string;
    readonly confidence: number;
    readonly count: number;
    readonly distinct: number;
  }[];
  /** Codes, each once. */
  readonly problems: readonly ProblemCode[];
  /** False when some of it was not seen. */
  readonly complete: boolean;
};

export type FactRules = {
  /** Classes and detectors that do not count. */
  readonly off: readonly string[];
  /** Names of labels by the id that a document carries, in lower case. */
  readonly labelNames: Readonly<Record<string, string>>;
};

const counts = 75;
/** Documents write them. */
const maxLabels = 50;
const maxLabelLength = 200;

/** @param further labels that it has from elsewhere */
export function factsOf(
  { type, classes, labels, findings, problems, complete }: Classification,
  { off, labelNames }: FactRules,
  further: readonly Label[] = [],
): ContentFacts {
  const isOff = (name: string): boolean => off.some((one) => name === one || name.startsWith(`${one}.`));
  const offByDetector = new Map<string, number>();
  for (const one of findings)
    if (off.includes(one.detector)) offByDetector.set(one.class, (offByDetector.get(one.class) ?? 0) + 1);
  const found = classes.filter((one) => !isOff(one.class) && (offByDetector.get(one.class) ?? 0) < one.count);
  const unread = new Map<ProblemCode, number>();
  for (const { code } of problems) unread.set(code, (unread.get(code) ?? 0) + 1);
  const unreadClasses = [...unread].map(([code, count]) => ({
    class: `unread.${code}`,
    confidence: 85,
    count,
    distinct: count,
  }));
  const sure = found.filter(({ confidence }) => confidence >= counts).map((one) => one.class);
  return {
    type,
    classification: [...sure, ...unreadClasses.map((one) => one.class)].toSorted(),
    labels: namesOf([...labels, ...further], labelNames),
    findings: [
      ...found.map((one) => ({
        class: one.class,
        confidence: one.confidence,
        count: one.count,
        distinct: one.distinct,
      })),
      ...unreadClasses,
    ],
    problems: [...unread.keys()].toSorted(),
    complete,
  };
}

/** By the policy's own map where a document carries an id. */
function namesOf(labels: readonly Label[], names: FactRules['labelNames']): readonly string[] {
  const all = labels.map(({ name, id }) => (names[(id ?? name).toLowerCase()] ?? name).toLowerCase());
  return [...new Set(all.map((name) => name.slice(0, maxLabelLength)))].toSorted().slice(0, maxLabels);
}
