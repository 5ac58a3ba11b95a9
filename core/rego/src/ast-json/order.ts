import type { Term } from '../ast.ts';
import { compareNumbers } from '../decimal.ts';
import { compareStrings, isNumber } from '../values.ts';

const RANKS = {
  var: 4,
  local: 4,
  root: 5,
  ref: 5,
  array: 6,
  object: 7,
  set: 8,
  comp: 9,
  call: 12,
  template: 13,
} as const;

/** Rego's order of terms: members of sets and keys of objects are listed in it. Closures of one kind keep their places. */
export function compareTerms(a: Term, b: Term): number {
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  if (a.k === 'scalar' && b.k === 'scalar') return compareScalars(a.v, b.v);
  if (isVariable(a) && isVariable(b)) return compareStrings(a.name, b.name);
  return compareLists(members(a), members(b));
}

function compareScalars(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  return isNumber(a as never) && isNumber(b as never) ? compareNumbers(a as never, b as never) : 0;
}

function isVariable(term: Term): term is Extract<Term, { readonly name: string }> {
  return term.k === 'var' || term.k === 'local' || term.k === 'root';
}

function rank(term: Term): number {
  switch (term.k) {
    case 'scalar':
      return term.v === null ? 0 : typeof term.v === 'boolean' ? 1 : typeof term.v === 'string' ? 3 : 2;
    case 'var':
      return term.name === 'input' || term.name === 'data' ? RANKS.ref : RANKS.var;
    case 'comp':
      return RANKS.comp + { array: 0, object: 1, set: 2 }[term.of];
    default:
      return RANKS[term.k];
  }
}

function members(term: Term): readonly Term[] {
  switch (term.k) {
    case 'ref':
      return [term.head, ...term.path];
    case 'array':
      return term.items;
    case 'set':
      return term.items.toSorted(compareTerms);
    case 'object': {
      const entries = term.items.toSorted(([x], [y]) => compareTerms(x, y));
      return [...entries.map(([key]) => key), ...entries.map(([, value]) => value)];
    }
    case 'call':
      return term.args;
    case 'var':
      return [{ ...term, k: 'scalar', v: term.name }];
    default:
      return [];
  }
}

function compareLists(a: readonly Term[], b: readonly Term[]): number {
  for (const [i, item] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    // The head of a reference is a variable, whatever it names.
    const found =
      isVariable(item) && isVariable(other)
        ? compareStrings(item.name, other.name)
        : compareTerms(item, other);
    if (found !== 0) return found;
  }
  return a.length - b.length;
}
