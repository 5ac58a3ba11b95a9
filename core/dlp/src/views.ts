/**
 * The same text as a person or a program would read it: references, escapes, base64 and look-alike characters resolved. Only what
 * stands around such places is written anew, so ordinary text costs a look for them and nothing more.
 */
import { isRunByte, placesIn, shortestRun } from './survey.ts';
import { plainOf, resolved } from './views-resolve.ts';

/** Context counts within 300 characters. */
const around = 320;

const newline = new Uint8Array([0x0a]);

/** @returns UTF-8; undefined where nothing is written in another way */
export function otherView(text: Uint8Array): Uint8Array | undefined {
  const { places, runs } = placesIn(text);
  if (places.length === 0 && runs.length === 0) return undefined;
  const pieces: Uint8Array[] = [];
  for (const [from, to] of windows(places, text.length)) {
    const plain = resolved(text.subarray(from, to));
    if (plain) pieces.push(plain, newline);
  }
  for (const [from, to] of wholeRuns(text, runs)) {
    const plain = plainOf(text.subarray(from, to));
    if (plain) pieces.push(newline, plain, newline);
  }
  return pieces.length === 0 ? undefined : joined(pieces);
}

function windows(places: readonly number[], length: number): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const at of places) {
    const last = found.at(-1);
    const to = Math.min(length, at + around);
    if (last && at - around <= last[1]) last[1] = to;
    else found.push([Math.max(0, at - around), to]);
  }
  return found;
}

/** Runs of base64 or hexadecimal digits; lines of them are one. */
function* wholeRuns(text: Uint8Array, starts: readonly number[]): Generator<[from: number, to: number]> {
  let from = 0;
  for (const start of starts) {
    if (start < from) continue;
    let end = endOfRun(text, start + shortestRun);
    for (let next = wholeLine(text, end); next > end; next = wholeLine(text, end)) end = next;
    while (text[end] === 0x3d) end += 1;
    yield [start, end];
    from = end;
  }
}

function endOfRun(text: Uint8Array, from: number): number {
  let end = from;
  while (end < text.length && isRunByte[text[end] ?? 0] === 1) end += 1;
  return end;
}

/** @returns where the next line ends, if it is nothing but such characters; else `end` */
function wholeLine(text: Uint8Array, end: number): number {
  const feed = text[end] === 0x0d ? end + 1 : end;
  if (text[feed] !== 0x0a) return end;
  const next = endOfRun(text, feed + 1);
  const after = text[next] ?? 0x0a;
  return next > feed + 1 && (after === 0x0a || after === 0x0d || after === 0x3d) ? next : end;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
