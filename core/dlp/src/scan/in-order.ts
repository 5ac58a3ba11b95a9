/** Hits in order of their start, however they come. */
import type { Hit } from './hit.ts';

/** How far back a hit is put where it belongs; most come nearly in order, from one kind of detector after another. */
const shortWay = 32;

/** Keeps hits in lists that are in order each, and makes them one when they are asked for. */
export class InOrder {
  #lists: Hit[][] = [];

  add(hit: Hit): void {
    const list = this.#lists.at(-1);
    if (list === undefined || !isPut(list, hit)) this.#lists.push([hit]);
  }

  /** All of them: none is left. */
  take(): Hit[] {
    let lists = this.#lists;
    this.#lists = [];
    while (lists.length > 1) {
      const merged: Hit[][] = [];
      for (let at = 0; at < lists.length; at += 2)
        merged.push(together(lists[at] ?? [], lists[at + 1] ?? []));
      lists = merged;
    }
    return lists[0] ?? [];
  }

  /** @param sorted what was taken and is to wait, ahead of all that is added later */
  put(sorted: Hit[]): void {
    if (sorted.length > 0) this.#lists.push(sorted);
  }
}

/** The longer one comes first where both begin at one place. */
export function isAhead(one: Hit, other: Hit): boolean {
  if (one.start !== other.start) return one.start < other.start;
  if (one.end !== other.end) return one.end > other.end;
  return one.detector.id < other.detector.id;
}

/** @returns false where it belongs further back */
function isPut(list: Hit[], hit: Hit): boolean {
  let at = list.length;
  const first = Math.max(0, at - shortWay);
  for (let last = list[at - 1]; at > first && last !== undefined && isAhead(hit, last); last = list[at - 1])
    at -= 1;
  if (at === first && first > 0) return false;
  if (at === list.length) list.push(hit);
  else list.splice(at, 0, hit);
  return true;
}

function together(one: Hit[], other: Hit[]): Hit[] {
  if (other.length === 0) return one;
  const merged: Hit[] = [];
  let at = 0;
  for (const hit of one) {
    for (let next = other[at]; next !== undefined && isAhead(next, hit); next = other[++at])
      merged.push(next);
    merged.push(hit);
  }
  for (let next = other[at]; next !== undefined; next = other[++at]) merged.push(next);
  return merged;
}
