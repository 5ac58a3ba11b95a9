/** Which names led to an address in this session. */
import { canonicalAddress } from '../addresses.ts';

const mostAddresses = 8192;
const mostNames = 16;

/** What is forgotten first is what was learned first: a session that floods it loses its own names, and nothing else. */
export class Pins {
  readonly #names = new Map<string, readonly string[]>();

  /** @param addresses in their canonical form */
  learn(host: string, addresses: readonly string[]): void {
    for (const address of addresses) {
      const before = this.#names.get(address) ?? [];
      this.#names.delete(address);
      this.#names.set(address, [host, ...before.filter((name) => name !== host)].slice(0, mostNames));
    }
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= mostAddresses) return;
      this.#names.delete(oldest);
    }
  }

  /** @returns the latest first */
  namesOf(ip: string): readonly string[] {
    const address = canonicalAddress(ip);
    return address === undefined ? [] : (this.#names.get(address) ?? []);
  }
}
