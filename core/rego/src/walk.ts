import type { Body, Literal, Term, With } from './ast.ts';
import type { ResolvedRule } from './resolve.ts';

/** What `walkRule` reports. */
export interface Visitor {
  readonly term?: (term: Term) => void;
  readonly with?: (w: With) => void;
  readonly literal?: (literal: Literal) => void;
}

/** Visits every term and `with` of a rule, closures included. */
export function walkRule(rule: ResolvedRule, visitor: Visitor): void {
  for (const term of [...(rule.args ?? []), ...rule.dynamic, ...(rule.member === null ? [] : [rule.member])])
    walkTerm(term, visitor);
  for (const branch of rule.branches) {
    walkTerm(branch.value, visitor);
    walkBody(branch.body, visitor);
  }
}

function walkBody(body: Body, visitor: Visitor): void {
  for (const literal of body) walkLiteral(literal, visitor);
}

export function walkLiteral(literal: Literal, visitor: Visitor): void {
  visitor.literal?.(literal);
  for (const w of literal.withs) {
    visitor.with?.(w);
    walkTerm(w.value, visitor);
  }
  const { expr } = literal;
  switch (expr.x) {
    case 'term':
      walkTerm(expr.term, visitor);
      return;
    case 'unify':
    case 'assign':
      walkTerm(expr.left, visitor);
      walkTerm(expr.right, visitor);
      return;
    case 'some':
      return;
    case 'somein':
      for (const term of [...(expr.key === null ? [] : [expr.key]), expr.value, expr.coll])
        walkTerm(term, visitor);
      return;
    case 'every':
      walkTerm(expr.coll, visitor);
      walkBody(expr.body, visitor);
      return;
    case 'not':
      walkLiteral(expr.body, visitor);
      return;
    default:
      expr satisfies never;
  }
}

export function walkTerm(term: Term, visitor: Visitor): void {
  visitor.term?.(term);
  switch (term.k) {
    case 'scalar':
    case 'var':
    case 'local':
    case 'root':
      return;
    case 'ref':
      // A root counts on its own only where it stands alone.
      if (term.head.k !== 'root') walkTerm(term.head, visitor);
      for (const key of term.path) walkTerm(key, visitor);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) walkTerm(item, visitor);
      return;
    case 'object':
      for (const item of term.items.flat()) walkTerm(item, visitor);
      return;
    case 'call':
      for (const arg of term.args) walkTerm(arg, visitor);
      return;
    case 'comp':
      if (term.key !== null) walkTerm(term.key, visitor);
      walkTerm(term.value, visitor);
      walkBody(term.body, visitor);
      return;
    case 'template':
      for (const part of term.parts) if (typeof part !== 'string') walkLiteral(part, visitor);
      return;
    default:
      term satisfies never;
  }
}
