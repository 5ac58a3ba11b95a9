/** A table in the beginning of a text: which column a place is in, and what its header says. */
import { headBytes, longestLine } from './reach.ts';

export type Cell = { readonly start: number; readonly end: number };

export type Table = {
  readonly delimiter: number;
  /** Of the first row. */
  readonly header: Cell;
  readonly columns: readonly Cell[];
};

const [tab, lineFeed, quote, semicolon, pipe, comma] = [9, 10, 34, 59, 124, 44];
const mostHeaderLines = 20;
const longestSingle = 64;

/**
 * A header line and a line with as many cells below it, within the first lines; title lines may stand ahead.
 * @param text from the beginning of the part
 */
export function tableIn(text: Uint8Array): Table | undefined {
  const bytes = text.subarray(0, headBytes);
  const lines = linesOf(bytes);
  for (const [index, header] of lines.entries()) {
    const next = lines[index + 1];
    if (next === undefined) return undefined;
    for (const delimiter of [tab, semicolon, pipe, comma]) {
      if (!has(bytes, header, delimiter)) continue;
      const columns = cellsOf(bytes, header, delimiter);
      if (columns.length < 2 || cellsOf(bytes, next, delimiter).length !== columns.length) continue;
      if (isHeader(bytes, columns)) return { delimiter, header, columns };
    }
    if (index === 0 && isSingleColumn(bytes, header, next))
      return { delimiter: lineFeed, header, columns: [header] };
  }
  return undefined;
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

function has(bytes: Uint8Array, { start, end }: Cell, byte: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return true;
  return false;
}

/** Lines that are not blank. */
function linesOf(bytes: Uint8Array): Cell[] {
  const lines: Cell[] = [];
  for (let start = 0; start < bytes.length && lines.length < mostHeaderLines;) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start + 1) lines.push({ start, end });
    start = end + 1;
  }
  return lines;
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

/** Names, not values: mostly letters in most cells, hardly a digit. */
function isHeader(bytes: Uint8Array, cells: readonly Cell[]): boolean {
  let [named, filled] = [0, 0];
  for (const { start, end } of cells) {
    const [letters, digits, others] = counted(bytes, start, end);
    if (letters + digits === 0) continue;
    filled += 1;
    if (digits > 4 || end - start > longestSingle) return false;
    if (letters > digits && letters >= others) named += 1;
  }
  return named >= 2 && named * 2 > filled;
}

function isSingleColumn(bytes: Uint8Array, header: Cell, next: Cell): boolean {
  if (header.end - header.start > longestSingle || next.end - next.start > longestSingle) return false;
  const [letters, digits] = counted(bytes, header.start, header.end);
  return letters > 1 && digits === 0 && counted(bytes, next.start, next.end)[1] > 4;
}

function counted(
  bytes: Uint8Array,
  start: number,
  end: number,
): [letters: number, digits: number, others: number] {
  let [letters, digits, others] = [0, 0, 0];
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 48 && byte <= 57) digits += 1;
    else if ((byte | 32) >= 97 && ((byte | 32) <= 122 || byte >= 0x80)) letters += 1;
    else if (byte > 32 && byte !== quote && byte !== 95) others += 1;
  }
  return [letters, digits, others];
}
