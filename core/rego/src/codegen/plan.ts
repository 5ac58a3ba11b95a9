import type { Term } from '../ast.ts';
import { indexKey } from '../rule-index.ts';
import type { IndexNode, Selection } from '../rule-index.ts';
import type { Group } from '../tree.ts';
import type { Key } from '../values.ts';
import { stepsOf } from './conditions.ts';
import type { Condition, Steps } from './conditions.ts';

/** How a group of rules is dispatched. */
export interface Plan {
  readonly selection: Selection;
  /** What the nodes of the selection read, by number. */
  readonly readings: readonly Term[];
}

/** Fewer rules are tried one after the other, in one function: that is faster than to look up which of them can hold. */
const WORTH_INDEX = 6;
/** More rules than this get a function each, because the engine does not optimise very long functions. */
const LONG = 24;
const MAX_DEPTH = 4;

interface Candidate {
  readonly entry: number;
  /** What would be read first, if that is compared with constants. */
  readonly first: Steps;
  readonly conditions: ReadonlyMap<string, Condition>;
}

/** Finds the index of a group; null when its rules are best tried one after the other in one function. */
export function planGroup(group: Group): Plan | null {
  const n = group.entries.length;
  if (n < WORTH_INDEX) return null;
  const readings: Term[] = [];
  const keys = new Map<string, number>();
  const selection = build(
    group.entries.map(({ rule }, entry) => candidate(entry, stepsOf(rule))),
    new Set(),
    ({ key, read }) => {
      const known = keys.get(key);
      if (known !== undefined) return known;
      keys.set(key, readings.length);
      return readings.push(read) - 1;
    },
  );
  return isNode(selection) || n > LONG ? { selection, readings } : null;
}

/** A rule can hold only when one of its branches can, so it is keyed on what all of them ask. */
function candidate(entry: number, branches: readonly Steps[]): Candidate {
  const [first = [], ...others] = branches;
  const conditions = new Map<string, Condition>();
  for (const found of first) {
    if (found === null || conditions.has(found.key)) continue;
    const same = others.map((steps) => steps.find((step) => step?.key === found.key) ?? null);
    if (same.includes(null)) continue;
    const values = [found, ...same].flatMap((one) => one?.values ?? []);
    conditions.set(found.key, { ...found, values });
  }
  return { entry, first, conditions };
}

function build(
  all: readonly Candidate[],
  used: ReadonlySet<string>,
  reading: (condition: Condition) => number,
): Selection {
  const entries = all.map(({ entry }) => entry);
  const best = all.length < WORTH_INDEX || used.size >= MAX_DEPTH ? null : bestKey(all, used);
  if (best === null) return entries;
  const buckets = new Map<Key, Candidate[]>();
  const rest: Candidate[] = [];
  for (const one of all) {
    const found = one.conditions.get(best.key);
    if (found === undefined) {
      rest.push(one);
      continue;
    }
    for (const value of new Set(found.values.map((v) => indexKey(v) as Key))) {
      const bucket = buckets.get(value) ?? [];
      bucket.push(one);
      buckets.set(value, bucket);
    }
  }
  const below = new Set([...used, best.key]);
  const node: IndexNode = {
    read: reading(best),
    table: new Map([...buckets].map(([value, bucket]) => [value, build(bucket, below, reading)])),
    rest: build(rest, below, reading),
    all: entries,
  };
  return node;
}

/**
 * The key that leaves the fewest rules to try on average. Only what some rule reads first in any case is a candidate: the
 * index must not read from the input what trying the rules would not.
 */
function bestKey(all: readonly Candidate[], used: ReadonlySet<string>): Condition | null {
  const firsts = new Map<string, Condition>();
  for (const { first } of all) {
    const step = first.find((one) => one === null || !used.has(one.key));
    if (step !== null && step !== undefined) firsts.set(step.key, step);
  }
  let best: Condition | null = null;
  let least = all.length * 0.75;
  for (const [key, found] of firsts) {
    const values = new Set<unknown>();
    let unkeyed = 0;
    let keyed = 0;
    for (const { conditions } of all) {
      const own = conditions.get(key)?.values;
      if (own === undefined) unkeyed += 1;
      else {
        keyed += own.length;
        for (const value of own) values.add(value);
      }
    }
    const left = unkeyed + keyed / (values.size + 1);
    if (left < least) [best, least] = [found, left];
  }
  return best;
}

function isNode(selection: Selection): selection is IndexNode {
  return !Array.isArray(selection);
}
