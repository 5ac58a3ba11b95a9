import type { Site } from './codegen/trace.ts';
import { Tracer } from './tracer.ts';

/** Rows from 1, both included. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** Which rows of one file with a condition or a head of a rule were evaluated. A head counts when its body held. */
export interface FileCoverage {
  readonly file: string;
  readonly covered: readonly RowRange[];
  readonly notCovered: readonly RowRange[];
  readonly coveredRows: number;
  readonly rows: number;
}

/**
 * What all traced evaluations so far have reached, by file in the order of names.
 * @param all the bodies of the whole program
 */
export function coverageOf(
  all: readonly Site[],
  reports: readonly { readonly sites: readonly Site[]; readonly tracer: Tracer }[],
): readonly FileCoverage[] {
  const files = new Map<string, Map<number, boolean>>();
  const note = (file: string, row: number, reached: boolean): void => {
    const rows = files.get(file) ?? new Map<number, boolean>();
    files.set(file, rows.set(row, reached || rows.get(row) === true));
  };
  for (const { sites, tracer } of [{ sites: all, tracer: new Tracer() }, ...reports]) {
    for (const { id, branch, steps } of sites) {
      note(branch.at.file, branch.at.row, tracer.held.has(id));
      steps.forEach(({ literal }, step) => {
        if (literal?.text !== undefined)
          note(literal.at.file, literal.at.row, tracer.reached.get(id)?.has(step) === true);
      });
    }
  }
  return [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([file, rows]) => fileCoverage(file, rows));
}

function fileCoverage(file: string, rows: ReadonlyMap<number, boolean>): FileCoverage {
  const sorted = [...rows].toSorted(([a], [b]) => a - b);
  return {
    file,
    covered: ranges(sorted, true),
    notCovered: ranges(sorted, false),
    coveredRows: sorted.filter(([, reached]) => reached).length,
    rows: sorted.length,
  };
}

/** Neighbouring rows of one kind as one range; rows without code in between do not part them. */
function ranges(rows: readonly (readonly [number, boolean])[], wanted: boolean): RowRange[] {
  const found: RowRange[] = [];
  let open = false;
  for (const [row, reached] of rows) {
    const last = found.at(-1);
    if (reached !== wanted) open = false;
    else if (open && last !== undefined) found[found.length - 1] = { start: last.start, end: row };
    else {
      found.push({ start: row, end: row });
      open = true;
    }
  }
  return found;
}
