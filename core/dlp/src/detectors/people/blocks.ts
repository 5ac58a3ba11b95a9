/**
 * Detectors of texts that read on only while it is worth it: a text is looked at in blocks, and when a block holds next to nothing
 * of what is looked for, the rest is left. Source code and logs cost one block each; a list of people is read to its end.
 */
import type { TextMatch, TextPiece, TextScan } from '../../detector.ts';

const blockLength = 16_384;

/** What is asked of a text as a whole is asked of its first 16 KB. */
export function firstBlock({ bytes }: TextPiece): Uint8Array {
  return bytes.subarray(0, blockLength);
}

/** Finds matches that start from `from` up to `to`, offsets in the part. @returns the offset behind all that it looked at or found */
export type Look = (piece: TextPiece, from: number, to: number, found: (match: TextMatch) => void) => number;

/** @param enough matches of one block that make the next worth reading */
export function blockwise(look: Look, enough: number): TextScan {
  let from = 0;
  let blockEnd = blockLength;
  let count = 0;
  return (piece, found) => {
    for (;;) {
      const to = Math.min(piece.to, blockEnd);
      if (from < to)
        from = Math.max(
          to,
          look(piece, from, to, (match) => {
            count += 1;
            found(match);
          }),
        );
      if (to < blockEnd) return true;
      if (count < enough) return false;
      count = 0;
      blockEnd += blockLength;
    }
  };
}
