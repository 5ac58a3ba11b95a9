/** Names of people in running text: a frequent given name, and what follows it. */
import type { TextDetector, TextMatch } from '../../detector.ts';
import type { Band } from '../../finding.ts';
import { blockwise, codeShare } from './blocks.ts';
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
const start = /[A-Z\xc3-\xc5\xce\xd0]/g;

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
function* names(text: string, from: number, to: number, lenient: boolean): Generator<TextMatch> {
  start.lastIndex = from;
  for (let found = start.exec(text); found && found.index < to; found = start.exec(text)) {
    const at = found.index;
    if (isBehindWord(text, at)) continue;
    word.lastIndex = at;
    const first = word.exec(text)?.[0];
    if (first === undefined) continue;
    start.lastIndex = at + first.length;
    if (!mayBegin(first) || isIdentifier.test(text.slice(at + first.length, at + first.length + 2))) continue;
    further.lastIndex = at + first.length;
    const rest = further.exec(text)?.[0] ?? '';
    const judgement = judgeName(first, rest, lenient);
    if (!judgement) continue;
    const { length, band, why } = judgement;
    start.lastIndex = at + length;
    yield { start: at, end: at + length, confidence: band, why, isValue: true };
  }
}

/** What makes the word before it part of an identifier, a call or an address. */
const isIdentifier = /^(?:[\w@$(]|[.:/\\-][A-Za-z0-9_:/\\])/;

function mayBegin(first: string): boolean {
  const key = lowerCase(first);
  return (
    given.has(key) || isClearSurname(key) || (key.includes('-') && given.has(key.slice(0, key.indexOf('-'))))
  );
}

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
function isLowerCaseOnly(text: string): boolean {
  return text.length < 65_536 && !/[A-Z]/.test(text);
}

const lowerWord = new RegExp(`${letter}{4,20}`, 'g');

/** In text without capitals, given names that are nothing else, with the word behind them. */
function* lowerCaseNames(text: string, from: number, to: number): Generator<TextMatch> {
  lowerWord.lastIndex = from;
  for (let found = lowerWord.exec(text); found && found.index < to; found = lowerWord.exec(text)) {
    const { index: at, 0: all } = found;
    const end = at + all.length;
    if (isBehindWord(text, at) || isIdentifier.test(text.slice(end, end + 2)) || ambiguous.has(all)) continue;
    if (given.has(all) || isClearSurname(all))
      yield {
        start: at,
        end,
        confidence: 65,
        why: 'a frequent name, in a text without capitals',
        isValue: true,
      };
  }
}

export const personNames: TextDetector = {
  id: 'person.name',
  class: 'pii.name',
  name: 'Name of a person',
  token: 'NAME',
  maxBytes: 8 * 1_048_576,
  *scan(text) {
    const lenient = codeShare(text) < 0.02;
    const scan = lenient && isLowerCaseOnly(text) ? lowerCaseNames : names;
    yield* blockwise(text, (all, from, to) => scan(all, from, to, lenient), 2);
  },
  source: 'Given names and surnames by frequency, from the statistics of registry offices',
};
