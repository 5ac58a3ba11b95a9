/** A table in the beginning of a text: which column a place is in, and what its header says. */
import { headerIn } from '../survey.ts';
import { headBytes, longestLine } from './reach.ts';

export type Cell = { readonly start: number; readonly end: number };

export type Table = {
  readonly delimiter: number;
  /** Of the first row. */
  readonly header: Cell;
  readonly columns: readonly Cell[];
};

const [lineFeed, quote] = [10, 34];
const mostHeaderLines = 20;
const longestSingle = 64;

/**
 * A header line and a line with as many cells below it, within the first lines; title lines may stand ahead.
 * @param text from the beginning of the part
 */
export function tableIn(text: Uint8Array): Table | undefined {
  const bytes = text.length > headBytes ? text.subarray(0, headBytes) : text;
  const found = headerIn(bytes, mostHeaderLines, longestSingle);
  if (found === undefined) return undefined;
  const { delimiter, start, end } = found;
  const header = { start, end };
  if (delimiter === lineFeed) return { delimiter, header, columns: [header] };
  return { delimiter, header, columns: cellsOf(bytes, header, delimiter) };
}

/** @returns which column the byte at `at` is in; -1 outside of the table or where its line has other cells */
export function columnOf(bytes: Uint8Array, at: number, { delimiter, columns }: Table): number {
  const first = Math.max(0, at - longestLine);
  let start = at;
  while (start > first && bytes[start - 1] !== lineFeed) start -= 1;
  if (start === first && start > 0 && bytes[start - 1] !== lineFeed) return -1;
  const last = Math.min(bytes.length, at + longestLine);
  let end = at;
  while (end < last && bytes[end] !== lineFeed) end += 1;
  if (end === last && end < bytes.length) return -1;
  const cells = cellsOf(bytes, { start, end }, delimiter);
  if (cells.length !== columns.length) return -1;
  return cells.findIndex((cell) => at >= cell.start && at <= cell.end);
}

function cellsOf(bytes: Uint8Array, { start, end }: Cell, delimiter: number): Cell[] {
  const cells: Cell[] = [];
  let from = start;
  let isQuoted = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === quote) isQuoted = !isQuoted;
    if (byte !== delimiter || isQuoted) continue;
    cells.push({ start: from, end: at });
    from = at + 1;
  }
  cells.push({ start: from, end });
  return cells;
}
