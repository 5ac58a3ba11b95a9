/** The parts of Structured Fields (RFC 9651) that signatures of HTTP messages are written in. */

export type BareItem = string | number | boolean | Uint8Array;
export type Parameters = ReadonlyMap<string, BareItem>;
export type Member = {
  /** As it stood in the header, which is what is signed. */
  readonly text: string;
  /** A list in parentheses, or one item. */
  readonly items: readonly { readonly value: BareItem; readonly parameters: Parameters }[];
  readonly parameters: Parameters;
};

/** A dictionary; undefined when it is not one. */
export function parseDictionary(text: string): ReadonlyMap<string, Member> | undefined {
  const reader = new Reader(text);
  try {
    return reader.dictionary();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

class Malformed extends Error {}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.replaceAll(/^[ \t]+|[ \t]+$/g, '');
  }

  dictionary(): Map<string, Member> {
    const members = new Map<string, Member>();
    while (this.#at < this.#text.length) {
      const key = this.#take(/[a-z*][a-z0-9_.*-]*/y);
      this.#take(/=/y);
      const begin = this.#at;
      const items =
        this.#text[this.#at] === '(' ? this.#list() : [{ value: this.#bare(), parameters: new Map() }];
      const parameters = this.#parameters();
      members.set(key, { text: this.#text.slice(begin, this.#at), items, parameters });
      if (this.#at === this.#text.length) break;
      this.#take(/[ \t]*,[ \t]*(?=.)/y);
    }
    return members;
  }

  #list(): { value: BareItem; parameters: Parameters }[] {
    const items: { value: BareItem; parameters: Parameters }[] = [];
    this.#take(/\( */y);
    while (this.#text[this.#at] !== ')') {
      items.push({ value: this.#bare(), parameters: this.#parameters() });
      this.#take(/ +|(?=\))/y);
    }
    this.#at += 1;
    return items;
  }

  #parameters(): Map<string, BareItem> {
    const found = new Map<string, BareItem>();
    while (this.#text[this.#at] === ';') {
      this.#take(/; */y);
      const key = this.#take(/[a-z*][a-z0-9_.*-]*/y);
      if (this.#text[this.#at] !== '=') found.set(key, true);
      else {
        this.#at += 1;
        found.set(key, this.#bare());
      }
    }
    return found;
  }

  #bare(): BareItem {
    switch (this.#text[this.#at]) {
      case '"':
        return this.#take(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y)
          .slice(1, -1)
          .replaceAll(/\\(["\\])/g, '$1');
      case ':':
        return Buffer.from(this.#take(/:[A-Za-z0-9+/]*={0,2}:/y).slice(1, -1), 'base64');
      case '?':
        return this.#take(/\?[01]/y) === '?1';
      default:
        return Number(this.#take(/-?\d{1,15}(?![\d.])/y));
    }
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) throw new Malformed();
    this.#at += found[0].length;
    return found[0];
  }
}
