import type { Body, Callee, Term } from '../ast.ts';
import type { Span } from '../parser/concrete.ts';
import { infixOf } from './infix.ts';
import { linesOf, writeList } from './lists.ts';
import type { Element } from './lists.ts';
import { CommentConflict } from './page.ts';
import type { Writer } from './writer.ts';

type Of<K extends Term['k']> = Extract<Term, { k: K }>;

/** A term. The outermost one is left as it was written when its comments find no place in the layout. */
export function writeTerm(w: Writer, term: Term, parens = false): void {
  if (w.guarded) return writeInner(w, term, parens);
  const saved = w.page.save();
  w.guarded = true;
  try {
    writeInner(w, term, parens);
  } catch (error) {
    if (!(error instanceof CommentConflict)) throw error;
    w.page.restore(saved);
    w.page.verbatim(w.concrete.span(term));
  } finally {
    w.guarded = false;
  }
}

function writeInner(w: Writer, term: Term, parens: boolean): void {
  const { page, concrete } = w;
  const span = concrete.spans.get(term);
  if (span !== undefined) page.reach(span.row);
  page.ensureLine();
  switch (term.k) {
    case 'scalar':
      page.text(scalarText(w, term));
      break;
    case 'var':
    case 'local':
    case 'root':
      page.text(term.name);
      break;
    case 'ref':
      writeRef(w, term);
      break;
    case 'array':
      page.text('[');
      writeItems(w, term.items, concrete.span(term));
      page.text(']');
      break;
    case 'set':
      writeSet(w, term);
      break;
    case 'object':
      page.text('{');
      writeList(w, term.items.map(objectItem(w)), concrete.span(term));
      page.text('}');
      break;
    case 'comp':
      writeComprehension(w, term);
      break;
    case 'call':
      writeCall(w, term, parens);
      break;
    case 'template':
      writeTemplate(w, term);
      break;
    default:
      term satisfies never;
  }
  page.ensureLine();
}

/** Numbers and strings as they were written. */
function scalarText(w: Writer, term: Of<'scalar'>): string {
  const own = w.concrete.own.get(term);
  return own === undefined ? JSON.stringify(term.v) : w.page.sourceOf(own);
}

export function isUnion(w: Writer, term: Term): boolean {
  return term.k === 'call' && infixOf(w.own, term)?.symbol === '|';
}

function writeItems(w: Writer, items: readonly Term[], span: Span): void {
  writeList(
    w,
    items.map((item) => inList(w, item, isUnion(w, item))),
    span,
  );
}

/** A union in brackets would read as a comprehension. */
function inList(w: Writer, item: Term, parens: boolean): Element {
  return {
    row: w.concrete.span(item).row,
    write: () => (parens ? writeGrouped(w, item) : writeTerm(w, item)),
  };
}

function writeGrouped(w: Writer, term: Term): void {
  w.page.text('(');
  writeTerm(w, term);
  w.page.text(')');
}

function objectItem(w: Writer): (item: readonly [Term, Term]) => Element {
  return ([key, value]) => ({
    row: w.concrete.span(key).row,
    write: () => {
      if (isUnion(w, key)) writeGrouped(w, key);
      else writeTerm(w, key);
      w.page.text(': ');
      if (isUnion(w, value)) writeGrouped(w, value);
      else writeTerm(w, value);
    },
  });
}

function writeSet(w: Writer, term: Of<'set'>): void {
  if (term.items.length === 0) {
    w.page.text('set()');
    w.page.reach(w.concrete.span(term).endRow);
    return;
  }
  w.page.text('{');
  writeItems(w, term.items, w.concrete.span(term));
  w.page.text('}');
}

function writeRef(w: Writer, { head, path }: Of<'ref'>): void {
  writeTerm(w, head, head.k === 'call' && w.concrete.grouped.has(head));
  for (const key of path) writeKey(w, key);
}

/** `.name`, `["two words"]` or `[term]`. */
export function writeKey(w: Writer, key: Term): void {
  const { page } = w;
  if (key.k === 'scalar' && typeof key.v === 'string') {
    const text = page.sourceOf(w.concrete.span(key));
    const quoted = text.startsWith('"');
    if (/^[A-Za-z_]\w*$/.test(key.v) && !(quoted && w.style.keywords.has(key.v))) page.text(`.${key.v}`);
    else page.text(`[${quoted ? text : JSON.stringify(key.v)}]`);
  } else if (key.k === 'var') page.text(`[${key.name}]`);
  else {
    page.text('[');
    writeTerm(w, key);
    page.text(']');
  }
}

function writeComprehension(w: Writer, term: Of<'comp'>): void {
  const { page, concrete } = w;
  const span = concrete.span(term);
  const [open, close] = term.of === 'array' ? ['[', ']'] : ['{', '}'];
  page.text(open);
  let { row } = span;
  const { value } = term;
  const parens = value.k === 'call' && (isUnion(w, value) || concrete.grouped.has(value));
  if (term.key !== null) {
    if (isUnion(w, term.key)) writeGrouped(w, term.key);
    else writeTerm(w, term.key);
    page.text(': ');
    writeTerm(w, value, parens);
  } else {
    const at = concrete.span(value);
    if (at.row > span.row) {
      page.endLine();
      page.startLine();
    }
    ({ row } = at);
    writeTerm(w, value, parens);
  }
  page.text(' |');
  writeInnerBody(w, term.body, row, span.endRow);
  page.text(close);
}

/** The body of a comprehension or of `every`, up to its closing bracket: on one line if it began on the row, else indented. */
export function writeInnerBody(w: Writer, body: Body, row: number, endRow: number): void {
  const { page } = w;
  const rows = body.map((literal) => ({ row: literal.at.row, literal }));
  const broken = (body[0]?.at.row ?? row) > row || linesOf(rows, row).length > 1;
  if (!broken) {
    for (const [i, literal] of body.entries()) {
      page.text(i === 0 ? ' ' : '; ');
      w.layout.literal(w, literal);
    }
    page.reach(endRow);
    return;
  }
  page.endLine();
  page.up();
  const { guarded } = w;
  w.guarded = false;
  w.layout.body(w, body);
  w.guarded = guarded;
  page.reach(endRow);
  page.down();
  page.startLine();
}

function writeCall(w: Writer, term: Of<'call'>, parens: boolean): void {
  const { page } = w;
  const infix = infixOf(w.own, term);
  if (infix === null || infix.operands.length !== term.args.length) {
    writePlainCall(w, term);
    return;
  }
  const { symbol, operands } = infix;
  const group = symbol === 'in' ? operands.length === 3 : parens;
  if (group) page.text('(');
  for (const [i, operand] of operands.entries()) {
    if (i > 0) page.text(i < operands.length - 1 ? ', ' : ` ${symbol} `);
    const member = operand.k === 'call' && infixOf(w.own, operand)?.symbol === 'in';
    const bare =
      !member || operand.args.length === 3 || (symbol === 'in' && i === 0 && operands.length === 2);
    if (!bare) page.text('(');
    writeInner(w, operand, true);
    if (!bare) page.text(')');
  }
  if (group) page.text(')');
}

export function writePlainCall(w: Writer, term: Of<'call'>): void {
  const { page, concrete } = w;
  const callee = concrete.callees.get(term);
  if (callee === undefined) page.text(calleeName(term.fn));
  else writeTerm(w, callee);
  page.text('(');
  const { row } = callee === undefined ? concrete.span(term) : concrete.span(callee);
  const { endRow } = concrete.span(term);
  const elements = term.args.map((arg) => inList(w, arg, isUnion(w, arg) && concrete.grouped.has(arg)));
  // A single line of arguments moves up to the name.
  writeList(w, elements, { from: 0, to: 0, row: elements[0]?.row ?? row, endRow });
  page.text(')');
}

function calleeName(fn: Callee): string {
  return fn.c === 'name' ? fn.path.join('.') : fn.c === 'builtin' ? fn.name : fn.path;
}

/** The text of a template string stays as it was written; the expressions in it are laid out. */
function writeTemplate(w: Writer, term: Of<'template'>): void {
  const { page, concrete } = w;
  const span = concrete.span(term);
  // A comment ends with its line, so that what has one inside keeps its lines.
  if (span.endRow > span.row && page.commentBefore(span.endRow)) throw new CommentConflict();
  const whole = concrete.own.get(term) ?? span;
  let at = whole.from;
  for (const part of term.parts) {
    if (typeof part === 'string') continue;
    const { from, to } = concrete.span(part);
    page.text(page.sourceOf({ ...span, from: at, to: from }).trimEnd());
    w.layout.literal(w, part);
    at = to;
    at += /^\s*/.exec(page.sourceOf({ ...span, from: at, to: whole.to }))?.[0].length ?? 0;
  }
  page.text(page.sourceOf({ ...span, from: at, to: whole.to }));
}
