/** Which kind of text it is, where its first bytes tell that at once. Nothing depends on it but what people and policies are told. */
import { headerIn } from '../survey.ts';
import { latin } from './bytes.ts';

const [tab, lineFeed, comma, hash, bracket, semicolon, less, brace, bar] = [
  9, 10, 44, 35, 91, 59, 60, 123, 124,
];
const longestBeginning = 256;

/** By the program that the first line names. */
const interpreters: readonly (readonly [RegExp, string])[] = [
  [/^python[\d.]*$/, 'text/x-python'],
  [/^(?:ba|da|k|z|a)?sh$/, 'text/x-shellscript'],
  [/^(?:node|nodejs|deno|bun)$/, 'text/javascript'],
  [/^perl[\d.]*$/, 'text/x-perl'],
  [/^ruby[\d.]*$/, 'text/x-ruby'],
  [/^php[\d.]*$/, 'text/x-php'],
];

/** @param head the first bytes of a text in UTF-8 @returns `text/plain` where it may be anything */
export function textTypeOf(head: Uint8Array): string {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (at < head.length && (head[at] ?? 0) <= 0x20) at += 1;
  const known = byFirst(head, at, head[at] ?? 0);
  return known ?? typeOfTable(head) ?? 'text/plain';
}

function byFirst(head: Uint8Array, at: number, first: number): string | undefined {
  if (first === less) return typeOfMarkup(latin(head, at, Math.min(head.length, at + 16)));
  if (first === brace || first === bracket) return typeOfJson(head, at);
  if (first !== hash) return undefined;
  return head[at + 1] === 0x21 ? typeOfProgram(head, at) : isMarkdown(head, at) ? 'text/markdown' : undefined;
}

function typeOfMarkup(text: string): string | undefined {
  if (/^<(?:!doctype html|html)(?![\w:.-])/i.test(text)) return 'text/html';
  if (/^<\?xml\s/.test(text)) return 'application/xml';
  return /^<\?php\s/.test(text) ? 'text/x-php' : undefined;
}

function typeOfProgram(head: Uint8Array, at: number): string | undefined {
  const line = /^#! *(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(textFrom(head, at));
  const program = nameOf(line?.[1] ?? '');
  const name = program === 'env' ? nameOf(line?.[2] ?? '') : program;
  return interpreters.find(([pattern]) => pattern.test(name))?.[1];
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const firstOfObject = /^\{\s*(?:\}\s*$|"(?:[^"\\]|\\.){0,200}"\s*:)/;
const firstOfArray =
  /^\[\s*(?:\]\s*$|\{\s*["}]|\[|"(?:[^"\\]|\\.){0,200}"\s*(?:,|\]\s*$)|(?:-?\d[\d.eE+-]{0,30}|true|false|null)\s*(?:,|\]\s*$))/;

function typeOfJson(head: Uint8Array, at: number): string | undefined {
  const text = textFrom(head, at);
  if (!(head[at] === brace ? firstOfObject : firstOfArray).test(text)) return undefined;
  const end = head.indexOf(lineFeed, at);
  if (end < 0) return 'application/json';
  // A value in each line.
  const last = head[end - 1] === 0x0d ? end - 2 : end - 1;
  const isWhole = head[last] === (head[at] ?? 0) + 2;
  return isWhole && head[end + 1] === head[at] ? 'application/x-ndjson' : 'application/json';
}

/** A heading and an empty line, and a link or a block of code. */
function isMarkdown(head: Uint8Array, at: number): boolean {
  const line = /^#{1,6} [^\n]*\n\r?\n/.test(textFrom(head, at));
  return line && /\]\((?:https?:|[#./\w-])|\n```/.test(latin(head, at));
}

/** The first line heads columns, and so many of the lines below it as are known have as many. */
function typeOfTable(head: Uint8Array): string | undefined {
  const first = head.indexOf(lineFeed);
  if (first < 0 || !hasDelimiter(head, first)) return undefined;
  const found = headerIn(head, 2, 64);
  if (found === undefined || found.start > 3 || found.delimiter === lineFeed) return undefined;
  const { delimiter } = found;
  const cells = countIn(head, 0, first, delimiter);
  if (cells < 0) return undefined;
  let end = first;
  for (let line = 0; line < 8; line += 1) {
    const next = head.indexOf(lineFeed, end + 1);
    if (next < 0) break;
    if (next > end + 2 && countIn(head, end + 1, next, delimiter) !== cells) return undefined;
    end = next;
  }
  return delimiter === tab ? 'text/tab-separated-values' : 'text/csv';
}

function hasDelimiter(head: Uint8Array, end: number): boolean {
  for (let at = 0; at < end; at += 1) {
    const byte = head[at];
    if (byte === comma || byte === tab || byte === semicolon || byte === bar) return true;
  }
  return false;
}

/** Delimiters in a line outside of quotes; -1 where a space follows one, as in prose and in programs. */
function countIn(head: Uint8Array, start: number, end: number, delimiter: number): number {
  let count = 0;
  let isQuoted = false;
  for (let at = start; at < end; at += 1) {
    const byte = head[at];
    if (byte === 0x22) isQuoted = !isQuoted;
    if (byte !== delimiter || isQuoted) continue;
    if (head[at + 1] === 0x20) return -1;
    count += 1;
  }
  return count;
}

const textFrom = (head: Uint8Array, at: number): string =>
  latin(head, at, Math.min(head.length, at + longestBeginning));
