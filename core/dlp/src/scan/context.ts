/** What stands around a place: supporting words, words against, the header of its column. */
import { Bits } from './bits.ts';
import type { Beside, Surroundings } from './judge.ts';
import { nearer } from './judge.ts';
import type { Kernel } from './kernel.ts';
import type { Plan, Word } from './plan.ts';
import { againstAfter, againstBefore, supportReach } from './reach.ts';
import type { Table } from './table.ts';
import { columnOf, tableIn } from './table.ts';
import { hasEdges } from './vocabulary.ts';

type Header = { readonly table: Table; readonly words: readonly (readonly Word[])[] };

export class Context {
  readonly #plan: Plan;
  readonly #kernel: Kernel;
  #base = 0;
  #length = 0;
  #hits = 0;
  #header: Header | undefined;
  /** Detectors that a word in the header supports. */
  readonly #headed: Bits;
  #isHeaded = false;
  /** Detectors that a word among the hits of [#first, #last) supports; `#present` counts those words. */
  readonly #supported: Bits;
  readonly #present = new Map<number, number>();
  #first = 0;
  #last = 0;
  #isCurrent = false;

  constructor(plan: Plan, kernel: Kernel) {
    this.#plan = plan;
    this.#kernel = kernel;
    this.#headed = new Bits(plan.digits.detectors.length);
    this.#supported = new Bits(plan.digits.detectors.length);
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
    this.#header = { table, words };
    this.#isHeaded = !this.#headed.isEmpty;
  }

  /** The window has moved: it begins at `base` in the part, and this many hits of words are known in it. */
  move(base: number, length: number, hits: number): void {
    this.#base = base;
    this.#length = length;
    this.#hits = hits;
    this.#first = 0;
    this.#last = 0;
    this.#present.clear();
    this.#isCurrent = false;
  }

  /** Detectors of digits with a supporting word that ends in (from, to], perhaps some more; ranges come in ascending order. */
  supportedWithin(from: number, to: number): Bits {
    const { hits, windowAt } = this.#kernel;
    for (; this.#last < this.#hits && (hits[this.#last * 2 + 1] ?? 0) <= to + windowAt; this.#last++)
      this.#count(this.#last, 1);
    for (; this.#first < this.#last && (hits[this.#first * 2 + 1] ?? 0) <= from + windowAt; this.#first++)
      this.#count(this.#first, -1);
    if (!this.#isCurrent) {
      this.#supported.clear();
      this.#supported.addAll(this.#headed);
      for (const word of this.#present.keys()) {
        const gates = this.#plan.words[word]?.gates;
        if (gates) this.#supported.addAll(gates);
      }
      this.#isCurrent = true;
    }
    return this.#supported;
  }

  /** Whether the last answer of `supportedWithin` had anyone in it. */
  get supportsAny(): boolean {
    return this.#present.size > 0 || this.#isHeaded;
  }

  /** What stands around [start, end) of the window, for one detector. */
  around(detector: number, start: number, end: number): Surroundings {
    const bytes = this.#kernel.window.subarray(0, this.#length);
    const header = this.#header;
    const place =
      header === undefined || this.#base + start < header.table.header.end
        ? -1
        : columnOf(bytes, start, header.table);
    const heads = header?.words[place];
    // What heads another column says nothing of this one.
    const behind = heads === undefined ? 0 : (header?.table.header.end ?? 0) - this.#base;
    const column = heads && longestOf(heads.filter(({ supports }) => supports.has(detector)));
    let against =
      column === undefined
        ? heads && longestOf(heads.filter(({ opposes }) => opposes.has(detector)))
        : undefined;
    let near: Beside | undefined;
    let nearAgainst: Beside | undefined;
    const reachesSupport = this.#plan.hasContext[detector] === true;
    const [before, after] = reachesSupport ? [supportReach, supportReach] : [againstBefore, againstAfter];
    const { hits } = this.#kernel;
    const says = this.#saysOf(detector);
    for (let hit = this.#firstBehind(Math.max(start - before, behind)); hit < this.#hits; hit++) {
      if (this.#endOf(hit) > end + after) break;
      if (says[(hits[hit * 2] ?? 0) - this.#plan.automaton.accept] === 0) continue;
      this.#eachWord(hit, (word, from, to) => {
        if (!word.supports.has(detector) && !word.opposes.has(detector)) return;
        if (from < behind || (from < end && to > start)) return;
        const distance = to <= start ? start - to : from - end;
        const beside = { word: word.text, start: from, distance };
        if (word.supports.has(detector) && (to > start || from >= start - supportReach))
          if (!word.needsEdges || this.#isWhole(from, to)) near = nearer(near, beside);
        if (
          word.opposes.has(detector) &&
          (to <= start ? from >= start - againstBefore : to <= end + againstAfter)
        )
          if (this.#isWhole(from, to)) nearAgainst = nearer(nearAgainst, beside);
      });
    }
    against ??= (nearAgainst as Beside | undefined)?.word;
    return { near, column, against };
  }

  /** By final state: whether one of its words says something of the detector. */
  #saysOf(detector: number): Uint8Array {
    const { says, words, automaton } = this.#plan;
    let known = says.get(detector);
    if (known === undefined) {
      known = Uint8Array.from(automaton.ends, (ends) =>
        ends.some((index) => {
          const word = words[index];
          return word !== undefined && (word.supports.has(detector) || word.opposes.has(detector));
        })
          ? 1
          : 0,
      );
      says.set(detector, known);
    }
    return known;
  }

  #count(hit: number, by: number): void {
    const { hits } = this.#kernel;
    const gates = this.#plan.gates[(hits[hit * 2] ?? 0) - this.#plan.automaton.accept];
    if (gates === undefined || gates.length === 0) return;
    const end = this.#endOf(hit);
    for (const word of gates) {
      const { text = '', needsEdges = false } = this.#plan.words[word] ?? {};
      // What a slide of the window took away was far behind: there the same answer is given twice.
      if (needsEdges && !this.#isWhole(end - text.length, end)) continue;
      const count = (this.#present.get(word) ?? 0) + by;
      if (count === 0) this.#present.delete(word);
      else this.#present.set(word, count);
      if (count === 0 || (by === 1 && count === 1)) this.#isCurrent = false;
    }
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

  /** First hit that ends behind `at`. */
  #firstBehind(at: number): number {
    let [low, high] = [0, this.#hits];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#endOf(middle) > at) high = middle;
      else low = middle + 1;
    }
    return low;
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
