import type { Body, Literal, Rule, Term } from '../../ast.ts';
import { calleeOf, nameOf, pathOf, termsIn, termsInLiteral } from '../tree.ts';
import type { Found, LintRule } from '../types.ts';
import { ALLOWS } from './access.ts';

export const negatedUnknown: LintRule = {
  id: 'negated-unknown',
  title: 'What a negated question is about may be missing',
  severity: 'warning',
  why: 'When `input.x` is missing, `not f(input.x)` is not true but undefined, and so is the rule: a denial that rests on it does not hold. Under a name of its own, the question is false then, and its negation true.',
  bad: 'deny contains "not here" if not input.resource.mount in {"local"}\n',
  good: 'deny contains "not here" if not is_local\n\nis_local if input.resource.mount in {"local"}\n',
  check: ({ ast }) =>
    ast.rules.flatMap((rule) =>
      // What is missing then allows nothing, which is right.
      ALLOWS.has(nameOf(rule)) ? [] : rule.branches.flatMap(({ body }) => unknownIn(rule, body)),
    ),
};

function unknownIn(rule: Rule, body: Body): Found[] {
  const positive = body.filter(({ expr }) => expr.x !== 'not');
  const known = new Set(positive.flatMap((literal) => [...inputsIn(termsInLiteral(literal))]));
  for (const arg of rule.head.args ?? []) for (const input of inputsIn(termsIn(arg))) known.add(input);
  return body.flatMap((literal): Found[] => {
    const call = negatedCall(literal);
    if (call === null || literal.withs.length > 0) return [];
    const unknown = [...inputsIn(call.args.flatMap((arg) => [...termsIn(arg)]))].find(
      (input) => ![...known].some((one) => one === input || one.startsWith(`${input}.`)),
    );
    if (unknown === undefined) return [];
    const message = `when ${unknown} is missing, this is undefined and not true`;
    const hint = 'ask in a rule of its own, and negate that: not is_known';
    return [{ at: literal.at, message, hint }];
  });
}

/** A comparison by == is special: it is false when a side is missing. */
function negatedCall({ expr }: Literal): Extract<Term, { k: 'call' }> | null {
  if (expr.x !== 'not' || expr.body.withs.length > 0 || expr.body.expr.x !== 'term') return null;
  const { term } = expr.body.expr;
  return term.k === 'call' && calleeOf(term) !== 'equal' ? term : null;
}

/** References below `input`, as `input.a.b`. */
function* inputsIn(terms: Iterable<Term>): Generator<string> {
  for (const term of terms) {
    const path = term.k === 'ref' ? pathOf(term) : null;
    if (path?.[0] === 'input') yield path.join('.');
  }
}
