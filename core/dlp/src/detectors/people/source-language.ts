/** How the languages of programs are described. */

export type Language = {
  /** Last part of the class `source_code.<id>`. */
  readonly id: string;
  readonly name: string;
  /** Words of which at least one is in every program; a cheap way to leave a language out. */
  readonly words: readonly string[];
  /** With flags g and m; a line counts once. */
  readonly lines: RegExp;
};

/** @param words parted by spaces @param lines beginnings of lines, behind white space */
export const of = (id: string, name: string, words: string, ...lines: RegExp[]): Language => ({
  id,
  name,
  words: words.split(' '),
  lines: new RegExp(`^[ \\t]*(?:${lines.map((line) => line.source).join('|')})`, 'gm'),
});
