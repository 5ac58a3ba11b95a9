/** Source code, by the share of lines that only programs of a language have. */
import type { TextDetector, TextScan } from '../../detector.ts';
import type { Band } from '../../finding.ts';
import { blockLength } from './blocks.ts';
import { cues } from './cues.ts';
import { Lines } from './lines.ts';
import type { Language } from './source-language.ts';
import { languages, languageWords } from './source-languages.ts';

/** As much as is read to know the language, behind the comment that a file begins with. */
const headLength = 6144;

/** So many languages are looked at in full. */
const candidates = 6;

const comment =
  /^(?:[ \t]*(?:#(?![ \t]*(?:include|define|if|import|pragma))|\/\/|\/?\*|--|;|%|"""|$).*\r?\n){1,200}/;

/** What such a comment begins with, behind white space. */
const commentBytes = new Set(Array.from('#/*-;%"', (byte) => byte.charCodeAt(0)));

type Judgement = { readonly language: Language; readonly band: Band; readonly share: number };

/** The language that a text is written in. @returns undefined: none, or not sure at all */
export function languageOf(bytes: Uint8Array, text: string): Judgement | undefined {
  const head = headOf(bytes, text);
  const likely = likelyIn(head.bytes);
  const lines = new Lines(head.bytes, head.text);
  const all = Math.max(lines.count, 4);
  const most = likely.map((language) => lines.mostOf(language));
  let best: { readonly language: Language; readonly count: number; readonly rank: number } | undefined;
  // The ones of which most lines may be are the first, so that most others need not be looked at.
  const order = [...likely.keys()].sort((a, b) => (most[b] ?? 0) - (most[a] ?? 0));
  for (const rank of order) {
    const language = likely[rank];
    if (language === undefined || !isEnough(most[rank] ?? 0, all, best?.count)) continue;
    const { count, beginnings } = lines.of(language, best?.count ?? 3);
    if (beginnings < 3 || !isEnough(count, all, best?.count)) continue;
    if (best === undefined || count > best.count || rank < best.rank) best = { language, count, rank };
  }
  if (best === undefined) return undefined;
  const share = best.count / all;
  return { language: best.language, band: share >= 0.3 && best.count >= 8 ? 75 : 65, share };
}

/** Whether so many lines of all are enough for a language, and no fewer than the best one has. */
function isEnough(count: number, all: number, best = 0): boolean {
  return count >= 3 && count / all >= 0.12 && count >= best;
}

type Head = { readonly bytes: Uint8Array; readonly text: string };

/** What is read to know the language: with the line that names an interpreter, without the comment that a file begins with. */
function headOf(bytes: Uint8Array, text: string): Head {
  const begin = beginsWithComment(bytes) ? (comment.exec(text.slice(0, 12_288))?.[0].length ?? 0) : 0;
  const [head, read] = [text.slice(begin, begin + headLength), bytes.subarray(begin, begin + headLength)];
  if (begin === 0 || !text.startsWith('#!')) return { bytes: read, text: head };
  const interpreter = text.indexOf('\n') + 1;
  const both = new Uint8Array(interpreter + read.length);
  both.set(bytes.subarray(0, interpreter));
  both.set(read, interpreter);
  return { bytes: both, text: text.slice(0, interpreter) + head };
}

function beginsWithComment(bytes: Uint8Array): boolean {
  let at = 0;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
  return commentBytes.has(bytes[at] ?? 0);
}

/** By language, the numbers of its words. */
const numbersOf: readonly Uint16Array[] = languages.map(({ words }) =>
  Uint16Array.from(words, (one) => languageWords.indexOf(one)),
);
const allNumbers = Uint16Array.from(numbersOf.flatMap((numbers) => [...numbers]));

/** The languages of whose words the text has the largest shares. */
function likelyIn(text: Uint8Array): Language[] {
  const marks = cues().keywords(text);
  const shares = new Float64Array(languages.length);
  for (let at = 0, next = 0; at < shares.length; at++) {
    const length = numbersOf[at]?.length ?? 1;
    let count = 0;
    for (const end = next + length; next < end; next++) count += marks[allNumbers[next] ?? 0] ?? 0;
    shares[at] = count / length;
  }
  const likely: Language[] = [];
  while (likely.length < candidates) {
    let best = 0;
    for (let at = 1; at < shares.length; at++) if ((shares[at] ?? 0) > (shares[best] ?? 0)) best = at;
    if ((shares[best] ?? 0) <= 0) break;
    shares[best] = 0;
    const language = languages[best];
    if (language) likely.push(language);
  }
  return likely;
}

/** A program is said to be one for its first 64 KB. */
const partLength = 65_536;

const scan: TextScan = (piece, found) => {
  // Prose, tables and logs have too little of what programs are full of.
  if (cues().codeShare(piece.bytes, blockLength) < 0.012) return false;
  const judged = languageOf(piece.bytes, piece.text());
  if (!judged) return false;
  const { language, band, share } = judged;
  const why = `${String(Math.min(100, Math.round(share * 100)))} % of its lines are ${language.name}`;
  const end = Math.min(piece.bytes.length, partLength);
  found({ start: 0, end, confidence: band, why, kind: language.id, isValue: false });
  return false;
};

export const sourceCode: TextDetector = {
  id: 'source_code',
  class: 'source_code',
  name: 'Source code',
  token: 'SOURCE_CODE',
  open: () => scan,
  source: 'Grammars of the languages',
};
