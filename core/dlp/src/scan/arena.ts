/** A piece of the kernel's memory that is given away in parts. */
export class Arena {
  readonly buffer: ArrayBuffer;
  #next: number;
  readonly #end: number;
  /** Addresses of parts that came back, by their size. */
  readonly #free = new Map<number, number[]>();

  /** @param buffer that is 0 in [from, to) */
  constructor(buffer: ArrayBuffer, from: number, to: number) {
    this.buffer = buffer;
    this.#next = from;
    this.#end = to;
  }

  /** @returns the address of `bytes` bytes that are 0; undefined when there is no room */
  take(bytes: number): number | undefined {
    const again = this.#free.get(bytes)?.pop();
    if (again !== undefined) {
      new Uint8Array(this.buffer, again, bytes).fill(0);
      return again;
    }
    const at = this.#next;
    const next = (at + bytes + 7) & ~7;
    if (next > this.#end) return undefined;
    this.#next = next;
    return at;
  }

  /** For others that need as many bytes. */
  giveBack(at: number, bytes: number): void {
    const free = this.#free.get(bytes);
    if (free) free.push(at);
    else this.#free.set(bytes, [at]);
  }
}
