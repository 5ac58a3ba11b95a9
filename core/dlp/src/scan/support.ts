/** Which detectors of digits have a supporting word near by. Most numbers stand near none, and are not even asked about. */
import { Bits } from './bits.ts';
import type { Kernel } from './kernel.ts';
import type { Plan } from './plan.ts';
import { hasEdges } from './vocabulary.ts';

/** What ends in a state: nothing that supports, only words that count when nothing else of a word stands beside them, others. */
const [none, short, long] = [0, 1, 2];

/** Positions are in the window. */
export class Support {
  readonly #plan: Plan;
  readonly #kernel: Kernel;
  /** By final state. */
  readonly #kinds: Uint8Array;
  /** Pairs of the place behind a word and the word, in order. */
  #words = new Int32Array(256);
  #count = 0;
  /** By word: how often it is within [#first, #last). */
  readonly #present: Uint32Array;
  /** Is never changed once it was given. */
  #supported: Bits;
  #first = 0;
  #last = 0;
  #isCurrent = false;
  /** Who has a supporting word in the header of the table. */
  #headed: Bits | undefined;

  constructor(plan: Plan, kernel: Kernel) {
    this.#plan = plan;
    this.#kernel = kernel;
    this.#kinds = Uint8Array.from(plan.gates, (some) =>
      some.length === 0
        ? none
        : some.every((word) => plan.words[word]?.needsEdges === true && /[a-z]$/.test(plan.words[word].text))
          ? short
          : long,
    );
    this.#present = new Uint32Array(plan.words.length);
    this.#supported = new Bits(plan.digits.detectors.length);
  }

  /** The window has moved, and this many hits of words are known in it. @param headed who is supported everywhere */
  move(length: number, hits: number, headed: Bits | undefined): void {
    this.#headed = headed;
    for (let at = this.#first; at < this.#last; at++) this.#present[this.#words[at * 2 + 1] ?? 0] = 0;
    [this.#first, this.#last, this.#count, this.#isCurrent] = [0, 0, 0, false];
    const { hits: found, window, windowAt } = this.#kernel;
    const { gates, automaton, words } = this.#plan;
    const byteAt = (at: number): number => (at < 0 || at >= length ? 0 : (window[at] ?? 0));
    for (let hit = 0; hit < hits; hit++) {
      const state = (found[hit * 2] ?? 0) - automaton.accept;
      const kind = this.#kinds[state] ?? none;
      if (kind === none) continue;
      const end = (found[hit * 2 + 1] ?? 0) - windowAt;
      // Most short words are parts of longer ones.
      if (kind === short && end < length && isLower(window[end] ?? 0)) continue;
      const some = gates[state] ?? [];
      for (const word of some) {
        const { text = '', needsEdges = false } = words[word] ?? {};
        if (needsEdges && !hasEdges(byteAt, end - text.length, end)) continue;
        this.#note(end, word);
      }
    }
  }

  /** Where the first word ends that is behind `at`; Infinity where there is none. A header supports everything behind it. */
  nextBehind(at: number): number {
    if (this.#headed) return at + 1;
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#words[middle * 2] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low < this.#count ? (this.#words[low * 2] ?? 0) : Infinity;
  }

  /** Detectors of digits with a supporting word that ends in (from, to]; ranges come in ascending order. */
  within(from: number, to: number): Bits {
    const words = this.#words;
    for (; this.#last < this.#count && (words[this.#last * 2] ?? 0) <= to; this.#last++) {
      const word = words[this.#last * 2 + 1] ?? 0;
      const count = (this.#present[word] = (this.#present[word] ?? 0) + 1);
      if (count === 1) this.#isCurrent = false;
    }
    for (; this.#first < this.#last && (words[this.#first * 2] ?? 0) <= from; this.#first++) {
      const word = words[this.#first * 2 + 1] ?? 0;
      const count = (this.#present[word] = (this.#present[word] ?? 0) - 1);
      if (count === 0) this.#isCurrent = false;
    }
    if (this.#isCurrent) return this.#supported;
    this.#supported = new Bits(this.#plan.digits.detectors.length);
    if (this.#headed) this.#supported.addAll(this.#headed);
    for (let at = this.#first; at < this.#last; at++) {
      const gates = this.#plan.words[words[at * 2 + 1] ?? 0]?.gates;
      if (gates) this.#supported.addAll(gates);
    }
    this.#isCurrent = true;
    return this.#supported;
  }

  #note(end: number, word: number): void {
    if (this.#count * 2 === this.#words.length) {
      const larger = new Int32Array(this.#words.length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.#count * 2] = end;
    this.#words[this.#count * 2 + 1] = word;
    this.#count += 1;
  }
}

function isLower(byte: number): boolean {
  return byte >= 97 && byte <= 122;
}
