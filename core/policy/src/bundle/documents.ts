/** The data of a bundle: each folder's `data.json` or `data.yaml` at the folder's path, joined. */
import { type Json, parseJson } from '@chaperone/rego';
import { BundleError } from './errors.ts';
import type { BundleLimits } from './limits.ts';
import { baseName, type BundleFile, textOf } from './names.ts';
import { reasonOf } from './structured.ts';
import { parseYaml } from './yaml.ts';

/** Integers beyond 2^53 are bigints, which evaluations keep exact. */
export type Data = { readonly [name: string]: Json };

type Open = { [name: string]: Json };

export function isDataFile(name: string): boolean {
  return /^data\.(?:json|ya?ml)$/.test(baseName(name));
}

/** Throws BundleError. */
export function dataOf(files: readonly BundleFile[], limits: BundleLimits): Data {
  const data: Open = {};
  for (const file of files) {
    const value = parse(file);
    assertDepth(file.name, value, limits.depth);
    const folders = file.name.split('/').slice(0, -1);
    const nested = folders.reduceRight<Json>((inner, name) => single(name, inner), value);
    if (!isObject(nested))
      throw new BundleError(
        'bad_data',
        `${file.name} must hold an object, because it becomes the root of data`,
      );
    mergeData(data, nested, file.name);
  }
  return data;
}

function parse(file: BundleFile): Json {
  const text = textOf(file, 'bad_data');
  if (file.name.endsWith('.json')) {
    const value = parseJson(text);
    if (value === undefined)
      throw new BundleError('bad_data', `${file.name} is not JSON, or nests too deeply`);
    return value as Json;
  }
  try {
    return parseYaml(text);
  } catch (error) {
    throw new BundleError('bad_data', `${file.name} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Without recursion: the depth that is to be refused must not end it. */
function assertDepth(name: string, root: Json, limit: number): void {
  let level: readonly Json[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) throw new BundleError('bad_data', `${name} nests more than ${limit} levels deep`);
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

function single(name: string, value: Json): Json {
  const object: Open = {};
  define(object, name, value);
  return object;
}

/** Also sets a key `__proto__`. */
function define(target: Open, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

export function isObject(value: Json | undefined): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds a document to another; objects join, anything else that both define is refused. Never changes `source`. */
export function mergeData(target: Open, source: Data, from: string, at = 'data'): void {
  for (const [name, value] of Object.entries(source)) {
    const present = Object.hasOwn(target, name) ? target[name] : undefined;
    if (present === undefined && isObject(value)) {
      const copy: Open = {};
      mergeData(copy, value, from, `${at}.${name}`);
      define(target, name, copy);
    } else if (present === undefined) define(target, name, value);
    else if (isObject(present) && isObject(value)) mergeData(present as Open, value, from, `${at}.${name}`);
    else throw new BundleError('bad_data', `${from} sets ${at}.${name}, which another file sets, too`);
  }
}
