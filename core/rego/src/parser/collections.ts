import type { Body, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import type { Cursor } from './cursor.ts';
import { parseList, parsePostfix, parseTerm } from './terms.ts';
import type { Begun } from './terms.ts';

/**
 * What begins a bracket decides what it is: a single term before `|` heads a comprehension, unless its body turns out to be the
 * next elements of a list (`[a | b, c]`).
 */
export function parseArray(c: Cursor, at: Location): Term {
  if (c.takeOp(']')) return { k: 'array', items: [], at };
  const first = parseHeadTerm(c);
  const body = comprehensionBody(c, ']');
  if (body !== null) return { k: 'comp', of: 'array', key: null, value: first.term, body, at };
  return { k: 'array', items: parseList(c, ']', parseTerm(c, first)), at };
}

function parseHeadTerm(c: Cursor): Begun {
  // `[, x]` is a list for compatibility with early policies.
  c.takeOp(',');
  const mark = c.mark();
  c.enter();
  const term = parsePostfix(c);
  c.leave();
  return { term, mark };
}

/** The body behind `|`; null (and nothing read) when there is none. */
function comprehensionBody(c: Cursor, close: string): Body | null {
  if (!c.isOp('|')) return null;
  const bar = c.mark();
  const { depth } = c;
  try {
    c.next();
    return c.grammar.braced(c, close);
  } catch (error) {
    if (!(error instanceof RegoError) || !c.isOp(',')) throw error;
    c.backtrack(bar, depth);
    return null;
  }
}

export function parseBraces(c: Cursor, at: Location): Term {
  if (c.takeOp('}')) return { k: 'object', items: [], at };
  const head = parseHeadTerm(c);
  const body = comprehensionBody(c, '}');
  if (body !== null) return { k: 'comp', of: 'set', key: null, value: head.term, body, at };
  const first = parseTerm(c, head);
  if (!c.takeOp(':')) return { k: 'set', items: parseList(c, '}', first), at };
  const begun = parseHeadTerm(c);
  const objectBody = comprehensionBody(c, '}');
  if (objectBody !== null)
    return { k: 'comp', of: 'object', key: first, value: begun.term, body: objectBody, at };
  const items: (readonly [Term, Term])[] = [[first, parseTerm(c, begun)]];
  while (c.takeOp(',')) {
    if (c.isOp('}')) break;
    const key = parseTerm(c);
    c.expectOp(':');
    items.push([key, parseTerm(c)]);
  }
  c.expectOp('}');
  return { k: 'object', items, at };
}
