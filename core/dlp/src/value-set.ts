/** Which values were seen, by a hash of each: no value is kept. */

const firstSlots = 16;

/** A set of hashes. */
export class ValueSet {
  size = 0;
  /** Hashes, 0 where there is none; at least twice as many as are held, a power of two. */
  #slots = new Float64Array(firstSlots);

  /** @param hash of `hashOf` */
  add(hash: number): void {
    const at = this.#placeOf(hash);
    if (this.#slots[at] === hash) return;
    this.#slots[at] = hash;
    this.size += 1;
    if (this.size * 2 > this.#slots.length) this.#grow();
  }

  has(hash: number): boolean {
    return this.#slots[this.#placeOf(hash)] === hash;
  }

  /** Where it is, or is to be. */
  #placeOf(hash: number): number {
    const slots = this.#slots;
    const last = slots.length - 1;
    let at = (hash | 0) & last;
    // A step that depends on other bits of the hash: to choose values that all meet takes too long.
    const step = (hash / 4_294_967_296) | 1;
    for (let other = slots[at]; other !== 0 && other !== hash; other = slots[at]) at = (at + step) & last;
    return at;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 4);
    for (const hash of old) if (hash !== 0) this.#slots[this.#placeOf(hash)] = hash;
  }
}

/** Of a longer value its length, its beginning and its end, as much of each as this, stand for all of it. */
const hashedEnd = 256;

/** 53 bits of two multiplicative hashes, never 0: enough to tell a hundred thousand values apart. */
export function hashOf(value: string): number {
  const { length } = value;
  let high = 0xdeadbeef ^ length;
  let low = 0x41c6ce57;
  for (let at = 0; at < length; at++) {
    if (at === hashedEnd && length > 2 * hashedEnd) at = length - hashedEnd;
    const code = value.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0) || 1;
}
