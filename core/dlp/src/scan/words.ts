/** An automaton that finds all of many words in one pass over bytes (Aho and Corasick 1975). */

/**
 * States are numbers from 1 on: first those that end a word, then the beginning, then the others. A table of all states and
 * columns takes many megabytes, and most of it is never needed: it is written row by row.
 */
export type Automaton = {
  /** Column of each byte; upper and lower case of ASCII share one. */
  readonly classes: Uint8Array;
  /** Cells of a row: a power of two, so that a row begins where memory is fetched. */
  readonly columns: number;
  /** Greatest number of a state. */
  readonly states: number;
  /**
   * Writes the row of a state, with `columns` cells, into the table: by column the next state, which is never 0. Rows that it is
   * made from are written, too; others must be as they were written, or 0.
   */
  readonly writeRow: (table: Uint16Array, state: number) => void;
  /** The first state that ends a word. */
  readonly accept: number;
  /** Words that end in the state `accept + n`, longest first: indices into the words given. */
  readonly ends: readonly (readonly number[])[];
  /** Bytes of the longest word. */
  readonly longest: number;
};

const maxStates = 65_535;
const none: readonly number[] = [];

/** What most of a text is made of: their cells stand side by side at the beginning of a row. */
const frequent = ' etaoinsrhldcumfpgwybvkxjqz';

/**
 * @param words binary text in lower case, different from each other
 * @throws RangeError when they need more than 65,535 states
 */
export function automatonOf(words: readonly string[]): Automaton {
  const { classes, columns, bytes, longest } = classesOf(words);
  const tree = new Tree(columns, Math.min(bytes + 1, maxStates));
  tree.grow(words, classes);
  const numbers = tree.endings.subarray(0, tree.size);
  const nodes = new Uint16Array(tree.size + 1);
  let plain = tree.ends.length;
  for (let node = 0; node < tree.size; node++) {
    if (numbers[node] === 0) numbers[node] = ++plain;
    nodes[numbers[node] ?? 0] = node;
  }
  const writeRow = (table: Uint16Array, state: number): void => {
    const node = nodes[state] ?? 0;
    const row = state * columns;
    if (node === 0) table.fill(state, row, row + columns);
    else {
      // Most cells are those of the suffix.
      const suffix = numbers[tree.suffixOf(node)] ?? 0;
      const from = suffix * columns;
      if (table[from] === 0) writeRow(table, suffix);
      table.copyWithin(row, from, from + columns);
    }
    tree.eachChild(node, (child, column) => {
      table[row + column] = numbers[child] ?? 0;
    });
  };
  return {
    classes,
    columns,
    states: tree.size,
    writeRow,
    accept: 1,
    ends: tree.ends,
    longest,
  };
}

function classesOf(words: readonly string[]): {
  classes: Uint8Array;
  columns: number;
  bytes: number;
  longest: number;
} {
  const isUsed = new Uint8Array(256);
  let [bytes, longest] = [0, 0];
  for (const word of words) {
    bytes += word.length;
    longest = Math.max(longest, word.length);
    for (let at = 0; at < word.length; at++) {
      const byte = word.charCodeAt(at);
      if (byte > 255) throw new RangeError(`not binary text: ${JSON.stringify(word)}`);
      isUsed[byte] = 1;
    }
  }
  const classes = new Uint8Array(256);
  let used = 1;
  const number = (byte: number): void => {
    if (isUsed[byte] === 1 && classes[byte] === 0) classes[byte] = used++;
  };
  for (const letter of frequent) number(letter.charCodeAt(0));
  for (let byte = 0; byte < 256; byte++) number(byte);
  let columns = 2;
  while (columns < used) columns *= 2;
  for (let upper = 65; upper <= 90; upper++) classes[upper] = classes[upper + 32] ?? 0;
  return { classes, columns, bytes, longest };
}

/** The words as a tree. Its nodes are numbered by their distance from the root, which is 0, and children one after another. */
class Tree {
  size = 1;
  /** Of the nodes where words end: these, longest first. */
  readonly ends: (readonly number[])[] = [];
  /** Of each node: its number among those, from 1 on; 0 where no word ends. */
  readonly endings: Uint16Array;
  /** Of each node and the one behind the last: its first child. */
  readonly #children: Uint16Array;
  /** What leads to a node. */
  readonly #columns: Uint8Array;
  readonly #suffixes: Uint16Array;
  /** Children of the root by column; it has many, and everything that fails comes there. */
  readonly #firsts: Uint16Array;

  constructor(columns: number, most: number) {
    this.endings = new Uint16Array(most);
    this.#children = new Uint16Array(most + 1);
    this.#columns = new Uint8Array(most);
    this.#suffixes = new Uint16Array(most);
    this.#firsts = new Uint16Array(columns);
  }

  /** Called once, with all words. */
  grow(words: readonly string[], classes: Uint8Array): void {
    // By node: the words that go through it, as lists.
    const heads = new Int32Array(this.#columns.length).fill(-1);
    const others = Int32Array.from(words.keys(), (index) => index - 1);
    heads[0] = words.length - 1;
    // Only the beginning of a column's answer is known; what is beside the node is not asked for.
    const grown = new Uint16Array(256);
    let depth = 0;
    let deeper = 1;
    for (let node = 0; node < this.size; node++) {
      if (node === deeper) {
        depth += 1;
        deeper = this.size;
      }
      const first = this.size;
      this.#children[node] = first;
      const shorter = this.#suffixes[node] ?? 0;
      let ends = node === 0 ? none : (this.ends[(this.endings[shorter] ?? 0) - 1] ?? none);
      for (let index = heads[node] ?? -1; index >= 0;) {
        const other = others[index] ?? -1;
        const word = words[index] ?? '';
        if (word.length === depth) {
          if (depth > 0) ends = ends.length === 0 ? [index] : [index, ...ends];
        } else {
          const column = classes[word.charCodeAt(depth)] ?? 0;
          let child = grown[column] ?? 0;
          if (child < first) {
            child = this.#added(column, node === 0 ? 0 : this.#behind(shorter, column));
            grown[column] = child;
          }
          others[index] = heads[child] ?? -1;
          heads[child] = index;
        }
        index = other;
      }
      if (ends.length > 0) this.endings[node] = this.ends.push(ends);
      this.#children[node + 1] = this.size;
      if (node === 0) this.#firsts.set(grown.subarray(0, this.#firsts.length));
    }
  }

  /** The node of the longest proper suffix of what leads to one. */
  suffixOf(node: number): number {
    return this.#suffixes[node] ?? 0;
  }

  eachChild(node: number, visit: (child: number, column: number) => void): void {
    const last = this.#children[node + 1] ?? 0;
    for (let child = this.#children[node] ?? 0; child < last; child++)
      visit(child, this.#columns[child] ?? 0);
  }

  /** Where a node and a column lead: to the longest suffix that is in the tree. */
  #behind(from: number, column: number): number {
    for (let node = from; node !== 0; node = this.#suffixes[node] ?? 0) {
      const last = this.#children[node + 1] ?? 0;
      for (let child = this.#children[node] ?? 0; child < last; child++)
        if (this.#columns[child] === column) return child;
    }
    return this.#firsts[column] ?? 0;
  }

  #added(column: number, suffix: number): number {
    const node = this.size++;
    if (node >= maxStates) throw new RangeError(`more than ${maxStates} states: too many words`);
    this.#columns[node] = column;
    this.#suffixes[node] = suffix;
    return node;
  }
}
