import type { Term } from './ast.ts';
import { packageKey } from './paths.ts';
import type { Group, Node, Tree } from './tree.ts';
import { walkRule } from './walk.ts';

/** What a document is computed from. Each path begins with `data` or `input`. */
export interface DocumentDependencies {
  /** Documents from outside, as far as their path is constant. */
  readonly base: readonly (readonly string[])[];
  /** Documents that rules define, itself included. */
  readonly virtual: readonly (readonly string[])[];
}

/** The documents that the document at a path depends on, directly or through others. */
export function documentDependencies(tree: Tree, path: readonly string[]): DocumentDependencies {
  const base = new Map<string, readonly string[]>();
  const virtual = new Map<string, readonly string[]>();
  const add = (to: Map<string, readonly string[]>, found: readonly string[]): void => {
    to.set(packageKey(found), found);
  };
  const seen = new Set<Group>();
  const visit = (group: Group): void => {
    if (seen.has(group)) return;
    seen.add(group);
    add(virtual, ['data', ...group.path]);
    const rules = group.entries.map((entry) => entry.rule);
    for (const rule of group.defaultRule === null ? rules : [...rules, group.defaultRule])
      walkRule(rule, {
        term,
        with: (w) => {
          if (w.replacement?.c === 'func') call(w.replacement.path);
        },
      });
  };
  const call = (at: string): void => {
    const target = tree.byPath.get(at);
    if (target !== undefined) visit(target);
  };
  const term = (found: Term): void => {
    if (found.k === 'call' && found.fn.c === 'func') call(found.fn.path);
    else if (found.k === 'root') document(found.name, []);
    else if (found.k === 'ref' && found.head.k === 'root')
      document(found.head.name, constantKeys(found.path));
  };
  const document = (root: 'input' | 'data', keys: readonly string[]): void => {
    if (root === 'input') {
      add(base, ['input', ...keys]);
      return;
    }
    let node: Node | undefined = tree.root;
    for (const key of keys) {
      node = node.children.get(key);
      if (node === undefined) break;
      if (node.group !== null) {
        visit(node.group);
        return;
      }
    }
    if (node === undefined) add(base, ['data', ...keys]);
    else below(node);
  };
  const below = (node: Node): void => {
    if (node.group !== null && node.group.kind !== 'func') visit(node.group);
    for (const child of node.children.values()) below(child);
  };
  document('data', path);
  return { base: sorted(base), virtual: sorted(virtual) };
}

function constantKeys(path: readonly Term[]): string[] {
  const keys: string[] = [];
  for (const key of path) {
    if (key.k !== 'scalar' || typeof key.v !== 'string') break;
    keys.push(key.v);
  }
  return keys;
}

/** Without those below another one. */
function sorted(paths: ReadonlyMap<string, readonly string[]>): (readonly string[])[] {
  const all = [...paths.values()].filter(
    (path) => !path.some((_, i) => i > 0 && i < path.length && paths.has(packageKey(path.slice(0, i)))),
  );
  return all.toSorted((a, b) => (a.join('\u0000') < b.join('\u0000') ? -1 : 1));
}
