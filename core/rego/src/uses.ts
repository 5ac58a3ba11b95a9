import type { Literal, Term } from './ast.ts';
import type { ResolvedBranch, ResolvedRule } from './resolve.ts';
import { packageKey } from './paths.ts';
import type { Group, Tree } from './tree.ts';
import { walkLiteral, walkTerm } from './walk.ts';

/** A rule that a condition or a value refers to, by the name of its group. */
export interface Use {
  readonly group: string;
  /** The condition asks that there be nothing: under `not`, or in `count(…)`. */
  readonly negated: boolean;
}

/** `data.pkg.name`; names that are no identifiers are quoted. */
export function groupName(path: readonly string[]): string {
  return path.reduce(
    (name, key) => (/^[A-Za-z_]\w*$/.test(key) ? `${name}.${key}` : `${name}[${JSON.stringify(key)}]`),
    'data',
  );
}

/** The rules that one condition refers to, those in its closures and `with` included. */
export function literalUses(tree: Tree, literal: Literal): readonly Use[] {
  const uses = new Map<string, boolean>();
  addLiteral(tree, literal, uses);
  return list(uses);
}

/** The rules that a body, its value and its place refer to. */
export function bodyUses(tree: Tree, rule: ResolvedRule, branch: ResolvedBranch): readonly Use[] {
  const uses = new Map<string, boolean>();
  for (const literal of branch.body) addLiteral(tree, literal, uses);
  for (const term of [branch.value, ...rule.dynamic, ...(rule.member === null ? [] : [rule.member])])
    walkTerm(term, visitor(tree, uses, false));
  return list(uses);
}

function list(uses: ReadonlyMap<string, boolean>): Use[] {
  return [...uses].map(([group, negated]) => ({ group, negated }));
}

function addLiteral(tree: Tree, literal: Literal, uses: Map<string, boolean>): void {
  walkLiteral(literal, visitor(tree, uses, literal.expr.x === 'not'));
}

function visitor(
  tree: Tree,
  uses: Map<string, boolean>,
  negated: boolean,
): { readonly term: (term: Term) => void } {
  return {
    term: (term) => {
      const group = groupOf(tree, term);
      if (group !== null) {
        const name = groupName(group.path);
        uses.set(name, negated || uses.get(name) === true);
      }
      if (term.k !== 'call' || term.fn.c !== 'builtin' || term.fn.name !== 'count') return;
      for (const counted of term.args.map((arg) => groupOf(tree, arg)))
        if (counted !== null) uses.set(groupName(counted.path), true);
    },
  };
}

/** The group whose document a reference reads, or whose function a call calls. */
function groupOf(tree: Tree, term: Term): Group | null {
  if (term.k === 'call') return term.fn.c === 'func' ? (tree.byPath.get(term.fn.path) ?? null) : null;
  if (term.k !== 'ref' || term.head.k !== 'root' || term.head.name !== 'data') return null;
  const path: string[] = [];
  for (const key of term.path) {
    if (key.k !== 'scalar' || typeof key.v !== 'string') return null;
    path.push(key.v);
    const group = tree.byPath.get(packageKey(path));
    if (group !== undefined) return group;
  }
  return null;
}
