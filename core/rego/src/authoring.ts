import type { Literal, Term } from './ast.ts';
import type { Host } from './host.ts';
import type { ResolvedRule } from './resolve.ts';
import { mapLiterals } from './rewrite.ts';

/**
 * Prepares the rules for what the host wants to hear: prints that nobody takes are left out, cases of tests are announced.
 * @param prints is there a print in any of them?
 */
export function forAuthors(
  rules: readonly ResolvedRule[],
  host: Host,
  prints: boolean,
): readonly ResolvedRule[] {
  const heard =
    prints && host.print === undefined ? rules.map((rule) => mapLiterals(rule, withoutPrint)) : rules;
  return host.testCase === undefined ? heard : heard.map(announced);
}

function withoutPrint(literal: Literal): Literal {
  const { expr } = literal;
  if (expr.x !== 'term' || expr.term.k !== 'call' || expr.term.fn.c !== 'builtin') return literal;
  if (expr.term.fn.name !== 'internal.print') return literal;
  return { ...literal, expr: { x: 'term', term: { k: 'scalar', v: true, at: expr.term.at } } };
}

/** `test_x[name] if …` tells the name as soon as it is known, so that a case which then fails is missed. */
function announced(rule: ResolvedRule): ResolvedRule {
  const { dynamic, at } = rule;
  if (dynamic.length === 0 || rule.path.at(-1)?.startsWith('test_') !== true) return rule;
  const names: Term = { k: 'array', items: dynamic, at };
  const term: Term = { k: 'call', fn: { c: 'builtin', name: 'internal.test_case' }, args: [names], at };
  const literal: Literal = { expr: { x: 'term', term }, withs: [], at };
  return {
    ...rule,
    branches: rule.branches.map((branch) => ({ ...branch, body: [literal, ...branch.body] })),
  };
}
