/** Names of people in running text: a frequent given name, and what follows it. */
import type { TextDetector, TextPiece, TextScan } from '../../detector.ts';
import type { Band } from '../../finding.ts';
import type { Look } from './blocks.ts';
import { blockLength, throughout } from './blocks.ts';
import { cues } from './cues.ts';
import { ambiguousGivenNames, givenNames } from './given-names.ts';
import { binary, letter, list, restOfName } from './letters.ts';
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

const further = new RegExp(restOfName, 'y');

type Judged = { readonly length: number; readonly band: Band; readonly why: string };

/** @returns how much of a given name and what follows it is a person's name; undefined: none */
export function judgeName(first: string, rest: string, lenient: boolean): Judged | undefined {
  const key = lowerCase(first);
  return isGivenName(key) ? judgeGiven(first, key, rest, lenient) : judgeOther(first, key, lenient);
}

/** @param key lower case, binary text */
function isGivenName(key: string): boolean {
  if (given.has(key)) return true;
  const dash = key.indexOf('-');
  return dash >= 0 && given.has(key.slice(0, dash));
}

function judgeOther(first: string, key: string, lenient: boolean): Judged | undefined {
  return lenient && isClearSurname(key) ? judged(first, 0, 65, 'a frequent surname') : undefined;
}

/** @param rest what may follow a given name, from its first blank on; what ends it and is like no surname does not belong to it */
function judgeGiven(first: string, key: string, rest: string, lenient: boolean): Judged | undefined {
  const isClear = !ambiguous.has(key);
  for (let end = rest.length; end > 0;) {
    while (end > 0 && isBlank(rest, end - 1)) end -= 1;
    let start = end;
    while (start > 0 && !isBlank(rest, start - 1)) start -= 1;
    const last = surnameLike(rest.slice(start, end));
    if (last === undefined) {
      end = start;
      continue;
    }
    if (isFrequentSurname(last) || hasSureSurnameEnding(last))
      return judged(first, end, isClear ? 75 : 65, 'given name and surname are frequent ones');
    if (isClear) return judged(first, end, 65, 'a frequent given name before a further name');
    if (
      rest
        .slice(0, start)
        .split(blank)
        .some((part) => initial.test(part))
    )
      return judged(first, end, 65, 'a given name and an initial');
    if (hasSurnameEnding(last))
      return judged(first, end, 65, 'a given name and a word built as surnames are');
    break;
  }
  if (lenient && isClear) return judged(first, 0, 65, 'a frequent given name');
  return judgeOther(first, key, lenient);
}

const blank = /[ \xa0]/;

function isBlank(text: string, at: number): boolean {
  const byte = text.charCodeAt(at);
  return byte === 0x20 || byte === 0xa0;
}

const initial = /^[A-Z]\.?$/;

function judged(first: string, tail: number, band: Band, why: string): Judged {
  return { length: first.length + tail, band, why };
}

/** @returns the word in lower case; undefined where it is no surname */
function surnameLike(word: string): string | undefined {
  const byte = word.charCodeAt(0);
  const isUpper = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0xc3 && byte <= 0xe1);
  if (!isUpper || word.length < 2 || initial.test(word)) return undefined;
  const key = lowerCase(word);
  return notSurnames.has(key) ? undefined : key;
}

/** Lower case of binary text: of all letters, not only the ASCII ones. */
export function lowerCase(word: string): string {
  for (let at = 0; at < word.length; at++)
    if (word.charCodeAt(at) >= 0x80) return binary(decode(word).toLowerCase());
  return word.toLowerCase();
}

function decode(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(text, (one) => one.charCodeAt(0)));
}

/** @param lenient whether a name that stands alone counts */
function namesIn(lenient: boolean): Look {
  return ({ bytes, text, base }, from, to, found) => {
    const { places, end } = cues().names(bytes, from - base, to - base, !lenient);
    let next = 0;
    for (let one = 0; one < places.length; one += 2) {
      const [at, behind] = [places[one] ?? 0, places[one + 1] ?? 0];
      if (at < next) continue;
      next = behind;
      const whole = text();
      const first = whole.slice(at, behind);
      const key = lowerCase(first);
      const judgement = isGivenName(key)
        ? judgeGiven(first, key, restBehind(whole, behind), lenient)
        : judgeOther(first, key, lenient);
      if (!judgement) continue;
      const { length, band, why } = judgement;
      next = at + length;
      found({ start: base + at, end: base + next, confidence: band, why, isValue: true });
    }
    return base + Math.max(end, next);
  };
}

/** What may follow a name begins with a space. */
function restBehind(text: string, at: number): string {
  if (!isBlank(text, at)) return '';
  further.lastIndex = at;
  return further.exec(text)?.[0] ?? '';
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
      const lenient = cues().codeShare(piece.bytes, blockLength) < 0.02;
      const look = lenient && isLowerCaseOnly(piece) ? lowerCaseNames : namesIn(lenient);
      scan = throughout(look);
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
