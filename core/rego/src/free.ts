import type { Body, Literal, Owned, Term } from './ast.ts';

/** The variables of a term that come from outside its closures. */
export function freeOf(term: Term): Set<number> {
  const free = new Set<number>();
  termFree(term, free);
  return free;
}

export function literalFree(literal: Literal): Set<number> {
  const free = new Set<number>();
  bodyFree([literal], free);
  return free;
}

export function dropOwned(free: Set<number>, own: Owned | undefined): void {
  if (own === undefined) return;
  for (const id of free) if (id >= own[0] && id < own[1]) free.delete(id);
}

function termFree(term: Term, free: Set<number>): void {
  if (term.k === 'comp' || term.k === 'template') {
    const inner = new Set<number>();
    if (term.k === 'comp') {
      walkTermChildren(term, (v) => inner.add(v.id));
      dropOwned(inner, term.own);
    } else {
      for (const part of term.parts) {
        if (typeof part === 'string') continue;
        const one = literalFree(part);
        dropOwned(one, part.own);
        for (const id of one) inner.add(id);
      }
    }
    for (const id of inner) free.add(id);
    return;
  }
  walkTerm(
    term,
    (v) => free.add(v.id),
    (closure) => termFree(closure, free),
  );
}

export function bodyFree(body: Body, free: Set<number>): void {
  for (const literal of body) walkLiteral(literal, (v) => free.add(v.id));
}

type Visit = (v: Extract<Term, { k: 'local' }>) => void;

/** Visits each variable; closures are given to `closure`, or entered (without what they own). */
function walkTerm(term: Term, visit: Visit, closure?: (term: Term) => void): void {
  if (term.k === 'local') visit(term);
  else if (term.k === 'comp' || term.k === 'template') {
    if (closure !== undefined) closure(term);
    else walkClosure(term, visit);
  } else if (term.k === 'ref') for (const t of [term.head, ...term.path]) walkTerm(t, visit, closure);
  else if (term.k === 'array' || term.k === 'set') for (const t of term.items) walkTerm(t, visit, closure);
  else if (term.k === 'object') for (const t of term.items.flat()) walkTerm(t, visit, closure);
  else if (term.k === 'call') for (const t of term.args) walkTerm(t, visit, closure);
}

function outsideOf(own: Owned | undefined, visit: Visit): Visit {
  return (v) => {
    if (own === undefined || v.id < own[0] || v.id >= own[1]) visit(v);
  };
}

function walkClosure(term: Extract<Term, { k: 'comp' | 'template' }>, visit: Visit): void {
  if (term.k === 'comp') walkTermChildren(term, outsideOf(term.own, visit));
  else
    for (const part of term.parts)
      if (typeof part !== 'string') walkLiteral(part, outsideOf(part.own, visit));
}

function walkTermChildren(term: Extract<Term, { k: 'comp' }>, visit: Visit): void {
  if (term.key !== null) walkTerm(term.key, visit);
  walkTerm(term.value, visit);
  for (const literal of term.body) walkLiteral(literal, visit);
}

export function walkLiteral(literal: Literal, visit: Visit): void {
  for (const w of literal.withs) walkTerm(w.value, visit);
  const { expr } = literal;
  switch (expr.x) {
    case 'term':
      return walkTerm(expr.term, visit);
    case 'unify':
    case 'assign':
      walkTerm(expr.left, visit);
      return walkTerm(expr.right, visit);
    case 'some':
      return undefined;
    case 'somein':
      if (expr.key !== null) walkTerm(expr.key, visit);
      walkTerm(expr.value, visit);
      return walkTerm(expr.coll, visit);
    case 'every': {
      walkTerm(expr.coll, visit);
      const outside = outsideOf(expr.own, visit);
      for (const inner of expr.body) walkLiteral(inner, outside);
      return undefined;
    }
    case 'not':
      return walkLiteral(expr.body, visit);
    default:
      expr satisfies never;
      return undefined;
  }
}
