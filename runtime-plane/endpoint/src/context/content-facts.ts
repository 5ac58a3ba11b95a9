/**
 * What is in a file, as policies see it: classes, labels and figures, never a value. What could not be read is a class of its own
 * (`unread.*`), so that a policy can act on it.
 */
import type { Classification, Label } from '@chaperone/dlp';
import type { ContentFinding } from '@chaperone/protocol';

/** From `data.chaperone.dlp` of the policy. */
export type ContentRules = {
  readonly labels: {
    /** Names by the id that a document carries, in lower case. */
    readonly names: Readonly<Record<string, string>>;
    /** Lowest first. */
    readonly order: readonly string[];
    /** Labels that a folder gives to everything below it. */
    readonly paths: readonly { readonly under: string; readonly label: string }[];
  };
  /** Classes and detectors that do not count. */
  readonly off: readonly string[];
  /** Detectors of the customer's own, as the policy's data has them. */
  readonly custom?: unknown;
};

export const noRules: ContentRules = { labels: { names: {}, order: [], paths: [] }, off: [] };

export type Content = {
  /** Media type by content. */
  readonly type: string;
  /** Classes found with confidence 75 or more, and `unread.<code>` for each kind of problem. Sorted. */
  readonly classification: readonly string[];
  /** Names in lower case, each once; the id of a label whose name is not known. Sorted. */
  readonly labels: readonly string[];
  /** From confidence 65; `unread.*` as well. */
  readonly findings: readonly ContentFinding[];
  /** Codes, each once. */
  readonly problems: readonly string[];
  /** False when some of it was not seen. */
  readonly complete: boolean;
};

/** What a file is, besides its bytes. */
export type ContentAbout = {
  readonly path: string;
  readonly rules?: ContentRules;
  /** Labels from its extended attributes. */
  readonly attributes?: readonly Label[];
};

const counts = 75;
/** Documents write them. */
const maxLabels = 50;
const maxLabelLength = 200;

/** What a policy is told of a classification. */
export function asContent(
  { type, classes, labels, findings, problems, complete }: Classification,
  { path, rules = noRules, attributes = [] }: ContentAbout,
): Content {
  const isOff = (name: string): boolean =>
    rules.off.some((off) => name === off || name.startsWith(`${off}.`));
  const offByDetector = new Map<string, number>();
  for (const one of findings)
    if (rules.off.includes(one.detector))
      offByDetector.set(one.class, (offByDetector.get(one.class) ?? 0) + 1);
  const found = classes.filter((one) => !isOff(one.class) && (offByDetector.get(one.class) ?? 0) < one.count);
  const unread = new Map<string, number>();
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
    labels: labelNames([...labels, ...attributes, ...pathLabels(path, rules)], rules),
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

/** With the labels that its path gives it. */
export function withPathLabels(content: Content, path: string, rules: ContentRules): Content {
  const own = pathLabels(path, rules).map(({ name }) => name.toLowerCase());
  if (own.length === 0) return content;
  return { ...content, labels: [...new Set([...content.labels, ...own])].toSorted() };
}

function pathLabels(path: string, { labels }: ContentRules): Label[] {
  return labels.paths
    .filter(({ under }) => path === under || path.startsWith(under === '/' ? '/' : `${under}/`))
    .map(({ label }) => ({ name: label, source: 'path' }));
}

/** Names that policies read: by the policy's own map where a document carries an id. */
function labelNames(labels: readonly Label[], { labels: { names } }: ContentRules): readonly string[] {
  const all = labels.map(({ name, id }) => (names[(id ?? name).toLowerCase()] ?? name).toLowerCase());
  return [...new Set(all.map((name) => name.slice(0, maxLabelLength)))].toSorted().slice(0, maxLabels);
}

type LabelChange = 'none' | 'added' | 'raised' | 'lowered' | 'changed' | 'removed';

/**
 * What becomes of a file's labels when others replace them, by the policy's order (lowest first). Labels outside of the order
 * cannot be compared: then a change is `changed`.
 */
export function labelChange(
  before: readonly string[],
  after: readonly string[],
  order: readonly string[],
): LabelChange {
  if (before.length === after.length && before.every((one) => after.includes(one))) return 'none';
  if (before.length === 0) return 'added';
  if (after.length === 0) return 'removed';
  const [was, is] = [highest(before, order), highest(after, order)];
  const isKnown = [...before, ...after].every((one) => order.includes(one));
  if (!isKnown) return before.some((one) => !after.includes(one)) ? 'changed' : 'added';
  if (is === was) return 'changed';
  return is > was ? 'raised' : 'lowered';
}

function highest(labels: readonly string[], order: readonly string[]): number {
  return Math.max(...labels.map((one) => order.indexOf(one)));
}
