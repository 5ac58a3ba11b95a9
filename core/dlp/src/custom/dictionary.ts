/** Customers' word lists: different words of one part count by their weights, and from a threshold on all of them are found. */
import type { Hit } from '../scan/hit.ts';
import type { CustomDictionary } from './schema.ts';

/** Places that are remembered until the threshold is reached, and given. */
const mostPlaces = 1_000;

type Place = { readonly word: string; readonly start: number; readonly end: number };

export class DictionaryScan {
  readonly #dictionary: CustomDictionary;
  readonly #weights: ReadonlyMap<string, number>;
  readonly #seen = new Set<number>();
  readonly #places: Place[] = [];
  #sum = 0;

  /** @param weights by the word's number in the plan */
  constructor(dictionary: CustomDictionary, weights: ReadonlyMap<string, number>) {
    this.#dictionary = dictionary;
    this.#weights = weights;
  }

  see(number: number, word: string, start: number, end: number): void {
    if (!this.#seen.has(number)) this.#sum += this.#weights.get(word) ?? 1;
    this.#seen.add(number);
    if (this.#places.length < mostPlaces) this.#places.push({ word, start, end });
  }

  end(): Hit[] {
    const { id, class: name, name: title, threshold, confidence } = this.#dictionary;
    if (this.#sum < threshold) return [];
    const why = [`${this.#seen.size} different words of the list "${title}", together at least ${threshold}`];
    const detector = { id, class: name, name: title, token: 'WORD' };
    return this.#places.map(({ word, start, end }) => ({
      detector,
      start,
      end,
      value: word,
      confidence,
      why,
      isValue: true,
      isFirm: true,
      rank: 0,
    }));
  }
}
