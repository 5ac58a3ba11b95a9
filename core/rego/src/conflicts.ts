import type { ModuleAst, Scalar } from './ast.ts';
import { RegoError } from './errors.ts';
import { showPath } from './paths.ts';
import type { ResolvedRule } from './resolve.ts';
import { showTerm } from './types/errors.ts';

/** A place in the data document with the rules whose constant beginning it is. */
interface Place {
  readonly path: readonly Scalar[];
  readonly rules: ResolvedRule[];
  readonly below: Map<Scalar, Place>;
}

/** Adds an error for rules that cannot stand beside each other: of different kinds, or one inside the value of another. */
export function checkConflicts(
  rules: readonly ResolvedRule[],
  asts: readonly ModuleAst[],
  errors: RegoError[],
): void {
  const root: Place = { path: [], rules: [], below: new Map() };
  for (const rule of rules) {
    let place = root;
    for (const key of constantPath(rule)) {
      let next = place.below.get(key);
      if (next === undefined) {
        next = { path: [...place.path, key], rules: [], below: new Map() };
        place.below.set(key, next);
      }
      place = next;
    }
    place.rules.push(rule);
  }
  checkPlace(root, asts, errors);
  checkPackages(rules, asts, errors);
}

function constantPath(rule: ResolvedRule): readonly Scalar[] {
  const cut = rule.dynamic.findIndex((key) => key.k !== 'scalar');
  const constant = cut < 0 ? rule.dynamic : rule.dynamic.slice(0, cut);
  return [...rule.path, ...constant.map((key) => (key.k === 'scalar' ? key.v : null))];
}

function isConstant(rule: ResolvedRule): boolean {
  return rule.dynamic.every((key) => key.k === 'scalar');
}

/** `data.test.p[x]`. */
export function ruleName(rule: ResolvedRule): string {
  const { at } = rule;
  const path = rule.path.map((v) => ({ k: 'scalar', v, at }) as const);
  return showTerm({ k: 'ref', head: { k: 'root', name: 'data', at }, path: [...path, ...rule.dynamic], at });
}

function checkPlace(place: Place, asts: readonly ModuleAst[], errors: RegoError[]): void {
  const { rules } = place;
  const [first] = rules;
  if (first !== undefined) {
    const error = conflict(place, first, asts);
    if (error !== null) {
      errors.push(error);
      return;
    }
  }
  for (const below of place.below.values()) checkPlace(below, asts, errors);
}

function conflict(place: Place, first: ResolvedRule, asts: readonly ModuleAst[]): RegoError | null {
  const { rules } = place;
  const last = rules.at(-1) ?? first;
  const inside = rulesBelow(place);
  const kept = rules.some(isConstant) ? inside : inside.filter((rule) => rule.args !== null);
  if (kept.length > 0) {
    const lines = kept.map((rule) => `  rule ${ruleName(rule)} at ${rule.at.file}:${rule.at.row}`);
    return new RegoError(
      'rego_type_error',
      `rule ${ruleName(last)} conflicts with:\n${lines.join('\n')}`,
      first.at,
      'a rule with a value of its own can have no rules inside it',
    );
  }
  const complete = rules.filter((rule) => rule.member === null && isConstant(rule)).length;
  const sets = rules.filter((rule) => rule.member !== null);
  const mixed =
    new Set(rules.map((rule) => rule.member === null)).size > 1 ||
    new Set(rules.map((rule) => rule.args?.length ?? 0)).size > 1 ||
    (complete > 0 && complete < rules.length) ||
    (sets.some(isConstant) && !sets.every(isConstant));
  if (mixed) return new RegoError('rego_type_error', `conflicting rules ${ruleName(last)} found`, first.at);
  const defaults = rules.filter((rule) => rule.isDefault);
  const [one] = defaults;
  if (one === undefined || defaults.length < 2) return null;
  const places = defaults.map(({ at }) => `${at.file}:${at.row}`).join(', ');
  const at = asts.find((ast) => ast.file === one.at.file)?.at ?? one.at;
  return new RegoError('rego_type_error', `multiple default rules ${ruleName(last)} found at ${places}`, at);
}

function rulesBelow(place: Place): ResolvedRule[] {
  return [...place.below.values()].flatMap((below) => [...below.rules, ...rulesBelow(below)]);
}

/** A package cannot be where a rule is. */
function checkPackages(
  rules: readonly ResolvedRule[],
  asts: readonly ModuleAst[],
  errors: RegoError[],
): void {
  const packages = new Map(asts.map((ast) => [JSON.stringify(ast.package), ast]));
  for (const rule of rules) {
    const found = packages.get(JSON.stringify(rule.path));
    if (found === undefined || rule.dynamic.length > 0 || isOwn(found, rule)) continue;
    const at = asts.find((ast) => ast.file === rule.at.file)?.at ?? rule.at;
    errors.push(
      new RegoError(
        'rego_type_error',
        `package ${showPath(found.package)} conflicts with rule ${ruleName(rule)} defined at ${rule.at.file}:${rule.at.row}`,
        at,
      ),
    );
  }
}

function isOwn(ast: ModuleAst, rule: ResolvedRule): boolean {
  return ast.file === rule.at.file;
}
