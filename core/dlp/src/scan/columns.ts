/** Which column of a table a place in the window is in. Many places lie in one line, so that its cells are kept. */
import { longestLine } from './reach.ts';
import type { Table } from './table.ts';

const [lineFeed, quote] = [10, 34];

/** Gives what `columnOf` gives. */
export class Columns {
  readonly table: Table;
  /** There is no line feed in [#from, #to). */
  #from = 0;
  #to = -1;
  /** The line whose cells end at `#ends`. */
  #start = 0;
  #end = -1;
  #isRow = false;
  readonly #ends: Uint32Array;

  constructor(table: Table) {
    this.table = table;
    this.#ends = new Uint32Array(table.columns.length);
  }

  /** The window has moved. */
  forget(): void {
    this.#to = -1;
    this.#end = -1;
  }

  /** @param length of what is known in the window. @returns -1 outside of the table or where the line has other cells */
  at(window: Uint8Array, length: number, at: number): number {
    if (at < this.#from || at > this.#to) this.#from = this.#to = at;
    const first = Math.max(0, at - longestLine);
    while (this.#from > first && window[this.#from - 1] !== lineFeed) this.#from -= 1;
    if (this.#from < first) return -1;
    if (this.#from === first && first > 0 && window[first - 1] !== lineFeed) return -1;
    const last = Math.min(length, at + longestLine);
    while (this.#to < last && window[this.#to] !== lineFeed) this.#to += 1;
    if (this.#to >= last && last < length) return -1;
    if (this.#start !== this.#from || this.#end !== this.#to) this.#readCells(window);
    return this.#isRow ? this.#cellAt(at) : -1;
  }

  #readCells(window: Uint8Array): void {
    this.#start = this.#from;
    this.#end = this.#to;
    const { delimiter } = this.table;
    const last = this.#ends.length - 1;
    let cells = 0;
    let isQuoted = false;
    for (let at = this.#start; at < this.#end && cells <= last; at++) {
      const byte = window[at];
      if (byte === quote) isQuoted = !isQuoted;
      if (byte === delimiter && !isQuoted) this.#ends[cells++] = at;
    }
    this.#isRow = cells === last;
    this.#ends[last] = this.#end;
  }

  /** The first cell that ends at `at` or behind it. */
  #cellAt(at: number): number {
    let [low, high] = [0, this.#ends.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) >= at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
