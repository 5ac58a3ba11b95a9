import type { Body, Expr, Literal, Term } from './ast.ts';
import type { ResolvedRule } from './resolve.ts';

interface Change {
  readonly literal: (literal: Literal) => Literal;
  readonly term: (term: Term) => Term;
}

/** Rebuilds a rule with every literal changed, those inside closures included. */
export function mapLiterals(rule: ResolvedRule, literal: Change['literal']): ResolvedRule {
  return mapRule(rule, { literal, term: (term) => term });
}

/** Rebuilds a rule with every term changed after those in it, but for the expressions in template strings. */
export function mapTerms(rule: ResolvedRule, term: Change['term']): ResolvedRule {
  return mapRule(rule, { literal: (literal) => literal, term });
}

function mapRule(rule: ResolvedRule, change: Change): ResolvedRule {
  const term = (t: Term): Term => mapTerm(t, change);
  return {
    ...rule,
    dynamic: rule.dynamic.map(term),
    member: rule.member === null ? null : term(rule.member),
    branches: rule.branches.map((branch) => ({
      ...branch,
      value: term(branch.value),
      body: mapBody(branch.body, change),
    })),
  };
}

function mapBody(body: Body, change: Change): Body {
  return body.map((literal) => mapLiteral(literal, change));
}

function mapLiteral(literal: Literal, change: Change): Literal {
  const withs = literal.withs.map((w) => ({ ...w, value: mapTerm(w.value, change) }));
  return change.literal({ ...literal, expr: mapExpr(literal.expr, change), withs });
}

function mapExpr(expr: Expr, change: Change): Expr {
  const term = (t: Term): Term => mapTerm(t, change);
  switch (expr.x) {
    case 'term':
      return { x: 'term', term: term(expr.term) };
    case 'unify':
    case 'assign':
      return { ...expr, left: term(expr.left), right: term(expr.right) };
    case 'some':
      return expr;
    case 'somein':
      return { ...expr, coll: term(expr.coll) };
    case 'every':
      return { ...expr, coll: term(expr.coll), body: mapBody(expr.body, change) };
    case 'not':
      return { x: 'not', body: mapLiteral(expr.body, change) };
    default:
      expr satisfies never;
      return expr;
  }
}

function mapTerm(term: Term, change: Change): Term {
  return change.term(mapBelow(term, change));
}

function mapBelow(term: Term, change: Change): Term {
  const map = (t: Term): Term => mapTerm(t, change);
  switch (term.k) {
    case 'scalar':
    case 'var':
    case 'local':
    case 'root':
      return term;
    case 'ref':
      return { ...term, head: map(term.head), path: term.path.map(map) };
    case 'array':
    case 'set':
      return { ...term, items: term.items.map(map) };
    case 'object':
      return { ...term, items: term.items.map(([k, v]) => [map(k), map(v)] as const) };
    case 'call':
      return { ...term, args: term.args.map(map) };
    case 'comp':
      return {
        ...term,
        key: term.key === null ? null : map(term.key),
        value: map(term.value),
        body: mapBody(term.body, change),
      };
    case 'template':
      // The expressions inside stay terms: an output argument has no place there.
      return { ...term, parts: term.parts };
    default:
      term satisfies never;
      return term;
  }
}
