/** Most files are one short text and nothing else: a few looks tell that, and nothing has to be unpacked. */
import type { Limits, Source } from '../document.ts';
import { mark, marksOf } from '../survey.ts';
import { encodingOf } from './encoding.ts';
import { mediaTypeOf } from './media-type.ts';
import { textTypeOf } from './text-type.ts';

const mostBytes = 1 << 16;
const headBytes = 4096;

/** `text`: UTF-8. */
type Plain = { readonly type: string; readonly text: Uint8Array };

/** @returns what `extract` would give of it, where that is one text without a problem; undefined: it may be something else */
export function plainOf(source: Source, { maxBytes }: Limits): Plain | undefined {
  const { size } = source;
  if (size === 0 || size > mostBytes || size > maxBytes) return undefined;
  const text = source.read(0, size);
  if (text.length !== size) return undefined;
  const marks = marksOf(text);
  // Without control characters there is no directory of an archive at its end, nor are there binary data in it.
  if ((marks & ~mark.high) !== 0) return undefined;
  const head = size > headBytes ? text.subarray(0, headBytes) : text;
  if (encodingOf(head, marks) !== 'utf-8' || mediaTypeOf(head, 'utf-8') !== 'text/plain') return undefined;
  return { type: textTypeOf(head), text };
}
