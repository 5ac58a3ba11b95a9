import type { Rule, Term } from '../../ast.ts';
import { calleeOf, nameOf, pathOf, termsIn, termsInLiteral, termsOf } from '../tree.ts';
import { callsOf } from './names.ts';
import type { Found, LintModule, LintPolicy, LintRule } from '../types.ts';

/** Rules that decide, by the names that people give them. */
export const ALLOWS = new Set(['allow', 'allowed', 'authorized', 'permit', 'permitted']);
const DENIES = new Set(['deny', 'denied', 'violation', 'violations']);
const DECISIONS = new Set([...ALLOWS, 'decision']);

const key = (module: LintModule): string => module.ast.package.join('.');

function isComplete({ head }: Rule): boolean {
  return head.args === null && head.member === null && head.ref.length === 1;
}

/** The rules of the module's package, in whatever module they are. */
function packageRules(module: LintModule, { modules }: LintPolicy): Rule[] {
  return modules.filter((other) => key(other) === key(module)).flatMap(({ ast }) => ast.rules);
}

function isTrue(term: Term | null): boolean {
  return term?.k === 'scalar' && term.v === true;
}

export const missingDefault: LintRule = {
  id: 'missing-default',
  title: 'A decision has a default',
  severity: 'error',
  why: 'Without a default, a decision to which no rule applies is undefined, and who asks must guess what that means.',
  bad: 'allow if input.user == "alice"\n',
  good: 'default allow := false\n\nallow if input.user == "alice"\n',
  check(module, policy) {
    const seen = new Set<string>();
    const elsewhere = new Set(
      policy.modules.filter((other) => key(other) !== key(module)).flatMap((other) => callsOf(other)),
    );
    const defaults = packageRules(module, policy).filter(({ isDefault }) => isDefault);
    return module.ast.rules.flatMap((rule): Found[] => {
      const name = nameOf(rule);
      const always = rule.branches.some(({ body }) => body.length === 1 && isConstant(body[0]));
      if (rule.isDefault || always || !DECISIONS.has(name) || !isComplete(rule) || seen.has(name)) return [];
      seen.add(name);
      // What other packages build upon is no entrypoint.
      if (elsewhere.has(`${key(module)}.${name}`)) return [];
      if (defaults.some((other) => nameOf(other) === name)) return [];
      const hint = `add: default ${name} := ${name === 'decision' ? '{"allow": false, …}' : 'false'}`;
      return [{ at: rule.at, message: `${name} has no default`, hint }];
    });
  },
};

function isConstant(literal: Rule['branches'][number]['body'][number] | undefined): boolean {
  return literal?.expr.x === 'term' && isTrue(literal.expr.term) && literal.withs.length === 0;
}

export const unconditionalAllow: LintRule = {
  id: 'unconditional-allow',
  title: 'Nothing is allowed without a condition',
  severity: 'error',
  why: 'An allow rule that always holds, or an allow that is the default, makes every other rule of the policy pointless.',
  bad: 'default allow := true\n',
  good: 'default allow := false\n\nallow if input.user == "alice"\n',
  check: ({ ast }) =>
    ast.rules.flatMap((rule): Found[] => {
      if (!ALLOWS.has(nameOf(rule)) || !isComplete(rule)) return [];
      if (rule.isDefault)
        return isTrue(rule.head.value)
          ? [{ at: rule.at, message: `${nameOf(rule)} is the default`, hint: 'make the default false' }]
          : [];
      return rule.branches
        .filter(({ value, body }) => isTrue(value) && body.every(isConstant))
        .map(({ at }) => ({
          at,
          message: `${nameOf(rule)} holds for everything`,
          hint: 'give it a condition',
        }));
    }),
};

/** Is anything read that can differ from one question to the next? */
function depends(rule: Rule, module: LintModule, policy: LintPolicy, seen: Set<string>): boolean {
  const own = packageRules(module, policy);
  const aliases = new Set(module.ast.imports.map(({ alias }) => alias));
  const called = (term: Term): string | null => calleeOf(term)?.split('.')[0] ?? null;
  for (const term of termsOf(rule)) {
    const name = pathOf(term)?.[0] ?? called(term);
    if (name === null) continue;
    if (name === 'input' || name === 'data' || aliases.has(name)) return true;
    if (seen.has(name)) continue;
    const found = own.filter((other) => nameOf(other) === name);
    seen.add(name);
    if (found.some((other) => depends(other, module, policy, seen))) return true;
  }
  return false;
}

export const denyWithoutInput: LintRule = {
  id: 'deny-without-input',
  title: 'A denial reads the question',
  severity: 'warning',
  why: 'A deny rule that reads neither input nor data gives the same answer to every question: a condition is missing, or it looks at a variable that was meant to be a field.',
  bad: 'deny contains "outside of business hours" if {\n\thour := 7\n\thour < 8\n}\n',
  good: 'deny contains "outside of business hours" if {\n\t[hour, _, _] := time.clock(time.parse_rfc3339_ns(input.time))\n\thour < 8\n}\n',
  check: (module, policy) =>
    module.ast.rules
      .filter((rule) => DENIES.has(nameOf(rule)) && !rule.isDefault && rule.head.args === null)
      .filter((rule) => !depends(rule, module, policy, new Set()))
      .map(({ at }) => ({
        at,
        message: 'the denial does not depend on input or data',
        hint: 'read what it is about from input',
      })),
};

export const constantCondition: LintRule = {
  id: 'constant-condition',
  title: 'A condition can come out either way',
  severity: 'warning',
  why: 'A condition of constants always holds, or never: what was to be tested is missing.',
  bad: 'allow if {\n\tinput.user == "alice"\n\t"admin" == "admin"\n}\n',
  good: 'allow if {\n\tinput.user == "alice"\n\t"admin" in input.process.roles\n}\n',
  check: ({ ast, concrete }) =>
    ast.rules.flatMap((rule) =>
      rule.branches.flatMap(({ body }) =>
        body
          .filter((literal) => concrete.spans.has(literal) && literal.expr.x !== 'some')
          .filter((literal) => [...termsInLiteral(literal)].every(isFixed))
          .map(({ at }) => ({
            at,
            message: 'the condition is a constant',
            hint: 'compare with something from input, or remove it',
          })),
      ),
    ),
};

function isFixed(term: Term): boolean {
  if (term.k === 'scalar' || term.k === 'array' || term.k === 'set' || term.k === 'object') return true;
  return (
    term.k === 'call' &&
    term.fn.c === 'builtin' &&
    [...termsIn(term)].every((one) => one === term || isFixed(one))
  );
}
