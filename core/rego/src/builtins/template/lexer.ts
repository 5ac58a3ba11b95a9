/** A template that cannot be parsed or executed; the message is the one that policies see. */
export class TemplateError extends Error {}

/** A piece of an action. */
export interface Token {
  readonly t: 'field' | 'variable' | 'word' | 'number' | 'character' | 'string' | 'raw' | 'symbol';
  readonly text: string;
  /** Offset in the template. */
  readonly at: number;
  /** Blanks stand before it. */
  readonly spaced: boolean;
}

/** Literal text, or the tokens of one action. */
export type Part =
  | { readonly p: 'text'; readonly text: string }
  | { readonly p: 'action'; readonly tokens: readonly Token[]; readonly at: number };

const TOKEN =
  /(\s*)(?:(?<field>\.[\p{L}_][\p{L}\p{Nd}_]*)|(?<variable>\$[\p{L}\p{Nd}_]*)|(?<word>[\p{L}_][\p{L}\p{Nd}_]*)|(?<number>[+-]?\.?[0-9][0-9a-zA-Z_.]*(?:(?<=[eEpP])[+-][0-9_]+)?i?)|(?<character>'(?:[^'\\\n]|\\.)*')|(?<string>"(?:[^"\\\n]|\\.)*")|(?<raw>`[^`]*`)|(?<symbol>:=|[.()|,=]))/suy;

const KINDS = ['field', 'variable', 'word', 'number', 'character', 'string', 'raw', 'symbol'] as const;

export function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}

export function parseError(source: string, at: number, message: string): TemplateError {
  return new TemplateError(`template: template:${lineOf(source, at)}: ${message}`);
}

/** Cuts a template at its actions and drops comments. `{{- ` and ` -}}` trim the text beside them. */
export function lex(source: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  let trim = false;
  while (at < source.length) {
    const open = source.indexOf('{{', at);
    let text = source.slice(at, open < 0 ? undefined : open);
    if (trim) text = text.trimStart();
    if (open < 0) {
      parts.push({ p: 'text', text });
      break;
    }
    let from = open + 2;
    if (/^-\s/.test(source.slice(from, from + 2))) {
      text = text.trimEnd();
      from += 1;
    }
    if (text !== '') parts.push({ p: 'text', text });
    const comment = /^\s*\/\*/.exec(source.slice(from, from + 200));
    const action = comment === null ? tokens(source, from, open) : null;
    const end = action?.end ?? commentEnd(source, from);
    if (action !== null) parts.push({ p: 'action', tokens: action.tokens, at: open });
    trim = source.startsWith('-', end);
    at = end + (trim ? 3 : 2);
  }
  return parts;
}

/** Where the closing braces of a comment, or the minus before them, are. */
function commentEnd(source: string, from: number): number {
  const end = source.indexOf('*/', from);
  if (end < 0) throw parseError(source, from, 'unclosed comment');
  const found = /^(\s*)(?:(?<=\s)-)?\}\}/.exec(source.slice(end + 2, end + 200));
  if (found === null) throw parseError(source, from, 'comment ends before closing delimiter');
  return end + 2 + found[0].length - (found[0].endsWith('-}}') ? 3 : 2);
}

function tokens(source: string, from: number, open: number): { tokens: Token[]; end: number } {
  const found: Token[] = [];
  let at = from;
  for (;;) {
    const close = /\s*(?:(?<=\s)-)?\}\}/y;
    close.lastIndex = at;
    const closing = close.exec(source)?.[0];
    if (closing !== undefined) {
      const length = closing.endsWith('-}}') ? 3 : 2;
      return { tokens: found, end: at + closing.length - length };
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (match === null) throw unexpected(source, at, open);
    const groups = match.groups ?? {};
    const kind = KINDS.find((k) => groups[k] !== undefined) ?? 'symbol';
    const [whole, space = ''] = match;
    const start = at + space.length;
    found.push({ t: kind, text: whole.slice(space.length), at: start, spaced: space !== '' });
    at += whole.length;
  }
}

function unexpected(source: string, at: number, open: number): TemplateError {
  const rest = source.slice(at).trimStart();
  const [c = ''] = rest;
  if (c === '') return parseError(source, open, 'unclosed action');
  if (c === '"') return parseError(source, at, 'unterminated quoted string');
  if (c === '`') return parseError(source, at, 'unterminated raw quoted string');
  if (c === "'") return parseError(source, at, 'unterminated character constant');
  const point = (c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const bad = at > 0 && /\S/.test(source[at] ?? '') && at > open + 2 ? 'bad' : 'unrecognized';
  return parseError(
    source,
    at,
    bad === 'bad' ? `bad character U+${point} '${c}'` : `unexpected U+${point} '${c}' in command`,
  );
}
