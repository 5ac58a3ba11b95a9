import type { Body, Literal, Term } from './ast.ts';
import type { ResolvedRule } from './resolve.ts';
import { mapTerms } from './rewrite.ts';

type Text = Extract<Term, { readonly k: 'scalar' }>;

/**
 * Puts constant names in the place of variables that are equal to them: with `x := "roles"`, `data.app[x]` reads `data.app.roles` and
 * no other rule of the package. What a reference may reach decides about recursion.
 */
export function inlineConstants(rule: ResolvedRule): ResolvedRule {
  const isCandidate = rule.branches.some(({ body }) => body.some(isTextEquation));
  if (!isCandidate) return rule;
  const known = new Map<number, Text>();
  for (const { body } of rule.branches) collect(body, known);
  return mapTerms(rule, (term) => {
    if (term.k !== 'ref' || term.head.k !== 'root' || term.head.name !== 'data') return term;
    const path = term.path.map((key) => (key.k === 'local' ? (known.get(key.id) ?? key) : key));
    return { ...term, path };
  });
}

/** What must hold for the body to hold, in any order; `y := x` passes on what is known of `x`. */
function collect(body: Body, known: Map<number, Text>): void {
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const literal of body) {
      const { expr } = literal;
      if (!isEquation(literal) || (expr.x !== 'assign' && expr.x !== 'unify')) continue;
      note(expr.left, expr.right, known);
      note(expr.right, expr.left, known);
    }
  }
}

function note(name: Term, value: Term, known: Map<number, Text>): void {
  if (name.k !== 'local' || known.has(name.id)) return;
  const found = value.k === 'local' ? known.get(value.id) : value;
  if (found !== undefined && isText(found)) known.set(name.id, found);
}

function isEquation({ expr, withs }: Literal): boolean {
  return withs.length === 0 && (expr.x === 'assign' || expr.x === 'unify');
}

function isTextEquation(literal: Literal): boolean {
  const { expr } = literal;
  if (!isEquation(literal) || (expr.x !== 'assign' && expr.x !== 'unify')) return false;
  return (isText(expr.left) && expr.right.k === 'local') || (isText(expr.right) && expr.left.k === 'local');
}

function isText(term: Term): term is Text {
  return term.k === 'scalar' && typeof term.v === 'string';
}
