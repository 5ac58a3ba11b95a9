/** What somebody registered of a name, roughly: enough to count names below it, not to tell owners apart. */

/** Second-level names below which names are registered, for any country's. */
const secondLevels: ReadonlySet<string> = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gob',
  'gov',
  'go',
  'gouv',
  'gv',
  'ltd',
  'me',
  'mil',
  'ne',
  'net',
  'nhs',
  'nom',
  'or',
  'org',
  'plc',
  'sch',
]);

/** @returns how many of the labels, from the end, are the registered name */
export function registeredLabels(labels: readonly string[]): number {
  const top = labels.at(-1) ?? '';
  const second = labels.at(-2) ?? '';
  return labels.length > 2 && top.length === 2 && secondLevels.has(second) ? 3 : 2;
}
