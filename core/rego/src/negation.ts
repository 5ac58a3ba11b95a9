import type { Expr, Literal, Term } from './ast.ts';

/**
 * Takes the calls out of the operands of a negated expression, so that they are computed before it: `not f(g(x)) == 1` is
 * `a = g(x); b = f(a); not b == 1`. Hence a negated expression is true only when what it asks about has values, as in OPA.
 * @param fresh hands out variables
 */
export function withCallsBefore(literal: Literal, fresh: () => number): readonly Literal[] {
  const { expr, withs, at } = literal;
  if (expr.x !== 'not') return [literal];
  const before: Literal[] = [];
  const operand = (term: Term): Term => {
    const inner = within(term, operand);
    if (inner.k !== 'call') return inner;
    const local: Term = { k: 'local', id: fresh(), name: '', at: inner.at };
    before.push({ expr: { x: 'unify', left: local, right: inner }, withs, at: inner.at });
    return local;
  };
  const negated = operandsOf(expr.body.expr, operand, (term) => within(term, operand));
  const rest: Literal = { ...literal, expr: { x: 'not', body: { ...expr.body, expr: negated } } };
  return before.length === 0 ? [literal] : [...before, { ...rest, at }];
}

/**
 * Takes the references out of the operands of a negated expression; calls are out already. A reference that is the whole expression
 * or one side of an equation stays: `not input.x` and `not input.x == 1` are true when there is no `input.x`.
 * @param take gets each reference and gives what stands for it
 */
export function withReferencesTaken(expr: Expr, take: (ref: Term) => Term): Expr {
  const operand = (term: Term): Term => {
    if (term.k === 'ref' || term.k === 'root') return take(within(term, operand));
    return within(term, operand);
  };
  const side = (term: Term): Term => (term.k === 'ref' ? within(term, operand) : operand(term));
  if (expr.x === 'unify') return { ...expr, left: side(expr.left), right: side(expr.right) };
  if (expr.x === 'term' && expr.term.k === 'call' && isEquality(expr.term))
    return { x: 'term', term: { ...expr.term, args: expr.term.args.map(side) } };
  if (expr.x === 'term' && expr.term.k !== 'call') return { x: 'term', term: side(expr.term) };
  return operandsOf(expr, operand, (term) => within(term, operand));
}

function isEquality(term: Extract<Term, { k: 'call' }>): boolean {
  return term.fn.c === 'builtin' && term.fn.name === 'equal';
}

/** The expression with its operands changed; `top` changes a term that is the whole expression. */
function operandsOf(expr: Expr, operand: (term: Term) => Term, top: (term: Term) => Term): Expr {
  switch (expr.x) {
    case 'term':
      return { x: 'term', term: top(expr.term) };
    case 'unify':
      return { ...expr, left: operand(expr.left), right: operand(expr.right) };
    case 'every':
      return { ...expr, coll: operand(expr.coll) };
    default:
      return expr;
  }
}

/** The term with its parts changed; closures and the name of what is called are no parts. */
function within(term: Term, change: (part: Term) => Term): Term {
  switch (term.k) {
    case 'ref': {
      const head = term.head.k === 'root' || term.head.k === 'local' ? term.head : change(term.head);
      return { ...term, head, path: term.path.map(change) };
    }
    case 'array':
    case 'set':
      return { ...term, items: term.items.map(change) };
    case 'object':
      return { ...term, items: term.items.map(([k, v]) => [change(k), change(v)] as const) };
    case 'call':
      return { ...term, args: term.args.map(change) };
    default:
      return term;
  }
}
