/** How the languages of programs are described. */

export type Language = {
  /** Last part of the class `source_code.<id>`. */
  readonly id: string;
  readonly name: string;
  /** Words of which at least one is in every program; a cheap way to leave a language out. */
  readonly words: readonly string[];
  /** With flags m and y, of a whole line with the white space ahead of it. */
  readonly lines: RegExp;
  /** The same as alternatives, without white space. */
  readonly beginnings: readonly RegExp[];
};

/** @param words parted by spaces @param lines beginnings of lines, behind white space */
export const of = (id: string, name: string, words: string, ...lines: RegExp[]): Language => ({
  id,
  name,
  words: words.split(' '),
  lines: new RegExp(`^[ \\t]*(?:${lines.map((line) => line.source).join('|')})`, 'my'),
  beginnings: lines.map(({ source }) => new RegExp(source)),
});
