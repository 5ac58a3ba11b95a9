/** How much of a policy was evaluated. */
import type { FileCoverage, RowRange } from '@chaperone/rego';
import { shown } from '../../explanation.ts';
import { hang } from '../../wrap.ts';

export function coveredPercent(files: readonly FileCoverage[]): number {
  return percent(sum(files, 'coveredRows'), sum(files, 'rows'));
}

/** One line per file, the least covered first. */
export function coverageLines(files: readonly FileCoverage[], width: number | undefined): string[] {
  const total = `${sum(files, 'coveredRows')} of ${sum(files, 'rows')} rows`;
  const lines = files
    .map((file) => ({ ...file, share: percent(file.coveredRows, file.rows) }))
    .toSorted((a, b) => a.share - b.share)
    .map(({ file, share, notCovered }) => {
      const missing = notCovered.length === 0 ? '' : `  not: ${notCovered.map(rangeText).join(', ')}`;
      return `  ${share.toFixed(1).padStart(5)} %  ${shown(file)}${missing}`;
    });
  return [`covered ${coveredPercent(files).toFixed(1)} %, ${total}`, ...lines].flatMap((line) =>
    hang(line, 11, width),
  );
}

/** The members are those of `opa test --coverage --format json`. */
export function coverageJson(files: readonly FileCoverage[]): object {
  return {
    files: Object.fromEntries(files.map((file) => [file.file, fileJson(file)] as const)),
    ...totals(sum(files, 'coveredRows'), sum(files, 'rows')),
  };
}

function fileJson({ covered, notCovered, coveredRows, rows }: FileCoverage): object {
  const ranges = (found: readonly RowRange[]): object[] =>
    found.map(({ start, end }) => ({ start: { row: start }, end: { row: end } }));
  return {
    ...(covered.length > 0 ? { covered: ranges(covered) } : {}),
    ...(notCovered.length > 0 ? { not_covered: ranges(notCovered) } : {}),
    ...totals(coveredRows, rows),
  };
}

function totals(covered: number, rows: number): object {
  return { covered_lines: covered, not_covered_lines: rows - covered, coverage: percent(covered, rows) };
}

function rangeText({ start, end }: RowRange): string {
  return start === end ? String(start) : `${start}–${end}`;
}

/** Of nothing, everything is covered. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.round((part / whole) * 10_000) / 100;
}

function sum(files: readonly FileCoverage[], field: 'coveredRows' | 'rows'): number {
  return files.reduce((total, file) => total + file[field], 0);
}
