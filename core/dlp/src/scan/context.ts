/** What stands around a place: supporting words, words against, the header of its column. */
import { Bits } from './bits.ts';
import { Columns } from './columns.ts';
import type { Surroundings } from './judge.ts';
import type { Kernel } from './kernel.ts';
import { Nearby } from './nearby.ts';
import type { Plan, Word } from './plan.ts';
import { againstAfter, againstBefore, supportReach } from './reach.ts';
import { isIn, opposing, supporting } from './sides.ts';
import { tableIn } from './table.ts';
import { hasEdges } from './vocabulary.ts';

/** What the header of a column says to a detector: a word for what it finds, or one against it. */
type Heading = { readonly column: string | undefined; readonly against: string | undefined };
type Header = {
  readonly columns: Columns;
  readonly words: readonly (readonly Word[])[];
  /** By detector and column. */
  readonly headings: Map<number, Heading>;
};

export class Context {
  readonly #plan: Plan;
  readonly #kernel: Kernel;
  readonly #nearby: Nearby;
  #base = 0;
  #length = 0;
  #header: Header | undefined;
  /** Detectors that a word in the header supports. */
  readonly #headed: Bits;
  #isHeaded = false;

  constructor(plan: Plan, kernel: Kernel) {
    this.#plan = plan;
    this.#kernel = kernel;
    this.#nearby = new Nearby(plan, kernel);
    this.#headed = new Bits(plan.digits.detectors.length);
  }

  /** Looks for the header of a table in the first bytes of a part. */
  readHead(bytes: Uint8Array, hits: number): void {
    const table = tableIn(bytes);
    if (table === undefined) return;
    this.#length = bytes.length;
    const words = table.columns.map((): Word[] => []);
    for (let hit = 0; hit < hits && this.#endOf(hit) <= table.header.end; hit++)
      this.#eachWord(hit, (word, start, end) => {
        const column = table.columns.findIndex((cell) => start >= cell.start && end <= cell.end);
        if (column < 0 || (word.needsEdges && !this.#isWhole(start, end))) return;
        words[column]?.push(word);
        this.#headed.addAll(word.gates);
      });
    this.#header = { columns: new Columns(table), words, headings: new Map() };
    this.#isHeaded = !this.#headed.isEmpty;
  }

  /** The window has moved: it begins at `base` in the part, and this many hits of words are known in it. */
  move(base: number, length: number, hits: number): void {
    this.#base = base;
    this.#length = length;
    this.#nearby.move(length, hits);
    this.#header?.columns.forget();
  }

  /** Detectors of digits that a word in the header of the table supports; undefined: none. */
  get headed(): Bits | undefined {
    return this.#isHeaded ? this.#headed : undefined;
  }

  /** What stands around [start, end) of the window, for one detector. */
  around(detector: number, start: number, end: number): Surroundings {
    const heading = this.#headingAt(detector, start);
    const column = heading?.column;
    // What heads another column says nothing of this one.
    const behind = heading === undefined ? 0 : (this.#header?.columns.table.header.end ?? 0) - this.#base;
    const place = [start, end] as const;
    // No word beside it says more than one that heads its column.
    const near =
      column === undefined && this.#plan.hasContext[detector] === true
        ? this.#nearby.nearest(detector, supporting, place, [
            Math.max(start - supportReach, behind),
            end + supportReach,
          ])
        : undefined;
    const against =
      heading?.against ??
      this.#nearby.nearest(detector, opposing, place, [
        Math.max(start - againstBefore, behind),
        end + againstAfter,
      ])?.word;
    return { near, column, against };
  }

  /** @returns undefined outside of the rows of a table */
  #headingAt(detector: number, at: number): Heading | undefined {
    const header = this.#header;
    if (header === undefined || this.#base + at < header.columns.table.header.end) return undefined;
    const place = header.columns.at(this.#kernel.window, this.#length, at);
    if (place < 0) return undefined;
    const key = detector * header.words.length + place;
    let heading = header.headings.get(key);
    if (heading === undefined) {
      const words = header.words[place] ?? [];
      const column = longestOf(words.filter(({ supports }) => isIn(supports, detector)));
      const against =
        column === undefined ? longestOf(words.filter(({ opposes }) => isIn(opposes, detector))) : undefined;
      heading = { column, against };
      header.headings.set(key, heading);
    }
    return heading;
  }

  #endOf(hit: number): number {
    return (this.#kernel.hits[hit * 2 + 1] ?? 0) - this.#kernel.windowAt;
  }

  #eachWord(hit: number, visit: (word: Word, start: number, end: number) => void): void {
    const end = this.#endOf(hit);
    for (const index of this.#plan.automaton.ends[
      (this.#kernel.hits[hit * 2] ?? 0) - this.#plan.automaton.accept
    ] ?? []) {
      const word = this.#plan.words[index];
      if (word) visit(word, end - word.text.length, end);
    }
  }

  #isWhole(start: number, end: number): boolean {
    const { window } = this.#kernel;
    return hasEdges((at) => (at < 0 || at >= this.#length ? 0 : (window[at] ?? 0)), start, end);
  }
}

/** Binary text of the longest word, the first where several are. */
export function longestOf(words: readonly { readonly text: string }[]): string | undefined {
  let longest: string | undefined;
  for (const { text } of words) if (longest === undefined || text.length > longest.length) longest = text;
  return longest;
}
