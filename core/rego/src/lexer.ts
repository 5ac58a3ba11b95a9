import type { Comment } from './ast.ts';
import { RegoError } from './errors.ts';
import type { Location } from './errors.ts';

/** A token with its place; `space` and `line` say whether blanks or a line break precede it. */
export interface Token {
  readonly t: 'ident' | 'number' | 'string' | 'template' | 'op' | 'eof';
  /** Identifier name, operator spelling, number text, or the string's value; for a template its raw inside. */
  readonly v: string;
  readonly row: number;
  readonly col: number;
  readonly pos: number;
  /** Where the token ends, exclusive. */
  readonly end: number;
  readonly space: boolean;
  readonly line: boolean;
  /** Templates only: backquoted, hence without escapes. */
  readonly raw?: boolean;
}

const TWO: ReadonlySet<string> = new Set([':=', '==', '!=', '<=', '>=']);
const ONE: ReadonlySet<string> = new Set('=<>+-*/%|&()[]{},;:.');
/** Quoted text that stands for itself. */
// oxlint-disable-next-line no-control-regex -- control characters are refused
const PLAIN = /^"[^"\\\u0000-\u0008\u000A-\u001F]*"$/;
const IDENT = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;

/** Cuts a module (or the expression inside a template string) into tokens. Comments are added to `comments`. */
export function lex(
  file: string,
  source: string,
  startRow = 1,
  startCol = 1,
  comments: Comment[] = [],
): Token[] {
  return new Lexer(file, source, startRow, startCol, comments).run();
}

class Lexer {
  private readonly file: string;
  private readonly src: string;
  private pos = 0;
  private row: number;
  private lineStart: number;
  private readonly out: Token[] = [];
  private readonly comments: Comment[];

  constructor(file: string, src: string, row: number, col: number, comments: Comment[]) {
    this.file = file;
    this.src = src;
    this.row = row;
    this.lineStart = 1 - col;
    this.comments = comments;
  }

  private here(): Location {
    return { file: this.file, row: this.row, col: this.pos - this.lineStart + 1 };
  }

  private fail(message: string, hint?: string): never {
    throw new RegoError('rego_parse_error', message, this.here(), hint);
  }

  run(): Token[] {
    let space = false;
    let line = true;
    for (;;) {
      const c = this.src[this.pos];
      if (c === undefined) break;
      if (c === '\n') {
        this.pos += 1;
        this.row += 1;
        this.lineStart = this.pos;
        space = true;
        line = true;
      } else if (c === ' ' || c === '\t' || c === '\r' || (c === '\uFEFF' && this.pos === 0)) {
        this.pos += 1;
        space = true;
      } else if (c === '#') {
        this.comment();
        space = true;
      } else {
        this.token(c, space, line);
        space = false;
        line = false;
      }
    }
    this.push('eof', '', this.row, this.pos - this.lineStart + 1, this.pos, space, true);
    return this.out;
  }

  private comment(): void {
    const from = this.pos;
    const end = this.src.indexOf('\n', from);
    this.pos = end < 0 ? this.src.length : end;
    const text = this.src.slice(from + 1, this.pos).trimEnd();
    this.comments.push({ text, row: this.row, col: from - this.lineStart + 1 });
  }

  private push(
    t: Token['t'],
    v: string,
    row: number,
    col: number,
    pos: number,
    space: boolean,
    line: boolean,
    raw?: boolean,
  ): void {
    const token = { t, v, row, col, pos, end: this.pos, space, line };
    this.out.push(raw === undefined ? token : { ...token, raw });
  }

  private token(c: string, space: boolean, line: boolean): void {
    const { row } = this;
    const start = this.pos;
    const col = start - this.lineStart + 1;
    if (c === '"') {
      this.push('string', this.quoted(), row, col, start, space, line);
      return;
    }
    if (c === '`') {
      this.push('string', this.backquoted(), row, col, start, space, line);
      return;
    }
    if (c === '$') {
      this.template(row, col, start, space, line);
      return;
    }
    if (this.take(IDENT)) {
      this.push('ident', this.src.slice(start, this.pos), row, col, start, space, line);
      return;
    }
    if ((c === '.' || (c >= '0' && c <= '9')) && this.take(NUMBER)) {
      const next = this.src[this.pos] ?? '';
      if (/[A-Za-z0-9_]/.test(next))
        this.fail('illegal number format', 'numbers are decimal and have no leading zero');
      this.push('number', this.src.slice(start, this.pos), row, col, start, space, line);
      return;
    }
    const two = this.src.slice(start, start + 2);
    const op = TWO.has(two) ? two : c;
    if (op === c && !ONE.has(c)) this.fail(`illegal character ${JSON.stringify(c)}`);
    this.pos += op.length;
    this.push('op', op, row, col, start, space, line);
  }

  /** Moves behind what the sticky pattern matches here. */
  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.pos;
    if (!pattern.test(this.src)) return false;
    this.pos = pattern.lastIndex;
    return true;
  }

  private quoted(): string {
    const end = this.endOfQuoted();
    const text = this.src.slice(this.pos, end);
    const value = unquote(text);
    if (value === null) this.fail('illegal string escape', 'escapes are those of JSON');
    this.pos = end;
    return value;
  }

  private endOfQuoted(): number {
    let i = this.pos + 1;
    for (;;) {
      const c = this.src[i];
      if (c === undefined || c === '\n') this.fail('non-terminated string');
      if (c === '"') return i + 1;
      i += c === '\\' ? 2 : 1;
    }
  }

  private backquoted(): string {
    const end = this.src.indexOf('`', this.pos + 1);
    if (end < 0) this.fail('non-terminated string');
    const text = this.src.slice(this.pos + 1, end);
    this.advanceOver(end + 1);
    return text;
  }

  private advanceOver(end: number): void {
    for (let i = this.pos; i < end; i += 1) {
      if (this.src[i] === '\n') {
        this.row += 1;
        this.lineStart = i + 1;
      }
    }
    this.pos = end;
  }

  /** `$"…{expr}…"`: only finds the end; the parser reads the inside. Braces nest, strings inside braces may hold quotes. */
  private template(row: number, col: number, start: number, space: boolean, line: boolean): void {
    const quote = this.src[start + 1];
    if (quote !== '"' && quote !== '`') this.fail('illegal character "$"');
    const end = endOfTemplate(this.src, start + 2, quote);
    if (end < 0) this.fail('non-terminated template string');
    this.advanceOver(end + 1);
    this.push('template', this.src.slice(start + 2, end), row, col, start, space, line, quote === '`');
  }
}

/** Index of the closing quote of a template string whose inside starts at `from`, or -1. */
function endOfTemplate(src: string, from: number, quote: string): number {
  let depth = 0;
  for (let i = from; i < src.length; i += 1) {
    const c = src[i];
    if (depth === 0) {
      if (c === '\\') i += 1;
      else if (c === quote) return i;
      else if (c === '{') depth = 1;
      else if (c === '\n' && quote === '"') return -1;
      continue;
    }
    if (c === '{') depth += 1;
    else if (c === '}') depth -= 1;
    else if (c === '"' || c === '`') {
      const end = src[i - 1] === '$' ? endOfTemplate(src, i + 1, c) : endOfPlain(src, i + 1, c);
      if (end < 0) return -1;
      i = end;
    } else if (c === '#') {
      while (i + 1 < src.length && src[i + 1] !== '\n') i += 1;
    }
  }
  return -1;
}

function endOfPlain(src: string, from: number, quote: string): number {
  for (let i = from; i < src.length; i += 1) {
    if (src[i] === '\\' && quote === '"') i += 1;
    else if (src[i] === quote) return i;
  }
  return -1;
}

/** Value of a double-quoted string, or null when an escape is not JSON's. */
export function unquote(text: string): string | null {
  if (PLAIN.test(text)) return text.slice(1, -1);
  try {
    // Rego allows a raw tab inside quotes, which JSON does not.
    const value: unknown = JSON.parse(text.replaceAll('\t', '\\t'));
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** Where an expression inside a template ends: the index of its closing brace, or -1. */
export function endOfTemplateExpr(src: string, from: number): number {
  let depth = 1;
  for (let i = from; i < src.length; i += 1) {
    const c = src[i];
    if (c === '{') depth += 1;
    else if (c === '}') {
      depth -= 1;
      if (depth === 0) return i;
    } else if (c === '"' || c === '`') {
      const end = src[i - 1] === '$' ? endOfTemplate(src, i + 1, c) : endOfPlain(src, i + 1, c);
      if (end < 0) return -1;
      i = end;
    }
  }
  return -1;
}
