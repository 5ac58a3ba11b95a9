import { decodeBase64, std } from './base64.ts';

/** One block between `-----BEGIN type-----` and `-----END type-----`. */
export interface PemBlock {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';

/** The first line without trailing white space, and where the next one starts. */
function lineAt(text: string, at: number): { readonly line: string; readonly next: number } {
  const end = text.indexOf('\n', at);
  const stop = end < 0 ? text.length : end;
  return { line: text.slice(at, stop).replace(/[ \t\r\n]+$/, ''), next: end < 0 ? text.length : end + 1 };
}

/**
 * The first block of a text and what follows it; null when there is none. Reads what Go's encoding/pem reads: text around
 * blocks is skipped, headers (`Name: value`) are dropped, a malformed block is passed over.
 */
export function nextPem(text: string): { readonly block: PemBlock; readonly rest: string } | null {
  let from = 0;
  for (;;) {
    const end = text.indexOf(END, from);
    if (end < 0) return null;
    const begin = text.lastIndexOf(BEGIN, end - BEGIN.length);
    const after = end + END.length;
    if (begin < from || (begin > 0 && text[begin - 1] !== '\n')) {
      from = after;
      continue;
    }
    const found = blockAt(text, begin, end);
    if (found !== null) return found;
    from = after;
  }
}

function blockAt(text: string, begin: number, end: number): ReturnType<typeof nextPem> {
  const head = lineAt(text, begin + BEGIN.length);
  if (!head.line.endsWith(DASHES)) return null;
  const type = head.line.slice(0, -DASHES.length);
  let body = head.next;
  let hasHeaders = false;
  while (body <= end) {
    const { line, next } = lineAt(text, body);
    if (!line.includes(':')) break;
    hasHeaders = true;
    body = next;
  }
  if (hasHeaders && body > end) return null;
  const trailer = lineAt(text, end + END.length);
  if (trailer.line !== `${type}${DASHES}`) return null;
  const bytes = decodeBase64(body < end ? text.slice(body, end).replaceAll(/[ \t]/g, '') : '', std);
  if (typeof bytes === 'number') return null;
  return { block: { type, bytes }, rest: text.slice(trailer.next) };
}

/** Every block of a text. */
export function allPem(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (let found = nextPem(text); found !== null; found = nextPem(found.rest)) blocks.push(found.block);
  return blocks;
}
