/** The network of one pattern in arrays, over classes of bytes: what comes of threads by a byte. */
import type { ByteSet } from './filter/byte-set.ts';
import { edge } from './filter/byte-set.ts';
import type { ByteClasses } from './filter/byte-classes.ts';
import type { Kind, Net } from './filter/net.ts';

const codes = { byte: 0, behind: 1, ahead: 2, fork: 3, accept: 4 } as const satisfies Record<Kind, number>;

/** So few are put in order one by one. */
const mostInserted = 32;

/** Threads, and whether one of them matches. */
export class Threads {
  readonly list: Int32Array;
  length = 0;
  isMatch = false;

  constructor(most: number) {
    this.list = new Int32Array(most);
  }

  sort(): void {
    const { list, length } = this;
    if (length > mostInserted) {
      list.subarray(0, length).sort();
      return;
    }
    for (let at = 1; at < length; at++) {
      const one = list[at] ?? 0;
      let to = at;
      for (; to > 0 && (list[to - 1] ?? 0) > one; to--) list[to] = list[to - 1] ?? 0;
      list[to] = one;
    }
  }
}

export class GateNet {
  readonly size: number;
  readonly #kinds: Uint8Array;
  readonly #next: Int32Array;
  readonly #other: Int32Array;
  /** By state: where its set begins in `#holds`, which says by class whether the set has it. */
  readonly #setAt: Int32Array;
  readonly #holds: Uint8Array;
  readonly #start: number;
  readonly #atEdge: number;
  /** By state: when it was last met. */
  readonly #met: Uint32Array;
  #round = 0;
  readonly #stack: Int32Array;
  readonly #resolved: Threads;

  constructor(net: Net, sets: ReadonlySet<ByteSet>, { classes, width }: ByteClasses) {
    this.size = net.kinds.length;
    this.#kinds = Uint8Array.from(net.kinds, (kind) => codes[kind]);
    this.#next = Int32Array.from(net.next);
    this.#other = Int32Array.from(net.other);
    const places = new Map<ByteSet | undefined, number>();
    for (const set of sets) places.set(set, places.size * width);
    this.#setAt = Int32Array.from(net.sets, (set) => places.get(set) ?? 0);
    this.#holds = new Uint8Array(sets.size * width);
    for (const [set, place] of places)
      for (let byte = 0; byte <= edge; byte++)
        if (set?.[byte] === 1) this.#holds[place + (classes[byte] ?? 0)] = 1;
    this.#start = net.starts[0] ?? 0;
    this.#atEdge = classes[edge] ?? 0;
    this.#met = new Uint32Array(this.size);
    // A state is pushed at most twice in a round: ahead of it and from its fork.
    this.#stack = new Int32Array(2 * this.size + 2);
    this.#resolved = new Threads(this.size);
  }

  /** Where a match waits that begins behind a byte of the class. */
  begin(before: number, to: Threads): void {
    this.#round += 1;
    to.length = 0;
    to.isMatch = this.#follow(this.#start, before, to);
    to.sort();
  }

  /** What comes of threads [from, end) of `list` by a byte of the class. */
  step(list: Int32Array, from: number, end: number, by: number, to: Threads): void {
    const resolved = this.#resolved;
    resolved.length = 0;
    to.length = 0;
    to.isMatch = false;
    this.#round += 1;
    for (let at = from; at < end; at++) if (this.#resolve(list[at] ?? 0, by, resolved)) to.isMatch = true;
    this.#round += 1;
    for (let at = 0; at < resolved.length; at++)
      if (this.#follow(this.#next[resolved.list[at] ?? 0] ?? 0, by, to)) to.isMatch = true;
    to.sort();
  }

  /** Whether one of the threads [from, end) of `list` matches at the end of a text. */
  matchesAtEnd(list: Int32Array, from: number, end: number): boolean {
    this.#round += 1;
    this.#resolved.length = 0;
    for (let at = from; at < end; at++)
      if (this.#resolve(list[at] ?? 0, this.#atEdge, this.#resolved)) return true;
    return false;
  }

  /** Goes on from what looked ahead, now that the byte is known, to the states that consume it. @returns whether it matched ahead of the byte */
  #resolve(from: number, by: number, resolved: Threads): boolean {
    let isMatch = false;
    let top = 0;
    this.#stack[top++] = from;
    while (top > 0) {
      const at = this.#stack[--top] ?? 0;
      if (this.#met[at] === this.#round) continue;
      this.#met[at] = this.#round;
      const kind = this.#kinds[at];
      if (kind === codes.byte) {
        if (this.#has(at, by)) resolved.list[resolved.length++] = at;
      } else if (kind === codes.accept) isMatch = true;
      else if (kind !== codes.ahead || this.#has(at, by)) {
        if (kind === codes.fork) this.#stack[top++] = this.#other[at] ?? 0;
        this.#stack[top++] = this.#next[at] ?? 0;
      }
    }
    return isMatch;
  }

  /** The states that a thread at `from` waits in, behind a byte of the class `before`. @returns whether it matched */
  #follow(from: number, before: number, to: Threads): boolean {
    let isMatch = false;
    let top = 0;
    this.#stack[top++] = from;
    while (top > 0) {
      const at = this.#stack[--top] ?? 0;
      if (this.#met[at] === this.#round) continue;
      this.#met[at] = this.#round;
      const kind = this.#kinds[at];
      if (kind === codes.byte || kind === codes.ahead) to.list[to.length++] = at;
      else if (kind === codes.accept) isMatch = true;
      else if (kind !== codes.behind || this.#has(at, before)) {
        if (kind === codes.fork) this.#stack[top++] = this.#other[at] ?? 0;
        this.#stack[top++] = this.#next[at] ?? 0;
      }
    }
    return isMatch;
  }

  #has(at: number, by: number): boolean {
    return this.#holds[(this.#setAt[at] ?? 0) + by] === 1;
  }
}
