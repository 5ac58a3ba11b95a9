import type { Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import { unsafeVar } from '../safety.ts';
import { compareStrings } from '../values.ts';
import { condition, emitAll } from './atoms.ts';
import { constantValue } from './emit.ts';
import type { Emitter, Env, Then } from './emit.ts';
import { emitRef } from './refs.ts';
import { emitReadLocal } from './trace.ts';
import { emitWith } from './with.ts';

/** Emits code that computes a term, once per way to compute it, and runs `then` with each defined value. */
export function emitTerm(e: Emitter, term: Term, env: Env, then: Then): void {
  if (term.k === 'scalar') {
    then(e.scalar(term.v));
    return;
  }
  const constant = constantValue(term);
  if (constant !== undefined) {
    then(e.constant(constant));
    return;
  }
  switch (term.k) {
    case 'local': {
      const atom = env.get(term.id);
      if (atom === undefined) throw unsafeVar(term);
      emitReadLocal(e, term, atom);
      then(atom);
      return;
    }
    case 'root':
    case 'ref':
      emitRef(e, term, env, then);
      return;
    case 'array':
      emitAll(e, term.items, env, (atoms) => then(e.bind(`[${atoms.join(', ')}]`)));
      return;
    case 'set':
      emitAll(e, term.items, env, (atoms) => then(e.bind(`makeSet([${atoms.join(', ')}])`)));
      return;
    case 'object':
      emitAll(e, term.items.flat(), env, (atoms) => then(emitObject(e, term, atoms)));
      return;
    case 'comp':
      emitComprehension(e, term, env, then);
      return;
    case 'call':
      emitCall(e, term, env, then);
      return;
    case 'template':
      emitTemplate(e, term, env, then);
      return;
    case 'var':
      throw new Error(`unresolved variable ${term.name}`);
    default:
      term satisfies never;
  }
}

function emitObject(e: Emitter, term: Extract<Term, { k: 'object' }>, atoms: readonly string[]): string {
  const keys = term.items.map(([key]) => (key.k === 'scalar' && typeof key.v === 'string' ? key.v : null));
  if (keys.every((key) => key !== null) && new Set(keys).size === keys.length) {
    const name = e.bind('new Bare()');
    const fields = keys.map((key, i) => [key, atoms[i * 2 + 1] ?? ''] as const);
    // In order, so that nothing has to sort them when the object is compared.
    for (const [key, atom] of fields.toSorted(([a], [b]) => compareStrings(a, b)))
      e.line(`${name}[${JSON.stringify(key)}] = ${atom};`);
    return name;
  }
  return e.bind(
    `makeObject([${term.items.map((_, i) => `[${atoms[i * 2] ?? ''}, ${atoms[i * 2 + 1] ?? ''}]`).join(', ')}])`,
  );
}

function emitComprehension(e: Emitter, term: Extract<Term, { k: 'comp' }>, env: Env, then: Then): void {
  const made = { array: '[]', set: 'makeSet([])', object: 'new ObjectBuilder()' }[term.of];
  const name = e.bind(made);
  const before = e.ordered;
  // Only the order of an array shows; sets and objects forget it.
  e.ordered = term.of === 'array' ? 1 : 0;
  const place = term.of === 'object' ? e.constant(term.at) : '';
  e.block('', () => {
    const inner = new Map(env);
    e.gen.body(e, term.body, inner, () => {
      const parts = term.key === null ? [term.value] : [term.key, term.value];
      emitAll(e, parts, inner, (atoms) => {
        if (term.of === 'array') e.line(`${name}.push(${atoms[0] ?? ''});`);
        else if (term.of === 'set') e.line(`${name}.add(${atoms[0] ?? ''});`);
        else e.line(`${name}.put(${atoms[0] ?? ''}, ${atoms[1] ?? ''}, ${place});`);
      });
    });
  });
  e.ordered = before;
  then(term.of === 'object' ? e.bind(`${name}.done()`) : name);
}

/** Each expression inside counts as `<undefined>` when it has no value. */
function emitTemplate(e: Emitter, term: Extract<Term, { k: 'template' }>, env: Env, then: Then): void {
  const place = e.constant(term.at);
  const parts = term.parts.map((part) => {
    if (typeof part === 'string') return JSON.stringify(part);
    const name = e.fresh('t');
    e.line(`let ${name};`);
    const inner = new Map(env);
    const { expr } = part;
    if (expr.x !== 'term') throw new Error('template part is not a term');
    if (part.withs.length === 0)
      emitTerm(e, expr.term, inner, (atom) => e.line(`${name} = single(${name}, ${atom}, ${place});`));
    else {
      // No variable has a negative number: this one carries the value out of the overrides.
      const carried = -1;
      const compute = (scope: Env, done: () => void): void =>
        emitTerm(e, expr.term, scope, (atom) => {
          scope.set(carried, atom);
          done();
        });
      emitWith(e, part.withs, inner, [carried], compute, () =>
        e.line(`${name} = single(${name}, ${inner.get(carried) ?? 'undefined'}, ${place});`),
      );
    }
    return `show(${name})`;
  });
  then(e.bind(parts.length === 0 ? '""' : `"" + ${parts.join(' + ')}`));
}

function emitCall(e: Emitter, term: Extract<Term, { k: 'call' }>, env: Env, then: Then): void {
  const { fn } = term;
  if (fn.c === 'name') throw new Error('unresolved call');
  if (fn.c === 'func') {
    const group = e.info.tree.byPath.get(fn.path);
    if (group === undefined || group.kind !== 'func') throw undefinedFunction(fn.path, term);
    if (term.args.length !== group.arity) throw arity(`data.${group.path.join('.')}`, group.arity, term);
    const mock = e.info.mocks.get(`func:${fn.path}`);
    emitAll(e, term.args, env, (atoms) => {
      const direct = `${e.functionName(group)}(${atoms.join(', ')})`;
      e.defined(
        mock === undefined ? direct : `(m${mock} === null ? ${direct} : m${mock}(${atoms.join(', ')}))`,
        then,
      );
    });
    return;
  }
  const info = e.info.builtin(fn.name);
  if (info === null) throw new RegoError('rego_type_error', `undefined function ${fn.name}`, term.at);
  if (!info.supported)
    throw new RegoError('rego_unsupported', `built-in function ${fn.name} is not supported`, term.at);
  if (term.args.length !== info.arity && info.arity >= 0) throw arity(fn.name, info.arity, term);
  emitAll(e, term.args, env, (atoms) => {
    const [a, b] = atoms;
    const test =
      atoms.length === 2 && a !== undefined && b !== undefined ? condition(e, fn.name, a, b) : null;
    if (test !== null && (!e.abstract || fn.name === 'equal' || fn.name === 'neq')) {
      then(e.bind(test));
      return;
    }
    const call = `${e.builtinFunction(fn.name)}(${atoms.join(', ')})`;
    if (e.strict) e.line(`S.call = ${e.constant({ name: fn.name, at: term.at })};`);
    const mock = e.info.mocks.get(`builtin:${fn.name}`);
    if (info.relation) {
      const item = e.fresh('v');
      e.block(`for (const ${item} of ${call})`, () => {
        e.fuel();
        then(item);
      });
      return;
    }
    e.defined(
      mock === undefined ? call : `(m${mock} === null ? ${call} : m${mock}(${atoms.join(', ')}))`,
      then,
    );
  });
}

function undefinedFunction(path: string, term: Term): RegoError {
  const parsed: unknown = JSON.parse(path);
  return new RegoError(
    'rego_type_error',
    `undefined function data.${Array.isArray(parsed) ? parsed.join('.') : path}`,
    term.at,
  );
}

function arity(name: string, want: number, term: Extract<Term, { k: 'call' }>): RegoError {
  return new RegoError(
    'rego_type_error',
    `${name}: arity mismatch: want ${want} argument(s), have ${term.args.length}`,
    term.at,
  );
}
