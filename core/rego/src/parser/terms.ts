import { stringTerm } from '../ast.ts';
import type { Callee, Term } from '../ast.ts';
import { parseNumber } from '../decimal.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import type { Cursor } from './cursor.ts';

/** An infix operator: its built-in, and how tightly it binds. */
interface Operator {
  readonly name: string;
  readonly level: number;
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [
    { '==': 'equal', '!=': 'neq', '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' },
    { '|': 'or' },
    { '&': 'and' },
    { '+': 'plus', '-': 'minus' },
    { '*': 'mul', '/': 'div', '%': 'rem' },
  ].flatMap((names, level) =>
    Object.entries(names).map(([operator, name]) => [operator, { name, level }] as const),
  ),
);

/** A call of a built-in by name, as infix operators are. */
export function operatorCall(name: string, args: readonly Term[], at: Location): Term {
  return { k: 'call', fn: { c: 'builtin', name }, args, at };
}

/** The first operand of a term, when it had to be read to know what the term is. */
export interface Begun {
  readonly term: Term;
  readonly mark: number;
}

/** A term as it stands in a list: `in` is the loosest operator. */
export function parseTerm(c: Cursor, begun: Begun | null = null): Term {
  c.enter();
  const start = begun?.mark ?? c.mark();
  const term = parseMembers(c, parseRelation(c, begun), start);
  c.leave();
  return term;
}

/** A term where no list is, so that it can also be `key, value in collection`. */
export function parsePair(c: Cursor): Term {
  c.enter();
  const start = c.mark();
  let left = parseRelation(c);
  for (;;) {
    const before = c.mark();
    const at = c.at();
    if (!c.takeOp(',') || c.tok.t === 'eof') {
      c.reset(before);
      break;
    }
    const value = c.attempt(() => parseRelation(c));
    if (value === null || !c.takeKw('in')) {
      c.reset(before);
      break;
    }
    left = c.note(operatorCall('internal.member_3', [left, value, parseRelation(c)], at), start);
  }
  const term = parseMembers(c, left, start);
  c.leave();
  return term;
}

function parseMembers(c: Cursor, first: Term, start: number): Term {
  let left = first;
  while (c.isKw('in')) {
    const at = c.at();
    c.next();
    left = c.note(operatorCall('internal.member_2', [left, parseRelation(c)], at), start);
  }
  return left;
}

/** A term without `in`. */
export function parseRelation(c: Cursor, begun: Begun | null = null): Term {
  return parseInfix(c, 0, begun);
}

/** Operators that bind at least as tightly as `level`, from left to right; `begun` is the first operand. */
function parseInfix(c: Cursor, level: number, begun: Begun | null): Term {
  const start = begun?.mark ?? c.mark();
  let left = begun?.term ?? parsePostfix(c);
  for (;;) {
    const { tok } = c;
    if (tok.t !== 'op') return left;
    const operator = OPERATORS.get(tok.v);
    if (operator === undefined || operator.level < level) return left;
    const at = c.at();
    c.next();
    const right = parseInfix(c, operator.level + 1, null);
    left = c.note(operatorCall(operator.name, [left, right], at), start);
  }
}

/** The path of a package or an import; its first name may be any word. */
export function parsePath(c: Cursor): Term {
  if (c.tok.t !== 'ident') c.fail(`unexpected ${c.describe()}: expected path`);
  return parsePostfix(c, true);
}

/** A primary with its `.name`, `[term]` and `(args)` suffixes; none of these may follow a blank. */
export function parsePostfix(c: Cursor, anyWord = false): Term {
  const at = c.at();
  const start = c.mark();
  let term = anyWord ? c.note<Term>({ k: 'var', name: c.next().v, at }, start) : parsePrimary(c);
  for (;;) {
    const { tok } = c;
    if (tok.t !== 'op' || tok.space) return term;
    if (tok.v === '.' || tok.v === '[' || tok.v === '(') refuseHead(c, term, at);
    if (tok.v === '.') {
      const name = c.peek(1);
      if (name.t !== 'ident' || name.space)
        c.fail('unexpected token after "."', 'a name must follow the dot');
      c.next();
      const key = c.mark();
      c.next();
      term = c.note(extend(term, c.note(stringTerm(name.v, c.at(name)), key), at), start);
    } else if (tok.v === '[') {
      c.next();
      const key = parsePair(c);
      c.expectOp(']');
      term = c.note(extend(term, key, at), start);
    } else if (tok.v === '(') {
      const fn = calleeOf(term);
      if (fn === null) c.fail('unexpected "("', 'only a name can be called');
      const callee = term;
      const open = c.mark();
      c.next();
      const args = parseList(c, ')');
      term =
        fn.c === 'name' && fn.path.length === 1 && fn.path[0] === 'set' && args.length === 0
          ? { k: 'set', items: [], at }
          : { k: 'call', fn, args, at };
      c.note(term, start);
      c.note(fn, open);
      c.concrete?.callees.set(term, callee);
    } else return term;
  }
}

/** Only names, collections, comprehensions and calls have members. */
function refuseHead(c: Cursor, term: Term, at: Location): void {
  if (term.k !== 'scalar' && term.k !== 'template') return;
  const kind =
    term.k === 'template' ? 'templatestring' : typeof term.v === 'bigint' ? 'number' : typeof term.v;
  const name = term.k === 'scalar' && term.v === null ? 'null' : kind;
  throw new RegoError('rego_parse_error', `illegal ref (head cannot be ${name})`, at);
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

/** Terms up to `close`; `first` was read already. */
export function parseList(c: Cursor, close: string, first: Term | null = null): Term[] {
  const items: Term[] = first === null ? [] : [first];
  if (first !== null && !c.takeOp(',')) {
    c.expectOp(close);
    return items;
  }
  while (!c.isOp(close)) {
    items.push(parseTerm(c));
    if (!c.takeOp(',')) break;
  }
  c.expectOp(close);
  return items;
}

function parsePrimary(c: Cursor): Term {
  const mark = c.mark();
  const grouped = c.isOp('(');
  const term = c.note(readPrimary(c), mark);
  if (!grouped && (term.k === 'scalar' || term.k === 'template'))
    c.concrete?.own.set(term, c.place(mark, c.mark()));
  return term;
}

function readPrimary(c: Cursor): Term {
  const { tok } = c;
  const at = c.at();
  switch (tok.t) {
    case 'number':
      c.next();
      return number(c, tok.v, at);
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
  if (!c.isName()) {
    if (c.takeKw('true')) return { k: 'scalar', v: true, at };
    if (c.takeKw('false')) return { k: 'scalar', v: false, at };
    if (c.takeKw('null')) return { k: 'scalar', v: null, at };
    // Only behind the name of a rule is `contains` a keyword.
    if (c.tok.v !== 'contains') c.fail(`unexpected ${c.describe()}`);
  }
  return { k: 'var', name: c.next().v, at };
}

function parsePunctuated(c: Cursor, at: Location): Term {
  if (c.isOp('-')) return parseNegative(c, at);
  if (c.takeOp('(')) {
    const term = parsePair(c);
    c.expectOp(')', 'non-terminated expression');
    c.concrete?.grouped.add(term);
    return term;
  }
  if (c.takeOp('[')) return c.grammar.array(c, at);
  if (c.takeOp('{')) return c.grammar.braces(c, at);
  return c.fail(`unexpected ${c.describe()}`);
}

function number(c: Cursor, text: string, at: Location): Term {
  const v = parseNumber(text);
  // Who only wants to know how the module is written needs no value.
  if (v === undefined && c.concrete === null)
    throw new RegoError('rego_unsupported', 'number with an exponent beyond 100,000', at);
  return { k: 'scalar', v: v ?? 0, at };
}

/** `-1`, or `-x` for `0 - x`. */
function parseNegative(c: Cursor, at: Location): Term {
  const start = c.mark();
  c.next();
  const { tok } = c;
  if (tok.t === 'number' && !tok.space) {
    c.next();
    return number(c, `-${tok.v}`, at);
  }
  if (!c.isName()) c.fail(`unexpected ${c.describe()}: expected number`);
  const zero: Term = { k: 'scalar', v: 0, at };
  return c.note(operatorCall('minus', [zero, parsePostfix(c)], at), start);
}
