import type { Term, With } from '../ast.ts';
import { RegoError } from '../errors.ts';
import { dataPath, packageKey } from '../paths.ts';
import { literal } from './emit.ts';
import type { Emitter, Env } from './emit.ts';

type Done = () => void;
type Inner = (env: Env, done: Done) => void;

/**
 * Emits an expression under `with`: computes the values, sets the overrides, collects all solutions, undoes the overrides, and only
 * then continues. A new generation number while the overrides hold keeps remembered rule values apart.
 */
export function emitWith(
  e: Emitter,
  withs: readonly With[],
  env: Env,
  outputs: readonly number[],
  inner: Inner,
  then: Done,
): void {
  const values: string[] = [];
  const computeFrom = (i: number): void => {
    const w = withs[i];
    if (w === undefined) {
      emitScope(e, withs, values, env, outputs, inner, then);
      return;
    }
    const replaced = replacement(e, w);
    if (replaced !== null) {
      values.push(replaced);
      computeFrom(i + 1);
      return;
    }
    e.gen.term(e, w.value, env, (atom) => {
      values.push(mockId(e, w) === null ? atom : `() => ${atom}`);
      computeFrom(i + 1);
    });
  };
  computeFrom(0);
}

/** The name under which a function or built-in is known to `mocks`, when this `with` replaces one. */
export function mockKey(e: { info: Emitter['info'] }, w: With): string | null {
  if (w.callee?.c === 'builtin') return `builtin:${w.callee.name}`;
  const path = dataPath(w.target);
  return path !== null && e.info.tree.byPath.get(path)?.kind === 'func' ? `func:${path}` : null;
}

function mockId(e: Emitter, w: With): number | null {
  const key = mockKey(e, w);
  return key === null ? null : (e.info.mocks.get(key) ?? null);
}

/** The function that takes the place of the target, as an expression; null when the value is an ordinary value. */
function replacement(e: Emitter, w: With): string | null {
  const id = mockId(e, w);
  if (id === null || w.replacement === undefined || w.replacement.c === 'name') return null;
  let call: string;
  if (w.replacement.c === 'builtin') {
    const info = e.info.builtin(w.replacement.name);
    if (info === null || !info.supported || info.relation)
      throw new RegoError(
        'rego_unsupported',
        `built-in function ${w.replacement.name} is not supported`,
        w.at,
      );
    call = e.builtinFunction(w.replacement.name);
  } else {
    const group = e.info.tree.byPath.get(w.replacement.path);
    if (group?.kind !== 'func') return null;
    call = e.functionName(group);
  }
  // While the replacement runs, the original is reachable again.
  return `(...a) => { const was = m${id}; const g = gen; m${id} = null; gen = ++S.gen; const v = ${call}(...a); m${id} = was; gen = g; return v; }`;
}

function emitScope(
  e: Emitter,
  withs: readonly With[],
  values: readonly string[],
  env: Env,
  outputs: readonly number[],
  inner: Inner,
  then: Done,
): void {
  const undo: string[] = [];
  const save = (variable: string): void => {
    const saved = e.bind(variable);
    undo.unshift(`${variable} = ${saved};`);
  };
  save('gen');
  withs.forEach((w, i) => {
    const value = values[i] ?? 'undefined';
    const id = mockId(e, w);
    if (id !== null) {
      save(`m${id}`);
      e.line(`m${id} = ${value};`);
      return;
    }
    const { root, path } = targetPath(w.target);
    const variable = root === 'input' ? 'IN' : 'D';
    save(variable);
    if (root === 'data') {
      const mask = e.info.masks.get(packageKey(path));
      if (mask !== undefined) {
        save(`w${mask.id}`);
        e.line(`w${mask.id} = true;`);
      }
    }
    e.line(`${variable} = patch(${variable}, [${path.map((name) => literal(name)).join(', ')}], ${value});`);
  });
  e.line('gen = ++S.gen;');
  const found = e.bind('[]');
  const label = e.fresh('L');
  const names: string[] = [];
  e.block(`${label}:`, () => {
    const scope = new Map(env);
    inner(scope, () => {
      if (outputs.length === 0) e.line(`${found}.push(null); break ${label};`);
      else e.line(`${found}.push([${outputs.map((id) => scope.get(id) ?? 'undefined').join(', ')}]);`);
    });
  });
  for (const line of undo) e.line(line);
  const item = e.fresh('v');
  e.block(`for (const ${item} of ${found})`, () => {
    e.fuel();
    outputs.forEach((id, i) => {
      const name = e.bind(`${item}[${i}]`);
      names.push(name);
      env.set(id, name);
    });
    then();
  });
}

/** The constant path that a `with` replaces. */
export function targetPath(target: Term): { root: 'input' | 'data'; path: string[] } {
  const head = target.k === 'ref' ? target.head : target;
  if (head.k !== 'root')
    throw new RegoError(
      'rego_type_error',
      'with keyword target must reference existing input, data, or a function',
      target.at,
    );
  const path: string[] = [];
  for (const key of target.k === 'ref' ? target.path : []) {
    if (key.k !== 'scalar' || typeof key.v !== 'string')
      throw new RegoError('rego_unsupported', 'with keyword target must be a constant path', target.at);
    path.push(key.v);
  }
  return { root: head.name, path };
}
