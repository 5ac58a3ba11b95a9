/** Source code, by the share of lines that only programs of a language have. */
import type { TextDetector, TextMatch } from '../../detector.ts';
import type { Band } from '../../finding.ts';
import { codeShare } from './blocks.ts';
import type { Language } from './source-language.ts';
import { languages } from './source-languages.ts';

/** As much as is read to know the language, behind the comment that a file begins with. */
const headLength = 6144;

/** So many languages are looked at in full. */
const candidates = 6;

const word = /#?[A-Za-z]{2,16}/g;
const comment =
  /^(?:[ \t]*(?:#(?![ \t]*(?:include|define|if|import|pragma))|\/\/|\/?\*|--|;|%|"""|$).*\r?\n){1,200}/;

type Judgement = { readonly language: Language; readonly band: Band; readonly share: number };

/** The language that a text is written in. @returns undefined: none, or not sure at all */
export function languageOf(text: string): Judgement | undefined {
  // Prose, tables and logs have too little of what programs are full of.
  if (codeShare(text) < 0.012) return undefined;
  const shebang = text.startsWith('#!') ? text.slice(0, text.indexOf('\n') + 1) : '';
  const begin = comment.exec(text.slice(0, 12_288))?.[0].length ?? 0;
  const head = shebang + text.slice(begin, begin + headLength);
  const words = new Set(head.match(word));
  const lineCount = countLines(head);
  const likely = languages
    .map((language) => ({
      language,
      count: language.words.filter((one) => words.has(one)).length / language.words.length,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, candidates);
  let best: Judgement | undefined;
  for (const { language } of likely) {
    const found = head.match(language.lines);
    const count = found?.length ?? 0;
    const share = count / Math.max(lineCount, 4);
    const beginnings = new Set(found?.map((line) => line.trim().slice(0, 3))).size;
    if (count < 3 || beginnings < 3 || share < 0.12 || share <= (best?.share ?? 0)) continue;
    best = { language, band: share >= 0.3 && count >= 8 ? 75 : 65, share };
  }
  return best;
}

/** Lines that are neither empty nor comment only. */
function countLines(text: string): number {
  return text.match(/^(?![ \t]*(?:\/\/|\*|\/\*|#(?!include|define|if|end)|--|;|%|$))/gm)?.length ?? 0;
}

export const sourceCode: TextDetector = {
  id: 'source_code',
  class: 'source_code',
  name: 'Source code',
  token: 'SOURCE_CODE',
  maxBytes: 65_536,
  *scan(text): Generator<TextMatch> {
    const judged = languageOf(text);
    if (!judged) return;
    const { language, band, share } = judged;
    const why = `${String(Math.min(100, Math.round(share * 100)))} % of its lines are ${language.name}`;
    yield { start: 0, end: text.length, confidence: band, why, kind: language.id, isValue: false };
  },
  source: 'Grammars of the languages',
};
