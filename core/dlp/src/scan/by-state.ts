/** What the words that end in a state give, for each state that ends one. */
const nothing: readonly never[] = [];

/**
 * @param ends words of each state, by number
 * @param give adds what a word gives
 * @returns by state; most have nothing, and share that
 */
export function byState<Word, Given>(
  ends: readonly (readonly number[])[],
  words: readonly Word[],
  give: (word: Word, index: number, to: Given[]) => void,
): readonly (readonly Given[])[] {
  const all: (readonly Given[])[] = [];
  let given: Given[] = [];
  for (let state = 0; state < ends.length; state++) {
    const numbers = ends[state] ?? nothing;
    for (let at = 0; at < numbers.length; at++) {
      const number = numbers[at] ?? 0;
      const word = words[number];
      if (word !== undefined) give(word, number, given);
    }
    all.push(given.length === 0 ? nothing : given);
    if (given.length > 0) given = [];
  }
  return all;
}
