import type { Token } from '../lexer.ts';

/** Characters after which a text is cut. */
export const TEXT_LIMIT = 200;

/** Words that continue an expression over a line break. */
const CONTINUES: ReadonlySet<string> = new Set(['as', 'every', 'if', 'in', 'not', 'some', 'with']);

/** The tokens `[from, to)` as one line without comments; a line break between statements becomes a semicolon. */
export function oneLine(source: string, tokens: readonly Token[], from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i += 1) {
    const token = tokens[i];
    if (token === undefined) break;
    if (i > from) text += separator(tokens[i - 1] as Token, token);
    const { t, pos, end } = token;
    // Only strings and templates can hold a blank.
    const hasBlanks = t === 'string' || t === 'template';
    const written = source.slice(pos, Math.min(end, pos + TEXT_LIMIT));
    text += hasBlanks ? written.replaceAll(/\s+/g, ' ') : written;
    if (text.length > TEXT_LIMIT) return `${text.slice(0, TEXT_LIMIT - 1)}…`;
  }
  return text;
}

function separator(before: Token, token: Token): string {
  if (token.line && endsStatement(before) && beginsStatement(token)) return '; ';
  return token.space ? ' ' : '';
}

function endsStatement({ t, v }: Token): boolean {
  return t === 'op' ? v === ')' || v === ']' || v === '}' : t !== 'ident' || !CONTINUES.has(v);
}

function beginsStatement({ t, v }: Token): boolean {
  return t === 'op' ? v === '{' || v === '[' || v === '(' : v !== 'in' && v !== 'with' && v !== 'as';
}
