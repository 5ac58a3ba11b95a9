/** An automaton that finds all of many words in one pass over bytes (Aho and Corasick 1975), as one table without failure links. */

/** Tables in the shape that the kernel reads. */
export type Automaton = {
  /** Column of each byte; upper and lower case of ASCII share one. */
  readonly classes: Uint8Array;
  readonly columns: number;
  /** Next state by state and column; state 0 is the beginning. */
  readonly table: Uint16Array;
  /** States from this one on end a word. */
  readonly accept: number;
  /** Words that end in the state `accept + n`, longest first: indices into the words given. */
  readonly ends: readonly (readonly number[])[];
  /** Bytes of the longest word. */
  readonly longest: number;
};

const maxStates = 65_535;

/**
 * @param words binary text in lower case, different from each other
 * @throws RangeError when they need more than 65,535 states
 */
export function automatonOf(words: readonly string[]): Automaton {
  const { classes, columns } = classesOf(words);
  const { trie, states, ends } = trieOf(words, classes, columns);
  const order = completed(trie, states, columns, ends);
  // States that end a word come last, so that one comparison finds them.
  const numbered = new Uint16Array(states);
  let plain = 0;
  for (const state of order) if (!ends[state]) numbered[state] = plain++;
  const accept = plain;
  const endings: (readonly number[])[] = [];
  for (const state of order) {
    const ending = ends[state];
    if (!ending) continue;
    numbered[state] = plain++;
    endings.push(ending);
  }
  const table = new Uint16Array(states * columns);
  for (let state = 0; state < states; state++) {
    const from = state * columns;
    const to = (numbered[state] ?? 0) * columns;
    for (let column = 0; column < columns; column++)
      table[to + column] = numbered[trie[from + column] ?? 0] ?? 0;
  }
  const longest = words.reduce((most, word) => Math.max(most, word.length), 0);
  return { classes, columns, table, accept, ends: endings, longest };
}

function classesOf(words: readonly string[]): { classes: Uint8Array; columns: number } {
  const classes = new Uint8Array(256);
  let columns = 1;
  for (const word of words)
    for (let at = 0; at < word.length; at++) {
      const byte = word.charCodeAt(at);
      if (byte > 255) throw new RangeError(`not binary text: ${JSON.stringify(word)}`);
      if (classes[byte] === 0) classes[byte] = columns++;
    }
  for (let upper = 65; upper <= 90; upper++) classes[upper] = classes[upper + 32] ?? 0;
  return { classes, columns };
}

type Trie = { trie: Uint16Array; states: number; ends: (number[] | undefined)[] };

/** The words as a tree: 0 stands for no such branch. */
function trieOf(words: readonly string[], classes: Uint8Array, columns: number): Trie {
  const most = words.reduce((sum, word) => sum + word.length, 1);
  const trie = new Uint16Array(Math.min(most, maxStates + 1) * columns);
  const ends: (number[] | undefined)[] = [undefined];
  let states = 1;
  for (const [index, word] of words.entries()) {
    let state = 0;
    for (let at = 0; at < word.length; at++) {
      const cell = state * columns + (classes[word.charCodeAt(at)] ?? 0);
      if (trie[cell] === 0) {
        if (states > maxStates) throw new RangeError(`more than ${maxStates} states: too many words`);
        ends.push(undefined);
        trie[cell] = states++;
      }
      state = trie[cell] ?? 0;
    }
    if (state !== 0) ends[state] = [index];
  }
  return { trie, states, ends };
}

/** Fills each missing branch with where its longest proper suffix goes. @returns states, nearest to the beginning first */
function completed(
  trie: Uint16Array,
  states: number,
  columns: number,
  ends: (number[] | undefined)[],
): Uint16Array {
  const order = new Uint16Array(states);
  const fail = new Uint16Array(states);
  const own = new Uint16Array(columns);
  let known = 1;
  for (let next = 0; next < known; next++) {
    const state = order[next] ?? 0;
    const row = state * columns;
    const shorter = (fail[state] ?? 0) * columns;
    own.set(trie.subarray(row, row + columns));
    // Most branches are those of the suffix: whole rows are copied at once.
    if (state !== 0) trie.copyWithin(row, shorter, shorter + columns);
    for (let column = 1; column < columns; column++) {
      const target = own[column] ?? 0;
      if (target === 0) continue;
      const beside = state === 0 ? 0 : (trie[row + column] ?? 0);
      trie[row + column] = target;
      order[known++] = target;
      fail[target] = beside;
      const inherited = ends[beside];
      if (inherited) ends[target] = [...(ends[target] ?? []), ...inherited];
    }
  }
  return order;
}
