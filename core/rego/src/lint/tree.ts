/** Ways through the AST as it was written, before names are resolved. */
import type { Body, Literal, Rule, Term } from '../ast.ts';

/** The terms that stand directly below a term, its bodies left out. */
function below(term: Term): readonly Term[] {
  switch (term.k) {
    case 'scalar':
    case 'var':
    case 'local':
    case 'root':
    case 'template':
      return [];
    case 'ref':
      return [term.head, ...term.path];
    case 'array':
    case 'set':
      return term.items;
    case 'object':
      return term.items.flat();
    case 'call':
      return term.args;
    case 'comp':
      return term.key === null ? [term.value] : [term.key, term.value];
    default:
      return term satisfies never;
  }
}

function bodiesIn(term: Term): Body {
  if (term.k === 'comp') return term.body;
  if (term.k !== 'template') return [];
  return term.parts.filter((part): part is Literal => typeof part !== 'string');
}

/** Every term of a rule, each before what stands below it. */
export function* termsOf(rule: Rule): Generator<Term> {
  const { ref, args, member } = rule.head;
  for (const term of [...ref.slice(1), ...(args ?? []), ...(member === null ? [] : [member])])
    yield* termsIn(term);
  for (const { value, body } of rule.branches) {
    if (value !== null) yield* termsIn(value);
    for (const literal of body) yield* termsInLiteral(literal);
  }
}

export function* termsIn(term: Term): Generator<Term> {
  yield term;
  for (const one of below(term)) yield* termsIn(one);
  for (const literal of bodiesIn(term)) yield* termsInLiteral(literal);
}

export function* termsInLiteral(literal: Literal): Generator<Term> {
  for (const { target, value } of literal.withs) {
    yield* termsIn(target);
    yield* termsIn(value);
  }
  const { expr } = literal;
  switch (expr.x) {
    case 'term':
      yield* termsIn(expr.term);
      return;
    case 'assign':
    case 'unify':
      yield* termsIn(expr.left);
      yield* termsIn(expr.right);
      return;
    case 'some':
      for (const name of expr.vars) yield* termsIn(name);
      return;
    case 'somein':
    case 'every':
      if (expr.key !== null) yield* termsIn(expr.key);
      yield* termsIn(expr.value);
      yield* termsIn(expr.coll);
      if (expr.x === 'every') for (const one of expr.body) yield* termsInLiteral(one);
      return;
    case 'not':
      yield* termsInLiteral(expr.body);
      return;
    default:
      expr satisfies never;
  }
}

/** A literal and how deep it stands: 1 in the rule's own body. */
export interface Placed {
  readonly literal: Literal;
  readonly depth: number;
  readonly negated: boolean;
}

/** Every literal of a rule, those of comprehensions, `every` and `not` included. */
export function* literalsOf(rule: Rule): Generator<Placed> {
  for (const { value, body } of rule.branches) {
    if (value !== null) yield* literalsBelow(value, 1, false);
    for (const literal of body) yield* nested(literal, 1, false);
  }
}

function* nested(literal: Literal, depth: number, negated: boolean): Generator<Placed> {
  yield { literal, depth, negated };
  const { expr } = literal;
  if (expr.x === 'every') for (const one of expr.body) yield* nested(one, depth + 1, negated);
  if (expr.x === 'not') yield* nested(expr.body, depth, true);
  else if (expr.x === 'term') yield* literalsBelow(expr.term, depth, negated);
  else if (expr.x === 'assign' || expr.x === 'unify') {
    yield* literalsBelow(expr.left, depth, negated);
    yield* literalsBelow(expr.right, depth, negated);
  } else if (expr.x === 'somein' || expr.x === 'every') yield* literalsBelow(expr.coll, depth, negated);
}

function* literalsBelow(term: Term, depth: number, negated: boolean): Generator<Placed> {
  for (const one of below(term)) yield* literalsBelow(one, depth, negated);
  for (const literal of bodiesIn(term)) yield* nested(literal, depth + 1, negated);
}

/** The first name of a rule. */
export function nameOf({ head: { ref } }: Rule): string {
  const [name] = ref;
  return name?.k === 'scalar' && typeof name.v === 'string' ? name.v : '';
}

/** `input.a.b` as `['input', 'a', 'b']`, up to the first part that is no constant; null when the head is no name. */
export function pathOf(term: Term): string[] | null {
  if (term.k === 'var') return [term.name];
  if (term.k !== 'ref' || term.head.k !== 'var') return null;
  const path = [term.head.name];
  for (const key of term.path) {
    if (key.k !== 'scalar' || typeof key.v !== 'string') break;
    path.push(key.v);
  }
  return path;
}

/** The name of what is called, as written. */
export function calleeOf(term: Term): string | null {
  if (term.k !== 'call') return null;
  return term.fn.c === 'name' ? term.fn.path.join('.') : term.fn.c === 'builtin' ? term.fn.name : null;
}

export function isText(
  term: Term | undefined,
): term is Extract<Term, { k: 'scalar' }> & { readonly v: string } {
  return term?.k === 'scalar' && typeof term.v === 'string';
}
