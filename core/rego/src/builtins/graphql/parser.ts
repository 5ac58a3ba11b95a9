import { GraphqlError, lex, placeOf } from './lexer.ts';
import type { Token, TokenKind } from './lexer.ts';
import { KINDS, tree } from './tree.ts';
import type { Kind, Places, Tree } from './tree.ts';

/** What queries and schemas have in common. Builds trees, and notes where their nodes stand. */
export class Parser {
  readonly places: Places = new Map();
  private readonly tokens: readonly Token[];
  private next = 0;

  private readonly text: string;
  private readonly charge: (steps: number) => void;

  constructor(text: string, charge: (steps: number) => void) {
    this.text = text;
    this.charge = charge;
    charge(1 + (text.length >> 4));
    this.tokens = lex(text);
  }

  peek(): Token {
    return this.tokens[Math.min(this.next, this.tokens.length - 1)] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.charge(1);
    this.next += 1;
    return token;
  }

  is(kind: TokenKind): boolean {
    return this.peek().kind === kind;
  }

  skip(kind: TokenKind): boolean {
    const found = this.is(kind);
    if (found) this.take();
    return found;
  }

  isWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'Name' && token.value === word;
  }

  error(message: string, token = this.peek()): GraphqlError {
    const { line, column } = placeOf(this.text, token.at);
    return new GraphqlError(`${message} in GraphQL string at location ${line}:${column}`);
  }

  unexpected(token = this.peek()): GraphqlError {
    const value = token.value === '' ? '' : ` ${JSON.stringify(token.value)}`;
    return this.error(`Unexpected ${token.kind}${value}`, token);
  }

  expect(kind: TokenKind): Token {
    if (!this.is(kind)) throw this.error(`Expected ${kind}, found ${this.peek().kind}`);
    return this.take();
  }

  name(): string {
    return this.expect('Name').value;
  }

  /** The comments before the next token, as a group. */
  comments(): Tree | undefined {
    const { comments } = this.peek();
    return comments.length === 0
      ? undefined
      : tree({ List: comments.map((comment) => tree({ Value: comment })) });
  }

  /** A list in brackets that may be absent, but not empty. */
  some(open: TokenKind, close: TokenKind, item: () => Tree): { items: Tree[]; end: Tree | undefined } {
    const items: Tree[] = [];
    if (!this.skip(open)) return { items, end: undefined };
    while (!this.is(close)) items.push(item());
    if (items.length === 0) throw this.error(`expected at least one definition, found ${close}`);
    const end = this.comments();
    this.take();
    return { items, end };
  }

  many(open: TokenKind, close: TokenKind, item: () => Tree): Tree[] {
    const items: Tree[] = [];
    if (!this.skip(open)) return items;
    while (!this.is(close)) items.push(item());
    this.take();
    return items;
  }

  at(token: Token, node: Tree): Tree {
    this.places.set(node, token.at);
    return node;
  }

  directives(isConst: boolean): Tree[] {
    const out: Tree[] = [];
    while (this.is('@')) {
      this.take();
      const token = this.peek();
      out.push(this.at(token, tree({ Name: this.name(), Arguments: this.arguments(isConst), Location: '' })));
    }
    return out;
  }

  arguments(isConst: boolean): Tree[] {
    return this.many('(', ')', () => this.argument(isConst));
  }

  private argument(isConst: boolean): Tree {
    const token = this.peek();
    const Comment = this.comments();
    const Name = this.name();
    this.expect(':');
    return this.at(token, tree({ Name, Value: this.value(isConst), Comment }));
  }

  value(isConst: boolean): Tree {
    const token = this.peek();
    const made = (kind: Kind, raw: string, children: Tree[] = [], comment?: Tree): Tree =>
      this.at(
        token,
        tree({
          Raw: raw,
          Children: children,
          Kind: KINDS.indexOf(kind),
          Comment: comment,
          ExpectedTypeHasDefault: false,
        }),
      );
    switch (token.kind) {
      case '[': {
        const comment = this.comments();
        const items = this.many('[', ']', () => tree({ Name: '', Value: this.value(isConst) }));
        return made('List', '', items, comment);
      }
      case '{': {
        const comment = this.comments();
        return made(
          'Object',
          '',
          this.many('{', '}', () => this.argument(isConst)),
          comment,
        );
      }
      case '$':
        if (isConst) throw this.unexpected();
        this.take();
        return made('Variable', this.name());
      case 'Int':
      case 'Float':
      case 'String':
        return made(token.kind, this.take().value);
      case 'BlockString':
        return made('Block', this.take().value);
      case 'Name': {
        const { value } = this.take();
        if (value === 'true' || value === 'false') return made('Boolean', value);
        return made(value === 'null' ? 'Null' : 'Enum', value);
      }
      default:
        throw this.unexpected();
    }
  }

  type(): Tree {
    const token = this.peek();
    let elem: Tree | undefined;
    let named = '';
    if (this.skip('[')) {
      elem = this.type();
      this.expect(']');
    } else named = this.name();
    return this.at(token, tree({ NamedType: named, Elem: elem, NonNull: this.skip('!') }));
  }
}
