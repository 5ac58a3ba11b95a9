/** A set of small numbers. */
export class Bits {
  readonly #cells: Uint32Array;

  constructor(size: number) {
    this.#cells = new Uint32Array(Math.ceil(size / 32));
  }

  add(one: number): void {
    this.#cells[one >>> 5] = (this.#cells[one >>> 5] ?? 0) | (1 << (one & 31));
  }

  has(one: number): boolean {
    return ((this.#cells[one >>> 5] ?? 0) & (1 << (one & 31))) !== 0;
  }

  clear(): void {
    this.#cells.fill(0);
  }

  addAll(other: Bits): void {
    for (let at = 0; at < this.#cells.length; at++)
      this.#cells[at] = (this.#cells[at] ?? 0) | (other.#cells[at] ?? 0);
  }

  /** Writes its cells of 32 bits each. */
  copyTo(cells: Uint32Array, at: number): void {
    cells.set(this.#cells, at);
  }

  get isEmpty(): boolean {
    return this.#cells.every((cell) => cell === 0);
  }

  /** Writes what is in this one and in either of the two others into `out`, in ascending order. @returns how many */
  listIn(first: Bits, second: Bits, out: number[]): number {
    let count = 0;
    for (let at = 0; at < this.#cells.length; at++) {
      let cell = (this.#cells[at] ?? 0) & ((first.#cells[at] ?? 0) | (second.#cells[at] ?? 0));
      while (cell !== 0) {
        out[count++] = at * 32 + 31 - Math.clz32(cell & -cell);
        cell &= cell - 1;
      }
    }
    return count;
  }
}
