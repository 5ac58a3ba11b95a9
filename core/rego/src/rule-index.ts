import { AnyUnder } from './abstract.ts';
import { isArray, keyOf } from './values.ts';
import type { Key, Value } from './values.ts';

/** Numbers of the rules of a group in source order, or an index that narrows them down further. */
export type Selection = readonly number[] | IndexNode;

/**
 * The rules of a group by a value that their bodies compare with constants before they do anything that costs a step or
 * can fail: leaving a rule out by the index differs from trying it in time only.
 */
export interface IndexNode {
  /** Number of the reading that gives the value. */
  readonly read: number;
  readonly table: ReadonlyMap<Key, Selection>;
  /** Rules that do not ask for this value. */
  readonly rest: Selection;
  /** All rules of this node, for a value that is not known. */
  readonly all: readonly number[];
}

type Read = (reading: number, ...args: Value[]) => Value | undefined;

/** The rules that can hold, in source order. */
export function select(node: Selection, read: Read, ...args: Value[]): readonly number[] {
  if (isList(node)) return node;
  const value = read(node.read, ...args);
  if (value instanceof AnyUnder) return node.all;
  const rest = isList(node.rest) ? node.rest : select(node.rest, read, ...args);
  const found = node.table.get(indexKey(value) as Key);
  if (found === undefined) return rest;
  const own = isList(found) ? found : select(found, read, ...args);
  return rest.length === 0 ? own : mergeSorted(own, rest);
}

/** All rules, as if there were no index: an explanation names the condition that failed in each of them. */
export function selectAll(node: Selection): readonly number[] {
  return isList(node) ? node : node.all;
}

/** Where a constant is found in a table, and the value that equals it. Values that are not scalars are found nowhere. */
export function indexKey(value: Value | undefined): unknown {
  return typeof value === 'bigint' ? keyOf(value) : value;
}

function isList(node: Selection): node is readonly number[] {
  return isArray(node as readonly number[]);
}

function mergeSorted(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as number;
    const y = b[j] as number;
    if (x < y) i += 1;
    else j += 1;
    merged.push(x < y ? x : y);
  }
  for (; i < a.length; i += 1) merged.push(a[i] as number);
  for (; j < b.length; j += 1) merged.push(b[j] as number);
  return merged;
}
