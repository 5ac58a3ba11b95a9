/**
 * Text detectors that read on only while it is worth it: a text is looked at in blocks, and when a block holds next to nothing
 * of what is looked for, the rest is left. Source code and logs cost one block each; a list of people is read to its end.
 */
import type { TextMatch } from '../../detector.ts';

const blockLength = 16_384;

/** @param scan yields matches that start from `from` up to `to`. @param enough matches of one block that make the next worth reading */
export function* blockwise(
  text: string,
  scan: (text: string, from: number, to: number) => Iterable<TextMatch>,
  enough: number,
): Generator<TextMatch> {
  for (let from = 0; from < text.length; from += blockLength) {
    let count = 0;
    for (const match of scan(text, from, Math.min(text.length, from + blockLength))) {
      count += 1;
      yield match;
    }
    if (count < enough) return;
  }
}

/** Share of the characters of the first 16 KB that programs have and prose has not. */
export function codeShare(text: string): number {
  const end = Math.min(text.length, 16_384);
  let count = 0;
  for (let at = 0; at < end; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
      case 0x7d: // }
      case 0x3b: // ;
      case 0x3d: // =
      case 0x5f: // _
      case 0x3c: // <
      case 0x3e: // >
      case 0x24: // $
      case 0x28: // (
      case 0x29: // )
      case 0x5b: // [
      case 0x5d: // ]
        count += 1;
        break;
      default:
    }
  }
  return count / Math.max(end, 256);
}
