/** Letters outside of ASCII as they stand in binary text, where each is two or three characters. */

/** UTF-8 as binary text, the form in which detectors see documents. */
export function binary(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let all = '';
  for (let at = 0; at < bytes.length; at += 4096)
    all += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return all;
}

/** The entries of a list that is parted by `|` and line breaks, as binary text. */
export function list(text: string): string[] {
  return binary(text)
    .split(/[|\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** One letter of Latin, Greek, Cyrillic, Hebrew, Arabic and the scripts behind them; not the punctuation of U+2000 and on. */
export const letter = String.raw`(?:[A-Za-z]|[\xc3-\xdf][\x80-\xbf]|[\xe0\xe1\xe3-\xed][\x80-\xbf]{2})`;

/** One upper-case letter. Of Latin Extended, where upper and lower case alternate, any. */
export const upper = String.raw`(?:[A-Z]|\xc3[\x80-\x9e]|[\xc4-\xc6][\x80-\xbf]|\xce[\x86-\xab]|\xd0[\x80-\xaf]|\xe1[\xb8-\xbb][\x80-\xbf])`;

const inner = String.raw`(?:${letter}|['-](?=${letter})|\xe2\x80[\x90\x99](?=${letter}))`;

/** A word that starts upper-case: `Müller-Lüdenscheidt`, `O'Neill`. */
export const capitalised = `(?:${upper}${inner}{1,24})`;

/** The words that stand between given name and surname. */
const particle = String.raw`(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|al|el|bin|ibn|ten|ter|zu|zur|af|av|y|e)`;

/** What may follow a given name: initials, further names, particles, a surname. */
export const restOfName = String.raw`(?:[ \xa0](?:${upper}\.?(?![A-Za-z\x80-\xff])|${particle}(?= )|[dDlL]'${capitalised}|${capitalised})){0,4}`;

/** Each of the words in lower case, with a capital, and in capitals, as alternatives of a pattern. */
export function anyCase(words: readonly string[]): string {
  const forms = words.flatMap((word) => [
    word,
    word.charAt(0).toUpperCase() + word.slice(1),
    word.toUpperCase(),
  ]);
  return `(?:${[...new Set(forms)].map(escaped).sort(longerFirst).join('|')})`;
}

/** The words as alternatives of a pattern, the longer ones first. */
export function oneOf(words: readonly string[]): string {
  return `(?:${[...words].map(escaped).sort(longerFirst).join('|')})`;
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

function longerFirst(a: string, b: string): number {
  return b.length - a.length || (a < b ? -1 : 1);
}
