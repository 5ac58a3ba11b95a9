import { literalsOf, nameOf, pathOf, termsOf } from '../tree.ts';
import type { Found, LintModule, LintPolicy, LintRule } from '../types.ts';

/** Deeper than this, a body needs helper rules. */
const DEEPEST = 3;
const LONGEST = 160;

export const useAssignment: LintRule = {
  id: 'use-assignment',
  title: '`:=` assigns, `==` compares',
  severity: 'info',
  why: '`=` does either, whichever is possible: a variable that was bound by accident turns an assignment into a comparison.',
  bad: 'allow if {\n\tuser = input.user\n\tuser == "alice"\n}\n',
  good: 'allow if {\n\tuser := input.user\n\tuser == "alice"\n}\n',
  check: ({ ast, concrete }) =>
    ast.rules.flatMap((rule): Found[] => {
      const inBodies = [...literalsOf(rule)]
        .filter(({ literal }) => literal.expr.x === 'unify')
        .map(({ literal: { at } }) => ({
          at,
          message: '= where := or == is meant',
          hint: 'write := to assign, == to compare',
        }));
      const { head } = rule;
      if (head.value === null || !concrete.spans.has(head.value) || concrete.assigned.has(head))
        return inBodies;
      return [{ at: rule.at, message: '= in the head of a rule', hint: 'write :=' }, ...inBodies];
    }),
};

export const deepNesting: LintRule = {
  id: 'deep-nesting',
  title: 'Bodies are not nested deeply',
  severity: 'info',
  why: 'Nobody can say what a comprehension in an `every` in a comprehension decides, nor test it on its own; rules with names can be tested.',
  bad: 'p := [a | a := [b | b := [c | c := [d | d := input.groups[_]]]]]\n',
  good: 'p := [a | some a in inner]\n\ninner := [b | some b in input.groups]\n',
  check: ({ ast }) =>
    ast.rules.flatMap((rule): Found[] => {
      const deep = [...literalsOf(rule)].find(({ depth }) => depth > DEEPEST);
      if (deep === undefined) return [];
      const message = `bodies are nested ${String(deep.depth)} deep here`;
      return [{ at: deep.literal.at, message, hint: 'give the inner ones rules of their own' }];
    }),
};

export const todoComment: LintRule = {
  id: 'todo-comment',
  title: 'Nothing is left to do',
  severity: 'info',
  why: 'A policy that is in force with something left to do is not finished; what is left to do belongs where work is planned.',
  bad: '# TODO: ask for a reason\nallow if input.user\n',
  good: '# A reason is asked for by the obligation.\nallow if input.user\n',
  check: ({ ast }) =>
    ast.comments
      .filter(({ text }) => /\b(?:TODO|FIXME|XXX)\b/i.test(text))
      .map(({ row, col }) => ({ at: { row, col }, message: 'something is left to do' })),
};

export const lineLength: LintRule = {
  id: 'line-length',
  title: `Lines have at most ${String(LONGEST)} characters`,
  severity: 'info',
  why: 'Longer lines are cut in reviews and in reports of what a rule says. Lines that cannot be broken (an address, a key) are left alone.',
  bad: `allow if input.user in ["${Array.from({ length: 24 }, (_, i) => `user-${String(i)}`).join('", "')}"]\n`,
  good: 'allow if input.user in {\n\t"alice",\n\t"bob",\n}\n',
  check: ({ source }) =>
    source.split('\n').flatMap((line, i): Found[] => {
      const length = line.replaceAll('\t', '    ').trimEnd().length;
      if (length <= LONGEST || !/\S\s+\S.*\S\s+\S/.test(line)) return [];
      return [{ at: { row: i + 1, col: LONGEST + 1 }, message: `the line has ${String(length)} characters` }];
    }),
};

export const missingTest: LintRule = {
  id: 'missing-test',
  title: 'Every decision has a test',
  severity: 'info',
  why: 'A rule that no test mentions can be broken without anybody hearing of it. This is looked at where a package has tests at all.',
  bad: 'allow if input.user == "alice"\n\ndeny if input.user == "bob"\n\ntest_allow if allow with input.user as "alice"\n',
  good: 'allow if input.user == "alice"\n\ndeny if input.user == "bob"\n\ntest_allow if {\n\tallow with input.user as "alice"\n\tnot deny with input.user as "alice"\n}\n',
  check(module, policy) {
    const path = module.ast.package.join('.');
    const tested = testedNames(path, policy);
    if (tested === null) return [];
    const seen = new Set<string>();
    return module.ast.rules.flatMap((rule): Found[] => {
      const name = nameOf(rule);
      if (isTest(name) || rule.head.args !== null || seen.has(name) || tested.has(name)) return [];
      seen.add(name);
      return [{ at: rule.at, message: `no test mentions ${name}`, hint: `write: test_${name} if …` }];
    });
  },
};

function isTest(name: string): boolean {
  return /^(?:todo_)?test_/.test(name);
}

/** The names of a package's rules that its tests mention, directly or through a rule of the package; null without tests. */
function testedNames(path: string, { modules }: LintPolicy): Set<string> | null {
  const own = modules.filter(({ ast }) => ast.package.join('.') === path);
  const tests = modules.filter(({ ast }) => [path, `${path}_test`].includes(ast.package.join('.')));
  const pending = tests.flatMap((module) => namesIn(module, isTest));
  if (pending.length === 0) return null;
  const found = new Set<string>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const wanted = name;
    pending.push(...own.flatMap((module) => namesIn(module, (one) => one === wanted)));
  }
  return found;
}

/** Every name that rules of certain names mention; of a path its last two parts, as the package may stand before the rule. */
function namesIn({ ast }: LintModule, wanted: (name: string) => boolean): string[] {
  return ast.rules
    .filter((rule) => wanted(nameOf(rule)))
    .flatMap((rule) =>
      [...termsOf(rule)].flatMap((term) => {
        const called = term.k === 'call' && term.fn.c === 'name' ? term.fn.path : [];
        return [...(pathOf(term) ?? []), ...called];
      }),
    );
}
