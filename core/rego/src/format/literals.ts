import type { Body, Expr, Literal, Term, With } from '../ast.ts';
import { infixOf } from './infix.ts';
import { CommentConflict } from './page.ts';
import { writeInnerBody, writePlainCall, writeTerm } from './terms.ts';
import type { Writer } from './writer.ts';

/** Expressions on lines of their own; the author's blank lines stay, as one. */
export function writeBody(w: Writer, body: Body): void {
  const { page, concrete } = w;
  const [first] = body;
  if (first !== undefined) page.reach(first.at.row);
  let lastRow = 0;
  for (const [i, literal] of body.entries()) {
    const span = concrete.span(literal);
    if (i > 0 && span.row > lastRow + 1) page.blankLine();
    lastRow = span.endRow;
    page.startLine();
    writeLiteral(w, literal);
    page.endLine();
  }
}

/** One expression with its `with`s; left as it was written when its comments find no place in the layout. */
export function writeLiteral(w: Writer, literal: Literal): void {
  const { page, concrete, guarded } = w;
  if (guarded) return layOut(w, literal);
  const saved = page.save();
  try {
    layOut(w, literal);
  } catch (error) {
    if (!(error instanceof CommentConflict)) throw error;
    page.restore(saved);
    page.verbatim(concrete.span(literal));
  } finally {
    w.guarded = guarded;
  }
}

function layOut(w: Writer, literal: Literal): void {
  const { page, concrete } = w;
  const { row } = concrete.span(literal);
  page.reach(row);
  page.ensureLine();
  const { expr, withs } = literal;
  // What follows would end up behind a comment, if the expression alone were left as it was written.
  const { guarded } = w;
  if (withs.length > 0) w.guarded = true;
  writeExpr(w, expr);
  w.guarded = guarded;
  writeWiths(w, withs, concrete.spans.get(expr)?.endRow ?? row);
}

function writeExpr(w: Writer, expr: Expr): void {
  const { page } = w;
  switch (expr.x) {
    case 'not':
      page.text('not ');
      writeExpr(w, expr.body.expr);
      return;
    case 'term':
      writeStatement(w, expr.term);
      return;
    case 'assign':
    case 'unify':
      writeInfix(w, [expr.left, expr.right], expr.x === 'assign' ? ':=' : '=');
      return;
    case 'some':
      writeSome(w, expr.vars, w.concrete.span(expr).row);
      return;
    case 'somein':
      page.text('some ');
      writeMember(w, expr.key, expr.value, expr.coll);
      return;
    case 'every':
      writeEvery(w, expr);
      return;
    default:
      expr satisfies never;
  }
}

/** A call on its own is laid out without the parentheses that it would need as a part. */
function writeStatement(w: Writer, term: Term): void {
  if (term.k !== 'call') return writeTerm(w, term);
  const infix = infixOf(w.own, term);
  if (infix === null) {
    const { guarded } = w;
    w.guarded = true;
    writePlainCall(w, term);
    w.guarded = guarded;
    return;
  }
  const { symbol, operands, result } = infix;
  if (result !== null) {
    const { guarded } = w;
    w.guarded = true;
    writeTerm(w, result);
    w.guarded = guarded;
    w.page.text(' = ');
  }
  if (symbol === 'in') {
    const [value, coll] = operands.slice(-2);
    const key = operands.length === 3 ? (operands[0] ?? null) : null;
    if (value !== undefined && coll !== undefined) writeMember(w, key, value, coll);
  } else writeInfix(w, operands, symbol);
}

function writeInfix(w: Writer, operands: readonly Term[], symbol: string): void {
  const [left, right] = operands;
  if (left === undefined || right === undefined) return;
  const { guarded } = w;
  w.guarded = true;
  writeTerm(w, left);
  w.guarded = guarded;
  w.page.text(` ${symbol} `);
  writeTerm(w, right);
}

function writeMember(w: Writer, key: Term | null, value: Term, coll: Term): void {
  const { guarded } = w;
  w.guarded = true;
  if (key !== null) {
    writeTerm(w, key, true);
    w.page.text(', ');
  }
  writeTerm(w, value, true);
  w.page.text(' in ');
  writeTerm(w, coll, true);
  w.guarded = guarded;
}

function writeSome(w: Writer, vars: readonly Term[], from: number): void {
  const { page, concrete } = w;
  page.text('some ');
  let row = from;
  for (const [i, name] of vars.entries()) {
    const at = concrete.span(name).row;
    if (at > row) {
      page.endLine();
      page.startLine();
      page.text('\t');
      row = at;
    } else if (i > 0) page.text(' ');
    writeTerm(w, name);
    if (i < vars.length - 1) page.text(',');
  }
}

function writeEvery(w: Writer, expr: Extract<Expr, { x: 'every' }>): void {
  const { page, concrete } = w;
  page.text('every ');
  if (expr.key !== null) {
    writeTerm(w, expr.key);
    page.text(', ');
  }
  writeTerm(w, expr.value);
  page.text(' in ');
  writeTerm(w, expr.coll);
  page.text(' {');
  const { row, endRow } = concrete.span(expr);
  const [first] = expr.body;
  writeInnerBody(w, expr.body, row, endRow);
  if (expr.body.length === 1 && first?.at.row === row) page.text(' ');
  page.text('}');
}

/** The first stays on the line where the expression ends if it was there; others go where the author broke the line. */
function writeWiths(w: Writer, withs: readonly With[], endRow: number): void {
  const { page } = w;
  let row = endRow;
  let indented = false;
  for (const { target, value, at } of withs) {
    const breaks = at.row > row;
    if (breaks) {
      if (!indented) page.up();
      indented = true;
      page.endLine();
      page.startLine();
      ({ row } = at);
    }
    page.reach(at.row);
    page.text(breaks ? 'with ' : ' with ');
    writeTerm(w, target);
    page.text(' as ');
    writeTerm(w, value);
  }
  if (indented) page.down();
}
