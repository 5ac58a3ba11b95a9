/** Sets of threads of an automaton, each with a mark, as numbers: equal ones have one number, from 0 on in the order they came. */

const none = -1;

export class ThreadSets {
  count = 0;
  /** Members of all sets, one set after another, each in ascending order. */
  members = new Int32Array(256);
  /** By number and one more: where its members begin. */
  starts = new Int32Array(64);
  /** By number. */
  marks = new Int32Array(64);
  /** Numbers by hash, with open addressing; at most half full. */
  #slots = new Int32Array(128).fill(none);

  clear(): void {
    this.count = 0;
    this.#slots.fill(none);
  }

  /** @returns the number of the first `length` of `set`, which are in order, with `mark`; -1 when they have none */
  find(set: Int32Array, length: number, mark: number): number {
    return this.#slots[this.#slotOf(set, length, mark)] ?? none;
  }

  /** They must not be known yet. @returns their number */
  add(set: Int32Array, length: number, mark: number): number {
    const number = this.count;
    const start = this.starts[number] ?? 0;
    if (start + length > this.members.length) this.members = longer(this.members, start + length);
    if (number + 2 > this.starts.length) {
      this.starts = longer(this.starts, number + 2);
      this.marks = longer(this.marks, number + 2);
    }
    for (let at = 0; at < length; at++) this.members[start + at] = set[at] ?? 0;
    this.starts[number + 1] = start + length;
    this.marks[number] = mark;
    this.count += 1;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    else this.#slots[this.#slotOf(set, length, mark)] = number;
    return number;
  }

  /** Where they are, or the free place for them. */
  #slotOf(set: Int32Array, length: number, mark: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(set, 0, length, mark) & mask;
    for (;;) {
      const number = this.#slots[slot] ?? none;
      if (number === none || this.#isSame(number, set, length, mark)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isSame(number: number, set: Int32Array, length: number, mark: number): boolean {
    const start = this.starts[number] ?? 0;
    if (this.marks[number] !== mark || (this.starts[number + 1] ?? 0) - start !== length) return false;
    for (let at = 0; at < length; at++) if (this.members[start + at] !== set[at]) return false;
    return true;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(none);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      const start = this.starts[number] ?? 0;
      const length = (this.starts[number + 1] ?? 0) - start;
      let slot = hashOf(this.members, start, length, this.marks[number] ?? 0) & mask;
      while (this.#slots[slot] !== none) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }
}

function hashOf(set: Int32Array, start: number, length: number, mark: number): number {
  let hash = Math.imul(mark + 7, 0x9e3779b1);
  for (let at = start; at < start + length; at++) {
    hash = Math.imul(hash ^ (set[at] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function longer(array: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(Math.max(least, array.length * 2));
  more.set(array);
  return more;
}
