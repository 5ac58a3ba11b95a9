/** Sentences in lines that fit the terminal. */
import { escapeForTerminal } from '@chaperone/protocol';

const minText = 20;

/** Escaped, broken at spaces; a word that is too long is broken anywhere. */
export function wrap(text: string, width: number): string[] {
  const words = text.split('\n').flatMap((one) => escapeForTerminal(one).split(' '));
  return fill(words, Math.max(minText, width), true);
}

/** @param breaksWords whether a word that is wider than the room is cut, or stands out */
export function fill(words: readonly string[], room: number, breaksWords: boolean): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length > room) {
      lines.push(line);
      line = '';
    }
    while (breaksWords && rest.length > room) {
      lines.push(rest.slice(0, room));
      rest = rest.slice(room);
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  return line === '' ? lines : [...lines, line];
}

/**
 * Breaks a finished line (escaped already) at spaces and indents what follows. A longer word, mostly a path that somebody
 * will copy, stays whole.
 *
 * @param width undefined for a pipe, where nothing is broken
 */
export function hang(line: string, indent: number, width: number | undefined): string[] {
  if (width === undefined || line.length <= width) return [line];
  const margin = Math.min(indent, Math.floor(width / 2));
  const lead = /^ */.exec(line)?.[0] ?? '';
  const [first = '', ...more] = fill(line.slice(lead.length).split(' '), width - lead.length, false);
  const rest = fill(more.join(' ').split(' '), width - margin, false);
  return [lead + first, ...rest.map((one) => ' '.repeat(margin) + one)].map((one) => one.trimEnd());
}
