import { display } from '../json.ts';
import {
  equal,
  isArray,
  isObject,
  objectEntries,
  objectFrom,
  objectGet,
  RegoSet,
  sizeOf,
  typeName,
} from '../values.ts';
import type { Value } from '../values.ts';

/** A path given as `a/b` (JSON pointer without or with leading slash) or as an array; undefined when it is neither. */
export function pathOf(v: Value): readonly Value[] | undefined {
  if (isArray(v)) return v;
  if (typeof v !== 'string') return undefined;
  if (v === '') return [];
  return v
    .replace(/^\/+/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Why a patch does not apply; the messages are OPA's. */
export class Refused {
  readonly message: string;
  /** It is the operand that is wrong, and not what the patch finds. */
  readonly operand: boolean;

  constructor(message: string, operand = false) {
    this.message = message;
    this.operand = operand;
  }
}

type Outcome = Value | Refused;

/** Null is a value. */
function orElse(v: Value | undefined, none: () => Refused): Outcome {
  return v === undefined ? none() : v;
}

/** A child by key, or why there is none. */
function child(v: Value, k: Value): Outcome {
  const missing = (kind: string) => (): Refused =>
    new Refused(`path ${display(k, false)} does not exist in ${kind} term ${display(v, false)}`);
  if (isArray(v)) {
    const i = indexNumber(k);
    if (typeof i === 'string') return new Refused(i);
    return orElse(v[i], missing('array'));
  }
  if (v instanceof RegoSet) return v.has(k) ? k : missing('set')();
  if (isObject(v)) return orElse(objectGet(v, k), missing('object'));
  return new Refused(
    `expected composite type for path ${display(k, false)}, found value: ${display(v, false)}`,
  );
}

function readAt(v: Value, path: readonly Value[]): Outcome {
  let at: Value = v;
  for (const k of path) {
    const next = child(at, k);
    if (next instanceof Refused) return next;
    at = next;
  }
  return at;
}

/** The index that a key spells, or why it spells none. */
function indexNumber(k: Value): number | string {
  if (typeof k === 'number') return Number.isInteger(k) ? k : 'invalid number type for indexing';
  if (typeof k !== 'string') return 'invalid type for indexing';
  if (/^0\d+$/.test(k)) return 'leading zeros are not allowed in JSON paths';
  return /^\d+$/.test(k) ? Number(k) : 'invalid string for indexing';
}

function without(v: RegoSet, k: Value): Value[] {
  return v.sorted().filter((item) => !equal(item, k));
}

/** The value with one of its children replaced. */
function replaced(v: Value, k: Value, to: Value): Value {
  if (isArray(v)) return v.with(Number(indexNumber(k)), to);
  if (v instanceof RegoSet) return RegoSet.of([...without(v, k), to]);
  return isObject(v) ? objectFrom([...objectEntries(v), [k, to]]) : v;
}

/** Changes what the last key of a path names; the path is not empty. */
function changeAt(v: Value, path: readonly Value[], change: (parent: Value, k: Value) => Outcome): Outcome {
  const [head, ...rest] = path;
  if (head === undefined) return v;
  if (rest.length === 0) return change(v, head);
  const below = child(v, head);
  if (below instanceof Refused) return below;
  const changed = changeAt(below, rest, change);
  return changed instanceof Refused ? changed : replaced(v, head, changed);
}

function insertAt(v: Value, path: readonly Value[], value: Value): Outcome {
  if (path.length === 0) return value;
  return changeAt(v, path, (parent, k) => {
    if (isArray(parent)) {
      const i = k === '-' ? parent.length : indexNumber(k);
      if (typeof i === 'string') return new Refused(i);
      if (i < 0 || i > parent.length) return new Refused('index for array insertion out of bounds');
      return parent.toSpliced(i, 0, value);
    }
    if (parent instanceof RegoSet) {
      if (equal(k, value)) return RegoSet.of([...parent.sorted(), value]);
      return new Refused(
        `set key ${display(k, false)} does not equal value to be inserted ${display(value, false)}`,
      );
    }
    return isObject(parent) ? replaced(parent, k, value) : notComposite(parent);
  });
}

function deleteAt(v: Value, path: readonly Value[]): Outcome {
  if (path.length === 0) return v;
  return changeAt(v, path, (parent, k) => {
    if (isArray(parent)) {
      const i = indexNumber(k);
      if (typeof i === 'string') return new Refused(i);
      if (i < 0 || i >= parent.length) return new Refused('index for array delete out of bounds');
      return parent.toSpliced(i, 1);
    }
    const none = (): Refused =>
      new Refused(`cannot delete child key ${display(k, false)} that does not exist`);
    if (parent instanceof RegoSet) return parent.has(k) ? RegoSet.of(without(parent, k)) : none();
    if (!isObject(parent)) return notComposite(parent);
    if (objectGet(parent, k) === undefined) return none();
    return objectFrom(objectEntries(parent).filter(([key]) => !equal(key, k)));
  });
}

function notComposite(v: Value): Refused {
  return new Refused(`expected composite type, found value: ${display(v, false)}`);
}

/** Members of the collections along the path of a patch, which it makes anew. */
function copied(v: Value, patch: Value): number {
  const named = isObject(patch) ? objectGet(patch, 'path') : undefined;
  const path = named === undefined ? undefined : pathOf(named);
  let at: Value | undefined = v;
  let members = 0;
  for (const k of path ?? []) {
    members += 1 + sizeOf(at);
    at = isArray(at) ? at[Number(k)] : isObject(at) ? objectGet(at, k) : undefined;
  }
  return members;
}

/** Applies JSON Patch operations (RFC 6902), which also know sets, in order. */
export function applyPatches(v: Value, patches: readonly Value[], charge: (steps: number) => void): Outcome {
  let at: Value = v;
  for (const patch of patches) {
    charge(1 + (copied(at, patch) >> 1));
    const next = applyOne(at, patch);
    if (next instanceof Refused) return next;
    at = next;
  }
  return at;
}

function applyOne(v: Value, patch: Value): Outcome {
  if (!isObject(patch))
    return new Refused('must be an array of JSON-Patch objects, but at least one element is not an object');
  const field = (name: string): Outcome =>
    orElse(objectGet(patch, name), () => new Refused(`missing required attribute '${name}'`));
  const place = (name: string): readonly Value[] | Refused => {
    const found = field(name);
    return found instanceof Refused ? found : (pathOf(found) ?? wrongPath(found));
  };
  if (field('path') instanceof Refused) return field('path');
  const op = field('op');
  if (op instanceof Refused) return op;
  if (typeof op !== 'string')
    return new Refused(`attribute 'op' must be a string but found: ${typeName(op)}`);
  const path = place('path');
  if (path instanceof Refused) return path;
  const insert = (into: Outcome): Outcome => {
    const value = field('value');
    if (into instanceof Refused) return into;
    return value instanceof Refused ? value : insertAt(into, path, value);
  };
  switch (op) {
    case 'add':
      return insert(v);
    case 'remove':
      return path.length === 0 ? new Refused('cannot remove the whole document') : deleteAt(v, path);
    case 'replace':
      return insert(deleteAt(v, path));
    case 'move':
    case 'copy': {
      const from = place('from');
      if (from instanceof Refused) return from;
      const found = readAt(v, from);
      if (found instanceof Refused) return found;
      const rest = op === 'move' ? deleteAt(v, from) : v;
      return rest instanceof Refused ? rest : insertAt(rest, path, found);
    }
    case 'test':
      return expect(readAt(v, path), field('value'), v);
    default:
      return new Refused(`unrecognized op: '${op}'`);
  }
}

function expect(found: Outcome, value: Outcome, v: Value): Outcome {
  if (found instanceof Refused) return found;
  if (value instanceof Refused) return value;
  if (equal(found, value)) return v;
  return new Refused(
    `value from EditTree != patch value.\n\nExpected: ${display(value, false)}\n\nFound: ${display(found, false)}`,
  );
}

function wrongPath(v: Value): Refused {
  return new Refused(
    `must be one of {set, array} containing string paths or array of path segments but got ${typeName(v)}`,
    true,
  );
}
