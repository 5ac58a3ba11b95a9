/** The lines of a short text, and how many of them are of a language. */
import { cues, type LineMarks } from './cues.ts';
import { lineFormOf } from './line-forms.ts';
import type { Language } from './source-language.ts';

/** Of each language, when it is first asked for: what never changes. */
const formsOf = new WeakMap<Language, number>();

/** Valid until someone else takes a look at lines. */
export class Lines {
  /** Lines that are neither empty nor comment only. */
  readonly count: number;
  readonly #text: string;
  readonly #lines: LineMarks;

  /** @param text of `bytes`, binary text, at most 16 KB */
  constructor(bytes: Uint8Array, text: string) {
    this.#text = text;
    this.#lines = cues().lines(bytes);
    this.count = this.#lines.code;
  }

  /** How many lines at most are of the language. */
  mostOf(language: Language): number {
    return cues().possibleLines(this.#lines.count, knownForms(language)).count;
  }

  /**
   * How many lines are of the language, and in how many ways they begin: 3 stands for more.
   * @param least fewer need not be counted to the end
   */
  of(language: Language, least: number): { readonly count: number; readonly beginnings: number } {
    const all = this.#lines.count;
    const { count: most, isPossible } = cues().possibleLines(all, knownForms(language));
    const { places, textAt } = this.#lines;
    const { lines } = language;
    const beginnings = new Set<string>();
    let count = 0;
    let next = 0;
    for (let line = 0, left = most; line < all && count + left >= least; line++) {
      if (isPossible[line] !== 1) continue;
      left -= 1;
      const start = (places[line * 4] ?? 0) - textAt;
      if (start < next) continue;
      lines.lastIndex = start;
      if (!lines.test(this.#text)) continue;
      // A match may go on in further lines.
      next = lines.lastIndex;
      count += 1;
      if (beginnings.size < 3) beginnings.add(this.#text.slice(start, next).trim().slice(0, 3));
    }
    return { count, beginnings: beginnings.size };
  }
}

/** Where the forms of the language are kept. */
function knownForms(language: Language): number {
  let kept = formsOf.get(language);
  if (kept === undefined) {
    const all = language.beginnings.map(lineFormOf);
    kept = cues().keepForms(
      Array.from({ length: 256 }, (_, byte) => all.filter(({ first }) => first[byte] === 1)),
    );
    formsOf.set(language, kept);
  }
  return kept;
}
