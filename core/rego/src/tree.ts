import { stringTerm } from './ast.ts';
import type { Term } from './ast.ts';
import { RegoError } from './errors.ts';
import { packageKey } from './paths.ts';
import type { ResolvedRule } from './resolve.ts';

/** A rule inside an object group, with its keys below the group's path. */
export interface Entry {
  readonly rule: ResolvedRule;
  readonly keys: readonly Term[];
}

/**
 * Rules that together define one value. `object`: references with variables, and everything below them, assembled into one
 * object. Others are the usual complete rules, partial sets and functions.
 */
export interface Group {
  readonly id: number;
  readonly path: readonly string[];
  readonly kind: 'complete' | 'set' | 'object' | 'func';
  readonly entries: readonly Entry[];
  readonly defaultRule: ResolvedRule | null;
  readonly arity: number;
}

/** A place in the data document below which there are packages and rules. */
export interface Node {
  readonly id: number;
  readonly path: readonly string[];
  readonly children: Map<string, Node>;
  group: Group | null;
}

export interface Tree {
  readonly root: Node;
  readonly nodes: readonly Node[];
  readonly groups: readonly Group[];
  readonly byPath: ReadonlyMap<string, Group>;
}

/** Sorts the rules into groups and the groups into the data document; adds an error for every clash. */
export function buildTree(
  rules: readonly ResolvedRule[],
  packages: readonly (readonly string[])[],
  errors: RegoError[],
): Tree {
  const roots = new Set(rules.filter((rule) => rule.dynamic.length > 0).map((rule) => packageKey(rule.path)));
  const members = new Map<string, { path: readonly string[]; entries: Entry[] }>();
  for (const rule of rules) {
    const cut = rule.path.findIndex((_, i) => roots.has(packageKey(rule.path.slice(0, i + 1))));
    const path = cut < 0 ? rule.path : rule.path.slice(0, cut + 1);
    const keys = [...rule.path.slice(path.length).map((name) => stringTerm(name, rule.at)), ...rule.dynamic];
    const key = packageKey(path);
    const found = members.get(key) ?? { path, entries: [] };
    found.entries.push({ rule, keys });
    members.set(key, found);
  }
  const nodes: Node[] = [];
  const newNode = (path: readonly string[]): Node => {
    const node: Node = { id: nodes.length, path, children: new Map(), group: null };
    nodes.push(node);
    return node;
  };
  const root = newNode([]);
  const nodeAt = (path: readonly string[]): Node => {
    let node = root;
    path.forEach((name, i) => {
      let next = node.children.get(name);
      if (next === undefined) {
        next = newNode(path.slice(0, i + 1));
        node.children.set(name, next);
      }
      node = next;
    });
    return node;
  };
  for (const path of packages) nodeAt(path);
  const groups: Group[] = [];
  const byPath = new Map<string, Group>();
  for (const [key, { path, entries }] of members) {
    const group = makeGroup(groups.length, path, entries, roots.has(key), errors);
    groups.push(group);
    byPath.set(key, group);
    nodeAt(path).group = group;
  }
  for (const node of nodes) if (node.group !== null && hasGroupBelow(node)) errors.push(nested(node));
  return { root, nodes, groups, byPath };
}

function hasGroupBelow(node: Node): boolean {
  return [...node.children.values()].some((child) => child.group !== null || hasGroupBelow(child));
}

function nested(node: Node): RegoError {
  const at = node.group?.entries[0]?.rule.at ?? { file: '', row: 1, col: 1 };
  return new RegoError(
    'rego_compile_error',
    `rule data.${node.path.join('.')} conflicts with rules or packages below it`,
    at,
  );
}

function makeGroup(
  id: number,
  path: readonly string[],
  entries: readonly Entry[],
  isRoot: boolean,
  errors: RegoError[],
): Group {
  const name = `data.${path.join('.')}`;
  const defaults = entries.filter((entry) => entry.rule.isDefault);
  const rest = entries.filter((entry) => !entry.rule.isDefault);
  const [first] = entries;
  if (first === undefined) throw new Error('group without rules');
  const isFunc = (entry: Entry): boolean => entry.rule.args !== null;
  const isSet = (entry: Entry): boolean => entry.rule.member !== null;
  const complain = (
    code: 'rego_type_error' | 'rego_compile_error' | 'rego_unsupported',
    message: string,
    entry: Entry,
  ): void => {
    errors.push(new RegoError(code, message, entry.rule.at));
  };
  if (defaults.length > 1)
    complain('rego_type_error', `multiple default rules ${name} found`, defaults[1] ?? first);
  const arity = first.rule.args?.length ?? 0;
  let kind: Group['kind'] = 'complete';
  if (isRoot) {
    kind = 'object';
    const odd = entries.find((entry) => isFunc(entry) || (entry.rule.isDefault && entry.keys.length === 0));
    if (odd !== undefined) complain('rego_type_error', `conflicting rules ${name} found`, odd);
    const [fallback] = defaults;
    if (odd === undefined && fallback !== undefined)
      complain(
        'rego_unsupported',
        `default rule inside ${name}, which also has rules with variables in their reference`,
        fallback,
      );
    const bare = rest.find((entry) => entry.keys.length === 0);
    if (bare !== undefined) complain('rego_type_error', `conflicting rules ${name} found`, bare);
  } else if (entries.some(isFunc)) {
    kind = 'func';
    const odd = entries.find((entry) => entry.rule.args?.length !== arity);
    if (odd !== undefined) complain('rego_type_error', `conflicting rules ${name} found`, odd);
  } else if (entries.some(isSet)) {
    kind = 'set';
    const odd = entries.find((entry) => !isSet(entry));
    if (odd !== undefined) complain('rego_type_error', `conflicting rules ${name} found`, odd);
  }
  return { id, path, kind, entries: rest, defaultRule: defaults[0]?.rule ?? null, arity };
}
