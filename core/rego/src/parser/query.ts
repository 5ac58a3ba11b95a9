import type { Literal } from '../ast.ts';
import { Cursor, FUTURE_KEYWORDS } from './cursor.ts';
import { parseLiteral } from './literals.ts';
import { GRAMMAR } from './module.ts';

/** Parses a query: expressions separated by line breaks or semicolons, each with its text as written. Throws the first RegoError. */
export function parseQuery(file: string, source: string): readonly (Literal & { readonly text: string })[] {
  const c = new Cursor(file, source, FUTURE_KEYWORDS, GRAMMAR, null, []);
  const body: (Literal & { text: string })[] = [];
  while (c.takeOp(';'));
  while (c.tok.t !== 'eof') {
    const mark = c.mark();
    const literal = parseLiteral(c);
    body.push({ ...literal, text: c.sourceFrom(mark) });
    if (!c.isOp(';') && !c.tok.line)
      c.fail(`unexpected ${c.describe()}: expected a new line or ";" between expressions`);
    while (c.takeOp(';'));
  }
  if (body.length === 0) c.fail('empty query', 'write an expression such as data.example.allow');
  return body;
}
