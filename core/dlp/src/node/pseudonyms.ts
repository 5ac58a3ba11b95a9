/** Names of values in redacted copies. */
import { createHmac, randomBytes } from 'node:crypto';

/** Threads of one session name values without asking each other: at 51 bits, two of 100,000 values get one name in 2 of 1,000,000 sessions. */
const pseudonymLength = 10;

/**
 * So many values have the same name in all copies of a session; further ones have another in each copy. Whoever has long lists of
 * guesses named learns no more than that.
 */
export class BoundedNames {
  readonly #key: Uint8Array;
  readonly #most: number;
  readonly #named = new Set<string>();

  constructor(key: Uint8Array, most = 100_000) {
    this.#key = key;
    this.#most = most;
  }

  forCopy(): (value: string) => string {
    const own = randomBytes(32);
    return (value) => {
      const name = pseudonymOf(this.#key, value);
      if (this.#named.has(name)) return name;
      if (this.#named.size >= this.#most) return pseudonymOf(own, value);
      this.#named.add(name);
      return name;
    };
  }
}

/** The name that a value has in a session with this key: ten letters and digits. */
export function pseudonymOf(key: Uint8Array, value: string): string {
  const digest = createHmac('sha256', key).update(value).digest('hex');
  return BigInt(`0x${digest.slice(0, 16)}`)
    .toString(36)
    .padStart(pseudonymLength, '0')
    .slice(-pseudonymLength);
}
