/** Of hits that overlap, one stays: the surer, then the more specific, then the longer. */
import type { Hit } from './hit.ts';
import { InOrder, isAhead } from './in-order.ts';

/** A cluster of more hits than this is decided in pieces. */
const mostTogether = 512;

/** Takes hits as they are found and gives them in order of their start, without overlaps among values. */
export class Overlaps {
  readonly #waiting = new InOrder();

  add(hit: Hit): void {
    this.#waiting.add(hit);
  }

  /** @param before no hit that is added later begins ahead of this offset; `Infinity` at the end */
  settled(before: number): Hit[] {
    const given: Hit[] = [];
    if (before <= 0) return given;
    const sorted = this.#waiting.take();
    let first = 0;
    while (first < sorted.length) {
      // What describes a text as a whole keeps company with nothing.
      let end = reachOf(sorted[first]);
      let next = first + 1;
      for (; next < sorted.length && next - first < mostTogether; next++) {
        const hit = sorted[next];
        if (hit === undefined || hit.start >= end) break;
        end = Math.max(end, reachOf(hit));
      }
      if (end > before) break;
      addWinners(sorted, first, next, given);
      first = next;
    }
    this.#waiting.put(first === 0 ? sorted : sorted.slice(first));
    return given;
  }
}

function reachOf(hit: Hit | undefined): number {
  return hit === undefined ? 0 : hit.isValue ? hit.end : hit.start;
}

/** Adds those of [first, end) that stay. */
function addWinners(sorted: readonly Hit[], first: number, end: number, given: Hit[]): void {
  const [one, other] = [sorted[first], sorted[first + 1]];
  if (one !== undefined && end - first === 1) given.push(one);
  else if (one !== undefined && other !== undefined && end - first === 2) {
    if (!excludes(one, other)) given.push(one, other);
    else given.push(bySurety(other, one) < 0 ? other : one);
  } else for (const hit of winners(sorted.slice(first, end))) given.push(hit);
}

function winners(cluster: readonly Hit[]): readonly Hit[] {
  const kept: Hit[] = [];
  for (const hit of cluster.toSorted(bySurety)) if (!kept.some((one) => excludes(one, hit))) kept.push(hit);
  return kept.toSorted(inOrder);
}

function excludes(one: Hit, other: Hit): boolean {
  return one.isValue && other.isValue && one.start < other.end && other.start < one.end;
}

function inOrder(a: Hit, b: Hit): number {
  return isAhead(a, b) ? -1 : 1;
}

function bySurety(a: Hit, b: Hit): number {
  return (
    b.confidence - a.confidence || b.rank - a.rank || b.end - b.start - (a.end - a.start) || inOrder(a, b)
  );
}
