/**
 * Which lines a pattern of lines may match, told by a few of their bytes: the first, the last, and the marks that are in them. Where
 * this says no, the pattern does not match.
 */
import { outlineOf, type Outline } from '../../scan/filter/outline.ts';

/** What can be asked of a line in no time. */
export type LineForm = {
  /** By byte. */
  readonly first: Uint8Array;
  /** By byte; undefined: any. */
  readonly last: Uint8Array | undefined;
  /** Bits of `markOf` that are all in the line. */
  readonly marks: number;
};

/** By byte: a bit of its own for each of 31 marks, 0 for all others. */
export const markOf: Int32Array = new Int32Array(256);
for (const [bit, mark] of [...'(){}[];:=<>-+*/%$@#!?&|\'".,\\_~'].entries())
  markOf[mark.charCodeAt(0)] = 1 << bit;

const lineFeed = 10;

/** @param pattern of a line behind the white space that it begins with */
export function lineFormOf({ source }: RegExp): LineForm {
  const isToEnd = /(?<!\\)\$$/.test(source);
  const outline = outlineOf(new RegExp(isToEnd ? source.slice(0, -1) : source));
  const any = new Uint8Array(256).fill(1);
  if (outline === undefined) return { first: any, last: undefined, marks: 0 };
  const first = endSet(outline, false);
  const last = endSet(outline, true);
  // Of what may go on in further lines only the beginning is in this one.
  const isWithin = !mayHold(outline, lineFeed);
  return {
    first: first.isEmptyToo ? any : first.set,
    last: isToEnd && isWithin && !last.isEmptyToo ? last.set : undefined,
    marks: isWithin ? marksOf(outline) : 0,
  };
}

type Ends = { readonly set: Uint8Array; readonly isEmptyToo: boolean };

/** Bytes that a match begins or ends with. */
function endSet(part: Outline, isLast: boolean): Ends {
  const set = new Uint8Array(256);
  const add = (ends: Ends): void => {
    for (let byte = 0; byte < 256; byte++) set[byte] = (set[byte] ?? 0) | (ends.set[byte] ?? 0);
  };
  switch (part.kind) {
    case 'set':
      return { set: part.set, isEmptyToo: false };
    case 'behind':
    case 'ahead':
      return { set, isEmptyToo: true };
    case 'all':
      for (const one of isLast ? part.parts.toReversed() : part.parts) {
        const ends = endSet(one, isLast);
        add(ends);
        if (!ends.isEmptyToo) return { set, isEmptyToo: false };
      }
      return { set, isEmptyToo: true };
    case 'any': {
      const all = part.parts.map((one) => endSet(one, isLast));
      all.forEach(add);
      return { set, isEmptyToo: all.some(({ isEmptyToo }) => isEmptyToo) };
    }
    case 'repeat': {
      const ends = endSet(part.part, isLast);
      return { set: ends.set, isEmptyToo: ends.isEmptyToo || part.min === 0 };
    }
    default:
      return part satisfies never;
  }
}

/** Marks that are in every match. */
function marksOf(part: Outline): number {
  switch (part.kind) {
    case 'set': {
      const byte = part.set.indexOf(1);
      return byte >= 0 && byte < 256 && part.set.indexOf(1, byte + 1) < 0 ? (markOf[byte] ?? 0) : 0;
    }
    case 'behind':
    case 'ahead':
      return 0;
    case 'all':
      return part.parts.reduce((marks, one) => marks | marksOf(one), 0);
    case 'any':
      return part.parts.reduce((marks, one) => marks & marksOf(one), -1);
    case 'repeat':
      return part.min > 0 ? marksOf(part.part) : 0;
    default:
      return part satisfies never;
  }
}

function mayHold(part: Outline, byte: number): boolean {
  switch (part.kind) {
    case 'set':
      return part.set[byte] === 1;
    case 'behind':
    case 'ahead':
      return false;
    case 'all':
    case 'any':
      return part.parts.some((one) => mayHold(one, byte));
    case 'repeat':
      return mayHold(part.part, byte);
    default:
      return part satisfies never;
  }
}
