import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DecisionInput } from '@chaperone/protocol';
import { loadPolicy } from '../src/index.ts';
import type { Policy } from '../src/index.ts';

/**
 * Nothing is allowed by default, and one denial outweighs every permission. The permission itself asks for the absence of denials: as
 * an `else` after the denial it would hold as soon as the denial's own value is undefined, as this `concat` is for some reasons.
 */
const shape = `package chaperone.access
default decision := {"allow": false, "reason": "default_deny"}
decision := {"allow": true} if { allow; count(deny) == 0 }
else := {"allow": false, "reason": concat(", ", deny)} if count(deny) > 0
deny contains "never" if input.action == "never"
allow if input.action == "always"
on_device(path) if startswith(path, "/dev/")
`;

const quoted = (text: string): string => JSON.stringify(text);
const action = fc.constantFrom('read_file', 'write_file', 'execute', 'connect', 'never', 'always');
const file = fc.constantFrom('/dev/null', '/home/a/x', '/home/a/.ssh/id', '/tmp/x', '');

const condition = fc.oneof(
  { weight: 3, arbitrary: action.map((name) => `input.action == ${quoted(name)}`) },
  action.map((name) => `input.action != ${quoted(name)}`),
  fc
    .array(action, { minLength: 1, maxLength: 3 })
    .map((names) => `input.action in {${names.map(quoted).join(', ')}}`),
  file.map((name) => `startswith(input.path, ${quoted(name)})`),
  file.map((name) => `input.path == ${quoted(name)}`),
  fc.constantFrom(
    'glob.match("/home/*/.ssh/**", ["/"], input.path)',
    'on_device(input.path)',
    'not on_device(input.path)',
    'input.missing.field',
    '"a" in split(input.path, "/")',
    'every part in split(input.path, "/") { part != ".ssh" }',
    'to_number(input.path) > 1',
  ),
);
const body = fc.array(condition, { minLength: 1, maxLength: 3 }).map((lines) => `{ ${lines.join('; ')} }`);
const allow = body.map((text) => `allow if ${text}`);
const reason = fc.oneof(
  fc.constantFrom('"closed"', '"a secret"', 'input.path', 'sprintf("%s is closed", [input.path])'),
  // What is no text makes the decision that names the reason undefined, which must not allow either.
  fc.constantFrom('input.count', '{"why": input.path}'),
);
const deny = fc.tuple(reason, body).map(([text, lines]) => `deny contains ${text} if ${lines}`);
const input = fc.record({
  action,
  path: file,
  count: fc.constantFrom(1, 'x'),
}) as fc.Arbitrary<DecisionInput>;

const policy = (rules: readonly string[]): Policy =>
  loadPolicy({ modules: [{ file: 'p.rego', source: shape + rules.join('\n') }], revision: 'r1' });

test('adding a deny rule never yields an allow', () => {
  const seen = new Set<string>();
  const allows = fc.array(allow, { maxLength: 8 });
  const denials = fc.array(deny, { maxLength: 8 });
  fc.assert(
    fc.property(
      allows,
      denials,
      deny,
      fc.array(input, { minLength: 1, maxLength: 6 }),
      (may, not, more, given) => {
        const before = policy([...may, ...not]);
        const after = policy([...may, ...not, more]);
        for (const one of given) {
          const [was, is] = [before.decide(one).effect, after.decide(one).effect];
          seen.add(`${was} then ${is}`);
          if (was === 'deny') expect(is).toBe('deny');
        }
      },
    ),
    { numRuns: 500 },
  );
  expect([...seen].toSorted()).toEqual(['allow then allow', 'allow then deny', 'deny then deny']);
});
