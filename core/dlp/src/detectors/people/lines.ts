/** The lines of a short text, and how many of them are of a language. */
import { cues } from './cues.ts';
import { lineFormOf, type LineForm } from './line-forms.ts';
import type { Language } from './source-language.ts';

const [hash, percent, star, dash, slash, semicolon] = [35, 37, 42, 45, 47, 59];

type Forms = readonly (readonly LineForm[])[];

/** Of each language, when it is first asked for: what never changes. */
const formsOf = new WeakMap<Language, Forms>();

export class Lines {
  readonly bytes: Uint8Array;
  /** Lines that are neither empty nor comment only. */
  readonly count: number;
  readonly #text: string;
  /** Of each line that is not empty: where it begins, its first byte and its last, its marks. */
  readonly #lines: Uint32Array;
  readonly #possible = new Map<Language, Uint8Array>();

  /** @param text of `bytes`, binary text, at most 16 KB */
  constructor(bytes: Uint8Array, text: string) {
    this.#text = text;
    this.bytes = bytes;
    this.#lines = cues().lines(bytes).slice();
    this.count = 0;
    for (let at = 0; at < this.#lines.length; at += 4)
      if (!this.#isComment(this.#lines[at] ?? 0, this.#lines[at + 1] ?? 0)) this.count += 1;
  }

  /** How many lines at most are of the language. */
  mostOf(language: Language): number {
    const forms = knownForms(language);
    const lines = this.#lines;
    const possible = new Uint8Array(lines.length >> 2);
    let count = 0;
    for (let line = 0; line < possible.length; line++) {
      const first = lines[line * 4 + 1] ?? 0;
      const last = lines[line * 4 + 2] ?? 0;
      const marks = lines[line * 4 + 3] ?? 0;
      for (const form of forms[first] ?? []) {
        if ((form.marks & ~marks) !== 0) continue;
        if (form.last !== undefined && form.last[last] === 0) continue;
        possible[line] = 1;
        count += 1;
        break;
      }
    }
    this.#possible.set(language, possible);
    return count;
  }

  /** How many lines are of the language, and in how many ways they begin: 3 stands for more. Behind `mostOf`. */
  of(language: Language): { readonly count: number; readonly beginnings: number } {
    const possible = this.#possible.get(language);
    const { lines } = language;
    const beginnings = new Set<string>();
    let count = 0;
    let next = 0;
    for (let line = 0; line * 4 < this.#lines.length; line++) {
      const start = this.#lines[line * 4] ?? 0;
      if (possible?.[line] !== 1 || start < next) continue;
      lines.lastIndex = start;
      if (!lines.test(this.#text)) continue;
      // A match may go on in further lines.
      next = lines.lastIndex;
      count += 1;
      if (beginnings.size < 3) beginnings.add(this.#text.slice(start, next).trim().slice(0, 3));
    }
    return { count, beginnings: beginnings.size };
  }

  /** Whether the first byte of the line begins a comment that is all of it. */
  #isComment(start: number, first: number): boolean {
    switch (first) {
      case star:
      case semicolon:
      case percent:
        return true;
      case dash:
      case slash:
      case hash:
        break;
      default:
        return false;
    }
    const at = this.bytes.indexOf(first, start);
    const second = this.bytes[at + 1];
    if (first === hash) return !directive.test(this.#text.slice(at + 1, at + 8));
    return second === first || (first === slash && second === star);
  }
}

const directive = /^(?:include|define|if|end)/;

/** By first byte. */
function knownForms(language: Language): Forms {
  let forms = formsOf.get(language);
  if (forms === undefined) {
    const all = language.beginnings.map(lineFormOf);
    forms = Array.from({ length: 256 }, (_, byte) => all.filter(({ first }) => first[byte] === 1));
    formsOf.set(language, forms);
  }
  return forms;
}
