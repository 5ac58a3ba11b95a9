import type { ModuleAst, Rule } from '../ast.ts';
import type { Concrete } from '../parser/concrete.ts';
import { ownNames } from './infix.ts';
import { compareImports, groupsOf, importLine } from './imports.ts';
import type { PlacedImport } from './imports.ts';
import { writeBody, writeLiteral } from './literals.ts';
import { CommentConflict, Page } from './page.ts';
import { writeRule } from './rules.ts';
import { writeKey } from './terms.ts';
import type { Style, Writer } from './writer.ts';

/** A module and how it was written. */
export interface Written {
  readonly source: string;
  readonly module: ModuleAst;
  readonly concrete: Concrete;
}

/** Lays out a module. Rules in `kept` are left as they were written. */
export function writeModule(
  { source, module, concrete }: Written,
  style: Style,
  imports: readonly PlacedImport[],
  kept: ReadonlySet<Rule>,
): string {
  const page = new Page(source, module.comments);
  const w: Writer = {
    page,
    own: ownNames(module),
    concrete,
    style,
    layout: { body: writeBody, literal: writeLiteral },
    guarded: false,
  };
  writePackage(w);
  let rest = imports;
  let rules = module.rules;
  // Imports may stand between rules.
  while (rest.length > 0 || rules.length > 0) {
    const nextRule = rules[0]?.at.row ?? Infinity;
    const nextImport = rest.findIndex(({ row }) => row >= nextRule);
    const these = nextImport < 0 ? rest : rest.slice(0, nextImport);
    rest = rest.slice(these.length);
    writeImports(w, these);
    const until = rest[0]?.row ?? Infinity;
    const count = rules.findIndex(({ at }) => at.row > until);
    const group = count < 0 ? rules : rules.slice(0, count);
    rules = rules.slice(group.length);
    writeRules(w, group, kept);
  }
  return page.finish();
}

function writePackage(w: Writer): void {
  const { page, concrete } = w;
  if (concrete.package === null) return;
  const { path, at } = concrete.package;
  page.reach(at.row);
  page.startLine();
  page.text('package ');
  if (path.k === 'var') page.text(path.name);
  else if (path.k === 'ref' && path.head.k === 'var') {
    page.text(path.head.name);
    for (const key of path.path) writeKey(w, key);
  }
  page.blankLine();
}

function writeImports(w: Writer, imports: readonly PlacedImport[]): void {
  const { page } = w;
  for (const group of groupsOf(imports)) {
    const first = group[0]?.row ?? 0;
    // The comment on the row of an import goes with it when the group is sorted.
    const lines = new Map<PlacedImport, string>();
    for (const [i, one] of group.entries()) {
      if (i === 0) page.reachAbove(first);
      const comment = page.takeOn(one.row);
      lines.set(one, comment === null ? '' : ` #${comment.text}`);
    }
    for (const one of group.toSorted(compareImports)) {
      page.startLine();
      page.text(`${importLine(one)}${lines.get(one) ?? ''}`);
      page.endLine();
    }
    page.blankLine();
  }
}

function writeRules(w: Writer, rules: readonly Rule[], kept: ReadonlySet<Rule>): void {
  const { page, concrete } = w;
  for (const [i, rule] of rules.entries()) {
    if (kept.has(rule) && concrete.continued.has(rule)) continue;
    const saved = page.save();
    try {
      if (kept.has(rule)) throw new CommentConflict();
      page.reach(rule.at.row);
      writeRule(w, rule);
    } catch (error) {
      if (!(error instanceof CommentConflict)) throw error;
      page.restore(saved);
      page.reachAbove(rule.at.row);
      page.verbatim(concrete.span(rule));
      page.endLine();
    }
    const next = rules[i + 1];
    if (next !== undefined && isOneLiner(w, rule) && isOneLiner(w, next) && next.at.row === rule.at.row + 1)
      continue;
    page.blankLine();
  }
}

/** May this rule stand next to another without a blank line between them? */
function isOneLiner({ style }: Writer, { isDefault, branches, head }: Rule): boolean {
  const [first] = branches;
  if (isDefault || first === undefined || branches.length > 1 || first.body.length > 1) return false;
  const [literal] = first.body;
  if (literal?.expr.x === 'term' && literal.expr.term.k === 'set') return false;
  return style.usesIf && (style.usesContains || head.value !== null);
}
