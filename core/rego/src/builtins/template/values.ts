import { numberText } from '../../json.ts';
import { goFloat } from '../yaml/write.ts';
import { compareStrings, isArray, isNumber, isObject, objectEntries, RegoSet } from '../../values.ts';
import type { Value } from '../../values.ts';

/** A number from the data: to templates it is text of its own type, as in OPA. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value inside a template. bigint is Go's int, number its float64; undefined is what is missing, null is nil. */
export type Item =
  | undefined
  | null
  | boolean
  | bigint
  | number
  | string
  | JsonNumber
  | readonly Item[]
  | ReadonlyMap<string, Item>;

export function isList(v: Item): v is readonly Item[] {
  return Array.isArray(v);
}

export function isMap(v: Item): v is ReadonlyMap<string, Item> {
  return v instanceof Map;
}

/** The data as a template sees it. */
export function itemOf(v: Value, keyText: (k: Value) => string): Item {
  if (isNumber(v)) return new JsonNumber(numberText(v));
  if (v === null || typeof v === 'boolean' || typeof v === 'string') return v;
  if (isArray(v)) return v.map((item) => itemOf(item, keyText));
  if (v instanceof RegoSet) return v.sorted().map((item) => itemOf(item, keyText));
  if (!isObject(v)) return null;
  const entries = objectEntries(v).map(([k, item]) => [keyText(k), itemOf(item, keyText)] as const);
  return new Map(entries.sort((a, b) => compareStrings(a[0], b[0])));
}

export function isTrue(v: Item): boolean {
  if (v === undefined || v === null) return false;
  if (typeof v === 'string' || isList(v)) return v.length > 0;
  if (v instanceof Map) return v.size > 0;
  if (v instanceof JsonNumber) return v.text !== '';
  return Boolean(v);
}

/** As Go's fmt prints it with %v. */
export function show(v: Item): string {
  if (v === undefined || v === null) return '<nil>';
  if (v instanceof JsonNumber) return v.text;
  if (isList(v)) return `[${v.map(show).join(' ')}]`;
  if (isMap(v)) return `map[${[...v].map(([k, item]) => `${k}:${show(item)}`).join(' ')}]`;
  if (typeof v === 'number') return floatText(v);
  return typeof v === 'string' ? v : v.toString();
}

function floatText(n: number): string {
  // Unlike %g, %v goes to an exponent only at 21 digits.
  const power = Math.floor(Math.log10(Math.abs(n)));
  return n !== 0 && (power < -4 || power >= 21) ? goFloat(n) : String(n);
}

export function goType(v: Item): string {
  if (v === undefined || v === null) return '<nil>';
  if (v instanceof JsonNumber) return 'json.Number';
  if (isList(v)) return '[]interface {}';
  if (v instanceof Map) return 'map[string]interface {}';
  if (typeof v === 'bigint') return 'int';
  if (typeof v === 'number') return 'float64';
  return typeof v === 'string' ? 'string' : 'bool';
}
