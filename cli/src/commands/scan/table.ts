/** What was found in files as lines that fit the terminal. Paths, labels and parts are other people's: all are escaped. */
import type { FileReport } from '@chaperone/endpoint/scan';
import { escapeForTerminal } from '@chaperone/protocol';

/** @returns no line for a file in which there is nothing to tell */
export function reportLines(one: FileReport, width: number | undefined): string[] {
  const path = cut(escapeForTerminal(one.path), width);
  if (!one.ok) return [path, detail(`could not be read: ${escapeForTerminal(one.why)}`, width)];
  const classes = one.findings
    .filter((found) => !found.class.startsWith('unread.'))
    .map(({ class: name, count, distinct, confidence }) => {
      const different = distinct === count ? '' : `, ${distinct} different`;
      return `${name}: ${count}${different}, confidence ${confidence}`;
    });
  const rows = [
    ...classes,
    ...(one.labels.length > 0 ? [`labels: ${one.labels.join(', ')}`] : []),
    ...one.problemsAt.map(
      ({ code, part, detail: what }) => `not read (${code})${part === '' ? '' : ` in ${part}`}: ${what}`,
    ),
  ];
  return rows.length === 0 ? [] : [path, ...rows.map((row) => detail(escapeForTerminal(row), width))];
}

function detail(text: string, width: number | undefined): string {
  return cut(`  ${text}`, width);
}

function cut(text: string, width: number | undefined): string {
  return width === undefined || text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
