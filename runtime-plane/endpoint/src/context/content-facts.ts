/**
 * What is in a file, as policies see it: classes, labels and figures, never a value. What could not be read is a class of its own
 * (`unread.*`), so that a policy can act on it.
 */
import type { Classification, Label } from '@chaperone/dlp';
import { type ContentFacts, factsOf } from '@chaperone/dlp/facts';

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

export type Content = ContentFacts;

/** What a file is, besides its bytes. */
export type ContentAbout = {
  readonly path: string;
  readonly rules?: ContentRules;
  /** Labels from its extended attributes. */
  readonly attributes?: readonly Label[];
};

/** What a policy is told of a classification. */
export function asContent(
  classification: Classification,
  { path, rules = noRules, attributes = [] }: ContentAbout,
): Content {
  const { off, labels } = rules;
  return factsOf(classification, { off, labelNames: labels.names }, [
    ...attributes,
    ...pathLabels(path, rules),
  ]);
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
