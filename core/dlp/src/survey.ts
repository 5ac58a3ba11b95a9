/** Cheap looks at bytes, compiled, that say what else has to be looked at. */
import { linked, memoryOf } from './compiled.ts';
import { surveyModule } from './survey-module.ts';

type Exports = {
  readonly marks: (from: number, to: number) => number;
  readonly lastDirectoryEnd: (from: number, to: number) => number;
  readonly places: (
    first: number,
    from: number,
    to: number,
    apart: number,
    skips: number,
    out: number,
  ) => number;
  readonly runs: (from: number, to: number, out: number) => number;
  readonly header: (from: number, to: number, most: number, longest: number, line: number) => number;
};

type Survey = Exports & { readonly memory: Uint8Array; readonly found: Uint32Array };

/** What `marksOf` tells. */
export const mark = { high: 1, control: 2, zero: 4 };

/** Letters and digits of base64, of base64url, and so hexadecimal ones. */
export const isRunByte = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  isRunByte[character.charCodeAt(0)] = 1;
export const shortestRun = 40;

/** Of one kind of writing, places this near to one that is known are not told. */
const apart = 161;

const chunkBytes = 1 << 16;
/** Known in front of a chunk, so that a run is seen that begins there, and behind it. */
const behind = 64;
const ahead = 64;
const skipsAt = 16;
const textAt = 128;
const foundAt = textAt + chunkBytes + 4096;
const mostFound = 4096;
const memoryBytes = 1 << 17;

let survey: Survey | undefined;

/** Compiled when it is first needed; its memory holds nothing from one call to the next. */
function theSurvey(): Survey {
  if (survey !== undefined) return survey;
  const memory = memoryOf(memoryBytes);
  const { marks, lastDirectoryEnd, places, runs, header } = linked(surveyModule, memory) as Exports;
  const bytes = new Uint8Array(memory.buffer);
  const found = new Uint32Array(memory.buffer, foundAt, mostFound);
  survey = { marks, lastDirectoryEnd, places, runs, header, memory: bytes, found };
  return survey;
}

/** `mark.high`: a byte from 0x80 on; `mark.control`: a control character that texts do not have; `mark.zero`: a zero. Added up. */
export function marksOf(bytes: Uint8Array): number {
  const { memory, marks } = theSurvey();
  let found = 0;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const some = bytes.length <= chunkBytes ? bytes : bytes.subarray(at, at + chunkBytes);
    memory.set(some, textAt);
    found |= marks(textAt, textAt + some.length);
  }
  return found;
}

/** @param tail at most 66,000 bytes @param before at least 3 ahead of its end @returns where the last `PK\5\6` is that begins ahead of `before`; -1 where there is none */
export function lastDirectoryEnd(tail: Uint8Array, before: number): number {
  const { memory, lastDirectoryEnd: last } = theSurvey();
  if (before <= 0) return -1;
  memory.set(tail, textAt);
  const at = last(textAt, textAt + before);
  return at === 0 ? -1 : at - textAt;
}

/** `delimiter`: a byte; a line feed where there is one column. */
export type Header = { readonly delimiter: number; readonly start: number; readonly end: number };

/** The first line that heads columns as wide as those below it. @param head at most 64 KB @param most lines that are looked at @param longest bytes of a name */
export function headerIn(head: Uint8Array, most: number, longest: number): Header | undefined {
  const { memory, found, header } = theSurvey();
  memory.set(head, textAt);
  const delimiter = header(textAt, textAt + head.length, most, longest, foundAt);
  if (delimiter === 0) return undefined;
  return { delimiter, start: (found[0] ?? 0) - textAt, end: (found[1] ?? 0) - textAt };
}

export type Places = {
  /** Where something may be written in another way than people read it, in order. */
  readonly places: readonly number[];
  /** Where runs of at least 40 characters of base64 begin; and perhaps places within a run that began before. In order. */
  readonly runs: readonly number[];
};

/** Where a text has to be looked at a second time. */
export function placesIn(text: Uint8Array): Places {
  const { memory, found, places: placesOf, runs: runsOf } = theSurvey();
  const places: number[] = [];
  const runs: number[] = [];
  memory.fill(0, skipsAt, skipsAt + 16);
  for (let at = 0; at < text.length; at += chunkBytes) {
    const [first, end] = [Math.max(0, at - behind), Math.min(text.length, at + chunkBytes)];
    const last = Math.min(text.length, end + ahead);
    const to = textAt + end - at;
    memory.set(last - first === text.length ? text : text.subarray(first, last), textAt - (at - first));
    memory.fill(0, textAt + last - at, textAt + last - at + 16);
    if (at === 0) memory[textAt - 1] = 0;
    const count = placesOf(at === 0 ? textAt : 0, textAt, to, apart, skipsAt, foundAt);
    for (let one = 0; one < count; one += 1) places.push((found[one] ?? 0) + at - textAt);
    const from = at === 0 ? textAt : textAt - shortestRun + 1;
    const runCount = runsOf(from, to, foundAt);
    for (let one = 0; one < runCount; one += 1) runs.push((found[one] ?? 0) + at - textAt);
  }
  return { places, runs };
}
