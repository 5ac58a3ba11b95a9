import type { Body, Expr, Literal, Term } from './ast.ts';
import type { Location } from './errors.ts';
import { isKnownBuiltin } from './builtins/names.ts';

/** A variable and how it came to be. */
export interface Declaration {
  readonly id: number;
  /** `:=`; `some x` or `every x`; `some x in xs`, which is a use as well. */
  readonly by: 'assigned' | 'declared' | 'bound';
  readonly at: Location;
}

/** Names visible in one body, with the scopes around it. */
export class Scope {
  readonly vars = new Map<string, number>();
  /** Names that a later expression of this body declares; until then closures do not see them. */
  readonly pending = new Set<string>();
  /** Names that were used here before an expression of this body declares them. */
  readonly early = new Set<string>();
  /** What this body declares, for those that ask whether it is used. */
  readonly declared = new Map<string, Declaration>();
  readonly parent: Scope | null;
  /** Names that may not be declared again here (function arguments). */
  readonly fixed: ReadonlySet<string>;

  constructor(parent: Scope | null, fixed: ReadonlySet<string> = new Set()) {
    this.parent = parent;
    this.fixed = fixed;
  }

  find(name: string): number | undefined {
    return this.vars.get(name) ?? this.parent?.find(name);
  }
}

/** Calls `visit` for every variable of a term as written, without entering closures. */
export function eachVar(term: Term, visit: (v: Extract<Term, { k: 'var' }>) => void): void {
  switch (term.k) {
    case 'var':
      visit(term);
      return;
    case 'ref':
      eachVar(term.head, visit);
      for (const key of term.path) eachVar(key, visit);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) eachVar(item, visit);
      return;
    case 'object':
      for (const [key, value] of term.items) {
        eachVar(key, visit);
        eachVar(value, visit);
      }
      return;
    case 'call':
      for (const arg of term.args) eachVar(arg, visit);
      return;
    case 'comp':
    case 'template':
    case 'scalar':
    case 'local':
    case 'root':
      return;
    default:
      term satisfies never;
  }
}

/** The terms of an expression that belong to its own scope. */
export function termsOf(expr: Expr): readonly Term[] {
  switch (expr.x) {
    case 'term':
      return [expr.term];
    case 'unify':
    case 'assign':
      return [expr.left, expr.right];
    case 'some':
      return [];
    case 'somein':
      return expr.key === null ? [expr.value, expr.coll] : [expr.key, expr.value, expr.coll];
    case 'every':
      return [expr.coll];
    case 'not':
      return literalTerms(expr.body);
    default:
      expr satisfies never;
      return [];
  }
}

function literalTerms(literal: Literal): readonly Term[] {
  // A value that spells a built-in is a replacement and no variable.
  const values = literal.withs.map((w) => w.value).filter((value) => !isKnownBuiltin(spelling(value) ?? ''));
  return [...termsOf(literal.expr), ...values];
}

/** All terms of a body that belong to its own scope. */
export function bodyTerms(body: Body): Term[] {
  return body.flatMap((literal) => literalTerms(literal));
}

/** The variables that an expression declares: by `:=`, `some x` and `some x in xs`. */
export function declared(expr: Expr): Extract<Term, { k: 'var' }>[] {
  const found: Extract<Term, { k: 'var' }>[] = [];
  const add = (v: Extract<Term, { k: 'var' }>): void => {
    found.push(v);
  };
  if (expr.x === 'assign') eachPatternVar(expr.left, add);
  else if (expr.x === 'some') for (const v of expr.vars) eachVar(v, add);
  else if (expr.x === 'somein') {
    if (expr.key !== null) eachPatternVar(expr.key, add);
    eachPatternVar(expr.value, add);
  }
  return found;
}

/** Variables in the places of a pattern where a value can be bound. */
export function eachPatternVar(term: Term, visit: (v: Extract<Term, { k: 'var' }>) => void): void {
  if (term.k === 'var') visit(term);
  else if (term.k === 'array') for (const item of term.items) eachPatternVar(item, visit);
  else if (term.k === 'object') for (const [, value] of term.items) eachPatternVar(value, visit);
}

/** The dotted name that a term spells, or null. */
export function spelling(term: Term): string | null {
  if (term.k === 'var') return term.name;
  if (term.k !== 'ref' || term.head.k !== 'var') return null;
  const path = [term.head.name];
  for (const key of term.path) {
    if (key.k !== 'scalar' || typeof key.v !== 'string') return null;
    path.push(key.v);
  }
  return path.join('.');
}
