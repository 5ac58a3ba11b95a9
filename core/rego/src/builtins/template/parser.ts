import type { Command, Constant, Node, Operand, Pipeline, Template } from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { lex, parseError } from './lexer.ts';
import type { Part, Token } from './lexer.ts';

const KEYWORDS = new Set([
  'if',
  'range',
  'with',
  'else',
  'end',
  'define',
  'template',
  'block',
  'break',
  'continue',
]);

/** Parses a template of Go's text/template; throws TemplateError. Source: https://pkg.go.dev/text/template */
export function parseTemplate(source: string): Template {
  return new Parser(source).template();
}

/** How a list of nodes ended. */
type Ending = { readonly by: 'end' | 'else' | 'eof'; readonly rest: readonly Token[] };

class Parser {
  private readonly parts: readonly Part[];
  private next = 0;
  private tokens: readonly Token[] = [];
  private pos = 0;
  private actionAt = 0;
  private variables: string[] = ['$'];
  private loops = 0;
  private readonly defined = new Map<string, readonly Node[]>();

  private readonly source: string;

  constructor(source: string) {
    this.source = source;
    this.parts = lex(source);
  }

  template(): Template {
    const [main, ending] = this.list();
    if (ending.by !== 'eof') throw this.error(`unexpected {{${ending.by}}}`);
    return { source: this.source, main, defined: this.defined };
  }

  private error(message: string): Error {
    return parseError(this.source, this.actionAt, message);
  }

  private list(): [Node[], Ending] {
    const nodes: Node[] = [];
    for (;;) {
      const part = this.parts[this.next];
      if (part === undefined) {
        this.actionAt = this.source.length;
        return [nodes, { by: 'eof', rest: [] }];
      }
      this.next += 1;
      if (part.p === 'text') {
        nodes.push({ n: 'text', text: part.text });
        continue;
      }
      [this.tokens, this.pos, this.actionAt] = [part.tokens, 0, part.at];
      const word = this.tokens[0]?.t === 'word' ? this.tokens[0].text : '';
      if (word === 'end' || word === 'else') {
        if (word === 'end' && this.tokens.length > 1) throw this.unexpected(this.tokens[1], 'end');
        return [nodes, { by: word, rest: this.tokens.slice(1) }];
      }
      const node = this.action(word);
      if (node !== null) nodes.push(node);
    }
  }

  private action(word: string): Node | null {
    if (!KEYWORDS.has(word)) return { n: 'show', pipeline: this.pipeline('command', null) };
    this.pos += 1;
    if (word === 'if' || word === 'with' || word === 'range') return this.control(word);
    if (word === 'break' || word === 'continue') {
      if (this.loops === 0) throw this.error(`{{${word}}} outside {{range}}`);
      this.nothingMore(word);
      return { n: word };
    }
    const at = this.actionAt;
    const name = this.name(word);
    if (word === 'template') {
      const pipeline = this.peek() === undefined ? null : this.pipeline('template clause', null);
      return { n: 'template', name, pipeline, at };
    }
    const pipeline = word === 'block' ? this.pipeline('block clause', null) : null;
    if (word === 'define') this.nothingMore('define clause');
    this.defineBody(name, word);
    return word === 'block' ? { n: 'template', name, pipeline, at } : null;
  }

  private defineBody(name: string, word: string): void {
    const [outer, loops] = [this.variables, this.loops];
    [this.variables, this.loops] = [['$'], 0];
    const [body, ending] = this.list();
    if (ending.by !== 'end')
      throw this.error(ending.by === 'eof' ? 'unexpected EOF' : `unexpected {{else}} in ${word} clause`);
    [this.variables, this.loops] = [outer, loops];
    this.defined.set(name, body);
  }

  private control(word: 'if' | 'with' | 'range'): Node {
    const scope = this.variables.length;
    const pipeline = this.pipeline(word, word);
    if (word === 'range') this.loops += 1;
    const [body, ending] = this.list();
    if (word === 'range') this.loops -= 1;
    let otherwise: readonly Node[] = [];
    if (ending.by === 'eof') throw this.error('unexpected EOF');
    if (ending.by === 'else') otherwise = this.otherwise(word, ending.rest);
    this.variables.length = scope;
    return { n: word, pipeline, body, otherwise };
  }

  /** What follows `else`; `else if` and `else with` share the `end` of the whole. */
  private otherwise(word: 'if' | 'with' | 'range', rest: readonly Token[]): readonly Node[] {
    const [first] = rest;
    if (first !== undefined) {
      if (first.text !== word || word === 'range') throw this.unexpected(first, 'else');
      [this.tokens, this.pos] = [rest, 1];
      return [this.control(word)];
    }
    const [nodes, ending] = this.list();
    if (ending.by !== 'end')
      throw this.error(ending.by === 'eof' ? 'unexpected EOF' : `expected end; found {{else}}`);
    return nodes;
  }

  private peek(): Token | undefined {
    return this.tokens[this.pos];
  }

  private isSymbol(text: string, offset = 0): boolean {
    const token = this.tokens[this.pos + offset];
    return token?.t === 'symbol' && token.text === text;
  }

  private nothingMore(context: string): void {
    if (this.peek() !== undefined) throw this.unexpected(this.peek(), context);
  }

  private unexpected(token: Token | undefined, context: string): Error {
    return this.error(`unexpected ${token === undefined ? '"}}"' : `<${token.text}>`} in ${context}`);
  }

  private name(context: string): string {
    const token = this.peek();
    if (token?.t !== 'string' && token?.t !== 'raw') throw this.unexpected(token, `${context} clause`);
    this.pos += 1;
    return this.text(token);
  }

  private pipeline(context: string, control: 'if' | 'with' | 'range' | null, closing = false): Pipeline {
    const { variables, declares } = this.declaration(context, control);
    const commands: Command[] = [];
    for (;;) {
      if (this.peek() === undefined || (closing && this.isSymbol(')'))) break;
      commands.push(this.command(context));
      if (!this.isSymbol('|')) continue;
      this.pos += 1;
      if (this.peek() === undefined) throw this.error(`missing value for ${context}`);
    }
    if (commands.length === 0) throw this.error(`missing value for ${context}`);
    const wrong = commands.findIndex(({ operands: [first] }, i) => i > 0 && isFixed(first));
    if (wrong > 0) throw this.error(`non executable command in pipeline stage ${wrong + 1}`);
    if (declares) this.variables.push(...variables);
    return { variables, declares, commands };
  }

  private declaration(context: string, control: string | null): { variables: string[]; declares: boolean } {
    const start = this.pos;
    const variables: string[] = [];
    while (this.peek()?.t === 'variable') {
      variables.push(this.peek()?.text ?? '');
      this.pos += 1;
      if (this.isSymbol(',') && control === 'range' && variables.length < 2) this.pos += 1;
      else break;
    }
    if (variables.length > 0 && (this.isSymbol(':=') || this.isSymbol('='))) {
      const declares = this.isSymbol(':=');
      this.pos += 1;
      if (!declares) for (const name of variables) this.known(name);
      return { variables, declares };
    }
    if (variables.length > 1 || (variables.length > 0 && this.isSymbol(',')))
      throw this.error(`too many declarations in ${context}`);
    this.pos = start;
    return { variables: [], declares: false };
  }

  private known(name: string): void {
    if (!this.variables.includes(name)) throw this.error(`undefined variable "${name}"`);
  }

  private command(context: string): Command {
    const operands: Operand[] = [];
    const at = this.peek()?.at ?? this.actionAt;
    for (;;) {
      const token = this.peek();
      if (token === undefined || this.isSymbol('|') || this.isSymbol(')')) break;
      if (operands.length > 0 && !token.spaced && token.text !== '(') throw this.unexpected(token, 'operand');
      operands.push(this.operand(context));
    }
    if (operands.length === 0) throw this.unexpected(this.peek(), context);
    return { operands, at, text: operands.map(({ text }) => text).join(' ') };
  }

  private operand(context: string): Operand {
    const first = this.term(context);
    const names: string[] = [];
    let { at } = first;
    if (first.o === 'fields') names.push(...first.names);
    for (let token = this.peek(); token?.t === 'field' && !token.spaced; token = this.peek()) {
      if (first.o === 'constant' || first.o === 'nil')
        throw this.error(`unexpected . after term "${first.text}"`);
      names.push(token.text.slice(1));
      ({ at } = token);
      this.pos += 1;
    }
    if (names.length === 0) return first;
    const of = first.o === 'fields' ? first.of : first;
    const shown = of.o === 'dot' ? '' : of.text;
    return { o: 'fields', of, names, at, text: `${shown}.${names.join('.')}` };
  }

  private term(context: string): Operand {
    const token = this.peek();
    if (token === undefined) throw this.unexpected(token, context);
    this.pos += 1;
    const { at, text } = token;
    switch (token.t) {
      case 'field':
        return { o: 'fields', of: { o: 'dot', at, text: '.' }, names: [text.slice(1)], at, text };
      case 'variable':
        this.known(text);
        return { o: 'variable', name: text, at, text };
      case 'word':
        return this.word(text, at);
      case 'number':
      case 'character':
        return { o: 'constant', value: this.number(token), at, text };
      case 'string':
      case 'raw':
        return { o: 'constant', value: this.text(token), at, text };
      case 'symbol':
        if (text === '.') return { o: 'dot', at, text };
        if (text === '(') {
          const pipeline = this.pipeline('parenthesized pipeline', null, true);
          if (!this.isSymbol(')')) throw this.error('unclosed left paren');
          this.pos += 1;
          return {
            o: 'pipeline',
            pipeline,
            at,
            text: `(${pipeline.commands.map((c) => c.text).join(' | ')})`,
          };
        }
        throw this.unexpected(token, context);
      default:
        return token.t satisfies never;
    }
  }

  private word(text: string, at: number): Operand {
    if (text === 'true' || text === 'false') return { o: 'constant', value: text === 'true', at, text };
    if (text === 'nil') return { o: 'nil', at, text };
    if (!FUNCTIONS.has(text)) throw this.error(`function "${text}" not defined`);
    return { o: 'function', name: text, at, text };
  }

  private number({ t, text }: Token): Constant {
    if (t === 'character') return BigInt(unquote(text)?.codePointAt(0) ?? 0);
    const plain = text.replaceAll('_', '');
    const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(plain) ?? [];
    const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
    if (/^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/.test(octal)) {
      const n = BigInt(octal) * (sign === '-' ? -1n : 1n);
      if (n >= 2n ** 63n || n < -(2n ** 63n)) throw this.error(`integer overflow: "${text}"`);
      return n;
    }
    if (!/^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits))
      throw this.error(`bad number syntax: "${text}"`);
    return Number(plain);
  }

  private text({ t, text }: Token): string {
    if (t === 'raw') return text.slice(1, -1);
    const found = unquote(text);
    if (found === null) throw this.error('invalid syntax');
    return found;
  }
}

function isFixed(operand: Operand | undefined): boolean {
  return operand?.o === 'constant' || operand?.o === 'dot' || operand?.o === 'nil';
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** A Go string or character literal's value; null when an escape is wrong. */
function unquote(literal: string): string | null {
  let wrong = false;
  const text = literal
    .slice(1, -1)
    .replaceAll(
      /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gsu,
      (_whole, x?: string, u?: string, U?: string, octal?: string, c?: string) => {
        const point =
          octal === undefined ? Number.parseInt(x ?? u ?? U ?? '-1', 16) : Number.parseInt(octal, 8);
        if (c === undefined && point <= 0x10ffff) return String.fromCodePoint(point);
        const simple = Object.hasOwn(SIMPLE, c ?? '') ? SIMPLE[c ?? ''] : undefined;
        if (simple === undefined) wrong = true;
        return simple ?? '';
      },
    );
  return wrong ? null : text;
}
