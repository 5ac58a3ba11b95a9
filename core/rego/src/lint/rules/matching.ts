import type { Term } from '../../ast.ts';
import { calleeOf, isText, literalsOf, pathOf, termsIn, termsOf } from '../tree.ts';
import type { Found, LintModule, LintRule } from '../types.ts';

/** Every call of the module by the name that it is called by. */
function calls(module: LintModule, name: string): Extract<Term, { k: 'call' }>[] {
  return module.ast.rules
    .flatMap((rule) => [...termsOf(rule)])
    .filter((term) => term.k === 'call')
    .filter((term) => calleeOf(term) === name);
}

export const pathPrefix: LintRule = {
  id: 'path-prefix',
  title: 'A folder is compared up to its slash',
  severity: 'error',
  why: 'startswith(input.path, "/financials") also holds for /financials2 and /financials-old: the folder ends with its slash.',
  bad: 'allow if startswith(input.path, "/financials")\n',
  good: 'allow if startswith(input.path, "/financials/")\n',
  check: (module) =>
    calls(module, 'startswith').flatMap(({ args, at }): Found[] => {
      const [text, prefix] = args;
      if (!isText(prefix) || text === undefined || !isPath(text)) return [];
      if (!prefix.v.startsWith('/') || prefix.v.endsWith('/') || prefix.v === '') return [];
      const message = `"${prefix.v}" is also the beginning of "${prefix.v}2"`;
      return [{ at, message, hint: `write "${prefix.v}/", and compare the folder itself with ==` }];
    }),
};

/** Something that is named after paths. */
function isPath(term: Term): boolean {
  const last = pathOf(term)?.at(-1);
  return last !== undefined && /(?:path|file|target|exe|folder|dir|cwd|script)$/i.test(last);
}

export const hostSuffix: LintRule = {
  id: 'host-suffix',
  title: 'A domain is compared from its dot',
  severity: 'error',
  why: 'endswith(host, "example.com") also holds for evil-example.com, which anybody can register.',
  bad: 'allow if endswith(input.destination.host, "example.com")\n',
  good: 'allow if endswith(input.destination.host, ".example.com")\n',
  check: (module) =>
    calls(module, 'endswith').flatMap(({ args, at }): Found[] => {
      const [text, suffix] = args;
      if (!isText(suffix) || text === undefined) return [];
      if (!/(?:host|hostname|domain)$/i.test(pathOf(text)?.at(-1) ?? '')) return [];
      if (!/^[\w-]+(?:\.[\w-]+)+$/.test(suffix.v)) return [];
      const message = `"${suffix.v}" is also the end of "evil-${suffix.v}"`;
      return [{ at, message, hint: `write ".${suffix.v}", and compare the domain itself with ==` }];
    }),
};

export const unanchoredRegex: LintRule = {
  id: 'unanchored-regex',
  title: 'A regular expression says where it begins or ends',
  severity: 'warning',
  why: 'regex.match looks for the pattern anywhere: "example" also matches an-example-of-something-else. An anchor (^, $, \\b) says what is meant.',
  bad: 'allow if regex.match(`/reports/[0-9]+`, input.path)\n',
  good: 'allow if regex.match(`^/reports/[0-9]+$`, input.path)\n',
  check: (module) =>
    calls(module, 'regex.match').flatMap(({ args }): Found[] => {
      const [pattern] = args;
      if (!isText(pattern) || /[$^]|\\[AzbB]/.test(pattern.v)) return [];
      return [
        {
          at: pattern.at,
          message: 'the pattern matches anywhere in the text',
          hint: 'begin it with ^, end it with $',
        },
      ];
    }),
};

export const unequalInLoop: LintRule = {
  id: 'unequal-in-loop',
  title: '"None of them is" is not "one of them is not"',
  severity: 'error',
  why: 'xs[_] != "guest" holds as soon as one element is something else. That none of them is takes `not "guest" in xs`, that none may be takes `every`.',
  bad: 'allow if input.groups[_] != "guests"\n',
  good: 'allow if not "guests" in input.groups\n',
  check: ({ ast }) =>
    ast.rules.flatMap((rule) =>
      [...literalsOf(rule)].flatMap(({ literal: { expr, at } }): Found[] => {
        if (expr.x !== 'term' || expr.term.k !== 'call' || calleeOf(expr.term) !== 'neq') return [];
        if (!expr.term.args.some(isLoop)) return [];
        const hint = 'write: not "guest" in xs, or: every x in xs { x != "guest" }';
        return [{ at, message: 'this holds when any one element differs', hint }];
      }),
    ),
};

/** `xs[_]`: something of which there may be many, and nobody says which. */
export function isLoop(term: Term): boolean {
  return [...termsIn(term)].some(
    (one) => one.k === 'ref' && one.path.some((key) => key.k === 'var' && key.name === '_'),
  );
}

export const useIn: LintRule = {
  id: 'use-in',
  title: 'Membership is asked for with `in`',
  severity: 'info',
  why: '`x in xs` says what is asked; `x == xs[_]` says how it is found out, and means something else under `not`.',
  bad: 'allow if input.user == data.users[_]\n',
  good: 'allow if input.user in data.users\n',
  check: ({ ast }) =>
    ast.rules.flatMap((rule) =>
      [...literalsOf(rule)].flatMap(({ literal: { expr, at } }): Found[] => {
        if (expr.x !== 'term' || expr.term.k !== 'call' || calleeOf(expr.term) !== 'equal') return [];
        if (!expr.term.args.some((arg) => arg.k === 'ref' && isWildcard(arg.path.at(-1)))) return [];
        return [{ at, message: '== with [_] asks for membership', hint: 'write: x in xs' }];
      }),
    ),
};

function isWildcard(term: Term | undefined): boolean {
  return term?.k === 'var' && term.name === '_';
}
