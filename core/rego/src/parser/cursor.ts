import type { Body, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import { lex } from '../lexer.ts';
import type { Token } from '../lexer.ts';
import { oneLine } from './source-text.ts';

/** Words that are keywords in every dialect. */
const BASE_KEYWORDS = [
  'as',
  'default',
  'else',
  'false',
  'import',
  'package',
  'not',
  'null',
  'some',
  'true',
  'with',
];
/** Words that v0 makes keywords only after `import future.keywords.<word>` or `import rego.v1`. */
export const FUTURE_KEYWORDS: readonly string[] = ['in', 'every', 'contains', 'if'];

/** The parts of the grammar that refer back to each other; `parseModule` ties the knot. */
export interface Grammar {
  readonly braced: (c: Cursor, close: string) => Body;
  readonly template: (c: Cursor, token: Token) => Term;
}

/** The token stream with the current set of keywords. */
export class Cursor {
  readonly file: string;
  readonly keywords: Set<string>;
  readonly grammar: Grammar;
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private index = 0;
  /** Depth of nested terms, so that hostile nesting ends in an error and not in a stack overflow. */
  depth = 0;

  constructor(file: string, source: string, keywords: Iterable<string>, grammar: Grammar, row = 1, col = 1) {
    this.file = file;
    this.grammar = grammar;
    this.source = source;
    this.tokens = lex(file, source, row, col);
    this.keywords = new Set([...BASE_KEYWORDS, ...keywords]);
  }

  get tok(): Token {
    return this.peek(0);
  }

  peek(offset: number): Token {
    const token = this.tokens[Math.min(this.index + offset, this.tokens.length - 1)];
    if (token === undefined) throw new Error('empty token stream');
    return token;
  }

  next(): Token {
    const { tok } = this;
    if (tok.t !== 'eof') this.index += 1;
    return tok;
  }

  mark(): number {
    return this.index;
  }

  reset(mark: number): void {
    this.index = mark;
  }

  /** What was read since the mark, as written, on one line and cut. */
  textFrom(mark: number): string {
    return oneLine(this.source, this.tokens, mark, this.index);
  }

  at(token: Token = this.tok): Location {
    return { file: this.file, row: token.row, col: token.col };
  }

  fail(message: string, hint?: string, token: Token = this.tok): never {
    throw new RegoError('rego_parse_error', message, this.at(token), hint);
  }

  isOp(op: string): boolean {
    return this.tok.t === 'op' && this.tok.v === op;
  }

  /** Is this token a keyword here? A keyword directly followed by a dot begins a reference (`if.foo`); `contains(` is the built-in. */
  private keywordAt(token: Token, follow: Token): boolean {
    if (token.t !== 'ident' || !this.keywords.has(token.v)) return false;
    if (follow.t !== 'op' || follow.space) return true;
    return follow.v !== '.' && !(token.v === 'contains' && follow.v === '(');
  }

  isKw(word: string): boolean {
    return this.tok.v === word && this.keywordAt(this.tok, this.peek(1));
  }

  /** An identifier that is not a keyword. */
  isName(): boolean {
    return this.tok.t === 'ident' && !this.keywordAt(this.tok, this.peek(1));
  }

  takeOp(op: string): boolean {
    if (!this.isOp(op)) return false;
    this.next();
    return true;
  }

  takeKw(word: string): boolean {
    if (!this.isKw(word)) return false;
    this.next();
    return true;
  }

  expectOp(op: string, hint?: string): Token {
    if (!this.isOp(op)) this.fail(`unexpected ${this.describe()}: expected "${op}"`, hint);
    return this.next();
  }

  expectKw(word: string, hint?: string): Token {
    if (!this.isKw(word)) this.fail(`unexpected ${this.describe()}: expected "${word}"`, hint);
    return this.next();
  }

  describe(): string {
    const { tok } = this;
    if (tok.t === 'eof') return 'end of file';
    if (tok.t === 'string') return 'string';
    if (tok.t === 'ident' && this.keywords.has(tok.v)) return `keyword "${tok.v}"`;
    return `token "${tok.v}"`;
  }
}
