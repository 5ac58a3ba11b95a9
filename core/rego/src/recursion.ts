import { RegoError } from './errors.ts';
import type { Group, Node, Tree } from './tree.ts';
import { walkRule } from './walk.ts';
import type { Callee, Term } from './ast.ts';

/** Adds an error for every group of rules that refers to itself, directly or through others. */
export function checkRecursion(tree: Tree, errors: RegoError[]): void {
  const edges = new Map(tree.groups.map((group) => [group, dependencies(group, tree)] as const));
  const state = new Map<Group, 'open' | 'done'>();
  const path: Group[] = [];
  const visit = (group: Group): void => {
    state.set(group, 'open');
    path.push(group);
    for (const next of edges.get(group) ?? []) {
      if (state.get(next) === 'open') errors.push(cycle(path.slice(path.indexOf(next))));
      else if (!state.has(next)) visit(next);
    }
    path.pop();
    state.set(group, 'done');
  };
  for (const group of tree.groups) if (!state.has(group)) visit(group);
}

function cycle(groups: readonly Group[]): RegoError {
  const names = groups.map((group) => `data.${group.path.join('.')}`);
  const [first] = groups;
  const at = first?.entries[0]?.rule.at ?? first?.defaultRule?.at ?? { file: '', row: 1, col: 1 };
  // Rules below a reference with variables are computed together here; such a cycle may be legal Rego.
  const several = groups.some((group) => group.kind === 'object' && group.entries.length > 1);
  return new RegoError(
    several ? 'rego_unsupported' : 'rego_recursion_error',
    `rule ${names[0] ?? ''} is recursive: ${[...names, names[0] ?? ''].join(' -> ')}`,
    at,
  );
}

function dependencies(group: Group, tree: Tree): Set<Group> {
  const found = new Set<Group>();
  const addCallee = (fn: Callee | undefined): void => {
    if (fn?.c !== 'func') return;
    const target = tree.byPath.get(fn.path);
    if (target !== undefined) found.add(target);
  };
  const rules = group.entries.map((entry) => entry.rule);
  for (const rule of group.defaultRule === null ? rules : [...rules, group.defaultRule]) {
    walkRule(rule, {
      term: (term) => {
        if (term.k === 'call') addCallee(term.fn);
        else if (term.k === 'ref' && isData(term.head)) addReached(tree, term.path, found);
        else if (isData(term)) addAll(tree.root, found);
      },
      with: (w) => addCallee(w.replacement),
    });
  }
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
