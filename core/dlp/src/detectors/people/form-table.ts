/** Forms of lines, laid out as the compiled look at lines follows them. */
import type { LineForm } from './line-forms.ts';

const headsBytes = 4 * 256;
const setBytes = 32;
const formBytes = 12;

export class FormTable {
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;
  /** Addresses. */
  readonly #from: number;
  readonly #to: number;
  #next: number;
  readonly #sets = new Map<string, number>();

  /** @param from address of free memory, a multiple of 4 */
  constructor(memory: ArrayBuffer, from: number, bytes: number) {
    this.#words = new Uint32Array(memory, from, bytes >> 2);
    this.#bytes = new Uint8Array(memory, from, bytes);
    this.#from = from;
    this.#next = from;
    this.#to = from + bytes;
  }

  /** @param forms by first byte @returns the address of 256 addresses. @throws RangeError when there is no room */
  keep(forms: readonly (readonly LineForm[])[]): number {
    const heads = this.#place(headsBytes);
    const known = new Map<string, number>();
    const numbers = new Map<LineForm, number>();
    for (const some of forms)
      for (const form of some) if (!numbers.has(form)) numbers.set(form, numbers.size);
    for (const [byte, some] of forms.entries()) {
      if (some.length === 0) continue;
      const key = some.map((form) => numbers.get(form)).join(' ');
      let at = known.get(key);
      if (at === undefined) known.set(key, (at = this.#list(some)));
      this.#put(heads + 4 * byte, at);
    }
    return heads;
  }

  #list(forms: readonly LineForm[]): number {
    const sets = forms.map(({ last }) => (last === undefined ? 0 : this.#set(last)));
    const list = this.#place(formBytes * forms.length);
    for (const [at, { marks }] of forms.entries()) {
      const form = list + formBytes * at;
      this.#put(form, marks);
      this.#put(form + 4, sets[at] ?? 0);
      this.#put(form + 8, at + 1 < forms.length ? 1 : 0);
    }
    return list;
  }

  /** A bit for each byte. */
  #set(last: Uint8Array): number {
    const key = last.join('');
    let at = this.#sets.get(key);
    if (at !== undefined) return at;
    this.#sets.set(key, (at = this.#place(setBytes)));
    for (let byte = 0; byte < 256; byte++)
      if (last[byte] === 1) {
        const cell = at - this.#from + (byte >> 3);
        this.#bytes[cell] = (this.#bytes[cell] ?? 0) | (1 << (byte & 7));
      }
    return at;
  }

  #put(address: number, value: number): void {
    this.#words[(address - this.#from) >> 2] = value;
  }

  #place(bytes: number): number {
    const at = this.#next;
    this.#next += bytes;
    if (this.#next > this.#to) throw new RangeError('too many forms of lines');
    return at;
  }
}
