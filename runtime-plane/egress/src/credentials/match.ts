/** Credentials that are known here, found in what leaves. */
import type { Header } from '../http/desk.ts';
import type { KnownCredential } from '../wire.ts';
import { type Candidate, inHeader, inPath, inQuery, inText } from './candidates.ts';
import { digestOf, fingerprintOf } from './fingerprint.ts';

export type Found = {
  readonly credential: KnownCredential;
  /** As it stands there. */
  readonly written: string;
};

/** `isWhole`: false when there was more to look at than is looked at. */
export type Matches = { readonly found: readonly Found[]; readonly isWhole: boolean };

/** A carrier's bounds leave fewer in a head. */
const mostInHead = 20_000;
const mostInBody = 200_000;
const maxRecent = 4_096;
const maxRecentLength = 256;

export class CredentialIndex {
  readonly #key: Uint8Array;
  readonly #known: ReadonlyMap<string, KnownCredential>;
  /** Requests repeat most of their headers. */
  readonly #recent = new Map<string, KnownCredential | undefined>();

  /** @param key of the session */
  constructor(known: readonly KnownCredential[], key: Uint8Array) {
    this.#key = key;
    this.#known = new Map(known.map((one) => [one.fingerprint, one]));
  }

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** @param path and query as they are told to a policy, so that what is found there can be left out */
  inHead(headers: readonly Header[], path: string, query: string | undefined): Matches {
    const all = function* (): Generator<Candidate> {
      for (const header of headers) yield* inHeader(header);
      yield* inPath(path);
      if (query !== undefined) yield* inQuery(query);
    };
    return this.#match(all(), mostInHead);
  }

  inBody(text: string): Matches {
    const all = function* (): Generator<Candidate> {
      for (const value of inText(text)) yield { written: value, value };
    };
    return this.#match(all(), mostInBody);
  }

  #match(candidates: Iterable<Candidate>, most: number): Matches {
    const found = new Map<string, Found>();
    if (this.isEmpty) return { found: [], isWhole: true };
    const looked = new Set<string>();
    for (const { written, value } of candidates) {
      if (looked.has(value)) continue;
      if (looked.size >= most) return { found: [...found.values()], isWhole: false };
      looked.add(value);
      const credential = this.#of(value);
      if (credential) found.set(written, { credential, written });
    }
    return { found: [...found.values()], isWhole: true };
  }

  #of(value: string): KnownCredential | undefined {
    if (this.#recent.has(value)) return this.#recent.get(value);
    const credential = this.#known.get(fingerprintOf(this.#key, digestOf(value)));
    if (value.length > maxRecentLength) return credential;
    if (this.#recent.size >= maxRecent) this.#recent.clear();
    this.#recent.set(value, credential);
    return credential;
  }
}
