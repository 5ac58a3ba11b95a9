import type { Body, Expr, Literal, Term } from './ast.ts';
import { RegoError } from './errors.ts';
import { bodyFree, dropOwned, freeOf, literalFree, walkLiteral } from './free.ts';

/** Variables that have a value at some point of a body. */
export type Bound = ReadonlySet<number>;

/**
 * Can the term be computed once these variables are bound? Variables that stand as keys of a reference may be
 * unbound: computing the reference binds them, and they are added to `bound`.
 */
export function canEval(term: Term, bound: Set<number>): boolean {
  switch (term.k) {
    case 'scalar':
    case 'root':
      return true;
    case 'local':
      return bound.has(term.id);
    case 'var':
      return false;
    case 'ref':
      return canEval(term.head, bound) && term.path.every((key) => canMatch(key, bound));
    case 'array':
    case 'set':
      return orderTerms(term.items, bound) !== null;
    case 'object':
      return orderTerms(term.items.flat(), bound) !== null;
    case 'call':
      return orderTerms(term.args, bound) !== null;
    case 'comp':
    case 'template':
      return [...freeOf(term)].every((id) => bound.has(id));
    default:
      term satisfies never;
      return false;
  }
}

/** Can the term be matched against a known value? Adds the variables that this binds. */
export function canMatch(term: Term, bound: Set<number>): boolean {
  if (term.k === 'local') {
    bound.add(term.id);
    return true;
  }
  if (term.k === 'array') return orderBy(term.items, bound, canMatch) !== null;
  if (term.k === 'object')
    return (
      orderTerms(
        term.items.map(([key]) => key),
        bound,
      ) !== null &&
      orderBy(
        term.items.map(([, value]) => value),
        bound,
        canMatch,
      ) !== null
    );
  return canEval(term, bound);
}

/** An order (of indexes) in which the terms can be computed, each binding what later ones need; null when there is none. */
export function orderTerms(terms: readonly Term[], bound: Set<number>): number[] | null {
  return orderBy(terms, bound, canEval);
}

/** Tries something that adds to `bound`; when it fails, nothing was added. */
export function orNothing(bound: Set<number>, ready: () => boolean): boolean {
  const { size } = bound;
  if (ready()) return true;
  // A set keeps the order in which its members came.
  if (bound.size > size) for (const id of [...bound].slice(size)) bound.delete(id);
  return false;
}

/** Greedy: always the first item that is ready. Readiness only grows, so greed finds an order if there is one. */
export function orderBy<T>(
  items: readonly T[],
  bound: Set<number>,
  ready: (item: T, bound: Set<number>) => boolean,
): number[] | null {
  const order: number[] = [];
  const left = items.map((_, i) => i);
  while (left.length > 0) {
    const at = left.findIndex((i) => orNothing(bound, () => ready(items[i] as T, bound)));
    const found = at < 0 ? undefined : left.splice(at, 1)[0];
    if (found === undefined) return null;
    order.push(found);
  }
  return order;
}

/** One equation of a unification after taking arrays and objects of equal shape apart. */
export type Pair = readonly [Term, Term];

/** Takes equal-shaped arrays and objects apart; null when the shapes can never be equal. */
export function splitPair(left: Term, right: Term): Pair[] | null {
  if (left.k === 'array' && right.k === 'array') {
    if (left.items.length !== right.items.length) return null;
    return concatPairs(left.items.map((item, i) => splitPair(item, right.items[i] as Term)));
  }
  if (left.k === 'object' && right.k === 'object') {
    const keys = constantKeys(left);
    const others = constantKeys(right);
    if (keys === null || others === null) return [[left, right]];
    if (keys.size !== others.size || [...keys.keys()].some((key) => !others.has(key))) return null;
    return concatPairs([...keys].map(([key, value]) => splitPair(value, others.get(key) as Term)));
  }
  return [[left, right]];
}

function concatPairs(parts: readonly (Pair[] | null)[]): Pair[] | null {
  const all: Pair[] = [];
  for (const part of parts) {
    if (part === null) return null;
    all.push(...part);
  }
  return all;
}

function constantKeys(term: Extract<Term, { k: 'object' }>): Map<string, Term> | null {
  const keys = new Map<string, Term>();
  for (const [key, value] of term.items) {
    if (key.k !== 'scalar' || typeof key.v !== 'string' || keys.has(key.v)) return null;
    keys.set(key.v, value);
  }
  return keys;
}

/** Is one side computable and the other one matchable? */
export function pairReady([left, right]: Pair, bound: Set<number>): boolean {
  return pairDirection([left, right], bound) !== null;
}

/** Which side to compute first; the other is matched against it. Adds what this binds. */
export function pairDirection([left, right]: Pair, bound: Set<number>): 'left' | 'right' | null {
  for (const side of ['right', 'left'] as const) {
    const [source, pattern] = side === 'left' ? [left, right] : [right, left];
    if (orNothing(bound, () => canEval(source, bound) && canMatch(pattern, bound))) return side;
  }
  return null;
}

function unifyReady(left: Term, right: Term, bound: Set<number>): boolean {
  const pairs = splitPair(left, right);
  return pairs === null || orderBy(pairs, bound, pairReady) !== null;
}

/** Can the literal be evaluated now? Adds the variables that it binds. */
export function literalReady(literal: Literal, bound: Set<number>): boolean {
  return literal.withs.every((w) => canEval(w.value, bound)) && exprReady(literal.expr, bound);
}

function exprReady(expr: Expr, bound: Set<number>): boolean {
  switch (expr.x) {
    case 'term':
      return canEval(expr.term, bound);
    case 'unify':
      return unifyReady(expr.left, expr.right, bound);
    case 'assign':
      return canEval(expr.right, bound) && canMatch(expr.left, bound);
    case 'some':
      return true;
    case 'somein':
      return (
        canEval(expr.coll, bound) &&
        (expr.key === null || canMatch(expr.key, bound)) &&
        canMatch(expr.value, bound)
      );
    case 'every': {
      const free = new Set<number>();
      bodyFree(expr.body, free);
      dropOwned(free, expr.own);
      return canEval(expr.coll, bound) && [...free].every((id) => bound.has(id));
    }
    case 'not':
      // Negation binds nothing, so all it mentions must have a value.
      return [...literalFree(expr.body)].every((id) => bound.has(id));
    default:
      expr satisfies never;
      return false;
  }
}

/**
 * The order in which the expressions of a body are evaluated: always the first one whose variables have values.
 * `bound` gets the variables of the whole body. Throws rego_unsafe_var_error when some variable can have no value.
 */
export function orderBody(body: Body, bound: Set<number>): Literal[] {
  const left = [...body];
  const order: Literal[] = [];
  while (left.length > 0) {
    const at = left.findIndex((literal) => orNothing(bound, () => literalReady(literal, bound)));
    const found = at < 0 ? undefined : left.splice(at, 1)[0];
    if (found === undefined) throw unsafe(left, bound);
    order.push(found);
  }
  return order;
}

function unsafe(left: readonly Literal[], bound: Bound): RegoError {
  const [first] = left;
  if (first === undefined) throw new Error('nothing is unsafe');
  for (const literal of left) {
    const named = namesIn(literal).find((v) => !bound.has(v.id));
    if (named !== undefined) return unsafeVar(named);
  }
  return new RegoError('rego_unsafe_var_error', 'expression is unsafe', first.at);
}

/** The error for a variable that nothing gives a value. */
export function unsafeVar(v: Extract<Term, { k: 'local' }>): RegoError {
  return new RegoError(
    'rego_unsafe_var_error',
    `var ${v.name} is unsafe`,
    v.at,
    'every variable needs a value from an expression that is not negated',
  );
}

function namesIn(literal: Literal): Extract<Term, { k: 'local' }>[] {
  const found: Extract<Term, { k: 'local' }>[] = [];
  walkLiteral(literal, (v) => found.push(v));
  return found;
}
