import type { Term } from '../ast.ts';
import { packageKey } from '../paths.ts';
import { bounded } from './bounded.ts';
import type { TypeNode } from './rule-types.ts';
import { selectData, selectPath } from './rule-types.ts';
import {
  ANY,
  isAnything,
  isOpen,
  objectType,
  scalarType,
  selectKey,
  STRING,
  unionOf,
  valuesOf,
} from './type.ts';
import type { Entries, Maybe, Property, Type } from './type.ts';
import { unifies } from './unify.ts';

/** What is known of terms while one rule is checked: the types of its variables, calls and comprehensions. */
export class Inference {
  private readonly locals = new Map<number, Maybe>();
  private readonly made = new Map<Term, Maybe>();
  private readonly rules: TypeNode;
  /** Documents may be replaced by `with`: nothing is known of data. */
  relaxed = false;
  /** Rules of this place are not all known yet. */
  own: readonly string[] | null = null;
  private readonly functions: ReadonlySet<string>;

  /** @param functions the places of all functions, as packageKey */
  constructor(rules: TypeNode, functions: ReadonlySet<string>) {
    this.rules = rules;
    this.functions = functions;
  }

  isFunction(path: readonly string[]): boolean {
    return this.functions.has(packageKey(path));
  }

  setLocal(id: number, type: Maybe): void {
    this.locals.set(id, bounded(type));
  }

  /** Notes the type of a call or a comprehension, which is worked out once. */
  note(term: Term, type: Maybe): void {
    this.made.set(term, bounded(type));
  }

  /** Is nothing known of this part of data? */
  isUnknown(path: readonly Term[]): boolean {
    if (this.relaxed) return true;
    const { own } = this;
    if (own === null) return false;
    return path.every((key, i) => i >= own.length || key.k !== 'scalar' || key.v === own[i]);
  }

  of(term: Term): Maybe {
    switch (term.k) {
      case 'scalar':
        return scalarType(term.v);
      case 'local':
        return this.locals.get(term.id) ?? null;
      case 'root':
        return term.name === 'data' && !this.isUnknown([]) ? this.rules.extent() : ANY;
      case 'ref':
        return this.ofRef(term);
      case 'array':
        return {
          t: 'array',
          items: term.items.map((item) => this.of(item)),
          rest: term.items.length === 0 ? ANY : null,
        };
      case 'set': {
        const of = term.items.reduce((all: Maybe, item) => unionOf(all, this.of(item)), null);
        return { t: 'set', of: of ?? ANY };
      }
      case 'object':
        return this.ofObject(term);
      case 'template':
        return STRING;
      case 'call':
      case 'comp':
        return this.made.get(term) ?? null;
      case 'var':
        return ANY;
      default:
        term satisfies never;
        return null;
    }
  }

  private ofRef(term: Extract<Term, { k: 'ref' }>): Maybe {
    const { head, path } = term;
    if (head.k !== 'root') return selectPath(head.k === 'scalar' ? ANY : this.of(head), path);
    return head.name === 'input' || this.isUnknown(path) ? ANY : selectData(this.rules, path);
  }

  private ofObject(term: Extract<Term, { k: 'object' }>): Type {
    const props: Property[] = [];
    let rest: Entries | null = null;
    for (const [key, value] of term.items) {
      if (key.k === 'scalar') props.push({ key: key.v, value: this.of(value) });
      else rest = { key: this.of(key), value: this.of(value) };
    }
    return objectType(props, term.items.length === 0 ? { key: ANY, value: ANY } : rest);
  }

  /** Can the term have this type? Variables of which nothing is known get it. `join`: they may also be what they were. */
  unify(term: Term, type: Maybe, join = false): boolean {
    switch (term.k) {
      case 'local': {
        const known = this.of(term);
        if (join) this.locals.set(term.id, bounded(unionOf(known, type)));
        else if (known !== null) return unifies(known, type);
        else this.locals.set(term.id, bounded(type));
        return true;
      }
      case 'array':
      case 'set':
      case 'object':
        if (type?.t !== 'any') return this.unifyParts(term, type, join);
        if (isAnything(type)) return this.unifyWithAny(term);
        return type.of.map((one) => this.unify(term, one, true)).some(Boolean);
      default: {
        // Of what is computed from something unknown, nothing is known either.
        const known = this.of(term);
        return known === null || unifies(known, type);
      }
    }
  }

  private unifyWithAny(term: Extract<Term, { k: 'array' | 'set' | 'object' }>): boolean {
    const parts = term.k === 'object' ? term.items.flat() : term.items;
    for (const part of parts) this.unify(part, ANY, true);
    return true;
  }

  private unifyParts(
    term: Extract<Term, { k: 'array' | 'set' | 'object' }>,
    type: Maybe,
    join: boolean,
  ): boolean {
    if (term.k === 'array' && type?.t === 'array')
      return (
        (term.items.length === type.items.length || type.rest !== null) &&
        term.items.every((item, i) =>
          this.unify(item, i < type.items.length ? (type.items[i] ?? null) : type.rest, join),
        )
      );
    if (term.k === 'set' && type?.t === 'set')
      return term.items.every((item) => this.unify(item, valuesOf(type), join));
    if (term.k !== 'object' || type?.t !== 'object') return false;
    if (term.items.length !== type.props.length && type.rest === null) return false;
    return term.items.every(([key, value]) => {
      if (key.k !== 'scalar') {
        this.unify(value, ANY, join);
        return true;
      }
      const selected = selectKey(type, key.v);
      return selected !== null && this.unify(value, selected, join);
    });
  }

  /** Can two terms be equal? Each tells the other what is known of it. */
  unifyTerms(a: Term, b: Term): boolean {
    const [typeA, typeB] = [this.of(a), this.of(b)];
    const [openA, openB] = [isOpen(typeA), isOpen(typeB)];
    if (openA && !openB) return this.unify(a, typeB);
    if (openB && !openA) return this.unify(b, typeA);
    if (!openA) return unifies(typeA, typeB);
    if (a.k === 'array' && b.k === 'array')
      return (
        a.items.length === b.items.length &&
        a.items.every((item, i) => this.unifyTerms(item, b.items[i] as Term))
      );
    if (a.k === 'object' && b.k === 'object') return this.unifyObjects(a, b);
    // Something is not known on either side: an earlier error, or a variable inside. It says nothing about the other.
    const composite = (term: Term): boolean => term.k === 'array' || term.k === 'object';
    if (a.k === 'local' && composite(b)) this.unify(b, ANY);
    if (b.k === 'local' && composite(a)) this.unify(a, ANY);
    if (a.k === 'local') this.unify(a, this.of(b) ?? ANY);
    if (b.k === 'local') this.unify(b, this.of(a) ?? ANY);
    return true;
  }

  private unifyObjects(a: Extract<Term, { k: 'object' }>, b: Extract<Term, { k: 'object' }>): boolean {
    if (a.items.length !== b.items.length) return false;
    return a.items.every(([key, value]) => {
      if (key.k !== 'scalar') return true;
      const other = b.items.find(([k]) => k.k === 'scalar' && k.v === key.v);
      return other === undefined ? b.items.some(([k]) => k.k !== 'scalar') : this.unifyTerms(value, other[1]);
    });
  }
}
