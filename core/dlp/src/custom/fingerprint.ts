/** Document fingerprints by winnowing (Schleimer, Wilkerson, Aiken 2003): excerpts of a document are known again in others. */
import type { Hit } from '../scan/hit.ts';
import type { PartScan } from '../scan/part-scan.ts';
import type { FingerprintedDocument } from './schema.ts';

/** Letters and digits in one hash, and hashes of which the least is kept. */
const gramLength = 30;
const windowLength = 60;
const base = 0x01000193;

/**
 * Fingerprints of some documents, Base64 as `FingerprintedDocument.prints` has them. Those that more than two of all documents share
 * (licences, letterheads) would find everything, and are left out.
 * @param others texts that are not secret and may share passages with these
 */
export function fingerprintsOf(
  documents: readonly Uint8Array[],
  others: readonly Uint8Array[] = [],
): string[] {
  const own = documents.map((bytes) => new Set(printsOf(bytes)));
  const counts = new Map<number, number>();
  for (const prints of own) for (const print of prints) counts.set(print, (counts.get(print) ?? 0) + 1);
  const common = new Set(others.flatMap((bytes) => printsOf(bytes)));
  return own.map((prints) => {
    const kept = [...prints].filter((print) => !common.has(print) && (counts.get(print) ?? 0) <= 2);
    const bytes = new Uint8Array(kept.length * 4);
    const view = new DataView(bytes.buffer);
    for (const [at, print] of kept.entries()) view.setUint32(at * 4, print);
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
}

function printsOf(bytes: Uint8Array): number[] {
  const prints: number[] = [];
  const winnow = new Winnow((print) => prints.push(print));
  winnow.push(bytes);
  winnow.end();
  return prints;
}

/** Gives the least hash of each window, once while it stays the same, with the place where its text ends. */
class Winnow {
  readonly #gram = new Uint8Array(gramLength);
  readonly #hashes = new Uint32Array(windowLength);
  readonly #visit: (print: number, end: number) => void;
  readonly #leaving: number;
  #hash = 0;
  #grams = 0;
  #at = 0;
  #least = -1;

  constructor(visit: (print: number, end: number) => void) {
    this.#visit = visit;
    let power = 1;
    for (let n = 0; n < gramLength; n++) power = Math.imul(power, base);
    this.#leaving = power;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#at += 1;
      const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
      if ((lower >= 48 && lower <= 57) || (lower >= 97 && lower <= 122) || lower >= 0x80) this.#take(lower);
    }
  }

  end(): void {
    if (this.#grams > gramLength && this.#grams < gramLength + windowLength) this.#choose();
  }

  #take(byte: number): void {
    const slot = this.#grams % gramLength;
    this.#hash = (Math.imul(this.#hash, base) + byte - Math.imul(this.#gram[slot] ?? 0, this.#leaving)) | 0;
    this.#gram[slot] = byte;
    this.#grams += 1;
    if (this.#grams < gramLength) return;
    const n = this.#grams - gramLength;
    this.#hashes[n % windowLength] = mixed(this.#hash);
    if (n >= windowLength - 1) this.#choose();
  }

  /** The last of the least ones. */
  #choose(): void {
    const last = this.#grams - gramLength;
    const first = Math.max(0, last - windowLength + 1);
    if (this.#least >= first) {
      if ((this.#hashes[last % windowLength] ?? 0) > (this.#hashes[this.#least % windowLength] ?? 0)) return;
      this.#least = last;
    } else {
      this.#least = first;
      for (let n = first + 1; n <= last; n++)
        if ((this.#hashes[n % windowLength] ?? 0) <= (this.#hashes[this.#least % windowLength] ?? 0))
          this.#least = n;
    }
    this.#visit(this.#hashes[this.#least % windowLength] ?? 0, this.#at);
  }
}

/** Spreads the rolling hash, so that the least of some is any of them. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

/** Which documents each fingerprint is of. */
export type FingerprintIndex = {
  readonly documents: readonly FingerprintedDocument[];
  readonly byPrint: ReadonlyMap<number, readonly number[]>;
};

export function fingerprintIndexOf(documents: readonly FingerprintedDocument[]): FingerprintIndex {
  const byPrint = new Map<number, number[]>();
  for (const [index, { prints }] of documents.entries()) {
    const view = new DataView(prints.buffer, prints.byteOffset, prints.byteLength);
    for (let at = 0; at < prints.length; at += 4) {
      const print = view.getUint32(at);
      byPrint.set(print, [...(byPrint.get(print) ?? []), index]);
    }
  }
  return { documents, byPrint };
}

type Matched = { readonly prints: Set<number>; readonly start: number; end: number };

export class FingerprintScan implements PartScan {
  readonly #index: FingerprintIndex;
  readonly #matched = new Map<number, Matched>();
  readonly #winnow = new Winnow((print, end) => {
    this.#see(print, end);
  });

  constructor(index: FingerprintIndex) {
    this.#index = index;
  }

  push(bytes: Uint8Array): void {
    this.#winnow.push(bytes);
  }

  end(): Hit[] {
    this.#winnow.end();
    return this.#index.documents.flatMap(
      ({ id, class: name, name: title, threshold, confidence }, document): Hit[] => {
        const matched = this.#matched.get(document);
        if (matched === undefined || matched.prints.size < threshold) return [];
        const { start, end, prints } = matched;
        const why = [`shares ${prints.size} fingerprints with the document: ${title}`];
        const detector = { id, class: name, name: title, token: 'DOCUMENT' };
        return [{ detector, start, end, value: id, confidence, why, isValue: false, isFirm: true, rank: 0 }];
      },
    );
  }

  #see(print: number, end: number): void {
    for (const document of this.#index.byPrint.get(print) ?? []) {
      const matched = this.#matched.get(document) ?? {
        prints: new Set(),
        start: Math.max(0, end - gramLength),
        end,
      };
      matched.prints.add(print);
      matched.end = end;
      this.#matched.set(document, matched);
    }
  }
}
