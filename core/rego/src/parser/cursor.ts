import type { Body, Comment, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import { lex } from '../lexer.ts';
import type { Token } from '../lexer.ts';
import type { Concrete, Span } from './concrete.ts';
import { oneLine } from './source-text.ts';

/** Words that are keywords in every dialect. */
export const BASE_KEYWORDS: readonly string[] = [
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
  /** Each from behind its opening bracket. */
  readonly array: (c: Cursor, at: Location) => Term;
  readonly braces: (c: Cursor, at: Location) => Term;
}

/** Nesting beyond this is refused: no hand-written policy comes near, and the compiler recurses over terms. */
const MAX_DEPTH = 200;
/** Every wrong guess of the parser reads a piece twice; nested ones would double with each level. */
const MAX_BACKTRACKS = 1000;

/** Where a piece of source begins in its file: the inside of a template string is read on its own. */
export interface Origin {
  readonly row: number;
  readonly col: number;
  readonly pos: number;
}

/** The token stream with the current set of keywords. */
export class Cursor {
  readonly file: string;
  readonly keywords: Set<string>;
  readonly grammar: Grammar;
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private readonly base: number;
  private index = 0;
  private current: Token;
  readonly comments: Comment[];
  /** Filled only when somebody asked how the module was written. */
  readonly concrete: Concrete | null;
  /** Depth of nested terms, so that hostile nesting ends in an error and not in a stack overflow. */
  depth = 0;
  /** `not { … }` negates a body here, not a set. */
  negatesBodies = false;
  private backtracked = 0;

  constructor(
    file: string,
    source: string,
    keywords: Iterable<string>,
    grammar: Grammar,
    concrete: Concrete | null,
    comments: Comment[],
    origin: Origin = { row: 1, col: 1, pos: 0 },
  ) {
    this.file = file;
    this.grammar = grammar;
    this.source = source;
    this.concrete = concrete;
    this.comments = comments;
    this.base = origin.pos;
    this.tokens = lex(file, source, origin.row, origin.col, comments);
    this.current = this.tokens[0] as Token;
    this.keywords = new Set([...BASE_KEYWORDS, ...keywords]);
  }

  /** The token that is read next. */
  get tok(): Token {
    return this.current;
  }

  peek(offset: number): Token {
    const token = this.tokens[Math.min(this.index + offset, this.tokens.length - 1)];
    if (token === undefined) throw new Error('empty token stream');
    return token;
  }

  next(): Token {
    const { tok } = this;
    if (tok.t !== 'eof') this.reset(this.index + 1);
    return tok;
  }

  /** Into a nested term or body; hostile nesting ends here. */
  enter(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH)
      this.fail('max recursion depth exceeded', 'the term or body is nested too deeply');
  }

  leave(): void {
    this.depth -= 1;
  }

  /** What `read` gives, or null and nothing read when it fails. */
  attempt<T>(read: () => T): T | null {
    const mark = this.mark();
    const { depth } = this;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RegoError)) throw error;
      this.backtrack(mark, depth);
      return null;
    }
  }

  /** Back to an earlier place, to read it as something else. */
  backtrack(mark: number, depth: number): void {
    this.backtracked += 1;
    if (this.backtracked > MAX_BACKTRACKS) this.fail('the module is too ambiguous to be read');
    this.reset(mark);
    this.depth = depth;
  }

  mark(): number {
    return this.index;
  }

  reset(mark: number): void {
    this.index = mark;
    this.current = this.tokens[mark] as Token;
  }

  /** What was read since the mark, as written, on one line and cut. */
  textFrom(mark: number): string {
    return oneLine(this.source, this.tokens, mark, this.index);
  }

  /** What was read since the mark, exactly as written. */
  sourceFrom(mark: number): string {
    const [first, last] = [this.tokens[mark], this.tokens[this.index - 1]];
    return first === undefined || last === undefined ? '' : this.source.slice(first.pos, last.end);
  }

  /** Where the token begins in the file. */
  offset(token: Token): number {
    return this.base + token.pos;
  }

  /** Notes that the node is what was read since the mark. */
  note<T extends object>(node: T, mark: number): T {
    if (this.concrete !== null && this.index > mark)
      this.concrete.spans.set(node, this.place(mark, this.index));
    return node;
  }

  /** Where the tokens `[from, to)` stand. */
  place(from: number, to: number): Span {
    const first = this.tokens[from] as Token;
    const last = this.tokens[to - 1] as Token;
    const lines = this.source.slice(last.pos, last.end).split('\n').length - 1;
    return {
      from: this.base + first.pos,
      to: this.base + last.end,
      row: first.row,
      endRow: last.row + lines,
    };
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
    if (token.v === 'not' || token.v === 'some' || token.v === 'every') {
      if (follow.v === '[') return false;
    }
    return follow.v !== '.' && !(token.v === 'contains' && follow.v === '(');
  }

  isKw(word: string): boolean {
    return this.tok.v === word && this.keywordAt(this.tok, this.peek(1));
  }

  /** Can the braces that open here be nothing but a body? False where it takes a closer look. */
  opensBody(): boolean {
    let depth = 0;
    for (let at = this.index; ; at += 1) {
      const token = this.tokens[at];
      if (token === undefined || token.t === 'eof') return false;
      if (token.t !== 'op') continue;
      if (token.v === '{' || token.v === '[' || token.v === '(') depth += 1;
      else if (token.v === '}' || token.v === ']' || token.v === ')') depth -= 1;
      else if (depth === 1 && (token.v === '|' || token.v === ',' || token.v === ':')) return false;
      if (depth > 0) continue;
      const follow = this.tokens[at + 1];
      return at > this.index + 1 && (follow === undefined || follow.line || follow.v === 'else');
    }
  }

  /** Does a statement begin with this keyword, and not with a rule that is named after it? */
  isStatementKw(word: string): boolean {
    const follow = this.peek(1);
    return this.isKw(word) && !(follow.t === 'op' && !follow.space && follow.v === '[');
  }

  /** Does a rule begin here? `in["x"] := 1` and `default.x := 1` are rules, whatever their names. */
  isRuleName(): boolean {
    const follow = this.peek(1);
    if (this.tok.t === 'ident' && follow.t === 'op' && !follow.space && follow.v === '[') return true;
    return this.isName();
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
