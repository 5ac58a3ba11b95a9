import type { Body, Literal, Owned, Term } from './ast.ts';
import { RegoError } from './errors.ts';
import type { Location } from './errors.ts';
import { closuresOf } from './closures.ts';
import type { ResolvedBranch, ResolvedRule } from './resolve.ts';
import { literalReady, orNothing } from './safety.ts';
import { startOf } from './types/errors.ts';

type Local = Extract<Term, { k: 'local' }>;

/** A place where a variable is used. */
interface Occurrence {
  readonly v: Local;
  readonly at: Location;
  /** On the left side of `:=`; its expression is unsafe because of something else. */
  readonly assigned: boolean;
}

/** Puts every body in the order in which it is evaluated, and names each variable that nothing gives a value. */
export class SafetyCheck {
  private readonly orders = new Map<Body, Body>();
  private readonly inHeads: RegoError[] = [];
  private readonly inBodies: RegoError[] = [];

  /** The expressions of a body that was checked, each after those that give its variables values; null for other bodies. */
  readonly ordered = (body: Body): Body | null => this.orders.get(body) ?? null;

  /** What is wrong with all rules that were given. */
  errors(): readonly RegoError[] {
    return this.inHeads.length > 0 ? this.inHeads : this.inBodies;
  }

  rule(rule: ResolvedRule): void {
    for (const branch of rule.branches) this.branch(rule, branch);
  }

  private branch(rule: ResolvedRule, { body, value }: ResolvedBranch): void {
    const bound = new Set<number>();
    for (const arg of rule.args ?? []) occurrences(arg, arg.at, (found) => bound.add(found.v.id));
    const head = [...rule.dynamic, ...(rule.member === null ? [value] : [rule.member])];
    const computed: Literal[] = [];
    const named: Local[] = [];
    for (const term of head) splitHead(term, named, computed);
    if (named.length > 0) this.head(named, body, computed, bound);
    this.body(body, computed, bound);
  }

  /** Variables of the head must appear in the body. */
  private head(
    named: readonly Local[],
    body: Body,
    computed: readonly Literal[],
    args: ReadonlySet<number>,
  ): void {
    const seen = new Set(args);
    for (const literal of [...body, ...computed])
      literalOccurrences(literal, (found) => seen.add(found.v.id));
    for (const v of named) if (!seen.has(v.id)) this.inHeads.push(unsafe(v, v.at));
  }

  /** Adds to `bound` what the body and what the head computes after it bind. */
  private body(body: Body, after: readonly Literal[], bound: Set<number>): void {
    const all = [...body, ...after];
    const waiting = [...all];
    const order: Literal[] = [];
    while (waiting.length > 0) {
      const at = waiting.findIndex((literal) => orNothing(bound, () => literalReady(literal, bound)));
      const [found] = at < 0 ? [] : waiting.splice(at, 1);
      if (found === undefined) break;
      order.push(found);
    }
    this.orders.set(body, after.length === 0 ? order : order.filter((literal) => !after.includes(literal)));
    if (waiting.length > 0) this.report(waiting, bound);
    for (const literal of all) this.closures(literal, bound);
  }

  private report(waiting: readonly Literal[], bound: Set<number>): void {
    const found: Occurrence[] = [];
    for (const literal of waiting)
      literalOccurrences(literal, (one) => {
        if (!bound.has(one.v.id) && one.v.name !== '') found.push(one);
      });
    const others = found.some((one) => !one.assigned);
    for (const { v, at, assigned } of found.toSorted(inOrder)) {
      if (bound.has(v.id)) continue;
      bound.add(v.id);
      if (!assigned || !others) this.inBodies.push(unsafe(v, at));
    }
  }

  private closures(literal: Literal, bound: ReadonlySet<number>): void {
    closuresOf(literal, ({ body, head, before, at }) => {
      const inner = new Set(bound);
      for (const v of before) inner.add(v);
      const computed: Literal[] = [];
      const named: Local[] = [];
      for (const term of head) splitHead(term, named, computed);
      this.body(body, computed, inner);
      for (const v of named) {
        if (inner.has(v.id)) continue;
        inner.add(v.id);
        this.inBodies.push(unsafe(v, at));
      }
    });
  }
}

function inOrder(a: Occurrence, b: Occurrence): number {
  return a.at.row - b.at.row || a.at.col - b.at.col;
}

function unsafe(v: Local, at: Location): RegoError {
  return new RegoError(
    'rego_unsafe_var_error',
    `var ${v.name} is unsafe`,
    at,
    'every variable needs a value from an expression that is not negated',
  );
}

/** Takes a term of a head apart: variables that stand in it, and what is computed like an expression of the body. */
function splitHead(term: Term, named: Local[], computed: Literal[]): void {
  if (term.k === 'local') named.push(term);
  else if (term.k === 'array' || term.k === 'set')
    for (const item of term.items) splitHead(item, named, computed);
  else if (term.k === 'object') for (const part of term.items.flat()) splitHead(part, named, computed);
  else if (term.k !== 'scalar' && term.k !== 'root')
    computed.push({ expr: { x: 'term', term }, withs: [], at: startOf(term) });
}

type Visit = (found: Occurrence) => void;

function outside(own: Owned | undefined, visit: Visit): Visit {
  return (found) => {
    if (own === undefined || found.v.id < own[0] || found.v.id >= own[1]) visit(found);
  };
}

/** Variables of a term that do not belong to its closures. A call inside it is an expression of its own. */
function occurrences(term: Term, at: Location, visit: Visit, assigned = false): void {
  switch (term.k) {
    case 'local':
      visit({ v: term, at, assigned });
      return;
    case 'ref':
      for (const part of [term.head, ...term.path]) occurrences(part, at, visit);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) occurrences(item, at, visit, assigned);
      return;
    case 'object':
      for (const part of term.items.flat()) occurrences(part, at, visit, assigned);
      return;
    case 'call':
      for (const arg of term.args) occurrences(arg, startOf(term), visit);
      return;
    case 'comp': {
      const free = outside(term.own, (found) => visit({ ...found, at }));
      if (term.key !== null) occurrences(term.key, at, free);
      occurrences(term.value, at, free);
      for (const literal of term.body) literalOccurrences(literal, free);
      return;
    }
    case 'template':
      for (const part of term.parts) {
        if (typeof part === 'string') continue;
        // Such expressions are closures, and yet their variables are asked of the expression around them.
        literalOccurrences(part, (found) => visit({ ...found, at }));
      }
      return;
    default:
  }
}

function literalOccurrences(literal: Literal, visit: Visit): void {
  const { expr, at } = literal;
  for (const w of literal.withs) occurrences(w.value, at, visit);
  switch (expr.x) {
    case 'term':
      if (expr.term.k === 'call') for (const arg of expr.term.args) occurrences(arg, at, visit);
      else occurrences(expr.term, at, visit);
      return;
    case 'unify':
    case 'assign':
      occurrences(expr.left, at, visit, expr.x === 'assign');
      occurrences(expr.right, at, visit);
      return;
    case 'some':
      return;
    case 'somein':
      if (expr.key !== null) occurrences(expr.key, at, visit);
      occurrences(expr.value, at, visit);
      occurrences(expr.coll, at, visit);
      return;
    case 'every': {
      occurrences(expr.coll, startOf(expr.coll), visit);
      const free = outside(expr.own, visit);
      for (const inner of expr.body) literalOccurrences(inner, free);
      return;
    }
    case 'not':
      literalOccurrences({ ...expr.body, at }, visit);
      return;
    default:
      expr satisfies never;
  }
}
