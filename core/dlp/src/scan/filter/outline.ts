/**
 * The outline of a regular expression: a simpler one that matches wherever the expression does, and at some places more. What
 * looks around is kept where it is about one byte, long repeats lose their upper bound.
 */
import type { ByteSet } from './byte-set.ts';
import { lookingAt } from './look.ts';
import {
  around,
  closingOf,
  controls,
  groupName,
  matchedAt,
  modifier,
  quantifier,
  reference,
  refersToGroups,
} from './pattern-source.ts';
import {
  byteSet,
  caseless,
  classEscapes,
  complement,
  edge,
  add,
  notLineEnd,
  setOf,
  wordBytes,
} from './byte-set.ts';

export type Outline =
  | { readonly kind: 'set'; readonly set: ByteSet }
  /** The byte behind or ahead is one of these; nothing is consumed. */
  | { readonly kind: 'behind' | 'ahead'; readonly set: ByteSet }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Outline[] }
  | { readonly kind: 'repeat'; readonly part: Outline; readonly min: number; readonly max: number };

const nothing: Outline = { kind: 'all', parts: [] };

/** @returns undefined for what this does not understand: such an expression has to be tried */
export function outlineOf({ source, flags }: RegExp): Outline | undefined {
  if (/[^i]/.test(flags)) return undefined;
  try {
    return new Parser(source, flags.includes('i')).parsed();
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

class NotUnderstood extends Error {}

class Parser {
  readonly #source: string;
  #at = 0;
  #isCaseless: boolean;
  readonly #groups: (Outline | undefined)[] = [];
  readonly #named = new Map<string, Outline>();

  constructor(source: string, isCaseless: boolean) {
    this.#source = source;
    this.#isCaseless = isCaseless;
  }

  parsed(): Outline {
    const all = this.#alternatives();
    if (this.#at < this.#source.length) throw new NotUnderstood();
    return all;
  }

  #alternatives(): Outline {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    return parts.length === 1 ? (parts[0] ?? nothing) : { kind: 'any', parts };
  }

  #sequence(): Outline {
    const parts: Outline[] = [];
    while (this.#at < this.#source.length) {
      const next = this.#source[this.#at];
      if (next === '|' || next === ')') break;
      const one = this.#quantified(this.#atom());
      if (one.kind === 'all') parts.push(...one.parts);
      else parts.push(one);
    }
    return { kind: 'all', parts };
  }

  #atom(): Outline {
    const character = this.#source[this.#at++] ?? '';
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', set: this.#class() };
      case '.':
        return { kind: 'set', set: notLineEnd };
      case '^':
        return { kind: 'behind', set: edgeOnly };
      case '$':
        return { kind: 'ahead', set: edgeOnly };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw new NotUnderstood();
      default:
        return this.#literal(character.charCodeAt(0));
    }
  }

  /** Behind `(`. */
  #group(): Outline {
    if (this.#source[this.#at] !== '?') return this.#captured(undefined);
    const start = this.#at;
    const end = closingOf(this.#source, start);
    if (end === undefined) throw new NotUnderstood();
    const text = this.#source.slice(start - 1, end);
    // With a group in it the same text may refer to another one.
    if (refersToGroups.test(text)) return this.#marked();
    const groups = this.#isCaseless ? groupsCaseless : groupsExact;
    let known = groups.get(text);
    if (known === undefined) groups.set(text, (known = this.#marked()));
    else this.#at = start + text.length;
    return known;
  }

  /** A group that begins with `?`. */
  #marked(): Outline {
    if (this.#take('?:')) return this.#closed();
    const look = matchedAt(around, this.#source, this.#at);
    if (look) {
      this.#at += look[0].length;
      return lookingAt(this.#closed(), look[1] === '<', look[2] === '!') ?? nothing;
    }
    const modified = matchedAt(modifier, this.#source, this.#at);
    if (modified) {
      this.#at += modified[0].length;
      const before = this.#isCaseless;
      this.#isCaseless = modified[1] === '';
      const inside = this.#closed();
      this.#isCaseless = before;
      return inside;
    }
    const name = matchedAt(groupName, this.#source, this.#at);
    if (!name) throw new NotUnderstood();
    this.#at += name[0].length;
    return this.#captured(name[1]);
  }

  #captured(name: string | undefined): Outline {
    const number = this.#groups.push(undefined) - 1;
    const inside = this.#closed();
    this.#groups[number] = inside;
    const known = name === undefined ? undefined : this.#named.get(name);
    if (name !== undefined) this.#named.set(name, known ? { kind: 'any', parts: [known, inside] } : inside);
    return inside;
  }

  #closed(): Outline {
    const inside = this.#alternatives();
    if (!this.#take(')')) throw new NotUnderstood();
    return inside;
  }

  #escape(): Outline {
    const character = this.#source[this.#at++] ?? '';
    if (character === 'b') return wordEdge;
    if (character === 'k') {
      const name = matchedAt(reference, this.#source, this.#at);
      if (!name) throw new NotUnderstood();
      this.#at += name[0].length;
      return repeated(this.#named.get(name[1] ?? '') ?? nothing);
    }
    if (/[1-9]/.test(character)) return repeated(this.#groups[Number(character) - 1] ?? nothing);
    const set = classEscapes[character];
    return set ? { kind: 'set', set } : this.#literal(this.#byteOf(character));
  }

  /** Behind `[`. */
  #class(): ByteSet {
    const start = this.#at;
    let end = start;
    while (end < this.#source.length && this.#source[end] !== ']') end += this.#source[end] === '\\' ? 2 : 1;
    // Most are written in many places, and read in one.
    const set = setOf(this.#source.slice(start - 1, end + 1), this.#isCaseless, () => this.#members());
    this.#at = end + 1;
    return set;
  }

  /** Behind `[`. */
  #members(): ByteSet {
    const isNegated = this.#take('^');
    const set = new Uint8Array(edge + 1);
    while (!this.#take(']')) {
      const from = this.#member();
      if (typeof from !== 'number') add(set, from);
      else if (this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']') {
        this.#at += 1;
        const to = this.#member();
        if (typeof to !== 'number') throw new NotUnderstood();
        set.fill(1, from, Math.min(to + 1, edge));
      } else if (from < edge) set[from] = 1;
    }
    const folded = this.#isCaseless ? caseless(set) : set;
    return isNegated ? complement(folded) : folded;
  }

  #member(): number | ByteSet {
    if (this.#at >= this.#source.length) throw new NotUnderstood();
    const character = this.#source[this.#at++] ?? '';
    if (character !== '\\') return character.charCodeAt(0);
    const escaped = this.#source[this.#at++] ?? '';
    if (escaped === 'b') return 8;
    return classEscapes[escaped] ?? this.#byteOf(escaped);
  }

  /** Code of what is escaped; behind `\`. */
  #byteOf(character: string): number {
    const control = controls[character];
    if (control !== undefined) return control;
    const hex = /^[xu]$/.test(character)
      ? (character === 'x' ? /^[0-9a-f]{2}/i : /^[0-9a-f]{4}/i).exec(
          this.#source.slice(this.#at, this.#at + 4),
        )
      : undefined;
    if (hex) {
      this.#at += hex[0].length;
      return Number.parseInt(hex[0], 16);
    }
    if (/[A-Za-z0-9]/.test(character)) throw new NotUnderstood();
    return character.charCodeAt(0);
  }

  #literal(code: number): Outline {
    const known = this.#isCaseless ? literalsCaseless : literalsExact;
    return code < edge ? (known[code] ??= this.#only(code)) : this.#only(code);
  }

  #only(code: number): Outline {
    const set = setOf(String.fromCharCode(code), this.#isCaseless, () => {
      const only = byteSet((byte) => byte === code);
      return this.#isCaseless ? caseless(only) : only;
    });
    return { kind: 'set', set };
  }

  #quantified(part: Outline): Outline {
    const next = this.#source[this.#at];
    if (next !== '{' && next !== '?' && next !== '*' && next !== '+') return part;
    const found = matchedAt(quantifier, this.#source, this.#at);
    if (!found) return part;
    this.#at += found[0].length;
    const [mark] = found[0];
    if (mark === '*') return { kind: 'repeat', part, min: 0, max: Infinity };
    if (mark === '+') return { kind: 'repeat', part, min: 1, max: Infinity };
    if (mark === '?') return { kind: 'repeat', part, min: 0, max: 1 };
    const min = Number(found[1]);
    const max = found[2] === '' ? min : found[3] === '' ? Infinity : Number(found[3]);
    return { kind: 'repeat', part, min, max };
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

const edgeOnly = byteSet(() => false, true);
/** Groups of the patterns that ship, which say the same in many places. */
const groupsExact = new Map<string, Outline>();
const groupsCaseless = new Map<string, Outline>();
const literalsExact: Outline[] = [];
const literalsCaseless: Outline[] = [];

const wordEdge: Outline = {
  kind: 'any',
  parts: [
    {
      kind: 'all',
      parts: [
        { kind: 'behind', set: wordBytes },
        { kind: 'ahead', set: complement(wordBytes, true) },
      ],
    },
    {
      kind: 'all',
      parts: [
        { kind: 'behind', set: complement(wordBytes, true) },
        { kind: 'ahead', set: wordBytes },
      ],
    },
  ],
};

/** A group once more; one that took no part matches nothing. */
function repeated(part: Outline): Outline {
  return { kind: 'repeat', part, min: 0, max: 1 };
}
