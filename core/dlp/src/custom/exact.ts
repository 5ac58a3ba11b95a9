/** Exact data match: values of a customer's own tables, known only by keyed hashes; two columns of one row must stand together. */
import type { DlpHost } from '../document.ts';
import type { Hit } from '../scan/hit.ts';
import { supportReach } from '../scan/reach.ts';
import type { PartScan } from '../scan/part-scan.ts';
import type { ExactData } from './schema.ts';
import type { Token } from './words.ts';
import { normalised, Tokens } from './words.ts';

const hashBytes = 8;
const entryBytes = 12;
const bloomHashes = 4;
const bloomBitsPerValue = 16;
const columnBits = 4;
const shortestValue = 3;
const mostRowsPerValue = 64;
const mostRemembered = 10_000;

type KeyedHash = NonNullable<DlpHost['keyedHash']>;

/**
 * @param rows values by column, at most 16 columns
 * @returns `bloom` and `table` of an `ExactData`, Base64. Values shorter than 3 letters or digits are left out
 */
export function exactIndexOf(
  rows: readonly (readonly string[])[],
  key: Uint8Array,
  keyedHash: KeyedHash,
): { readonly bloom: string; readonly table: string } {
  const entries: Uint8Array[] = [];
  const values: string[] = [];
  for (const [row, cells] of rows.entries())
    for (const [column, cell] of cells.entries()) {
      const value = normalised(cell);
      if (value.length < shortestValue || column >= 1 << columnBits) continue;
      const entry = new Uint8Array(entryBytes);
      entry.set(keyedHash(key, latin1(value)).subarray(0, hashBytes));
      new DataView(entry.buffer).setUint32(hashBytes, (row << columnBits) | column);
      entries.push(entry);
      values.push(value);
    }
  entries.sort(compared);
  let bits = 64;
  while (bits < values.length * bloomBitsPerValue) bits *= 2;
  const bloom = new Uint8Array(bits / 8);
  for (const value of values)
    for (const bit of bloomBits(value, key, bits))
      bloom[bit >>> 3] = (bloom[bit >>> 3] ?? 0) | (1 << (bit & 7));
  const table = new Uint8Array(entries.length * entryBytes);
  for (const [at, entry] of entries.entries()) table.set(entry, at * entryBytes);
  return { bloom: base64(bloom), table: base64(table) };
}

type Seen = { readonly column: number; readonly token: Token };

/** Looks up one part. */
export class ExactScan implements PartScan {
  readonly #data: ExactData;
  readonly #keyedHash: KeyedHash;
  readonly #tokens = new Tokens((token) => {
    this.#lookUp(token);
  });
  readonly #seen = new Map<number, Seen[]>();
  readonly #found = new Map<number, Token>();

  constructor(data: ExactData, keyedHash: KeyedHash) {
    this.#data = data;
    this.#keyedHash = keyedHash;
  }

  push(bytes: Uint8Array): void {
    this.#tokens.push(bytes);
  }

  end(): Hit[] {
    this.#tokens.end();
    const { id, class: name, confidence } = this.#data;
    const detector = { id, class: name, name: this.#data.name, token: 'EXACT' };
    const why = ['is a value of the table, with another one of the same row near by'];
    return [...this.#found.values()].map(({ text: value, start, end }) => ({
      detector,
      start,
      end,
      value,
      confidence,
      why,
      isValue: true,
      isFirm: true,
      rank: 4_000,
    }));
  }

  #lookUp(token: Token): void {
    const { key, bloom } = this.#data;
    if (token.text.length < shortestValue) return;
    for (const bit of bloomBits(token.text, key, bloom.length * 8))
      if (((bloom[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return;
    const hash = this.#keyedHash(key, latin1(token.text)).subarray(0, hashBytes);
    for (const { row, column } of rowsOf(this.#data.table, hash)) {
      const near = (this.#seen.get(row) ?? []).filter((one) => token.start - one.token.end <= supportReach);
      for (const one of near)
        if (one.column !== column && one.token.end <= token.start)
          for (const both of [one.token, token]) this.#found.set(both.start, both);
      if (this.#seen.size >= mostRemembered) this.#seen.clear();
      this.#seen.set(row, [...near.slice(-16), { column, token }]);
    }
  }
}

function* rowsOf(table: Uint8Array, hash: Uint8Array): Generator<{ row: number; column: number }> {
  let [low, high] = [0, table.length / entryBytes];
  const at = (index: number): Uint8Array =>
    table.subarray(index * entryBytes, index * entryBytes + hashBytes);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compared(at(middle), hash) < 0) low = middle + 1;
    else high = middle;
  }
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  for (let index = low; index < low + mostRowsPerValue && index < table.length / entryBytes; index++) {
    if (compared(at(index), hash) !== 0) return;
    const packed = view.getUint32(index * entryBytes + hashBytes);
    yield { row: packed >>> columnBits, column: packed & ((1 << columnBits) - 1) };
  }
}

/** By the first bytes, which are the hash. */
function compared(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < hashBytes; at++) if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0);
  return 0;
}

/** Places of a value in the filter; the key seeds them, so that the filter alone does not tell what is in it. */
function bloomBits(value: string, key: Uint8Array, bits: number): number[] {
  let [first, second] = [2_166_136_261, 84_696_351];
  for (const byte of key)
    [first, second] = [Math.imul(first ^ byte, 16_777_619), Math.imul(second ^ byte, 709_607_951)];
  for (let at = 0; at < value.length; at++) {
    first = Math.imul(first ^ value.charCodeAt(at), 16_777_619);
    second = Math.imul(second ^ value.charCodeAt(at), 709_607_951);
  }
  first ^= first >>> 15;
  second = (second ^ (second >>> 13)) | 1;
  return Array.from({ length: bloomHashes }, (_, n) => ((first + Math.imul(n, second)) >>> 0) & (bits - 1));
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (one) => one.charCodeAt(0));
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
