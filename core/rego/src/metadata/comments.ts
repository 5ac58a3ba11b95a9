import { lex } from '../lexer.ts';
import type { Token } from '../lexer.ts';

/** A comment without its `#` and without trailing blanks; 1-based row and column of the `#`. */
export interface Comment {
  readonly text: string;
  readonly row: number;
  readonly col: number;
}

/** All comments of a module that parses, in source order. */
export function lexComments(source: string): Comment[] {
  const found: Comment[] = [];
  let from = 0;
  for (const token of lex('', source)) {
    between(source, from, token, found);
    from = token.end;
  }
  return found;
}

/** Comments in the text before a token, which holds nothing else but blanks. */
function between(source: string, from: number, token: Token, found: Comment[]): void {
  const text = source.slice(from, token.pos);
  if (!text.includes('#')) return;
  const lines = text.split('\n');
  let start = from;
  lines.forEach((line, i) => {
    const at = line.indexOf('#');
    if (at >= 0) {
      const lineStart = source.lastIndexOf('\n', start + at - 1) + 1;
      const row = token.row - (lines.length - 1 - i);
      found.push({ text: line.slice(at + 1).trimEnd(), row, col: start + at - lineStart + 1 });
    }
    start += line.length + 1;
  });
}
