/** What in a request may be a credential. */
import type { Header } from '../http/desk.ts';
import { percentDecoded } from '../request/target.ts';

/** `written`: as it stands in the place where it was found; `value`: what it means. */
export type Candidate = { readonly written: string; readonly value: string };

/** Shorter ones are no secrets that anybody keeps here. */
export const shortest = 8;
const longest = 16_384;

/** Of a header: all of it, its words, what follows a name, and both parts of Basic (RFC 7617). */
export function* inHeader([, value]: Header): Generator<Candidate> {
  yield* meanings(value.trim());
  const words = value.split(/[\s,;]+/);
  for (const [at, word] of words.entries()) {
    yield* meanings(word);
    const equals = word.indexOf('=');
    if (equals >= 0) yield* meanings(unquoted(word.slice(equals + 1)));
    if (words[at - 1]?.toLowerCase() === 'basic') yield* inBasic(word);
  }
}

function* inBasic(written: string): Generator<Candidate> {
  const plain = Buffer.from(written, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  for (const value of [plain, plain.slice(0, Math.max(0, colon)), plain.slice(colon + 1)])
    if (isPlausible(value)) yield { written, value };
}

export function* inQuery(query: string): Generator<Candidate> {
  for (const pair of query.split(/[&;]/)) {
    const written = pair.slice(pair.indexOf('=') + 1);
    yield* meanings(written);
    if (written.includes('+')) yield { written, value: percentDecoded(written.replaceAll('+', ' ')) };
    // `Bearer …` as a value.
    for (const word of written.split(/%20|\+|,|%2C/i)) if (word !== written) yield* meanings(word);
  }
}

export function* inPath(path: string): Generator<Candidate> {
  for (const segment of path.split('/')) {
    yield* meanings(segment);
    for (const piece of segment.split(/[:;,=@]|%3A|%3D|%40/i)) if (piece !== segment) yield* meanings(piece);
  }
}

const run = /[A-Za-z0-9_\-./+=]{16,}/g;

/** Runs in the text of a body, and what follows a name or a slash in them. */
export function* inText(text: string): Generator<string> {
  for (const [whole] of text.matchAll(run)) {
    yield whole;
    const bare = whole.replace(/[.=]+$/, '');
    if (bare !== whole) yield bare;
    if (!/[=/]/.test(bare)) continue;
    for (let at = whole.search(/[=/]/); at >= 0 && at < whole.length - 1; at = nextAfter(whole, at)) {
      const rest = whole.slice(at + 1);
      yield rest;
      const piece = /^[^=/]*/.exec(rest)?.[0] ?? '';
      if (piece !== rest && piece.length >= shortest) yield piece;
      if (whole.length > longest) break;
    }
  }
}

function nextAfter(text: string, at: number): number {
  const found = text.slice(at + 1).search(/[=/]/);
  return found < 0 ? -1 : at + 1 + found;
}

function* meanings(written: string): Generator<Candidate> {
  const plain = unquoted(written);
  if (isPlausible(plain)) yield { written: plain, value: plain };
  const decoded = percentDecoded(plain);
  if (decoded !== plain && isPlausible(decoded)) yield { written: plain, value: decoded };
}

function isPlausible(value: string): boolean {
  return value.length >= shortest && value.length <= longest;
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, '');
}
