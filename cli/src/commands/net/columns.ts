/** Tables whose columns share the width of the terminal. All cells are escaped here. */
import { escapeForTerminal } from '@chaperone/protocol';
import { columnsOf, cutTo, type Style } from '../journal/table.ts';

export type Column = {
  readonly head: string;
  /** Columns of the terminal that it keeps in any case. */
  readonly min: number;
  /** What is too long loses its middle; the end otherwise. */
  readonly middle?: true;
  readonly right?: true;
  /** Those with more keep more when there is too little room; 1 without it. */
  readonly weight?: number;
  /** When the least of all columns is too wide, those with this go, the highest number first. */
  readonly goes?: number;
};

export type Tone = 'bad' | 'quiet' | 'plain';

const sgr = { bad: '31', quiet: '2' } as const;
/** In a pipe nothing is cut, but one long name does not move everything else. */
const maxPadding = 60;

export class Layout {
  readonly #columns: readonly Column[];
  readonly #style: Style;
  readonly #widths: readonly number[];
  readonly #gap: string;

  /** @param sizes what each column would like to have */
  constructor(columns: readonly Column[], sizes: readonly number[], style: Style) {
    this.#columns = columns;
    this.#style = style;
    const { width } = style;
    this.#gap = width === undefined || width >= 100 ? '  ' : ' ';
    this.#widths =
      width === undefined
        ? sizes.map((size) => Math.min(maxPadding, size))
        : share(columns, sizes, width, this.#gap.length);
  }

  head(): string {
    return this.row(
      this.#columns.map(({ head }) => head),
      'quiet',
    );
  }

  /** @param cells hostile text, one for each column; when there are fewer, the last one takes the room of the rest */
  row(cells: readonly string[], tone: Tone = 'plain'): string {
    const { width } = this.#style;
    const shown = cells.flatMap((cell, index) => {
      const { middle, right } = this.#columns[index] ?? {};
      const room =
        index < cells.length - 1 ? (this.#widths[index] ?? 0) : this.#roomFrom(index, cells.length);
      if (room === 0) return [];
      const escaped = escapeForTerminal(cell);
      const cut = width === undefined ? escaped : middle ? cutMiddle(escaped, room) : cutTo(escaped, room);
      const padding = ' '.repeat(Math.max(0, room - columnsOf(cut)));
      const isWhole = index < cells.length - 1 || cells.length === this.#columns.length;
      return [right && isWhole ? padding + cut : cut + padding];
    });
    const line = shown.join(this.#gap).trimEnd();
    return painted(width === undefined ? line : cutTo(line, width), tone, this.#style);
  }

  #roomFrom(index: number, cells: number): number {
    const rest = this.#widths
      .slice(index, cells < this.#columns.length ? undefined : index + 1)
      .filter((one) => one > 0);
    return rest.reduce((sum, one) => sum + one, Math.max(0, rest.length - 1) * this.#gap.length);
  }
}

/** A table whose rows are all known. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
  tone?: Tone,
): string[] {
  const sizes = columns.map(({ head }, index) =>
    rows.reduce((most, row) => Math.max(most, columnsOf(escapeForTerminal(row[index] ?? ''))), head.length),
  );
  const layout = new Layout(columns, sizes, style);
  return [layout.head(), ...rows.map((row) => layout.row(row, tone))];
}

export function painted(line: string, tone: Tone | 'bold', { colour }: Style): string {
  if (!colour || tone === 'plain' || line === '') return line;
  return `\x1b[${tone === 'bold' ? '1' : sgr[tone]}m${line}\x1b[0m`;
}

/** @returns a width for each column; 0 for those that have to go */
function share(columns: readonly Column[], sizes: readonly number[], width: number, gap: number): number[] {
  const widths = [...sizes];
  const least = columns.map(({ min }, index) => Math.min(min, sizes[index] ?? 0));
  const used = (of: readonly number[]): number =>
    of.reduce((sum, one) => sum + one, 0) + gap * (of.filter((one) => one > 0).length - 1);
  while (used(least) > width) {
    const last = columns.reduce((found, { goes = 0 }, index) => {
      return goes > (columns[found]?.goes ?? 0) && (least[index] ?? 0) > 0 ? index : found;
    }, -1);
    if (last === -1) break;
    [widths[last], least[last]] = [0, 0];
  }
  for (let excess = used(widths) - width; excess > 0; excess -= 1) {
    const heft = (index: number): number => (widths[index] ?? 0) / (columns[index]?.weight ?? 1);
    const slack = (index: number): boolean => (widths[index] ?? 0) > (least[index] ?? 0);
    const widest = widths.reduce((found, _, index) => {
      return slack(index) && (found === -1 || heft(index) > heft(found)) ? index : found;
    }, -1);
    if (widest === -1) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** Escaped text without its middle: of a path, folder and name both say something. */
function cutMiddle(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  const characters = Array.from(text);
  const tailWidth = Math.floor((width - 1) / 2);
  let tail = '';
  for (let character = characters.pop(); character !== undefined; character = characters.pop()) {
    if (columnsOf(character + tail) > tailWidth) break;
    tail = character + tail;
  }
  const head = cutTo(text, width - columnsOf(tail));
  return head + tail;
}
