import type { Body, Literal, Scalar, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { ResolvedBranch, ResolvedRule } from '../resolve.ts';
import { orderBody } from '../safety.ts';
import { constantValue } from './emit.ts';

/** A place in the input or in an argument, and the constants that let a rule pass. */
export interface Condition {
  /** The same for the same place. */
  readonly key: string;
  /** Reads the place. An argument is a local with the id `argumentId(i)`. */
  readonly read: Term;
  readonly values: readonly Scalar[];
}

/** What a branch tests before anything that costs a step or can fail; null for tests that no constant decides. */
export type Steps = readonly (Condition | null)[];

type Aliases = Map<number, Term>;

/** The id of the variable that stands for an argument in readings. No variable of a policy has it. */
export function argumentId(i: number): number {
  return -2 - i;
}

/** The steps of every branch of a rule. */
export function stepsOf(rule: ResolvedRule): readonly Steps[] {
  return rule.branches.map((branch) => branchSteps(rule.args ?? [], branch));
}

function branchSteps(args: readonly Term[], { body }: ResolvedBranch): Steps {
  const steps: (Condition | null)[] = [];
  const aliases: Aliases = new Map();
  for (const [i, arg] of args.entries()) {
    const given: Term = { k: 'local', id: argumentId(i), name: '', at: arg.at };
    if (arg.k === 'scalar') steps.push(condition(given, [arg.v]));
    else if (arg.k !== 'local') return steps;
    else if (aliases.has(arg.id)) steps.push(null);
    else aliases.set(arg.id, given);
  }
  for (const literal of ordered(body, aliases)) {
    const step = stepOf(literal, aliases);
    if (step === undefined) break;
    steps.push(...step);
  }
  return steps;
}

function ordered(body: Body, aliases: Aliases): Body {
  try {
    return orderBody(body, new Set(aliases.keys()));
  } catch (error) {
    // It is reported where the body's code is made.
    if (error instanceof RegoError) return [];
    throw error;
  }
}

/** The steps of one literal; undefined when it might cost a step, fail or have several solutions. */
function stepOf({ expr, withs }: Literal, aliases: Aliases): Steps | undefined {
  if (withs.length > 0) return undefined;
  switch (expr.x) {
    case 'term':
      return testOf(expr.term, aliases);
    case 'some':
      return [];
    case 'unify':
    case 'assign':
      return unifyOf(expr.left, expr.right, aliases) ?? unifyOf(expr.right, expr.left, aliases);
    case 'not':
      return stepOf(expr.body, new Map(aliases)) === undefined ? undefined : [null];
    case 'somein':
    case 'every':
      return undefined;
    default:
      expr satisfies never;
      return undefined;
  }
}

function testOf(term: Term, aliases: Aliases): Steps | undefined {
  if (isSimple(term, aliases)) return [null];
  if (term.k !== 'call' || term.fn.c !== 'builtin') return undefined;
  const [a, b] = term.args;
  if (a === undefined || b === undefined || !isSimple(a, aliases)) return undefined;
  switch (term.fn.name) {
    case 'equal':
      return isSimple(b, aliases) ? [equation(a, b, aliases)] : undefined;
    case 'neq':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return isSimple(b, aliases) ? [null] : undefined;
    case 'internal.member_2': {
      const read = placeOf(a, aliases);
      const values = scalars(b);
      if (values === null) return isSimple(b, aliases) ? [null] : undefined;
      return [read === null ? null : condition(read, values)];
    }
    default:
      return undefined;
  }
}

function unifyOf(left: Term, right: Term, aliases: Aliases): Steps | undefined {
  if (!isSimple(right, aliases)) return undefined;
  if (left.k === 'local' && !aliases.has(left.id)) {
    aliases.set(left.id, placeOf(right, aliases) ?? right);
    return [];
  }
  return isSimple(left, aliases) ? [equation(left, right, aliases)] : undefined;
}

function equation(a: Term, b: Term, aliases: Aliases): Condition | null {
  for (const [place, constant] of [
    [a, b],
    [b, a],
  ] as const) {
    const read = placeOf(place, aliases);
    if (read !== null && constant.k === 'scalar') return condition(read, [constant.v]);
  }
  return null;
}

function condition(read: Term, values: readonly Scalar[]): Condition {
  const head = read.k === 'ref' ? read.head : read;
  const root = head.k === 'local' ? head.id : 'input';
  const path = read.k === 'ref' ? read.path.map((key) => (key.k === 'scalar' ? key.v : null)) : [];
  return { key: JSON.stringify([root, ...path]), read, values };
}

/** A scalar, or something that is read from a place. */
function isSimple(term: Term, aliases: Aliases): boolean {
  return term.k === 'scalar' || placeOf(term, aliases) !== null || isAliasOfScalar(term, aliases);
}

function isAliasOfScalar(term: Term, aliases: Aliases): boolean {
  return term.k === 'local' && aliases.get(term.id)?.k === 'scalar';
}

/** The term as a reading of the input or an argument below constant keys. */
function placeOf(term: Term, aliases: Aliases): Term | null {
  if (term.k === 'root') return term.name === 'input' ? term : null;
  if (term.k === 'local') {
    const known = aliases.get(term.id);
    return known === undefined || known.k === 'scalar' ? null : known;
  }
  if (term.k !== 'ref') return null;
  if (!term.path.every((key) => key.k === 'scalar' && typeof key.v === 'string')) return null;
  const head = placeOf(term.head, aliases);
  if (head === null) return null;
  return head.k === 'ref'
    ? { ...term, head: head.head, path: [...head.path, ...term.path] }
    : { ...term, head };
}

/** The members of a constant array or set, when all are scalars. */
function scalars(term: Term): readonly Scalar[] | null {
  if ((term.k !== 'array' && term.k !== 'set') || constantValue(term) === undefined) return null;
  const values: Scalar[] = [];
  for (const item of term.items) {
    if (item.k !== 'scalar') return null;
    values.push(item.v);
  }
  return values;
}
