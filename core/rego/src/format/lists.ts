import type { Span } from '../parser/concrete.ts';
import { CommentConflict } from './page.ts';
import type { Writer } from './writer.ts';

/** An element of a list: where it stands, and how it is laid out. */
export interface Element {
  readonly row: number;
  readonly write: () => void;
}

/** Elements by the line that they begin on: a line is kept where the author began one. */
export function linesOf<T extends { readonly row: number }>(elements: readonly T[], row: number): T[][] {
  const lines: T[][] = [[]];
  let last = row;
  for (const [i, element] of elements.entries()) {
    if (i > 0 && element.row > last) lines.push([]);
    lines.at(-1)?.push(element);
    last = element.row;
  }
  return lines;
}

/** The inside of brackets: on one line if the author had it there, else indented with a comma behind every element. */
export function writeList(w: Writer, elements: readonly Element[], { row, endRow }: Span): void {
  const { page } = w;
  const lines = linesOf(elements, row);
  const [first] = elements;
  const broken = lines.length > 1 || (first !== undefined && first.row > row);
  if (lines.length === 1 && page.commentBetween(row, endRow)) throw new CommentConflict();
  if (broken) {
    page.holdComment();
    page.endLine();
    page.up();
    page.startLine();
  }
  for (const [i, line] of lines.entries()) {
    if (i > 0) {
      page.text(',');
      page.endLine();
      page.startLine();
    }
    for (const [j, element] of line.entries()) {
      if (j > 0) page.text(', ');
      element.write();
    }
  }
  if (!broken) return;
  page.text(',');
  page.endLine();
  page.reach(endRow);
  page.down();
  page.startLine();
}
