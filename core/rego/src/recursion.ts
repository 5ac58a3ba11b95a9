import { RegoError } from './errors.ts';
import type { Location } from './errors.ts';
import type { ResolvedRule } from './resolve.ts';
import type { Group, Node, Tree } from './tree.ts';
import { groupName } from './uses.ts';
import { walkRule } from './walk.ts';
import type { Callee, Term } from './ast.ts';

/** Which groups each group refers to. */
export type Dependencies = ReadonlyMap<Group, ReadonlySet<Group>>;

export function dependenciesOf(tree: Tree): Dependencies {
  return new Map(tree.groups.map((group) => [group, dependencies(group, tree)] as const));
}

/** The groups, each after those that it refers to. Those of a cycle come in some order. */
export function sortGroups(tree: Tree, edges: Dependencies): Group[] {
  const order: Group[] = [];
  const seen = new Set<Group>();
  const visit = (group: Group): void => {
    if (seen.has(group)) return;
    seen.add(group);
    for (const next of edges.get(group) ?? []) visit(next);
    order.push(group);
  };
  for (const group of tree.groups) visit(group);
  return order;
}

/** Adds an error for every rule that refers to itself, directly or through others. */
export function checkRecursion(tree: Tree, edges: Dependencies, errors: RegoError[]): void {
  for (const group of tree.groups) {
    if (pathBack(group, edges.get(group) ?? [], edges) === null) continue;
    const rules = group.entries.map((entry) => entry.rule);
    for (const rule of group.defaultRule === null ? rules : [...rules, group.defaultRule]) {
      for (const branch of rule.branches) {
        const path = pathBack(group, ruleDependencies({ ...rule, branches: [branch] }, tree), edges);
        if (path !== null)
          errors.push(cycle([group, ...path], rule.branches[0] === branch ? rule.at : branch.at));
      }
    }
  }
}

/** The groups on a way from some groups to a group, which is the last of them. */
function pathBack(goal: Group, from: Iterable<Group>, edges: Dependencies): Group[] | null {
  const seen = new Set<Group>();
  const search = (groups: Iterable<Group>): Group[] | null => {
    for (const group of groups) {
      if (group === goal) return [group];
      if (seen.has(group)) continue;
      seen.add(group);
      const found = search(edges.get(group) ?? []);
      if (found !== null) return [group, ...found];
    }
    return null;
  };
  return search(from);
}

function cycle(groups: readonly Group[], at: Location): RegoError {
  const names = groups.map((group) => groupName(group.path));
  // Rules below a reference with variables are computed together here; such a cycle may be legal Rego.
  const several = groups.some((group) => group.kind === 'object' && group.entries.length > 1);
  return new RegoError(
    several ? 'rego_unsupported' : 'rego_recursion_error',
    `rule ${names[0] ?? ''} is recursive: ${names.join(' -> ')}`,
    at,
  );
}

function dependencies(group: Group, tree: Tree): Set<Group> {
  const rules = group.entries.map((entry) => entry.rule);
  const all = group.defaultRule === null ? rules : [...rules, group.defaultRule];
  const found = new Set<Group>();
  for (const rule of all) for (const one of ruleDependencies(rule, tree)) found.add(one);
  return found;
}

function ruleDependencies(rule: ResolvedRule, tree: Tree): Set<Group> {
  const found = new Set<Group>();
  const addCallee = (fn: Callee | undefined): void => {
    if (fn?.c !== 'func') return;
    const target = tree.byPath.get(fn.path);
    if (target !== undefined) found.add(target);
  };
  walkRule(rule, {
    term: (term) => {
      if (term.k === 'call') addCallee(term.fn);
      else if (term.k === 'ref' && isData(term.head)) addReached(tree, term.path, found);
      else if (isData(term)) addAll(tree.root, found);
    },
    with: (w) => addCallee(w.replacement),
  });
  return found;
}

function isData(term: Term): boolean {
  return term.k === 'root' && term.name === 'data';
}

/** Groups that a reference may read: those on its way, or all below where the generated code takes a whole package. */
function addReached(tree: Tree, path: readonly Term[], found: Set<Group>): void {
  reach(tree.root, path, 0, false, found);
}

/** Follows constant keys exactly and one computed key into every child, as `emitData` does. */
function reach(node: Node, path: readonly Term[], i: number, branched: boolean, found: Set<Group>): void {
  const key = path[i];
  if (node.group !== null || key === undefined) addAll(node, found);
  else if (key.k === 'scalar') {
    const next = typeof key.v === 'string' ? node.children.get(key.v) : undefined;
    if (next !== undefined) reach(next, path, i + 1, branched, found);
  } else if (branched) addAll(node, found);
  else for (const child of node.children.values()) reach(child, path, i + 1, true, found);
}

function addAll(node: Node, found: Set<Group>): void {
  if (node.group !== null) {
    if (node.group.kind !== 'func') found.add(node.group);
    return;
  }
  for (const child of node.children.values()) addAll(child, found);
}
