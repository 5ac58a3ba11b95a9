import type { Literal, Term } from '../ast.ts';
import { endOfTemplateExpr, unquote } from '../lexer.ts';
import type { Token } from '../lexer.ts';
import { Cursor } from './cursor.ts';
import { parseWiths } from './literals.ts';
import { parseTerm } from './terms.ts';

/** Reads the inside of `$"text {expression} text"`; `\{` is a literal brace. */
export function parseTemplate(c: Cursor, token: Token): Term {
  const src = token.v;
  const parts: (string | Literal)[] = [];
  let text = '';
  let i = 0;
  const flush = (): void => {
    if (text === '') return;
    const value = token.raw === true ? text : unquote(`"${text}"`);
    if (value === null) c.fail('illegal escape in template string', undefined, token);
    parts.push(value);
    text = '';
  };
  while (i < src.length) {
    const ch = src[i] ?? '';
    if (ch === '\\' && src[i + 1] === '{') {
      text += '{';
      i += 2;
    } else if (ch === '\\' && token.raw !== true) {
      text += src.slice(i, i + 2);
      i += 2;
    } else if (ch === '{') {
      flush();
      const end = endOfTemplateExpr(src, i + 1);
      if (end < 0) c.fail('non-terminated expression in template string', undefined, token);
      const inner = new Cursor(
        c.file,
        src.slice(i + 1, end),
        c.keywords,
        c.grammar,
        token.row,
        token.col + 2 + i,
      );
      inner.depth = c.depth + 1;
      const at = inner.at();
      parts.push({ expr: { x: 'term', term: parseTerm(inner) }, withs: parseWiths(inner), at });
      if (inner.tok.t !== 'eof') inner.fail(`unexpected ${inner.describe()} in template expression`);
      i = end + 1;
    } else {
      text += ch;
      i += 1;
    }
  }
  flush();
  return { k: 'template', parts, at: c.at(token) };
}
