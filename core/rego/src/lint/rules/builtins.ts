import { calleeOf, nameOf, termsOf } from '../tree.ts';
import type { Found, LintModule, LintRule } from '../types.ts';

const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ['any', 'some x in xs, or true in xs'],
  ['all', 'every x in xs { x }'],
  ['cast_array', 'a comprehension'],
  ['cast_boolean', 'is_boolean'],
  ['cast_null', 'is_null'],
  ['cast_object', 'is_object'],
  ['cast_set', 'a comprehension'],
  ['cast_string', 'is_string'],
  ['net.cidr_overlap', 'net.cidr_contains'],
  ['re_match', 'regex.match'],
  ['set_diff', 'xs - ys'],
]);
const OUTSIDE: ReadonlySet<string> = new Set(['http.send', 'net.lookup_ip_addr']);
const CHANGING: ReadonlySet<string> = new Set(['opa.runtime', 'rand.intn', 'time.now_ns', 'uuid.rfc4122']);

/** Calls of built-ins, outside of tests. */
function calls(module: LintModule): { readonly name: string; readonly at: Found['at'] }[] {
  return module.ast.rules
    .filter((rule) => !/^(?:todo_)?test_/.test(nameOf(rule)))
    .flatMap((rule) => [...termsOf(rule)])
    .flatMap((term) => {
      const name = calleeOf(term);
      return name === null ? [] : [{ name, at: term.at }];
    });
}

export const deprecatedBuiltin: LintRule = {
  id: 'deprecated-builtin',
  title: 'Deprecated built-ins are not used',
  severity: 'warning',
  why: 'They are refused in modules of Rego v1, and some of them do not do what their name says: any([]) is false, and any of nothing is not an error.',
  bad: 'allow if re_match(`^a`, input.user)\n',
  good: 'allow if regex.match(`^a`, input.user)\n',
  check: (module) =>
    calls(module).flatMap(({ name, at }): Found[] => {
      const instead = DEPRECATED.get(name);
      return instead === undefined ? [] : [{ at, message: `${name} is deprecated`, hint: `use ${instead}` }];
    }),
};

export const networkInDecision: LintRule = {
  id: 'network-in-decision',
  title: 'A decision does not wait for the network',
  severity: 'error',
  why: 'What an agent asks for waits until the policy has decided: a server that is slow, or that somebody else answers for, would decide with it.',
  bad: 'allow if http.send({"method": "GET", "url": "https://hr.example.com"}).status_code == 200\n',
  good: 'allow if input.user in data.hr.employees\n',
  check: (module) =>
    calls(module)
      .filter(({ name }) => OUTSIDE.has(name))
      .map(({ name, at }) => ({
        at,
        message: `${name} asks the network`,
        hint: 'bring it along as data of the bundle',
      })),
};

export const changingBuiltin: LintRule = {
  id: 'changing-builtin',
  title: 'The same question has the same answer',
  severity: 'info',
  why: 'A decision that depends on the moment or on chance cannot be replayed, explained or cached. What PEPs know is in the input: input.time.',
  bad: 'allow if time.now_ns() < data.until\n',
  good: 'allow if time.parse_rfc3339_ns(input.time) < data.until\n',
  check: (module) =>
    calls(module)
      .filter(({ name }) => CHANGING.has(name))
      .map(({ name, at }) => ({
        at,
        message: `${name} differs from one evaluation to the next`,
        hint: name === 'time.now_ns' ? 'use input.time' : 'take it from input or data',
      })),
};
