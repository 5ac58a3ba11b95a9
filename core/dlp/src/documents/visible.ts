/**
 * What is visible in bytes that are no text: stretches around whatever might say something to a reader. Compressed pictures, sound and
 * code have next to none, and looking for more in them costs as much as looking into a text.
 */
import type { Source } from '../document.ts';
import { documentsKernel } from './kernel.ts';

/** Bytes around a run that are kept: context counts within 300 characters. */
const around = 320;
/** Less is not left out. */
const leastGap = 1024;
/** Characters in a row that say something: noise has fewer, nearly always. */
const leastRun = 12;
/** Read at once. */
const stepBytes = 1 << 16;
const newline = new Uint8Array([0x0a]);

/** From `at` on, `length` bytes at most: all of them where nothing is left out, else what is visible, on lines of its own. */
export function visible(source: Source, at: number, length: number): Uint8Array {
  const end = Math.min(source.size, at + length);
  const kept = stretches(source, at, end);
  const [only] = kept;
  if (kept.length === 1 && only?.[0] === at && only[1] === end) return source.read(at, end - at);
  const text = new Uint8Array(kept.reduce((sum, [from, to]) => sum + to - from + 1, 0));
  let filled = 0;
  for (const [from, to] of kept) {
    text.set(source.read(from, to - from), filled);
    text.set(newline, filled + to - from);
    filled += to - from + 1;
  }
  return text;
}

function stretches(source: Source, start: number, end: number): [from: number, to: number][] {
  const { runs } = documentsKernel();
  const found: [number, number][] = [];
  let last: [number, number] = [start, start];
  const keep = (from: number, to: number): void => {
    const begin = Math.max(start, from - around);
    const behind = Math.min(end, to + around);
    if (begin - last[1] < leastGap) last[1] = behind;
    else {
      if (last[1] > last[0]) found.push(last);
      last = [begin, behind];
    }
  };
  for (let at = start; at < end;) {
    const stop = Math.min(end, at + stepBytes);
    const { places, count } = runs(source.read(at, stop - at + 3), stop - at, leastRun);
    let next = stop;
    for (let index = 0; index < count; index += 2) {
      const [from, to] = [at + (places[index] ?? 0), at + (places[index + 1] ?? 0)];
      // What reaches the end of the step is looked at again, with what follows.
      if (to < stop || stop === end || from === at) keep(from, to);
      else next = from;
    }
    at = next;
  }
  if (end - last[1] < leastGap) last[1] = end;
  if (last[1] > last[0]) found.push(last);
  return found;
}
