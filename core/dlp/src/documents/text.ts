/** Plain text, and whatever nobody knows better: its bytes are looked at as they are. */
import type { Extractor } from '../document.ts';
import { encodingOf, toUtf8 } from './encoding.ts';
import { visible } from './visible.ts';

const chunkBytes = 4 << 20;

/** UTF-16 as WHATWG names it, which is what a redaction can write again. */
const writable: ReadonlySet<string> = new Set(['utf-16le', 'utf-16be']);

/** @param isText whether it is said when binary data follow */
const bytesOf = (isText: boolean): Extractor =>
  function* (source, part, _depth, budget) {
    const encoding = encodingOf(source.read(0, 4096));
    if (encoding !== undefined && encoding !== 'utf-8') {
      const text = toUtf8(encoding, source.read(0, source.size));
      const spent = budget.spend(part, text.length, source.size);
      if (spent) yield { kind: 'problem', problem: spent };
      else if (writable.has(encoding))
        yield { kind: 'text', part, text, origin: { kind: 'plain', encoding, at: 0 } };
      else yield { kind: 'text', part, text };
      const wrong = `has bytes that are no text in ${encoding}`;
      if (hasReplacements(text)) yield { kind: 'problem', problem: { code: 'corrupt', part, detail: wrong } };
      return;
    }
    let isBinary = false;
    for (let at = 0; at < source.size; at += chunkBytes) {
      const isBytes = encoding === undefined && !budget.origins;
      const text = isBytes ? visible(source, at, chunkBytes) : source.read(at, chunkBytes);
      if (text.length > 0)
        yield { kind: 'text', part, text, origin: { kind: 'plain', encoding: 'utf-8', at } };
      isBinary ||= isText && hasZeros(text);
      const late = budget.late(part);
      if (late) {
        yield { kind: 'problem', problem: late };
        return;
      }
    }
    const detail = 'begins as a text, but is none; only what is visible in its bytes was looked at';
    if (isBinary) yield { kind: 'problem', problem: { code: 'unsupported', part, detail } };
  };

/** U+FFFD, which decoders put in the place of what they cannot read. */
function hasReplacements(text: Uint8Array): boolean {
  for (let at = text.indexOf(0xef); at >= 0; at = text.indexOf(0xef, at + 1))
    if (text[at + 1] === 0xbf && text[at + 2] === 0xbd) return true;
  return false;
}

/** A log that was preallocated ends with zeros: that is no binary data. */
function hasZeros(bytes: Uint8Array): boolean {
  const first = bytes.indexOf(0);
  return first >= 0 && !bytes.subarray(first).every((byte) => byte === 0);
}

export const plainText = bytesOf(false);
export const textFile = bytesOf(true);

/** A format that nobody here knows: what is visible in its bytes is looked at, and that this was all is said. */
export const unknownBytes: Extractor = function* (source, part, depth, budget, unpack) {
  yield* plainText(source, part, depth, budget, unpack);
  const detail = 'its format is not known; only what is visible in its bytes was looked at';
  if (source.size > 0) yield { kind: 'problem', problem: { code: 'unsupported', part, detail } };
};

/** What only its owner can read. */
export const encryptedBytes: Extractor = function* (_source, part) {
  yield { kind: 'problem', problem: { code: 'encrypted', part, detail: 'it is encrypted' } };
};
