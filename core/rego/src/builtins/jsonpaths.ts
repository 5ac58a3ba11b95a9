import {
  compare,
  equal,
  isArray,
  isObject,
  keyOf,
  objectEntries,
  objectFrom,
  sizeOf,
  typeName,
} from '../values.ts';
import type { Value } from '../values.ts';
import { applyPatches, pathOf, Refused } from './json-patch.ts';
import { operands } from './operands.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

function removeAt(v: Value, path: readonly Value[], charge: (steps: number) => void): Value {
  charge(sizeOf(v) >> 1);
  const [head, ...rest] = path;
  if (head === undefined) return v;
  if (isArray(v)) {
    const at = Number(head);
    if (v[at] === undefined) return v;
    return rest.length === 0
      ? v.filter((_, i) => i !== at)
      : v.map((item, i) => (i === at ? removeAt(item, rest, charge) : item));
  }
  if (!isObject(v)) return v;
  return objectFrom(
    objectEntries(v).flatMap(([k, item]): (readonly [Value, Value])[] => {
      if (!equal(k, head)) return [[k, item]];
      return rest.length === 0 ? [] : [[k, removeAt(item, rest, charge)]];
    }),
  );
}

/** The parts of a document that the paths name. An empty path keeps everything below. */
function keepOnly(v: Value, wanted: readonly (readonly Value[])[]): Value {
  if (wanted.some((path) => path.length === 0)) return v;
  const byHead = Map.groupBy(wanted, ([head]) => keyOf(head as Value));
  const below = (k: Value): (readonly Value[])[] => byHead.get(keyOf(k))?.map((path) => path.slice(1)) ?? [];
  if (isArray(v)) {
    return v.flatMap((item, i) => {
      const inner = [...below(String(i)), ...below(i)];
      return inner.length === 0 ? [] : [keepOnly(item, inner)];
    });
  }
  if (!isObject(v)) return v;
  return objectFrom(
    objectEntries(v).flatMap(([k, item]): (readonly [Value, Value])[] => {
      const inner = below(k);
      return inner.length === 0 ? [] : [[k, keepOnly(item, inner)]];
    }),
  );
}

/** Built-ins that address parts of documents by path. */
export function jsonPathBuiltins({ fail, charge }: BuiltinContext): BuiltinTable {
  const op = operands(fail);
  const paths = (v: Value | undefined): (readonly Value[])[] | undefined => {
    const list = op.members(v, 2);
    const found: (readonly Value[])[] = [];
    for (const item of list ?? []) {
      const path = pathOf(item);
      if (path === undefined)
        return fail.operand(
          2,
          `must be one of {set, array} containing string paths or array of path segments but got ${typeName(item)}`,
        );
      // The empty path names nothing.
      if (path.length > 0) found.push(path);
    }
    return list === undefined ? undefined : found;
  };
  return {
    'json.remove': {
      arity: 2,
      fn: (v, list) => {
        const from = op.object(v, 1);
        const wanted = from === undefined ? undefined : paths(list);
        if (from === undefined || wanted === undefined) return undefined;
        // Later indexes first, so that removing one does not move the next.
        return wanted
          .toSorted((a, b) => -compare(a.map(numbered), b.map(numbered)))
          .reduce<Value>((at, path) => removeAt(at, path, charge), from);
      },
    },
    'json.filter': {
      arity: 2,
      fn: (v, list) => {
        const from = op.object(v, 1);
        const wanted = from === undefined ? undefined : paths(list);
        return from === undefined || wanted === undefined ? undefined : keepOnly(from, wanted);
      },
    },
    'json.patch': {
      arity: 2,
      fn: (v, patches) => {
        const list = op.array(patches, 2);
        if (v === undefined || list === undefined) return undefined;
        const done = applyPatches(v, list, charge);
        if (!(done instanceof Refused)) return done;
        return done.operand ? fail.operand(2, done.message) : fail.error(done.message);
      },
    },
  };
}

function numbered(k: Value): Value {
  return typeof k === 'string' && /^\d+$/.test(k) ? Number(k) : k;
}
