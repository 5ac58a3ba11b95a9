import type { Body, Literal, Term } from './ast.ts';
import type { Location } from './errors.ts';

/** A body inside an expression, with variables of its own. */
export interface Closure {
  readonly body: Body;
  /** What it gives: the key and the value of a comprehension. */
  readonly head: readonly Term[];
  /** Variables that have values before its body begins: those of `every`. */
  readonly before: readonly number[];
  /** Where the expression is that it stands in. */
  readonly at: Location;
}

/** Visits the closures of a literal, but not those inside them. */
export function closuresOf(literal: Literal, visit: (closure: Closure) => void): void {
  const { expr, at } = literal;
  const term = (t: Term): void => termClosures(t, at, visit);
  for (const w of literal.withs) term(w.value);
  switch (expr.x) {
    case 'term':
      term(expr.term);
      return;
    case 'unify':
    case 'assign':
      term(expr.left);
      term(expr.right);
      return;
    case 'some':
      return;
    case 'somein':
      term(expr.coll);
      return;
    case 'every': {
      term(expr.coll);
      const before = [expr.key, expr.value].flatMap((v) => (v?.k === 'local' ? [v.id] : []));
      visit({ body: expr.body, head: [], before, at });
      return;
    }
    case 'not':
      closuresOf(expr.body, visit);
      return;
    default:
      expr satisfies never;
  }
}

function termClosures(term: Term, at: Location, visit: (closure: Closure) => void): void {
  switch (term.k) {
    case 'ref':
      for (const part of [term.head, ...term.path]) termClosures(part, at, visit);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) termClosures(item, at, visit);
      return;
    case 'object':
      for (const part of term.items.flat()) termClosures(part, at, visit);
      return;
    case 'call':
      for (const arg of term.args) termClosures(arg, at, visit);
      return;
    case 'comp':
      visit({
        body: term.body,
        head: term.key === null ? [term.value] : [term.key, term.value],
        before: [],
        at,
      });
      return;
    case 'template':
      for (const part of term.parts) if (typeof part !== 'string') closuresOf(part, visit);
      return;
    default:
  }
}
