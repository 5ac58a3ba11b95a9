import type { Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import { calleeName, referenceError, showTerm, startOf } from './errors.ts';
import type { Inference } from './infer.ts';
import type { TypeNode } from './rule-types.ts';

import { ANY, keysOf, selectKey, valuesOf } from './type.ts';
import type { Maybe } from './type.ts';
import { unifies } from './unify.ts';

type Ref = Extract<Term, { k: 'ref' }>;

/** Why a reference can have no value, or null. Variables among its keys get the type of the keys. */
export function checkReference(ref: Ref, types: Inference, rules: TypeNode): RegoError | null {
  const { head, path } = ref;
  if (head.k !== 'root') {
    const type = head.k === 'scalar' ? ANY : types.of(head);
    return type === null ? null : checkBelow(ref, type, 0, types);
  }
  if (head.name === 'input' || types.isUnknown(path)) return checkBelow(ref, ANY, 0, types);
  const error = functionAsValue(ref, types);
  return error ?? checkData(ref, types, rules);
}

function functionAsValue(ref: Ref, types: Inference): RegoError | null {
  const path: string[] = [];
  for (const key of ref.path) {
    if (key.k !== 'scalar' || typeof key.v !== 'string') return null;
    path.push(key.v);
    if (types.isFunction(path))
      return new RegoError(
        'rego_type_error',
        `function ${showTerm(ref)} used as reference, not called`,
        startOf(ref),
        `write ${calleeName({ c: 'name', path: ['data', ...path] })}(…)`,
      );
  }
  return null;
}

/** Follows the rules; keys of packages are strings. */
function checkData(ref: Ref, types: Inference, rules: TypeNode): RegoError | null {
  let node = rules;
  for (let i = 0; i < ref.path.length; i += 1) {
    if (node.value !== null) {
      const key = ref.path[i] as Term;
      const inner = key.k === 'scalar' ? node.children.get(key.v) : undefined;
      if (inner === undefined) return checkBelow(ref, node.value, i, types);
      node = inner;
      continue;
    }
    const key = ref.path[i] as Term;
    if (key.k !== 'scalar') {
      const extent = node.extent();
      const have = types.of(key);
      const want = keysOf(extent);
      if (have === null) types.unify(key, want);
      else if (!unifies(want, have)) return referenceError(ref, i, extent, have);
      return bindRest(ref, i + 1, types);
    }
    const child = node.children.get(key.v);
    if (child === undefined) return checkBelow(ref, ANY, i, types);
    node = child;
  }
  return null;
}

/** Below several rules at once nothing is an error; variables still get a type. */
function bindRest(ref: Ref, from: number, types: Inference): null {
  for (const key of ref.path.slice(from)) if (types.of(key) === null) types.unify(key, ANY);
  return null;
}

/** Follows a reference below a value of a known type. */
function checkBelow(ref: Ref, type: Maybe, from: number, types: Inference): RegoError | null {
  let found = type;
  for (let i = from; i < ref.path.length; i += 1) {
    const key = ref.path[i] as Term;
    const keys = keysOf(found);
    if (keys === null) {
      if (found === null || isEmpty(found)) return bindRest(ref, i, types);
      return referenceError(ref, i, found, null);
    }
    if (key.k === 'scalar') {
      const selected = selectKey(found, key.v);
      if (selected === null) return referenceError(ref, i, found, null);
      found = selected;
      continue;
    }
    const have = types.of(key);
    const fits =
      have === null || key.k === 'array' || key.k === 'object' || key.k === 'set'
        ? types.unify(key, keys)
        : unifies(have, keys);
    if (!fits && (have !== null || key.k !== 'call')) return referenceError(ref, i, found, have);
    found = valuesOf(found);
  }
  return null;
}

function isEmpty(type: Maybe): boolean {
  if (type?.t === 'object') return type.props.length === 0 && type.rest === null;
  if (type?.t === 'array') return type.items.length === 0 && type.rest === null;
  return type?.t === 'set' && type.of === null;
}
