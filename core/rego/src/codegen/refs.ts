import type { Term } from '../ast.ts';
import { canEval } from '../safety.ts';
import type { Node } from '../tree.ts';
import type { Emitter, Env, Then } from './emit.ts';
import { emitReadRef } from './trace.ts';
import { emitMatch } from './unify.ts';

/** Emits a reference: constant parts become direct reads, unbound variables become loops. */
export function emitRef(e: Emitter, term: Extract<Term, { k: 'ref' | 'root' }>, env: Env, then: Then): void {
  if (term.k === 'root') {
    emitRoot(e, term, term, [], env, then);
    return;
  }
  const { head, path } = term;
  if (head.k === 'root') {
    emitRoot(e, term, head, path, env, then);
    return;
  }
  e.gen.term(e, head, env, (atom) => emitPath(e, atom, path, env, then, term));
}

function emitRoot(
  e: Emitter,
  whole: Term,
  root: Extract<Term, { k: 'root' }>,
  path: readonly Term[],
  env: Env,
  then: Then,
): void {
  if (root.name === 'input') emitInput(e, path, env, then, whole);
  else emitData(e, path, env, then, whole);
}

function constantKey(term: Term | undefined): string | null {
  return term?.k === 'scalar' && typeof term.v === 'string' ? term.v : null;
}

/** A key as part of a dotted path: one that holds a dot could be taken for two. */
function readable(term: Term | undefined): string | null {
  const key = constantKey(term);
  return key === null || key === '' || key.includes('.') ? null : key;
}

function emitInput(e: Emitter, path: readonly Term[], env: Env, then: Then, whole: Term): void {
  if (e.abstract) {
    const first = readable(path[0]);
    const second = readable(path[1]);
    const read = first === null ? '' : second === null ? first : `${first}.${second}`;
    e.line(`S.reads.add(${JSON.stringify(read)});`);
  }
  emitPath(e, 'IN', path, env, then, whole);
}

function emitData(e: Emitter, path: readonly Term[], env: Env, then: Then, whole: Term): void {
  const { node, at } = descend(e.info.tree.root, path, 0);
  const rest = path.slice(at);
  const [next] = rest;
  if (node.group !== null && node.group.kind === 'func') {
    // A function is not a document: a reference to it without call has no value.
    e.block('if (false)', () => emitPath(e, 'undefined', rest, env, then, whole));
    return;
  }
  if (node.group !== null || next === undefined) {
    emitPath(e, e.extentCall(node), rest, env, then, whole);
    return;
  }
  if (next.k === 'scalar') {
    emitBase(e, path, env, then, whole);
    return;
  }
  emitChildren(e, node, next, rest.slice(1), env, then, whole);
}

/** Follows constant keys as far as there are packages and rules. */
function descend(from: Node, path: readonly Term[], start: number): { node: Node; at: number } {
  let node = from;
  let at = start;
  while (node.group === null && at < path.length) {
    const key = constantKey(path[at]);
    const next = key === null ? undefined : node.children.get(key);
    if (next === undefined) break;
    node = next;
    at += 1;
  }
  return { node, at };
}

/** `data.pkg[key].suffix`: only the part below the constant suffix is computed, for one child or for each of them. */
function emitChildren(
  e: Emitter,
  node: Node,
  key: Term,
  rest: readonly Term[],
  env: Env,
  then: Then,
  whole: Term,
): void {
  const cut = rest.findIndex((term) => constantKey(term) === null);
  const suffix = cut < 0 ? rest : rest.slice(0, cut);
  const after = rest.slice(suffix.length);
  const cases = [...node.children].flatMap(([name, child]) => {
    const value = staticRead(e, child, suffix);
    return value === null ? [] : [`case ${JSON.stringify(name)}: return ${value};`];
  });
  const base = node.path.reduce((expression, name) => `${e.accessor(name)}(${expression})`, 'D');
  const fallback = suffix.reduce(
    (expression, term) => `${e.accessor(constantKey(term) ?? '')}(${expression})`,
    `get(${base}, k)`,
  );
  const read = e.fresh('z');
  e.addFunction(
    `function ${read}(k) {${maskChecks(e, node.path, `return ${fallback};`)} switch (key(k)) { ${cases.join(' ')} default: return ${fallback}; } }`,
  );
  if (canEval(key, new Set(env.keys()))) {
    e.gen.term(e, key, env, (atom) => emitPath(e, `${read}(${atom})`, after, env, then, whole));
    return;
  }
  const names = e.constant([...node.children.keys()]);
  const item = e.fresh('v');
  e.block(`for (const ${item} of keysWith(${base}, ${names}))`, () => {
    e.fuel();
    emitMatch(e, key, item, env, () => emitPath(e, `${read}(${item})`, after, env, then, null));
  });
}

/** A constant path below a node as an expression; null when there is only a function. */
function staticRead(e: Emitter, from: Node, suffix: readonly Term[]): string | null {
  const { node, at } = descend(from, suffix, 0);
  const rest = suffix.slice(at).map((term) => constantKey(term) ?? '');
  const below = (expression: string, names: readonly string[]): string =>
    names.reduce((value, name) => `${e.accessor(name)}(${value})`, expression);
  if (node.group?.kind === 'func') return null;
  if (node.group !== null || rest.length === 0) return below(e.extentCall(node), rest);
  return below('D', [...node.path, ...rest]);
}

/** Statements that take effect while a `with` replaces the path or something above it. */
export function maskChecks(e: Emitter, path: readonly string[], effect: string): string {
  const above = [...e.info.masks.values()].filter(
    (mask) => mask.path.length <= path.length && mask.path.every((part, i) => part === path[i]),
  );
  return above.map((mask) => ` if (w${mask.id}) { ${effect} }`).join('');
}

/** In a path into base documents a number may also name a key (`data.ports[22]`), as OPA's storage has it. */
function emitBase(e: Emitter, path: readonly Term[], env: Env, then: Then, whole: Term): void {
  let base = 'D';
  let i = 0;
  for (const key of path) {
    if (key.k !== 'scalar') break;
    base =
      typeof key.v === 'number'
        ? `getBase(${base}, ${key.v})`
        : typeof key.v === 'string'
          ? `${e.accessor(key.v)}(${base})`
          : 'undefined';
    i += 1;
  }
  emitPath(e, base, path.slice(i), env, then, whole);
}

/** Emits reads below an expression. `whole`: the reference that ends with this path, null where a loop makes its value one of many. */
function emitPath(
  e: Emitter,
  base: string,
  path: readonly Term[],
  env: Env,
  then: Then,
  whole: Term | null,
): void {
  let expression = base;
  let i = 0;
  for (; i < path.length; i += 1) {
    const key = constantKey(path[i]);
    if (key === null) break;
    expression = `${e.accessor(key)}(${expression})`;
  }
  const key = path[i];
  const rest = path.slice(i + 1);
  if (key === undefined) {
    const name = e.bind(expression);
    emitReadRef(e, whole, Infinity, name);
    e.block(`if (${name} !== undefined)`, () => then(name));
    return;
  }
  if (canEval(key, new Set(env.keys()))) {
    const from = e.bind(expression);
    e.gen.term(e, key, env, (k) => emitPath(e, `get(${from}, ${k})`, rest, env, then, whole));
    return;
  }
  const from = e.bind(expression);
  emitReadRef(e, whole, (whole?.k === 'ref' ? whole.path.length : 0) - rest.length - 1, from);
  emitLoopOver(e, from, (k, v) => {
    emitMatch(e, key, k(), env, () => emitPath(e, v(), rest, env, then, null));
  });
}

/** Iterates over a collection; the continuation asks for the key's and the value's atom only if it needs them. */
export function emitLoop(
  e: Emitter,
  collection: string,
  then: (key: () => string, value: () => string) => void,
): void {
  emitLoopOver(e, e.bind(collection), then);
}

function emitLoopOver(
  e: Emitter,
  from: string,
  then: (key: () => string, value: () => string) => void,
): void {
  const keys = e.fresh('q');
  const index = e.fresh('i');
  e.line(`const ${keys} = keysOf(${from}, ${e.ordered > 0});`);
  e.block(
    `for (let ${index} = 0, n = ${keys} === null ? ${from}.length : ${keys}.length; ${index} < n; ${index}++)`,
    () => {
      e.fuel();
      then(
        () => e.bind(`${keys} === null ? ${index} : ${keys}[${index}]`),
        () => e.bind(`valueAt(${from}, ${keys}, ${index})`),
      );
    },
  );
}
