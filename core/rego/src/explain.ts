import type { Term } from './ast.ts';
import { constantValue } from './codegen/emit.ts';
import type { Fact, Site, Step } from './codegen/trace.ts';
import { Excerpts } from './excerpt.ts';
import type { Attempts, Tracer } from './tracer.ts';
import type { Group, Tree } from './tree.ts';
import { bodyUses, groupName, literalUses } from './uses.ts';
import type { Use } from './uses.ts';
import { objectFrom } from './values.ts';
import type { Json, Value } from './values.ts';

export type { Use } from './uses.ts';

/** A reference or variable as written, and what it was; undefined when it had no value. Long values are cut. */
export interface ReadFact {
  readonly name: string;
  readonly value: Json | undefined;
}

/** The condition at which the furthest attempt stopped. */
export interface FailedStep {
  readonly file: string;
  readonly line: number;
  /** The condition as written, or the head of the rule when its value could not be computed; for an error its message. */
  readonly text: string;
  readonly facts: readonly ReadFact[];
  /** The rules that the condition refers to. */
  readonly uses: readonly Use[];
}

/** What happened in one body of a rule (a rule with `else` has several) that an evaluation tried. */
export interface BodyTrace {
  /** `data.pkg.name` of the rule. */
  readonly rule: string;
  /** The rules with which it defines one document or function; what `uses` refers to. */
  readonly group: string;
  readonly kind: Group['kind'];
  readonly isDefault: boolean;
  readonly file: string;
  readonly line: number;
  readonly outcome: 'matched' | 'failed' | 'error';
  /** Conditions of the body; declarations do not count. */
  readonly conditions: number;
  /** How many of them the furthest attempt passed. */
  readonly passed: number;
  readonly failed?: FailedStep;
  /** The first value that a body that matched gave, cut; of a `contains` rule the member. */
  readonly value?: Json;
  /** What the body would give, as far as it is written there as constants: of an object only those of its fields. */
  readonly fixed?: Json;
  /** The rules that the body and its value refer to. */
  readonly uses: readonly Use[];
}

const MAX_FACTS = 8;

interface Context {
  readonly tree: Tree;
  readonly excerpts: Excerpts;
}

/**
 * The bodies that the evaluation tried, in source order per file; those that an error left unfinished come first, the
 * innermost of them at the top.
 */
export function bodyTraces(
  tree: Tree,
  sites: readonly Site[],
  tracer: Tracer,
  error: unknown,
): readonly BodyTrace[] {
  const unfinished = error === null ? [] : tracer.unfinished();
  const context: Context = { tree, excerpts: new Excerpts() };
  const message = error instanceof Error ? error.message : 'unknown error';
  const found = tracer.tried().flatMap((attempts) => {
    const site = sites[attempts.site];
    return site === undefined ? [] : [{ site, attempts, depth: unfinished.indexOf(site.id) }];
  });
  found.sort((a, b) => errorsFirst(a.depth, b.depth) || bySource(a.site, b.site));
  return found.map(({ site, attempts, depth }) =>
    describe(context, site, attempts, depth < 0 ? null : message),
  );
}

function errorsFirst(a: number, b: number): number {
  if (a < 0 || b < 0) return a === b ? 0 : a < 0 ? 1 : -1;
  return a - b;
}

function bySource(a: Site, b: Site): number {
  const [x, y] = [a.branch.at, b.branch.at];
  if (x.file !== y.file) return x.file < y.file ? -1 : 1;
  return x.row - y.row || x.col - y.col || a.id - b.id;
}

function describe(context: Context, site: Site, attempts: Attempts, error: string | null): BodyTrace {
  const { rule, branch, group, steps } = site;
  const fixed = fixedParts(branch.value);
  const base = {
    rule: groupName(rule.path),
    group: groupName(group.path),
    kind: group.kind,
    isDefault: rule.isDefault,
    file: branch.at.file,
    line: branch.at.row,
    conditions: steps.filter(isCondition).length,
    passed: steps.slice(0, Math.max(attempts.far, 0)).filter(isCondition).length,
    ...(fixed === undefined ? {} : { fixed: context.excerpts.of(fixed) }),
    uses: bodyUses(context.tree, rule, branch),
  };
  if (error !== null) {
    const { now } = attempts;
    const failed = failedAt(context, site, now, attempts.nowFacts[now] ?? new Map());
    return { ...base, outcome: 'error', failed: { ...failed, text: error } };
  }
  if (attempts.gave !== null)
    return { ...base, outcome: 'matched', value: context.excerpts.of(attempts.gave.value) };
  return { ...base, outcome: 'failed', failed: failedAt(context, site, attempts.far, attempts.farFacts) };
}

function fixedParts(term: Term): Value | undefined {
  const whole = constantValue(term);
  if (whole !== undefined || term.k !== 'object') return whole;
  const fields = term.items.flatMap(([key, value]) => {
    const k = constantValue(key);
    const v = constantValue(value);
    return k === undefined || v === undefined ? [] : [[k, v] as const];
  });
  return fields.length === 0 ? undefined : objectFrom(fields);
}

function isCondition({ literal }: Step): boolean {
  return literal?.text !== undefined && literal.expr.x !== 'some';
}

function failedAt(
  context: Context,
  { steps, branch }: Site,
  step: number,
  values: ReadonlyMap<number, Value | undefined>,
): FailedStep {
  const { literal = null, facts = [] } = steps[step] ?? {};
  const { file, row } = (literal ?? branch).at;
  return {
    file,
    line: row,
    text: literal?.text ?? branch.text,
    facts: readFacts(context, facts, values),
    uses: literal === null ? [] : literalUses(context.tree, literal),
  };
}

/** In source order. A value of which a part is named is left out: the part is what was read. */
function readFacts(
  { excerpts }: Context,
  facts: readonly Fact[],
  values: ReadonlyMap<number, Value | undefined>,
): ReadFact[] {
  const read = facts.map((fact, i) => ({ ...fact, i })).filter(({ i }) => values.has(i));
  return read
    .filter(({ name }) => !read.some((other) => isBelow(other.name, name)))
    .toSorted((a, b) => a.at.row - b.at.row || a.at.col - b.at.col)
    .slice(0, MAX_FACTS)
    .map(({ name, i }) => {
      const value = values.get(i);
      return { name, value: value === undefined ? undefined : excerpts.of(value) };
    });
}

function isBelow(name: string, above: string): boolean {
  return name.startsWith(above) && (name[above.length] === '.' || name[above.length] === '[');
}
