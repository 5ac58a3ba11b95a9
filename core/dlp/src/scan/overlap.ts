/** Of hits that overlap, one stays: the surer, then the more specific, then the longer. */
import type { Hit } from './hit.ts';

/** A cluster of more hits than this is decided in pieces. */
const mostTogether = 512;

/** Takes hits as they are found and gives them in order of their start, without overlaps among values. */
export class Overlaps {
  #waiting: Hit[] = [];

  add(hit: Hit): void {
    this.#waiting.push(hit);
  }

  /** @param before no hit that is added later begins ahead of this offset; `Infinity` at the end */
  settled(before: number): Hit[] {
    if (this.#waiting.length === 0) return [];
    const sorted = this.#waiting.toSorted(inOrder);
    const given: Hit[] = [];
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
      given.push(...winners(sorted.slice(first, next)));
      first = next;
    }
    this.#waiting = sorted.slice(first);
    return given;
  }
}

function reachOf(hit: Hit | undefined): number {
  return hit === undefined ? 0 : hit.isValue ? hit.end : hit.start;
}

function inOrder(a: Hit, b: Hit): number {
  return a.start - b.start || b.end - a.end || (a.detector.id < b.detector.id ? -1 : 1);
}

function winners(cluster: readonly Hit[]): readonly Hit[] {
  if (cluster.length < 2) return cluster;
  const kept: Hit[] = [];
  for (const hit of cluster.toSorted(bySurety))
    if (!hit.isValue || !kept.some((one) => one.isValue && one.start < hit.end && hit.start < one.end))
      kept.push(hit);
  return kept.toSorted(inOrder);
}

function bySurety(a: Hit, b: Hit): number {
  return (
    b.confidence - a.confidence || b.rank - a.rank || b.end - b.start - (a.end - a.start) || inOrder(a, b)
  );
}
