import type { Literal, Term } from '../ast.ts';
import { Decimal } from '../decimal.ts';
import { literal as spelled } from './emit.ts';
import type { Emitter, Env } from './emit.ts';
import type { Location } from '../errors.ts';
import type { ResolvedBranch, ResolvedRule } from '../resolve.ts';
import type { Group } from '../tree.ts';

/** A value that a condition reads: a reference or a local variable, as written. */
export interface Fact {
  readonly name: string;
  readonly at: Location;
}

/** One condition of a body in evaluation order, or (without literal) the computation of its value. */
export interface Step {
  readonly literal: Literal | null;
  readonly facts: Fact[];
}

/** One body of a rule, as the traced code reports on it by its number. */
export interface Site {
  readonly id: number;
  readonly group: Group;
  readonly rule: ResolvedRule;
  readonly branch: ResolvedBranch;
  readonly steps: Step[];
}

/**
 * What the generator notes while it makes traced code. Traced code is the fast code plus lines of their own that report to
 * the tracer `T`; they bind no name and change no value, so both give the same answers at the same cost in steps.
 */
export class Trace {
  readonly sites: Site[] = [];
  here: Here | null = null;
}

interface Here {
  readonly site: Site;
  readonly step: number;
  /** The variables that the condition may be explained with: those of the body, not those of its closures. */
  readonly locals: Set<number>;
}

/** Emits a body of a rule between its reports of entering and leaving. */
export function emitTried(
  e: Emitter,
  group: Group,
  rule: ResolvedRule,
  branch: ResolvedBranch,
  emit: (site: Site | null) => void,
): void {
  const { trace } = e;
  if (trace === null) {
    emit(null);
    return;
  }
  const site: Site = { id: trace.sites.length, group, rule, branch, steps: [] };
  trace.sites.push(site);
  e.line(`T.enter(${site.id});`);
  const outer = trace.here;
  trace.here = null;
  emit(site);
  trace.here = outer;
  emitLeave(e, site);
}

/** Reports that a body is left; also needed before a `return` inside it. */
export function emitLeave(e: Emitter, site: Site | null): void {
  if (site !== null) e.line(`T.leave(${site.id});`);
}

/** Reports what a body gave. */
export function emitGave(e: Emitter, site: Site | null, atom: string): void {
  if (site !== null) e.line(`T.gave(${site.id}, ${atom});`);
}

/** Emits one condition (null: the value) of a rule's body, preceded by the report that it was reached. */
export function emitStep(
  e: Emitter,
  site: Site | null,
  step: number,
  literal: Literal | null,
  env: Env,
  emit: () => void,
): void {
  const { trace } = e;
  if (trace === null || site === null) {
    emit();
    return;
  }
  site.steps[step] ??= { literal, facts: [] };
  e.line(`T.reach(${site.id}, ${step});`);
  const outer = trace.here;
  trace.here = { site, step, locals: new Set(env.keys()) };
  emit();
  trace.here = outer;
}

/** Reports the value of a variable that the current condition reads. */
export function emitReadLocal(e: Emitter, term: Extract<Term, { k: 'local' }>, atom: string): void {
  if (e.trace?.here?.locals.has(term.id) === true && term.name !== '_' && term.name !== '')
    note(e, term.name, term.at, atom);
}

/** As `emitReadLocal`, for the variable of an `every`: the value that is reported last is the one that failed. */
export function emitReadElement(e: Emitter, term: Term, atom: string): void {
  if (term.k !== 'local') return;
  e.trace?.here?.locals.add(term.id);
  emitReadLocal(e, term, atom);
}

/** Reports the value of a reference, or of its first `length` keys, that the current condition reads. */
export function emitReadRef(e: Emitter, term: Term | null, length: number, atom: string): void {
  if (term === null || (e.trace?.here ?? null) === null) return;
  const name = nameOf(term, length);
  if (name !== null) note(e, name, term.at, atom);
}

function note(e: Emitter, name: string, at: Location, atom: string): void {
  const here = e.trace?.here;
  if (!here) return;
  const facts = here.site.steps[here.step]?.facts ?? [];
  let index = facts.findIndex((fact) => fact.name === name);
  if (index < 0) index = facts.push({ name, at }) - 1;
  e.line(`T.note(${here.site.id}, ${here.step}, ${index}, ${atom});`);
}

/** A reference as a person would write it; null below something that has no name. */
function nameOf(term: Term, length = Infinity): string | null {
  if (term.k === 'root' || term.k === 'local') return term.name;
  if (term.k !== 'ref') return null;
  const head = nameOf(term.head);
  if (head === null) return null;
  return term.path.slice(0, length).reduce((name, key) => name + keyName(key), head);
}

function keyName(key: Term): string {
  if (key.k !== 'scalar') return `[${nameOf(key) ?? '…'}]`;
  return typeof key.v === 'string' && /^[A-Za-z_]\w*$/.test(key.v)
    ? `.${key.v}`
    : `[${key.v instanceof Decimal ? Decimal.text(key.v) : spelled(key.v)}]`;
}
