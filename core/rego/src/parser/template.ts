import type { Literal, Term } from '../ast.ts';
import { endOfTemplateExpr, unquote } from '../lexer.ts';
import type { Token } from '../lexer.ts';
import { Cursor } from './cursor.ts';
import type { Origin } from './cursor.ts';
import { parseWiths } from './literals.ts';
import { parseTerm } from './terms.ts';

/** The place of the character at `index` of the template's inside. */
function originOf(token: Token, pos: number, index: number): Origin {
  const lines = token.v.slice(0, index).split('\n');
  const last = lines.at(-1) ?? '';
  const col = lines.length === 1 ? token.col + 2 + index : last.length + 1;
  return { row: token.row + lines.length - 1, col, pos: pos + 2 + index };
}

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
        c.concrete,
        c.comments,
        originOf(token, c.offset(token), i + 1),
      );
      inner.depth = c.depth + 1;
      inner.negatesBodies = c.negatesBodies;
      const at = inner.at();
      const mark = inner.mark();
      const part: Literal = { expr: { x: 'term', term: parseTerm(inner) }, withs: parseWiths(inner), at };
      parts.push(inner.note(part, mark));
      if (inner.tok.t !== 'eof') inner.fail(`unexpected ${inner.describe()} in template expression`);
      i = end + 1;
    } else {
      text += ch;
      i += 1;
    }
  }
  flush();
  return { k: 'template', parts, ...(token.raw === true ? { raw: true } : {}), at: c.at(token) };
}
