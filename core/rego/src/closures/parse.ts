import type { Argument, Declared, Expression, Made, Statement } from './syntax.ts';
import { tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Reads generated code; throws Error for what generated code never holds. */
export function parseGenerated(source: string): Statement[] {
  return new Parser(tokenize(source)).all();
}

const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
]);

/** From loose to tight; all of them group to the left. */
const LEVELS: readonly (readonly string[])[] = [
  ['??'],
  ['||'],
  ['&&'],
  ['===', '!=='],
  ['<', '>', '<=', '>='],
  ['+', '-'],
];

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  all(): Statement[] {
    const found: Statement[] = [];
    while (this.at < this.tokens.length) found.push(this.statement());
    return found;
  }

  private text(ahead = 0): string {
    const token = this.tokens[this.at + ahead];
    return token === undefined || token.k === 'value' ? '' : token.text;
  }

  private accept(text: string): boolean {
    if (this.text() !== text) return false;
    this.at += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text))
      throw new Error(`not generated code: ${this.text()} at token ${this.at} instead of ${text}`);
  }

  private name(): string {
    const token = this.tokens[this.at];
    if (token?.k !== 'name') throw new Error(`not generated code: no name at token ${this.at}`);
    this.at += 1;
    return token.text;
  }

  private list<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.accept(end)) {
      items.push(item());
      if (!this.accept(',')) {
        this.expect(end);
        break;
      }
    }
    return items;
  }

  private statement(): Statement {
    switch (this.text()) {
      case 'const':
      case 'let':
        return this.declaration();
      case 'function': {
        this.at += 1;
        const name = this.name();
        this.expect('(');
        return { s: 'function', name, made: this.made(() => this.block(null)) };
      }
      case '{':
        return this.block(null);
      case 'if': {
        this.at += 1;
        const test = this.inParentheses();
        const yes = this.statement();
        return { s: 'if', test, yes, no: this.accept('else') ? this.statement() : null };
      }
      case 'for':
        return this.loop();
      case 'switch':
        return this.choices();
      case 'break': {
        this.at += 1;
        const label = this.name();
        this.expect(';');
        return { s: 'break', label };
      }
      case 'return': {
        this.at += 1;
        if (this.accept(';')) return { s: 'return', value: null };
        const value = this.expression();
        this.expect(';');
        return { s: 'return', value };
      }
      default:
        if (this.text(1) === ':') {
          const label = this.name();
          this.at += 1;
          return this.block(label);
        }
        return this.plain();
    }
  }

  private plain(): Statement {
    const expression = this.expression();
    this.expect(';');
    return { s: 'do', expression };
  }

  private block(label: string | null): Extract<Statement, { s: 'block' }> {
    this.expect('{');
    const all: Statement[] = [];
    while (!this.accept('}')) all.push(this.statement());
    return { s: 'block', label, all };
  }

  private declaration(): Statement {
    this.at += 1;
    if (this.accept('{')) {
      const names = this.list('}', () => this.name());
      this.expect('=');
      const from = this.expression();
      this.expect(';');
      return { s: 'unpack', names, from };
    }
    const all: Declared[] = [];
    do all.push({ name: this.name(), value: this.accept('=') ? this.expression() : null });
    while (this.accept(','));
    this.expect(';');
    return { s: 'declare', all };
  }

  private loop(): Statement {
    this.at += 1;
    this.expect('(');
    if (this.text() === 'const') {
      this.at += 1;
      const name = this.name();
      this.expect('of');
      const of = this.expression();
      this.expect(')');
      return { s: 'each', name, of, body: this.statement() };
    }
    const start = this.declaration();
    const test = this.expression();
    this.expect(';');
    const next = this.expression();
    this.expect(')');
    return { s: 'for', start, test, next, body: this.statement() };
  }

  /** Every case of generated code ends with `return`. */
  private choices(): Statement {
    this.at += 1;
    const on = this.inParentheses();
    this.expect('{');
    const cases: (readonly [unknown, Statement])[] = [];
    while (this.accept('case')) {
      const value = this.expression();
      if (value.t !== 'value') throw new Error('not generated code: a case that is no constant');
      this.expect(':');
      cases.push([value.value, this.statement()]);
    }
    this.expect('default');
    this.expect(':');
    const otherwise = this.statement();
    this.expect('}');
    return { s: 'switch', on, cases, otherwise };
  }

  private inParentheses(): Expression {
    this.expect('(');
    const inner = this.expression();
    this.expect(')');
    return inner;
  }

  /** Parameters (the parenthesis is open) and a body. */
  private made(body: () => Statement): Made {
    const takesRest = this.accept('...');
    const params = this.list(')', () => this.name());
    return { params, takesRest, body: body() };
  }

  private expression(): Expression {
    const target = this.binary(0);
    if (this.accept('=')) return { t: 'assign', target, value: this.expression() };
    if (!this.accept('?')) return target;
    const yes = this.expression();
    this.expect(':');
    return { t: 'choice', test: target, yes, no: this.expression() };
  }

  private binary(level: number): Expression {
    const ops = LEVELS[level];
    if (ops === undefined) return this.unary();
    let left = this.binary(level + 1);
    while (ops.includes(this.text())) {
      const op = this.text();
      this.at += 1;
      left = { t: 'binary', op, left, right: this.binary(level + 1) };
    }
    return left;
  }

  private unary(): Expression {
    const op = this.text();
    if (op === '!' || op === '-' || op === 'typeof') {
      this.at += 1;
      return { t: 'unary', op, of: this.unary() };
    }
    if (op === '++' || op === '--') {
      this.at += 1;
      return { t: 'step', target: this.unary(), by: op === '++' ? 1 : -1, isPrefix: true };
    }
    if (this.accept('new')) {
      const fn: Expression = { t: 'name', name: this.name() };
      this.expect('(');
      return { t: 'call', fn, args: this.args(), isNew: true };
    }
    return this.postfix(this.primary());
  }

  private postfix(of: Expression): Expression {
    if (this.accept('.')) return this.postfix({ t: 'member', of, key: { t: 'value', value: this.name() } });
    if (this.accept('[')) {
      const key = this.expression();
      this.expect(']');
      return this.postfix({ t: 'member', of, key });
    }
    if (this.accept('(')) return this.postfix({ t: 'call', fn: of, args: this.args(), isNew: false });
    if (this.accept('++')) return { t: 'step', target: of, by: 1, isPrefix: false };
    return of;
  }

  private args(): Argument[] {
    return this.list(')', () => ({ isSpread: this.accept('...'), value: this.expression() }));
  }

  private primary(): Expression {
    const token = this.tokens[this.at];
    if (token?.k === 'value') {
      this.at += 1;
      return { t: 'value', value: token.value };
    }
    if (this.accept('[')) return { t: 'array', items: this.list(']', () => this.expression()) };
    if (this.accept('{')) return { t: 'object', fields: this.list('}', () => this.field()) };
    if (this.text() === '(') {
      const isArrow = this.text(1) === '...' || this.text(this.text(1) === ')' ? 2 : 3) === '=>';
      if (!isArrow) return this.inParentheses();
      this.at += 1;
      return { t: 'arrow', made: this.made(() => this.arrowBody()) };
    }
    const name = this.name();
    return CONSTANTS.has(name) ? { t: 'value', value: CONSTANTS.get(name) } : { t: 'name', name };
  }

  private arrowBody(): Statement {
    this.expect('=>');
    return this.text() === '{' ? this.block(null) : { s: 'return', value: this.expression() };
  }

  private field(): readonly [string, Expression] {
    const name = this.name();
    return [name, this.accept(':') ? this.expression() : { t: 'name', name }];
  }
}
