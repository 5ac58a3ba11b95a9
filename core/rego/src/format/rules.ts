import type { Body, Branch, Head, Rule, Term } from '../ast.ts';
import type { Span } from '../parser/concrete.ts';
import { writeList } from './lists.ts';
import { writeBody, writeLiteral } from './literals.ts';
import { writeKey, writeTerm } from './terms.ts';
import type { Writer } from './writer.ts';

/** A rule with its `else` chain, from the start of a line on. */
export function writeRule(w: Writer, rule: Rule): void {
  const { page, concrete } = w;
  const [first, ...elses] = rule.branches;
  if (first === undefined) return;
  page.startLine();
  if (rule.isDefault) page.text('default ');
  const constant = !rule.isDefault && isConstant(first.body) && elses.length === 0;
  writeHead(w, rule, constant);
  if (rule.isDefault || constant) {
    page.endLine();
    return;
  }
  // A further body of one rule stands for itself.
  const head = concrete.continued.has(rule) ? first.body : rule.head;
  writeRuleBody(w, first.body, usesIf(w, rule.head), concrete.span(head).endRow);
  for (const [i, branch] of elses.entries()) writeElse(w, branch, i === elses.length - 1, rule);
}

/** `p := 1`, also where it was spelled out as `p := 1 if true`. */
function isConstant(body: Body): boolean {
  const [literal] = body;
  return (
    body.length === 1 &&
    literal?.expr.x === 'term' &&
    literal.expr.term.k === 'scalar' &&
    literal.expr.term.v === true &&
    literal.withs.length === 0
  );
}

function usesIf(w: Writer, head: Head): boolean {
  return w.style.usesIf && (w.style.usesContains || head.value !== null);
}

function writeRuleBody(w: Writer, body: Body, withIf: boolean, headRow: number): void {
  const { page, concrete } = w;
  if (withIf) page.text(' if');
  const [only] = body;
  if (withIf && body.length === 1 && only?.at.row === headRow && !isSet(only.expr)) {
    page.text(' ');
    writeLiteral(w, only);
    page.endLine();
    return;
  }
  page.text(' {');
  page.endLine();
  page.up();
  writeBody(w, body);
  const span = concrete.spans.get(body);
  if (span !== undefined) page.reach(span.endRow);
  page.down();
  page.startLine();
  page.text('}');
}

/** A set alone in a body reads as the body's braces when nothing is around it. */
function isSet(expr: Body[number]['expr']): boolean {
  return expr.x === 'term' && expr.term.k === 'set';
}

/** `else` stays behind the brace if it stood behind something; otherwise it begins a line after a blank one. */
function writeElse(w: Writer, branch: Branch, isLast: boolean, rule: Rule): void {
  const { page, concrete } = w;
  const span = concrete.span(branch);
  const written = concrete.elses.get(branch);
  if (written === undefined) return;
  const { row } = span;
  const commented = page.commentBefore(row);
  const inline = row > concrete.span(rule).row && !page.beginsLine(span);
  if (!commented && inline) page.text(' ');
  else {
    page.blankLine();
    page.startLine();
  }
  page.reach(row);
  page.ensureLine();
  page.text('else');
  const constant = isLast && isConstant(branch.body);
  const { value } = branch;
  const isTrue = value?.k === 'scalar' && value.v === true;
  if (value !== null && (!isTrue || constant)) {
    page.text(written.assigned || w.style.v1 ? ' := ' : ' = ');
    writeTerm(w, value);
  }
  if (constant) {
    page.endLine();
    return;
  }
  // What begins a line of its own behind a value of several lines stays there.
  writeRuleBody(w, branch.body, w.style.usesIf, row);
}

function writeHead(w: Writer, rule: Rule, constant: boolean): void {
  const { page, concrete, style } = w;
  const { head } = rule;
  const span = concrete.span(head);
  writeHeadRef(w, head);
  if (head.args !== null) writeArguments(w, head.args, span);
  if (head.member !== null) {
    page.text(style.usesContains ? ' contains ' : '[');
    writeTerm(w, head.member);
    if (!style.usesContains) page.text(']');
  }
  const { value } = head;
  if (value === null) return;
  const isTrue = value.k === 'scalar' && value.v === true;
  const written = concrete.spans.has(value);
  const bare = constant && head.args === null && (style.v1 || head.ref.length === 1);
  const implied = isTrue && !written && !bare;
  if (implied || (isTrue && !constant && !rule.isDefault && !isKeyed(head))) return;
  page.text(concrete.assigned.has(head) || style.v1 ? ' := ' : ' = ');
  writeTerm(w, value);
}

/** `p[x] := true if …` keeps its value. */
function isKeyed({ ref }: Head): boolean {
  return ref.length === 2 && ref[1]?.k === 'var';
}

function writeHeadRef(w: Writer, { ref }: Head): void {
  const { page, concrete, style } = w;
  const [name, ...path] = ref;
  if (name?.k !== 'scalar' || typeof name.v !== 'string') return;
  page.text(name.v);
  const [key] = path;
  if (!style.refHeads && path.length === 1 && key?.k === 'scalar' && typeof key.v === 'string') {
    const text = page.sourceOf(concrete.span(key));
    page.text(`[${text.startsWith('"') ? text : JSON.stringify(key.v)}]`);
  } else for (const one of path) writeKey(w, one);
}

function writeArguments(w: Writer, args: readonly Term[], head: Span): void {
  const { page, concrete } = w;
  page.text('(');
  const last = args.at(-1);
  const endRow = last === undefined ? head.row : concrete.span(last).endRow;
  const elements = args.map((arg) => ({ row: concrete.span(arg).row, write: () => writeTerm(w, arg) }));
  writeList(w, elements, { ...head, endRow: Math.max(endRow, head.row) });
  page.text(')');
}
