import type { Body, Expr, Literal, Term, With } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import type { Cursor } from './cursor.ts';
import { parsePair, parsePostfix, parseRelation } from './terms.ts';

/** Literals up to `close`, separated by line breaks or semicolons. The opening bracket is already read. */
export function parseBraced(c: Cursor, close: string): Body {
  const body: Literal[] = [];
  const open = c.mark() - 1;
  c.enter();
  while (c.takeOp(';'));
  while (!c.isOp(close)) {
    if (c.tok.t === 'eof') c.fail(`unexpected end of file: expected "${close}"`);
    body.push(parseLiteral(c));
    if (c.isOp(close)) break;
    if (c.takeOp(';')) while (c.takeOp(';'));
    else if (!c.tok.line) c.fail(`unexpected ${c.describe()}: expected a new line, ";" or "${close}"`);
  }
  if (body.length === 0) c.fail('found empty body');
  c.expectOp(close);
  c.leave();
  return c.note(body, open);
}

/** One expression with its `with` modifiers. */
export function parseLiteral(c: Cursor): Literal {
  const at = c.at();
  const mark = c.mark();
  const expr = c.takeKw('not') ? ({ x: 'not', body: parseNegated(c, at) } satisfies Expr) : parseExpr(c);
  c.note(expr, mark);
  const withs = parseWiths(c);
  return c.note({ expr, withs, at, text: c.textFrom(mark) }, mark);
}

function parseNegated(c: Cursor, at: Location): Literal {
  if (c.negatesBodies && c.isOp('{'))
    throw new RegoError(
      'rego_unsupported',
      'a body behind not is not supported',
      c.at(),
      'give the body a rule of its own and negate that',
    );
  const mark = c.mark();
  const expr = c.note(parseExpr(c), mark);
  return c.note({ expr, withs: [], at }, mark);
}

/** The `with target as value` suffixes of an expression. */
export function parseWiths(c: Cursor): With[] {
  const withs: With[] = [];
  while (c.isKw('with')) {
    const at = c.at();
    const mark = c.mark();
    c.next();
    const target = parsePostfix(c);
    c.expectKw('as');
    withs.push(c.note({ target, value: parsePair(c), at }, mark));
  }
  return withs;
}

function parseExpr(c: Cursor): Expr {
  if (c.isKw('some')) return parseSome(c);
  if (c.isKw('every')) return parseEvery(c);
  const left = parsePair(c);
  if (c.takeOp(':=')) return { x: 'assign', left, right: parseValue(c) };
  if (c.takeOp('=')) return { x: 'unify', left, right: parseValue(c) };
  return { x: 'term', term: left };
}

function parseValue(c: Cursor): Term {
  const value = parsePair(c);
  if (c.isOp('=') || c.isOp(':=')) c.fail(`unexpected "${c.tok.v}"`, 'assignments do not nest');
  return value;
}

function parseSome(c: Cursor): Expr {
  c.expectKw('some');
  const terms = [parseRelation(c)];
  while (c.takeOp(',')) terms.push(parseRelation(c));
  if (c.takeKw('in')) {
    const [first, second] = terms;
    if (first === undefined || terms.length > 2)
      c.fail('illegal variables in some declaration', 'write: some value in xs, or some key, value in xs');
    const coll = parseRelation(c);
    return second === undefined
      ? { x: 'somein', key: null, value: first, coll }
      : { x: 'somein', key: first, value: second, coll };
  }
  for (const term of terms) {
    if (term.k !== 'var')
      c.fail(
        'illegal variables in some declaration',
        c.keywords.has('in')
          ? 'expected names'
          : '`import future.keywords.in` for `some x in xs` expressions',
      );
  }
  return { x: 'some', vars: terms };
}

function parseEvery(c: Cursor): Expr {
  c.expectKw('every');
  const first = parseVar(c);
  const second = c.takeOp(',') ? parseVar(c) : null;
  c.expectKw('in');
  const coll = parseRelation(c);
  c.expectOp('{', 'missing body of every');
  const body = parseBraced(c, '}');
  return second === null
    ? { x: 'every', key: null, value: first, coll, body }
    : { x: 'every', key: first, value: second, coll, body };
}

function parseVar(c: Cursor): Term {
  if (!c.isName()) c.fail(`unexpected ${c.describe()}: expected a variable`);
  const at = c.at();
  const mark = c.mark();
  return c.note({ k: 'var', name: c.next().v, at }, mark);
}
