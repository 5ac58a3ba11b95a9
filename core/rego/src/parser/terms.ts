import { stringTerm } from '../ast.ts';
import type { Callee, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import type { Cursor } from './cursor.ts';

/** Nesting beyond this is refused: no hand-written policy comes near, and the compiler recurses over terms. */
const MAX_DEPTH = 200;

const RELATIONS: Readonly<Record<string, string>> = {
  '==': 'equal',
  '!=': 'neq',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
};
const SUMS: Readonly<Record<string, string>> = { '+': 'plus', '-': 'minus' };
const PRODUCTS: Readonly<Record<string, string>> = { '*': 'mul', '/': 'div', '%': 'rem' };

/** A call of a built-in by name, as infix operators are. */
export function operatorCall(name: string, args: readonly Term[], at: Location): Term {
  return { k: 'call', fn: { c: 'builtin', name }, args, at };
}

/** A term at the level of `in`, the loosest operator that a term can hold. `noPipe`: stop at `|` (comprehension heads). */
export function parseTerm(c: Cursor, noPipe = false): Term {
  c.depth += 1;
  if (c.depth > MAX_DEPTH) c.fail('term is nested too deeply');
  let left = parseRelation(c, noPipe);
  while (c.isKw('in')) {
    const at = c.at();
    c.next();
    left = operatorCall('internal.member_2', [left, parseRelation(c, noPipe)], at);
  }
  c.depth -= 1;
  return left;
}

/** A term without `in`. */
export function parseRelation(c: Cursor, noPipe = false): Term {
  return parseInfix(c, RELATIONS, () => parseUnion(c, noPipe));
}

function parseUnion(c: Cursor, noPipe: boolean): Term {
  return parseInfix(c, noPipe ? {} : { '|': 'or' }, () => parseInfix(c, { '&': 'and' }, () => parseSum(c)));
}

function parseSum(c: Cursor): Term {
  return parseInfix(c, SUMS, () => parseInfix(c, PRODUCTS, () => parsePostfix(c)));
}

function parseInfix(c: Cursor, table: Readonly<Record<string, string>>, operand: () => Term): Term {
  let left = operand();
  for (;;) {
    const { tok } = c;
    if (tok.t !== 'op' || !Object.hasOwn(table, tok.v)) return left;
    const name = table[tok.v];
    if (name === undefined) return left;
    const at = c.at();
    c.next();
    left = operatorCall(name, [left, operand()], at);
  }
}

/** A primary with its `.name`, `[term]` and `(args)` suffixes; none of these may follow a blank. */
export function parsePostfix(c: Cursor): Term {
  const at = c.at();
  let term = parsePrimary(c);
  for (;;) {
    const { tok } = c;
    if (tok.t !== 'op' || tok.space) return term;
    if (tok.v === '.') {
      const name = c.peek(1);
      if (name.t !== 'ident' || name.space)
        c.fail('unexpected token after "."', 'a name must follow the dot');
      c.next();
      c.next();
      term = extend(term, stringTerm(name.v, c.at(name)), at);
    } else if (tok.v === '[') {
      c.next();
      const key = parseTerm(c);
      c.expectOp(']');
      term = extend(term, key, at);
    } else if (tok.v === '(') {
      const fn = calleeOf(term);
      if (fn === null) c.fail('unexpected "("', 'only a name can be called');
      c.next();
      const args = parseList(c, ')');
      term =
        fn.c === 'name' && fn.path.length === 1 && fn.path[0] === 'set' && args.length === 0
          ? { k: 'set', items: [], at }
          : { k: 'call', fn, args, at };
    } else return term;
  }
}

function extend(term: Term, key: Term, at: Location): Term {
  if (term.k === 'ref') return { k: 'ref', head: term.head, path: [...term.path, key], at };
  return { k: 'ref', head: term, path: [key], at };
}

function calleeOf(term: Term): Callee | null {
  if (term.k === 'var') return { c: 'name', path: [term.name] };
  if (term.k !== 'ref' || term.head.k !== 'var') return null;
  const path = [term.head.name];
  for (const key of term.path) {
    if (key.k !== 'scalar' || typeof key.v !== 'string') return null;
    path.push(key.v);
  }
  return { c: 'name', path };
}

function parseList(c: Cursor, close: string): Term[] {
  const items: Term[] = [];
  while (!c.isOp(close)) {
    items.push(parseTerm(c));
    if (!c.takeOp(',')) break;
  }
  c.expectOp(close);
  return items;
}

function parsePrimary(c: Cursor): Term {
  const { tok } = c;
  const at = c.at();
  switch (tok.t) {
    case 'number':
      c.next();
      return { k: 'scalar', v: finite(c, parseNumber(tok.v)), at };
    case 'string':
      c.next();
      return stringTerm(tok.v, at);
    case 'template':
      c.next();
      return c.grammar.template(c, tok);
    case 'ident':
      return parseWord(c, at);
    case 'op':
      return parsePunctuated(c, at);
    default:
      return c.fail(`unexpected ${c.describe()}`);
  }
}

function parseWord(c: Cursor, at: Location): Term {
  if (c.takeKw('true')) return { k: 'scalar', v: true, at };
  if (c.takeKw('false')) return { k: 'scalar', v: false, at };
  if (c.takeKw('null')) return { k: 'scalar', v: null, at };
  if (!c.isName()) c.fail(`unexpected ${c.describe()}`);
  return { k: 'var', name: c.next().v, at };
}

function parsePunctuated(c: Cursor, at: Location): Term {
  if (c.isOp('-')) {
    const number = c.peek(1);
    if (number.t !== 'number' || number.space)
      c.fail('unexpected "-"', 'a minus sign needs a number; write 0 - x');
    c.next();
    c.next();
    return { k: 'scalar', v: finite(c, parseNumber(`-${number.v}`)), at };
  }
  if (c.takeOp('(')) {
    let term = parseTerm(c);
    if (c.takeOp(',')) {
      const value = parseRelation(c);
      c.expectKw('in');
      term = operatorCall('internal.member_3', [term, value, parseRelation(c)], at);
    }
    c.expectOp(')');
    return term;
  }
  if (c.takeOp('[')) return parseArray(c, at);
  if (c.takeOp('{')) return parseBraces(c, at);
  return c.fail(`unexpected ${c.describe()}`);
}

function finite(c: Cursor, n: number | bigint): number | bigint {
  if (n === Infinity || n === -Infinity)
    throw new RegoError('rego_unsupported', 'number beyond the range of a double', c.at());
  return n;
}

/** The number that the text spells: exact for every integer (bigint when it does not fit), nearest double otherwise. */
export function parseNumber(text: string): number | bigint {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return /^-?[0-9]+$/.test(text) ? BigInt(text) : value;
}

function parseArray(c: Cursor, at: Location): Term {
  if (c.takeOp(']')) return { k: 'array', items: [], at };
  const first = parseTerm(c, true);
  if (c.takeOp('|'))
    return { k: 'comp', of: 'array', key: null, value: first, body: c.grammar.braced(c, ']'), at };
  return { k: 'array', items: [first, ...rest(c, ']')], at };
}

function rest(c: Cursor, close: string): Term[] {
  return c.takeOp(',') ? parseList(c, close) : (c.expectOp(close), []);
}

function parseBraces(c: Cursor, at: Location): Term {
  if (c.takeOp('}')) return { k: 'object', items: [], at };
  const first = parseTerm(c, true);
  if (c.takeOp('|'))
    return { k: 'comp', of: 'set', key: null, value: first, body: c.grammar.braced(c, '}'), at };
  if (!c.takeOp(':')) return { k: 'set', items: [first, ...rest(c, '}')], at };
  const value = parseTerm(c, true);
  if (c.takeOp('|'))
    return { k: 'comp', of: 'object', key: first, value, body: c.grammar.braced(c, '}'), at };
  const items: (readonly [Term, Term])[] = [[first, value]];
  while (c.takeOp(',')) {
    if (c.isOp('}')) break;
    const key = parseTerm(c);
    c.expectOp(':');
    items.push([key, parseTerm(c)]);
  }
  c.expectOp('}');
  return { k: 'object', items, at };
}
