import type { Body, Scalar, Term } from '../ast.ts';
import type { Signatures } from '../builtins/signatures.ts';
import type { RegoError } from '../errors.ts';
import { packageKey } from '../paths.ts';
import type { ResolvedBranch, ResolvedRule } from '../resolve.ts';
import type { Group } from '../tree.ts';
import { BodyChecker } from './body.ts';
import { Inference } from './infer.ts';
import { TypeNode } from './rule-types.ts';
import { ANY } from './type.ts';
import type { Maybe, Type } from './type.ts';

/**
 * Infers the types of all rules and adds an error for everything that can have no value. A rule with an error may be anything,
 * so that one mistake gives one error.
 * @param groups such that each comes after those that it refers to
 * @param ordered the expressions of a body in the order in which they are evaluated
 */
export function checkTypes(
  groups: readonly Group[],
  ordered: (body: Body) => Body | null,
  signatures: Signatures,
  errors: RegoError[],
): TypeNode {
  const known = new TypeNode();
  const types = new Inference(
    known,
    new Set(groups.filter((group) => group.kind === 'func').map((group) => packageKey(group.path))),
  );
  const checker = new BodyChecker(known, signatures, ordered, types);
  for (const group of groups) {
    const rules = group.entries.map((entry) => entry.rule);
    types.own = group.kind === 'object' && rules.length > 1 ? group.path : null;
    for (const rule of group.defaultRule === null ? rules : [...rules, group.defaultRule])
      for (const branch of rule.branches) checkBranch(known, checker, types, rule, branch, errors);
  }
  return known;
}

function checkBranch(
  known: TypeNode,
  checker: BodyChecker,
  types: Inference,
  rule: ResolvedRule,
  branch: ResolvedBranch,
  errors: RegoError[],
): void {
  checker.errors = [];
  for (const arg of rule.args ?? []) eachLocal(arg, (id) => types.setLocal(id, null));
  const [path, keys] = place(rule);
  checker.body(branch.body);
  for (const term of [...keys, rule.member ?? branch.value]) checker.term(term);
  if (checker.errors.length > 0) {
    errors.push(...checker.errors);
    known.put(path, ANY);
    return;
  }
  const type = typeOfRule(types, rule, branch, keys);
  if (type !== null) known.insert(path, type);
}

function typeOfRule(
  types: Inference,
  rule: ResolvedRule,
  branch: ResolvedBranch,
  keys: readonly Term[],
): Maybe {
  const value = types.of(rule.member ?? branch.value);
  if (rule.args !== null) {
    for (const arg of rule.args)
      eachLocal(arg, (id) => {
        if (types.of({ k: 'local', id, name: '', at: rule.at }) === null) types.setLocal(id, ANY);
      });
    const args = rule.args.map((arg) => types.of(arg));
    return { t: 'function', args, variadic: null, result: types.of(branch.value) ?? ANY };
  }
  if (value === null) return null;
  let type: Type = rule.member === null ? value : { t: 'set', of: value };
  for (const key of keys.toReversed())
    type = { t: 'object', props: [], rest: { key: types.of(key) ?? ANY, value: type } };
  return type;
}

/** Where a rule is: the constant beginning of its reference, and the keys after it. */
function place(rule: ResolvedRule): readonly [readonly Scalar[], readonly Term[]] {
  const cut = rule.dynamic.findIndex((key) => key.k !== 'scalar');
  const constant = cut < 0 ? rule.dynamic : rule.dynamic.slice(0, cut);
  const path = [...rule.path, ...constant.map((key) => (key.k === 'scalar' ? key.v : null))];
  return [path, cut < 0 ? [] : rule.dynamic.slice(cut)];
}

function eachLocal(term: Term, visit: (id: number) => void): void {
  if (term.k === 'local') visit(term.id);
  else if (term.k === 'array' || term.k === 'set') for (const item of term.items) eachLocal(item, visit);
  else if (term.k === 'object') for (const part of term.items.flat()) eachLocal(part, visit);
}
