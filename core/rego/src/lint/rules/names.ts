import { display } from '../../json.ts';
import type { Literal, Rule, Term } from '../../ast.ts';
import { isKnownBuiltin, isKnownNamespace } from '../../builtins/names.ts';
import { calleeOf, literalsOf, nameOf, pathOf, termsIn, termsOf } from '../tree.ts';
import type { Found, LintModule, LintRule } from '../types.ts';

/** Every name that a rule mentions, called ones included, with how often. */
function mentions(rule: Rule): Map<string, number> {
  const found = new Map<string, number>();
  for (const term of termsOf(rule)) {
    const name = term.k === 'var' ? term.name : (calleeOf(term)?.split('.')[0] ?? null);
    if (name !== null) found.set(name, (found.get(name) ?? 0) + 1);
  }
  return found;
}

export const unusedImport: LintRule = {
  id: 'unused-import',
  title: 'What is imported is used',
  severity: 'warning',
  why: 'An import that nothing uses is left over, or its name was meant and another one was written.',
  bad: 'import data.lib.users\n\nallow if input.user == "alice"\n',
  good: 'import data.lib.users\n\nallow if input.user in users.admins\n',
  check: ({ ast }) => {
    const used = new Set(ast.rules.flatMap((rule) => [...mentions(rule).keys()]));
    return ast.imports
      .filter(({ alias }) => !used.has(alias))
      .map(({ at, alias }) => ({ at, message: `the import ${alias} is never used`, hint: 'remove it' }));
  },
};

export const unusedVariable: LintRule = {
  id: 'unused-variable',
  title: 'What is given a name is used',
  severity: 'warning',
  why: 'A variable that is set and never read is left over, or the condition that was to read it is missing.',
  bad: 'allow if {\n\towner := input.resource.owner\n\tinput.user\n}\n',
  good: 'allow if {\n\towner := input.resource.owner\n\tinput.user == owner\n}\n',
  check: ({ ast }) =>
    ast.rules.flatMap((rule) => {
      const used = mentions(rule);
      return [...literalsOf(rule)]
        .flatMap(({ literal }) => declared(literal))
        .filter(({ name }) => name !== '_' && used.get(name) === 1)
        .map(({ name, at }) => ({ at, message: `${name} is never used`, hint: 'remove it, or write _' }));
    }),
};

/** The variables that a literal introduces. */
function declared({ expr }: Literal): Extract<Term, { k: 'var' }>[] {
  const terms =
    expr.x === 'assign'
      ? [...termsIn(expr.left)]
      : expr.x === 'somein'
        ? [...(expr.key === null ? [] : [expr.key]), ...termsIn(expr.value)]
        : expr.x === 'some'
          ? expr.vars
          : [];
  return terms.filter((term) => term.k === 'var');
}

export const unusedFunction: LintRule = {
  id: 'unused-function',
  title: 'What is defined is called',
  severity: 'warning',
  why: 'Nobody outside can ask for a function: one that no rule calls has no effect, and a condition that was to call it is missing.',
  bad: 'default allow := false\n\nallow if input.user\n\nis_admin(user) if user in data.admins\n',
  good: 'default allow := false\n\nallow if is_admin(input.user)\n\nis_admin(user) if user in data.admins\n',
  check: (module, { modules }) => {
    const called = new Set(modules.flatMap(callsOf));
    const seen = new Set<string>();
    return module.ast.rules.flatMap((rule): Found[] => {
      const name = rule.head.ref.map((part) => (part.k === 'scalar' ? display(part.v) : '')).join('.');
      if (rule.head.args === null || seen.has(name)) return [];
      seen.add(name);
      if (called.has(`${module.ast.package.join('.')}.${name}`)) return [];
      return [{ at: rule.at, message: `nothing calls ${name}`, hint: 'call it, or remove it' }];
    });
  },
};

/** The full names of everything that a module may call, or hand over with `with`. */
export function callsOf({ ast }: LintModule): string[] {
  const aliases = new Map(ast.imports.map(({ alias, path }) => [alias, path.join('.')]));
  return ast.rules.flatMap((rule) =>
    [...termsOf(rule)].flatMap((term) => {
      const name = calleeOf(term) ?? pathOf(term)?.join('.');
      if (name === undefined) return [];
      const [head = '', ...rest] = name.split('.');
      const alias = aliases.get(head);
      const full = [alias ?? head, ...rest].join('.');
      return full.startsWith('data.') ? [full.slice('data.'.length)] : [`${ast.package.join('.')}.${name}`];
    }),
  );
}

export const shadowedBuiltin: LintRule = {
  id: 'shadowed-builtin',
  title: 'Built-ins keep their names',
  severity: 'warning',
  why: 'A rule, an argument or a variable that is called count or input takes the place of the built-in, for whoever reads it and for the compiler.',
  bad: 'count(xs) := 1 if xs == []\n',
  good: 'size(xs) := count(xs)\n',
  check: ({ ast }) =>
    ast.rules.flatMap((rule): Found[] => {
      const args = (rule.head.args ?? []).flatMap((arg) => [...termsIn(arg)]);
      const variables = [...literalsOf(rule)].flatMap(({ literal }) => declared(literal));
      const named = [...args, ...variables].filter((term) => term.k === 'var');
      const name = nameOf(rule);
      return [{ name, at: rule.at }, ...named]
        .filter((one) => isTaken(one.name) && !(one.at === rule.at && isContract(ast.package, one.name)))
        .map((one) => ({
          at: one.at,
          message: `${one.name} is the name of a built-in`,
          hint: 'give it another name',
        }));
    }),
};

/** What a profile says of the floor is asked for by this name. */
function isContract(path: readonly string[], name: string): boolean {
  return path[0] === 'chaperone' && name === 'floor';
}

function isTaken(name: string): boolean {
  return name === 'input' || name === 'data' || isKnownBuiltin(name) || isKnownNamespace(name);
}

export const repeatsPackage: LintRule = {
  id: 'rule-repeats-package',
  title: 'A rule does not repeat its package',
  severity: 'info',
  why: 'data.network.network_allowed says network twice; who imports the package reads network.allowed.',
  bad: 'lint_allowed if input.user\n',
  good: 'allowed if input.user\n',
  check: ({ ast }) => {
    const last = ast.package.at(-1) ?? '';
    const seen = new Set<string>();
    return ast.rules.flatMap((rule): Found[] => {
      const name = nameOf(rule);
      if (!name.startsWith(`${last}_`) || seen.has(name)) return [];
      seen.add(name);
      const hint = `call it ${name.slice(last.length + 1)}`;
      return [{ at: rule.at, message: `${name} repeats the package ${last}`, hint }];
    });
  },
};
