import { AnyUnder } from './abstract.ts';
import { Decimal, toDouble } from './decimal.ts';
import { display } from './json.ts';
import { isArray, objectEntries, RegoObject, RegoSet } from './values.ts';
import type { Json, Value } from './values.ts';

const MAX_TEXT = 200;
const MAX_ITEMS = 16;
const MAX_DEPTH = 4;
/** Values inside one value, so that wide and deep together stay small too. */
const MAX_SIZE = 200;
const CUT = '…';

/**
 * Values as JSON to show to a person: long texts, long lists and deep nesting end in an ellipsis, sets become arrays. Getters
 * are not called. A value that many rules read is cut once.
 */
export class Excerpts {
  private readonly known = new Map<object, Json>();

  of(v: Value): Json {
    if (typeof v !== 'object' || v === null) return excerpt(v, 0, { size: 0 });
    const known = this.known.get(v);
    if (known !== undefined) return known;
    const made = excerpt(v, 0, { size: 0 });
    this.known.set(v, made);
    return made;
  }
}

function excerpt(v: Value, depth: number, shown: { size: number }): Json {
  shown.size += 1;
  if (typeof v === 'string') return cutText(v);
  if (typeof v === 'bigint' || v instanceof Decimal) return toDouble(v);
  if (typeof v !== 'object' || v === null) return v;
  if (v instanceof AnyUnder) return cutText(`${v.prefix}${CUT}`);
  if (depth >= MAX_DEPTH || shown.size > MAX_SIZE) return CUT;
  const below = (item: Value): Json => excerpt(item, depth + 1, shown);
  if (isArray(v)) return cutList(v, below);
  if (v instanceof RegoSet) return cutList(v.sorted(), below);
  if (v instanceof RegoObject)
    return cutObject(
      objectEntries(v).map(([k, item]) => [typeof k === 'string' ? k : display(k, false), item]),
      below,
    );
  const entries = Object.keys(v).flatMap((k) => {
    const item: unknown = Object.getOwnPropertyDescriptor(v, k)?.value;
    return item === undefined ? [] : [[k, item as Value] as const];
  });
  return cutObject(entries, below);
}

function cutText(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}${CUT}`;
}

function cutList(items: readonly Value[], below: (item: Value) => Json): Json {
  const shown = items.slice(0, MAX_ITEMS).map(below);
  return items.length > MAX_ITEMS ? [...shown, CUT] : shown;
}

function cutObject(entries: readonly (readonly [string, Value])[], below: (item: Value) => Json): Json {
  const shown = entries.slice(0, MAX_ITEMS).map(([k, item]) => [cutText(k), below(item)] as const);
  // Object.fromEntries defines the properties, so `__proto__` is a key like any other.
  return Object.fromEntries(entries.length > MAX_ITEMS ? [...shown, [CUT, CUT]] : shown);
}
