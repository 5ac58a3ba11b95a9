/** Tables whose header says what the cells of a column are. */
import type { TextMatch, TextPiece, TextScan } from '../detector.ts';
import { cues } from './people/cues.ts';
import { lowerCase } from './people/person-names.ts';

/** What a header says, and what that makes of the cells below it. */
export type Labels<Kind> = {
  /** Binary text in lower case. */
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Whether these may be the cells of a header; absent: any may. */
  readonly isHeader?: (cells: readonly string[]) => boolean;
  /** @returns what a cell is, for each that is asked; undefined: the table is of something else */
  readonly judgeOf: (kinds: ReadonlySet<Kind>) => Judge<Kind> | undefined;
};

export type Judge<Kind> = (kind: Kind, cell: string) => Pick<TextMatch, 'confidence' | 'kind'> | undefined;

type Cell = { readonly start: number; readonly end: number };

const [tab, lineFeed, quote, comma, semicolon, pipe] = [9, 10, 34, 44, 59, 124];

/** The cells of the line [start, end), without the quotes around them. */
function cellsOf(bytes: Uint8Array, start: number, end: number, delimiter: number): Cell[] {
  const cells: Cell[] = [];
  for (let from = start; from <= end;) {
    let to = from;
    if (from < end && bytes[from] === quote) {
      to = next(bytes, from + 1, end, quote);
      while (to + 1 < end && bytes[to + 1] === quote) to = next(bytes, to + 2, end, quote);
      cells.push({ start: from + 1, end: to });
      to = next(bytes, to, end, delimiter);
    } else {
      to = next(bytes, from, end, delimiter);
      cells.push(trimmed(bytes, from, to));
    }
    if (to >= end) break;
    from = to + 1;
  }
  return cells;
}

/** Where the byte is next; `end`: nowhere. */
function next(bytes: Uint8Array, from: number, end: number, byte: number): number {
  let at = from;
  while (at < end && bytes[at] !== byte) at += 1;
  return Math.min(at, end);
}

function trimmed(bytes: Uint8Array, start: number, end: number): Cell {
  while (start < end && (bytes[start] ?? 0) <= 0x20) start += 1;
  while (end > start && (bytes[end - 1] ?? 0) <= 0x20) end -= 1;
  return { start, end };
}

type Header<Kind> = {
  readonly end: number;
  readonly delimiter: number;
  readonly columns: ReadonlyMap<number, Kind>;
  readonly width: number;
};

/** The header is among the first lines: a title may stand above it. */
const headerLines = 5;
const mostLooked = 65_536;

function headerOf<Kind>(bytes: Uint8Array, { kinds, isHeader }: Labels<Kind>): Header<Kind> | undefined {
  if (bytes.length <= mostLooked && !cues().mayHaveHeader(bytes, headerLines)) return undefined;
  const longest = Math.max(...Array.from(kinds.keys(), ({ length }) => length));
  for (let start = 0, count = 0; start < bytes.length && count < headerLines; count += 1) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    if (end - start < 4096)
      for (const delimiter of [tab, comma, semicolon, pipe]) {
        if (next(bytes, start, end, delimiter) === end) continue;
        const cells = cellsOf(bytes, start, end, delimiter);
        const columns = new Map<number, Kind>();
        for (const [at, cell] of cells.entries()) {
          // In capitals a letter has as many bytes as in lower case, but for the Turkish I.
          const length = cell.end - cell.start;
          const kind =
            length < 2 || length > longest + 2 ? undefined : kinds.get(lowerCase(textOf(bytes, cell)));
          if (kind !== undefined) columns.set(at, kind);
        }
        if (cells.length < 2 || columns.size === 0) continue;
        if (isHeader?.(cells.map((cell) => textOf(bytes, cell))) ?? true)
          return { end, delimiter, columns, width: cells.length };
      }
    start = end + 1;
  }
  return undefined;
}

function textOf(bytes: Uint8Array, { start, end }: Cell): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

/** A longer line is no row. */
const longestRow = 32_768;

/** Lines behind the header, until so many of them are no rows of its table. */
const mostMisfits = 20;

class Rows<Kind> {
  readonly #header: Header<Kind>;
  readonly #judge: Judge<Kind>;
  #next: number;
  #misfits = 0;
  #isInLong = false;

  constructor(header: Header<Kind>, judge: Judge<Kind>) {
    this.#header = header;
    this.#judge = judge;
    this.#next = header.end + 1;
  }

  readonly see = ({ bytes, base, to, text }: TextPiece, found: (match: TextMatch) => void): boolean => {
    while (this.#next < to) {
      const start = this.#next - base;
      const most = Math.min(bytes.length, start + longestRow);
      const end = next(bytes, start, most, lineFeed);
      this.#next = base + end + 1;
      const isLong = end === most && most < bytes.length;
      if (!this.#isInLong) {
        const cells = isLong ? [] : cellsOf(bytes, start, end, this.#header.delimiter);
        if (!this.#isRow(cells)) this.#misfits += 1;
        else this.#matchesIn(cells, text(), base, found);
      }
      this.#isInLong = isLong;
      if (this.#misfits >= mostMisfits) return false;
    }
    return true;
  };

  /** What is not as wide as the header is no row of its table. */
  #isRow({ length }: readonly Cell[]): boolean {
    const { width } = this.#header;
    return length >= Math.max(2, width - 1) && length <= width + 1;
  }

  #matchesIn(cells: readonly Cell[], text: string, base: number, found: (match: TextMatch) => void): void {
    for (const [at, kind] of this.#header.columns) {
      const cell = cells[at];
      const judged = cell && this.#judge(kind, text.slice(cell.start, cell.end));
      if (!judged) continue;
      const [start, end] = [base + cell.start, base + cell.end];
      found({ start, end, ...judged, why: 'in a column whose header names it', isValue: true });
    }
  }
}

/** @returns a scan of the cells below a header that is among the first lines */
export function openColumns<Kind>(labels: Labels<Kind>): TextScan {
  let rows: Rows<Kind> | undefined;
  return (piece, found) => {
    rows ??= rowsBelow(headerOf(piece.bytes, labels), labels);
    return rows?.see(piece, found) ?? false;
  };
}

function rowsBelow<Kind>(header: Header<Kind> | undefined, labels: Labels<Kind>): Rows<Kind> | undefined {
  const judge = header && labels.judgeOf(new Set(header.columns.values()));
  return header && judge && new Rows(header, judge);
}
