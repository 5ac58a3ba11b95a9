import {
  compare,
  equal,
  isArray,
  isObject,
  objectEntries,
  objectFrom,
  objectGet,
  RegoSet,
} from '../values.ts';
import type { Value } from '../values.ts';
import { members } from './collections.ts';
import type { BuiltinTable } from './types.ts';

/** A path given as `a/b` (JSON pointer without or with leading slash) or as an array; undefined when it is neither. */
function pathOf(v: Value): readonly Value[] | undefined {
  if (isArray(v)) return v;
  if (typeof v !== 'string') return undefined;
  return v
    .replace(/^\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function paths(v: Value | undefined): (readonly Value[])[] | undefined {
  const list = v === undefined || typeof v === 'string' ? undefined : members(v);
  const found = list?.map(pathOf);
  return found?.every((path) => path !== undefined) ? found : undefined;
}

function removeAt(v: Value, path: readonly Value[]): Value {
  const [head, ...rest] = path;
  if (head === undefined) return v;
  if (isArray(v)) {
    const at = Number(head);
    if (v[at] === undefined) return v;
    return rest.length === 0
      ? v.filter((_, i) => i !== at)
      : v.map((item, i) => (i === at ? removeAt(item, rest) : item));
  }
  if (!isObject(v)) return v;
  return objectFrom(
    objectEntries(v).flatMap(([k, item]): (readonly [Value, Value])[] => {
      if (!equal(k, head)) return [[k, item]];
      return rest.length === 0 ? [] : [[k, removeAt(item, rest)]];
    }),
  );
}

/** The parts of a document that the paths name. An empty path keeps everything below. */
function keepOnly(v: Value, wanted: readonly (readonly Value[])[]): Value {
  if (wanted.some((path) => path.length === 0)) return v;
  const below = (k: Value): (readonly Value[])[] =>
    wanted.filter((path) => equal(path[0] as Value, k)).map((path) => path.slice(1));
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

/** Reads a place; undefined when there is none. */
function readAt(v: Value, path: readonly Value[]): Value | undefined {
  let at: Value | undefined = v;
  for (const k of path) {
    if (isArray(at))
      at = indexOf(k, at.length) === undefined ? undefined : at[indexOf(k, at.length) as number];
    else if (at instanceof RegoSet) at = at.has(k) ? k : undefined;
    else if (at !== undefined && isObject(at)) at = objectGet(at, k);
    else return undefined;
  }
  return at;
}

function indexOf(k: Value, length: number): number | undefined {
  const n = typeof k === 'string' && /^(?:0|[1-9]\d*)$/.test(k) ? Number(k) : k;
  return typeof n === 'number' && Number.isInteger(n) && n >= 0 && n < length ? n : undefined;
}

type Change = 'add' | 'remove' | 'replace';

/** The document with one place changed; undefined when there is no such place. */
function change(v: Value, path: readonly Value[], how: Change, value: Value): Value | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return how === 'remove' ? undefined : value;
  if (rest.length > 0) {
    const below = readAt(v, [head]);
    const changed = below === undefined ? undefined : change(below, rest, how, value);
    if (changed === undefined) return undefined;
    if (v instanceof RegoSet)
      return RegoSet.of([...v.sorted().filter((item) => !equal(item, head)), changed]);
    return change(v, [head], 'replace', changed);
  }
  if (isArray(v)) {
    const at = how === 'add' && head === '-' ? v.length : indexOf(head, v.length + (how === 'add' ? 1 : 0));
    if (at === undefined) return undefined;
    return v.toSpliced(at, how === 'add' ? 0 : 1, ...(how === 'remove' ? [] : [value]));
  }
  if (v instanceof RegoSet) {
    if (how === 'add') return equal(head, value) ? RegoSet.of([...v.sorted(), value]) : undefined;
    return v.has(head)
      ? RegoSet.of([...v.sorted().filter((item) => !equal(item, head)), ...(how === 'remove' ? [] : [value])])
      : undefined;
  }
  if (!isObject(v) || (how !== 'add' && objectGet(v, head) === undefined)) return undefined;
  const others = objectEntries(v).filter(([k]) => compare(k, head) !== 0);
  return objectFrom(how === 'remove' ? others : [...others, [head, value]]);
}

function applyPatch(v: Value, patches: readonly Value[]): Value | undefined {
  let at: Value | undefined = v;
  for (const patch of patches) {
    if (at === undefined || !isObject(patch)) return undefined;
    const [op, path, from, value] = ['op', 'path', 'from', 'value'].map((k) => objectGet(patch, k));
    const to = path === undefined ? undefined : path === '' ? [] : pathOf(path);
    if (to === undefined) return undefined;
    at = applyOne(at, op, to, from, value);
  }
  return at;
}

function applyOne(
  v: Value,
  op: Value | undefined,
  to: readonly Value[],
  from: Value | undefined,
  value: Value | undefined,
): Value | undefined {
  switch (op) {
    case 'add':
    case 'replace':
      return value === undefined ? undefined : change(v, to, op, value);
    case 'remove':
      return change(v, to, op, null);
    case 'test': {
      const found = readAt(v, to);
      return found !== undefined && value !== undefined && equal(found, value) ? v : undefined;
    }
    case 'copy':
    case 'move': {
      const source = from === undefined ? undefined : pathOf(from);
      const found = source === undefined ? undefined : readAt(v, source);
      if (source === undefined || found === undefined) return undefined;
      const rest = op === 'move' ? change(v, source, 'remove', null) : v;
      return rest === undefined ? undefined : change(rest, to, 'add', found);
    }
    default:
      return undefined;
  }
}

/** Built-ins that address parts of documents by path. */
export function jsonPathBuiltins(): BuiltinTable {
  return {
    'json.remove': {
      arity: 2,
      fn: (v, list) => {
        const wanted = paths(list);
        if (v === undefined || !isObject(v) || wanted === undefined) return undefined;
        // Later indexes first, so that removing one does not move the next.
        return wanted
          .toSorted((a, b) => -compare(a.map(numbered), b.map(numbered)))
          .reduce<Value>((at, path) => removeAt(at, path), v);
      },
    },
    'json.filter': {
      arity: 2,
      fn: (v, list) => {
        const wanted = paths(list);
        return v === undefined || !isObject(v) || wanted === undefined ? undefined : keepOnly(v, wanted);
      },
    },
    'json.patch': {
      arity: 2,
      fn: (v, patches) => (v !== undefined && isArray(patches) ? applyPatch(v, patches) : undefined),
    },
  };
}

function numbered(k: Value): Value {
  return typeof k === 'string' && /^\d+$/.test(k) ? Number(k) : k;
}
