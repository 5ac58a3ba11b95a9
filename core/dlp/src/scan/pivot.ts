/** A byte that every match of a pattern has, and what may stand beside it: where there is none, no pattern is tried. */
import type { ByteSet } from './filter/byte-set.ts';
import { edge } from './filter/byte-set.ts';
import type { Net } from './filter/net.ts';

/** Bytes that are rare and part what people write; the rarest first. */
const pivots = [64, 58] as const;

export type Pivot = {
  readonly byte: number;
  /** By byte, as bits: 1 where it may stand right ahead of the pivot, 2 right behind it, 4 somewhere between where a match begins and its first pivot. */
  readonly beside: Uint8Array;
};

/** @param net of one pattern. @returns undefined when no such byte is in every match */
export function pivotOf(net: Net): Pivot | undefined {
  const sets = new Set<ByteSet>();
  for (const set of net.sets) if (set) sets.add(set);
  for (const byte of pivots) {
    const alone = new Set<ByteSet>();
    for (const set of sets)
      if (set[byte] === 1 && set.indexOf(1) === byte && set.lastIndexOf(1) === byte) alone.add(set);
    if (alone.size === 0) continue;
    const isPivot = new Uint8Array(net.kinds.length);
    for (let at = 0; at < isPivot.length; at++) {
      const set = net.kinds[at] === 'byte' ? net.sets[at] : undefined;
      if (set && alone.has(set)) isPivot[at] = 1;
    }
    if (isMandatory(net, isPivot)) return { byte, beside: besideOf(net, isPivot) };
  }
  return undefined;
}

/** Whether no way leads to a match but through one of these. */
function isMandatory(net: Net, isPivot: Uint8Array): boolean {
  for (const at of aheadOf(net, isPivot)) if (net.kinds[at] === 'accept') return false;
  return true;
}

function besideOf(net: Net, isPivot: Uint8Array): Uint8Array {
  const beside = new Uint8Array(edge);
  const note = (set: Uint8Array | undefined, side: 1 | 2 | 4): void => {
    for (let byte = 0; byte < edge; byte++)
      if (set === undefined || set[byte] === 1) beside[byte] = (beside[byte] ?? 0) | side;
  };
  const ahead = reaching(net, isPivot);
  for (const start of net.starts) if (ahead[start] === 1) note(undefined, 1);
  const behind = new Uint8Array(net.kinds.length);
  for (let at = 0; at < net.kinds.length; at++) {
    if (net.kinds[at] === 'byte' && ahead[net.next[at] ?? 0] === 1) note(net.sets[at], 1);
    if (isPivot[at] === 1) behind[net.next[at] ?? 0] = 1;
  }
  const waiting = [...behind.keys()].filter((at) => behind[at] === 1);
  const met = new Uint8Array(net.kinds.length);
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (met[at] === 1) continue;
    met[at] = 1;
    const kind = net.kinds[at];
    if (kind === 'byte') note(net.sets[at], 2);
    else if (kind === 'accept') note(undefined, 2);
    else waiting.push(net.next[at] ?? 0);
    if (kind === 'fork') waiting.push(net.other[at] ?? 0);
  }
  for (const at of aheadOf(net, isPivot)) if (net.kinds[at] === 'byte') note(net.sets[at], 4);
  return beside;
}

/** States on the ways from where a match begins to its first pivot. */
function aheadOf(net: Net, isPivot: Uint8Array): ReadonlySet<number> {
  const met = new Set<number>();
  const waiting = [...net.starts];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (met.has(at) || isPivot[at] === 1) continue;
    met.add(at);
    if (net.kinds[at] === 'accept') continue;
    waiting.push(net.next[at] ?? 0);
    if (net.kinds[at] === 'fork') waiting.push(net.other[at] ?? 0);
  }
  return met;
}

/** States from which one of these is reached without a byte, themselves among them. */
function reaching(net: Net, isPivot: Uint8Array): Uint8Array {
  const reaches = Uint8Array.from(isPivot);
  for (let isNew = true; isNew;) {
    isNew = false;
    for (let at = 0; at < net.kinds.length; at++) {
      const kind = net.kinds[at];
      if (reaches[at] === 1 || kind === 'byte' || kind === 'accept') continue;
      const ways = kind === 'fork' ? [net.next[at], net.other[at]] : [net.next[at]];
      if (!ways.some((way) => reaches[way ?? 0] === 1)) continue;
      reaches[at] = 1;
      isNew = true;
    }
  }
  return reaches;
}
