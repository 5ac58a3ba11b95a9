/** How much a label may carry. */

/** Shorter ones carry little, and tell words from codes badly. */
const leastLength = 20;
/** Of all labels below the registered name, taken together. */
const leastTogether = 36;

/**
 * Bits that each character of a label can carry: by the alphabet where it looks like encoded data (10 for digits, 16 for
 * hexadecimal, 32, 36), by Shannon's entropy where it looks like words, whose long numbers and separators do not count.
 * Entropy alone does not tell them apart: 20 random characters of base32 have no more of it than a few long words.
 *
 * @param label lower case
 * @returns 0 for what is too short to tell
 */
export function bitsPerCharacter(label: string, least: number = leastLength): number {
  const compact = label.replace(/^xn--/, '').replace(/[-_]/g, '');
  if (compact.length < least) return 0;
  if (/^[0-9]+$/.test(compact)) return Math.log2(10);
  if (/^[0-9a-f]+$/.test(compact)) return 4;
  if (looksRandom(compact))
    return /^[a-z2-7]+$/.test(compact) || /^[0-9a-v]+$/.test(compact) ? 5 : Math.log2(36);
  const words = label
    .split(/[-_]|[0-9]{5,}/)
    .filter((part) => /[a-z]/.test(part))
    .join('');
  return words.length < least ? 0 : entropy(words);
}

/** @param labels those below the registered name: data that is cut into short labels is still data */
export function bitsTogether(labels: readonly string[]): number {
  const compact = labels.join('').replace(/[-_]/g, '');
  return labels.length > 1 && (/^[0-9a-f]+$/.test(compact) || looksRandom(compact))
    ? bitsPerCharacter(compact, leastTogether)
    : 0;
}

/** Letters and digits take turns, or there are few vowels. */
function looksRandom(compact: string): boolean {
  const turns = compact.match(/[a-z](?=[0-9])|[0-9](?=[a-z])/g)?.length ?? 0;
  const letters = compact.match(/[a-z]/g)?.length ?? 0;
  const vowels = compact.match(/[aeiouy]/g)?.length ?? 0;
  return turns >= compact.length / 6 || vowels < letters / 4;
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
