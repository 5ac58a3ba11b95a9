/** Detectors of texts that see a part piece by piece. */
import type { TextMatch, TextPiece, TextScan } from '../../detector.ts';

/** What is asked of a text as a whole is asked of its first block. */
export const blockLength = 16_384;

/** Finds matches that start from `from` up to `to`, offsets in the part. @returns the offset behind all that it looked at or found */
export type Look = (piece: TextPiece, from: number, to: number, found: (match: TextMatch) => void) => number;

/** Looks at all of a part, a block at a time. */
export function throughout(look: Look): TextScan {
  let from = 0;
  return (piece, found) => {
    while (from < piece.to) {
      const to = Math.min(piece.to, from + blockLength);
      from = Math.max(to, look(piece, from, to, found));
    }
    return true;
  };
}
