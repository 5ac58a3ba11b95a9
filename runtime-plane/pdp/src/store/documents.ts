/**
 * The base documents as one value that is never changed: a write makes new objects along its path and shares the rest,
 * so whoever reads keeps what it began with.
 */
import { isArray, isPlain, type Value } from '@chaperone/rego';
import { StoreError } from './errors.ts';

/** Unescaped segments below `data`. */
export type Path = readonly string[];

export type Write =
  | { readonly op: 'add' | 'replace'; readonly path: Path; readonly value: Value }
  | { readonly op: 'remove'; readonly path: Path };

type Plain = { readonly [key: string]: Value };

/** The document at the path; undefined when there is none. */
export function readDocument(root: Value, path: Path): Value | undefined {
  let value: Value | undefined = root;
  for (const key of path) {
    if (isArray(value)) value = indexOf(value, key) === null ? undefined : value[Number(key)];
    else if (isPlain(value)) value = Object.hasOwn(value, key) ? value[key] : undefined;
    else return undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** The root after the write. Throws StoreError. */
export function writeDocument(root: Value, write: Write): Value {
  if (write.path.length > 0) return writeBelow(root, write, 0);
  if (write.op === 'remove') throw new StoreError('storage_invalid_patch_error', 'root cannot be removed');
  if (!isPlain(write.value)) throw new StoreError('storage_invalid_patch_error', 'root must be object');
  return write.value;
}

/** The root with empty objects where the path and what is above it were missing. Throws StoreError. */
export function makeFolders(root: Value, path: Path): Value {
  const found = readDocument(root, path);
  if (isPlain(found)) return root;
  if (found !== undefined || path.length === 0)
    throw new StoreError('storage_write_conflict_error', showPath(path));
  const above = makeFolders(root, path.slice(0, -1));
  return writeDocument(above, { op: 'add', path, value: {} });
}

/** As in messages: `/a/b%20c`. */
export function showPath(path: Path): string {
  return `/${path.map(escapeSegment).join('/')}`;
}

function escapeSegment(key: string): string {
  return encodeURIComponent(key.toWellFormed())
    .replaceAll(/%(?:24|26|2B|3D|3A|40)/g, (escape) => decodeURIComponent(escape))
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Two sets of documents as one: objects merge key by key, otherwise the second one wins. */
export function mergeDocuments(first: Value | undefined, second: Value): Value {
  if (!isPlain(first) || !isPlain(second)) return second;
  const merged = copyOf(first);
  for (const [key, value] of Object.entries(second))
    merged[key] = mergeDocuments(Object.hasOwn(first, key) ? first[key] : undefined, value);
  return merged;
}

function writeBelow(parent: Value, write: Write, at: number): Value {
  const key = write.path[at] ?? '';
  const isLast = at === write.path.length - 1;
  if (isArray(parent)) return writeArray(parent, write, at, key, isLast);
  if (!isPlain(parent)) throw notFound();
  const has = Object.hasOwn(parent, key);
  if (!has && !(isLast && write.op === 'add')) throw notFound();
  if (isLast && write.op === 'remove') {
    const copy = copyOf(parent);
    delete copy[key];
    return copy;
  }
  const copy = copyOf(parent);
  copy[key] = isLast ? valueOf(write) : writeBelow(parent[key] as Value, write, at + 1);
  return copy;
}

function writeArray(
  parent: readonly Value[],
  write: Write,
  at: number,
  key: string,
  isLast: boolean,
): Value[] {
  if (isLast && (key === '-' || key === String(parent.length))) {
    if (write.op === 'add') return [...parent, write.value];
    throw new StoreError('storage_invalid_patch_error', `${showPath(write.path)}: invalid patch path`);
  }
  const index = indexOf(parent, key);
  if (index === null) throw notFound(arrayHint(key, write.path));
  if (!isLast) return parent.with(index, writeBelow(parent[index] as Value, write, at + 1));
  switch (write.op) {
    case 'add':
      return parent.toSpliced(index, 0, write.value);
    case 'remove':
      return parent.toSpliced(index, 1);
    case 'replace':
      return parent.with(index, write.value);
  }
  return write satisfies never;
}

function valueOf(write: Write): Value {
  if (write.op === 'remove') throw notFound();
  return write.value;
}

/** The position that a segment names; null for what is none in this array. */
function indexOf(array: readonly Value[], key: string): number | null {
  if (!/^\d{1,15}$/.test(key)) return null;
  const index = Number(key);
  return index < array.length ? index : null;
}

function arrayHint(key: string, path: Path): string {
  const why = /^\d+$/.test(key) ? 'array index out of range' : 'array index must be integer';
  return `${showPath(path)}: ${why}`;
}

function notFound(message = 'document does not exist'): StoreError {
  return new StoreError('storage_not_found_error', message);
}

/** Without prototype, so that `__proto__` is a key like any other. */
function copyOf(object: Plain): Record<string, Value> {
  return Object.assign(Object.create(null) as Record<string, Value>, object);
}
