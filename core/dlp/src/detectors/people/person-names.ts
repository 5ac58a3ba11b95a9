/** Names of people in running text: a frequent given name, and what follows it. */
import type { TextDetector, TextPiece, TextScan } from '../../detector.ts';
import type { Band } from '../../finding.ts';
import type { Look } from './blocks.ts';
import { blockwise, firstBlock } from './blocks.ts';
import { cues } from './cues.ts';
import { ambiguousGivenNames, givenNames } from './given-names.ts';
import { binary, capitalised, letter, list, restOfName } from './letters.ts';
import { hasSureSurnameEnding, hasSurnameEnding, isClearSurname, isFrequentSurname } from './surnames.ts';

const given: ReadonlySet<string> = new Set(binary(givenNames).trim().split(/\s+/));
const ambiguous: ReadonlySet<string> = new Set(binary(ambiguousGivenNames).trim().split(/\s+/));

/** Capitalised words that are no surnames though they follow a given name. */
const notSurnames: ReadonlySet<string> = new Set(
  list(`
street|road|avenue|university|college|school|hospital|institute|foundation|software|systems|river|lake|park|island|county|city|beach|valley|mountain|airport
  station|station|inc|ltd|llc|gmbh|corp|corporation|company|group|project|library|license|licence|version|server|module|method|test|tests|theorem|algorithm
  |distribution|function|functions|filter|transform|code|coding|table|day|days|eve|prize|award|january|february|march|april|may|june|july|august|september|october|november
  |december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|the|and|for|with|from|this|that|has|was|is|are|said|says|will|can|all|not|but|you|your|what|when|where
  |who|why|how|ii|iii|iv|api|sdk|cli|pro|max|plus|mini|air|time|date|error|warning|info|debug|note|see|also|if|in|on|at|to|of|or|it|he|she|his|her|we|they|de|en
  |strasse|platz|weg|allee|ring|standard|tree|hash|cipher|encryption|protocol|model|process|processes|number|numbers|matrix|equation|method|sampling|sort|search|language|compiler
  `),
);

const word = new RegExp(capitalised, 'y');
const further = new RegExp(restOfName, 'y');

type Judged = { readonly length: number; readonly band: Band; readonly why: string };

/** @returns how much of a given name and what follows it is a person's name; undefined: none */
export function judgeName(first: string, rest: string, lenient: boolean): Judged | undefined {
  const key = lowerCase(first);
  const parts = rest.split(/[ \xa0]/).filter((part) => part !== '');
  while (parts.length > 0 && !isSurnameLike(parts[parts.length - 1] ?? '')) parts.pop();
  const tail = parts.length === 0 ? '' : rest.slice(0, lengthOf(rest, parts.length));
  const last = lowerCase(parts[parts.length - 1] ?? '');
  const isGiven = given.has(key) || (key.includes('-') && given.has(key.slice(0, key.indexOf('-'))));
  const isClear = isGiven && !ambiguous.has(key);
  const isSurname = last.length > 1 && (isFrequentSurname(last) || hasSureSurnameEnding(last));
  const hasInitial = parts.some((part) => /^[A-Z]\.?$/.test(part));
  if (isGiven && isSurname)
    return judged(first, tail, isClear ? 75 : 65, 'given name and surname are frequent ones');
  if (isClear && parts.length > 0)
    return judged(first, tail, 65, 'a frequent given name before a further name');
  if (isGiven && parts.length > 1 && hasInitial)
    return judged(first, tail, 65, 'a given name and an initial');
  if (isGiven && parts.length > 0 && hasSurnameEnding(last))
    return judged(first, tail, 65, 'a given name and a word built as surnames are');
  if (!lenient) return undefined;
  if (isClear) return judged(first, '', 65, 'a frequent given name');
  return isClearSurname(key) ? judged(first, '', 65, 'a frequent surname') : undefined;
}

function judged(first: string, tail: string, band: Band, why: string): Judged {
  return { length: first.length + tail.length, band, why };
}

/** The length of `rest` up to the end of its part number `count`. */
function lengthOf(rest: string, count: number): number {
  const part = /[ \xa0]+[^ \xa0]+/y;
  let length = 0;
  for (let at = 0; at < count && part.test(rest); at += 1) length = part.lastIndex;
  return length;
}

function isSurnameLike(word: string): boolean {
  return (
    word.length > 1 &&
    /^[A-Z\xc3-\xe1]/.test(word) &&
    !/^[A-Z]\.?$/.test(word) &&
    !notSurnames.has(lowerCase(word))
  );
}

/** Lower case of binary text: of all letters, not only the ASCII ones. */
export function lowerCase(word: string): string {
  return /[\x80-\xff]/.test(word) ? binary(decode(word).toLowerCase()) : word.toLowerCase();
}

function decode(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(text, (one) => one.charCodeAt(0)));
}

/** @param lenient whether a name that stands alone counts */
function namesIn(lenient: boolean): Look {
  return ({ bytes, text, base }, from, to, found) => {
    const { places, end } = cues().names(bytes, from - base, to - base, !lenient);
    let next = 0;
    for (const at of places) {
      if (at < next) continue;
      const whole = text();
      word.lastIndex = at;
      const first = word.exec(whole)?.[0];
      if (first === undefined) continue;
      const behind = at + first.length;
      next = behind;
      if (isIdentifier.test(whole.slice(behind, behind + 2))) continue;
      further.lastIndex = behind;
      const judgement = judgeName(first, further.exec(whole)?.[0] ?? '', lenient);
      if (!judgement) continue;
      const { length, band, why } = judgement;
      next = at + length;
      found({ start: base + at, end: base + next, confidence: band, why, isValue: true });
    }
    return base + Math.max(end, next);
  };
}

/** What makes the word before it part of an identifier, a call or an address. */
const isIdentifier = /^(?:[\w@$(]|[.:/\\-][A-Za-z0-9_:/\\])/;

/** Whether a letter, or what parts an identifier or a path, is right before `at`. */
function isBehindWord(text: string, at: number): boolean {
  if (at === 0) return false;
  const before = text.charCodeAt(at - 1);
  // Most words stand behind a space, a line feed or a quotation mark.
  if (before <= 0x22) return false;
  if (before >= 0x80) return !/(?:\xc2.|\xe2\x80.)$/.test(text.slice(Math.max(0, at - 3), at));
  return /[\w.@/\\#$-]/.test(text.charAt(at - 1));
}

/** Whether this is a message of someone who does not use capitals. */
function isLowerCaseOnly({ bytes, base, isLast }: TextPiece): boolean {
  return base === 0 && isLast && bytes.length < 65_536 && !cues().hasCapital(bytes);
}

const lowerWord = new RegExp(`${letter}{4,20}`, 'g');

/** In text without capitals, given names that are nothing else, with the word behind them. */
const lowerCaseNames: Look = ({ text }, from, to, found) => {
  const whole = text();
  lowerWord.lastIndex = from;
  for (let word = lowerWord.exec(whole); word && word.index < to; word = lowerWord.exec(whole)) {
    const { index: at, 0: all } = word;
    const end = at + all.length;
    if (isBehindWord(whole, at) || isIdentifier.test(whole.slice(end, end + 2)) || ambiguous.has(all))
      continue;
    if (given.has(all) || isClearSurname(all))
      found({
        start: at,
        end,
        confidence: 65,
        why: 'a frequent name, in a text without capitals',
        isValue: true,
      });
  }
  return to;
};

function openNames(): TextScan {
  let scan: TextScan | undefined;
  return (piece, found) => {
    if (scan === undefined) {
      const lenient = cues().codeShare(firstBlock(piece)) < 0.02;
      const look = lenient && isLowerCaseOnly(piece) ? lowerCaseNames : namesIn(lenient);
      // Names are read on as long as a block holds two.
      scan = blockwise(look, 2);
    }
    return scan(piece, found);
  };
}

export const personNames: TextDetector = {
  id: 'person.name',
  class: 'pii.name',
  name: 'Name of a person',
  token: 'NAME',
  open: openNames,
  source: 'Given names and surnames by frequency, from the statistics of registry offices',
};
