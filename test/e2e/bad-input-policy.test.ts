/** Wrong policies: refused before anything starts, or each answer that cannot be understood is a deny with its own reason. */
import { chmodSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { denials, user } from './programs/records.ts';
import { collect, situation, World } from './world.ts';

describe('[req: run:bad-policy] policies', () => {
  const start = async (rego: string | undefined, args: readonly string[] = [], command = ['cat', 'f']) => {
    const world = new World(situation(user));
    world.file('f', 'content\n');
    if (rego !== undefined) world.file('policy/access.rego', rego);
    const ended = await collect(world.start(command, ['ignore', 'pipe', 'pipe'], args), 60_000);
    return { world, ended };
  };

  test.each([
    ['a syntax error', 'package chaperone.access\n\ndecision := {\n', /access\.rego:\d+:\d+/],
    ['an unsafe variable', 'package chaperone.access\ndecision := {"allow": x}\n', /access\.rego:2:\d+/],
    [
      'an unknown function',
      'package chaperone.access\ndecision := {"allow": no_such(1)}\n',
      /access\.rego:2:\d+/,
    ],
    ['nothing', '', /access\.rego/],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0]).toString('latin1'), /access\.rego/],
    [
      'an unknown field of the floor',
      'package chaperone.access\ndecision := {"allow": true}\nfloor := {"reads": ["/"]}\n',
      /unknown field "reads"/,
    ],
    [
      'a relative path in the floor',
      'package chaperone.access\ndecision := {"allow": true}\nfloor := {"read": ["home"]}\n',
      /"home", which is no absolute path/,
    ],
    [
      'a wrong type in the floor',
      'package chaperone.access\ndecision := {"allow": true}\nfloor := {"unix_datagram": "yes"}\n',
      /unix_datagram must be true or false/,
    ],
    [
      'a floor that is no object',
      'package chaperone.access\ndecision := {"allow": true}\nfloor := ["/"]\n',
      /must be an object/,
    ],
  ])('%s is refused before anything starts', async (_, rego, message) => {
    const { world, ended } = await start(rego);
    using _world = world;
    expect(ended).toMatchObject({ code: 125, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  test('one that cannot be read, and one that is not there', async () => {
    using world = new World(situation(user));
    if (world.identity.uid !== process.getuid?.() || process.getuid() !== 0) {
      chmodSync(world.at('policy/access.rego'), 0);
      expect(await world.run(['true'])).toMatchObject({
        code: 125,
        stderr: expect.stringMatching(/cannot read the policy .*EACCES/),
      });
    }
    rmSync(world.at('policy'), { recursive: true });
    expect(await world.run(['true'])).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(/cannot read the policy .*ENOENT/),
    });
    world.folder('policy');
    expect(await world.run(['true'])).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(/holds no \.rego file/),
    });
  });

  const aboutF = (answer: string): string =>
    `package chaperone.access\nimport rego.v1\ndefault decision := {"allow": true}\ndecision := ${answer} if endswith(input.path, "/f")\n`;
  test.each([
    [
      'an unknown obligation',
      aboutF('{"allow": true, "obligations": [{"kind": "sing"}]}'),
      'unknown_obligation',
    ],
    [
      'an obligation that cannot be carried out yet',
      aboutF('{"allow": true, "obligations": [{"kind": "justify"}]}'),
      'unknown_obligation',
    ],
    ['an answer of a wrong form', aboutF('{"allow": true, "obligation": []}'), 'invalid_decision'],
    ['an answer of a wrong type', aboutF('"yes"'), 'invalid_decision'],
    [
      'two answers',
      `${aboutF('{"allow": true}')}decision := {"allow": true, "rules": ["b"]} if endswith(input.path, "/f")\n`,
      'policy_error',
    ],
    [
      'an endless computation',
      aboutF(
        '{"allow": count([1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); a + b > 0]) > 0}',
      ),
      'policy_timeout',
    ],
  ])('%s denies, with its reason', async (_, rego, reason) => {
    const { world, ended } = await start(rego);
    using _world = world;
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('f: Permission denied');
    expect(denials(world).map(({ decision }) => decision?.reason)).toContain(reason);
  });

  test('a rule of its own that answers true or false', async () => {
    const rego =
      'package endpoint.access\nimport rego.v1\ndefault allow := false\nallow if input.action != "read_file"\nallow if not endswith(input.path, "/f")\n';
    const { world, ended } = await start(rego, ['--entrypoint', 'endpoint/access/allow']);
    using _world = world;
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    const other = await collect(
      world.start(
        ['cat', '/etc/hostname'],
        ['ignore', 'pipe', 'pipe'],
        ['--entrypoint', 'endpoint/access/allow'],
      ),
    );
    expect(other.code).toBe(0);
  });

  test('audit records what would be denied and lets it happen', async () => {
    const { world, ended } = await start(aboutF('{"allow": false, "message": "not f"}'), ['--mode', 'audit']);
    using _world = world;
    expect(ended).toMatchObject({ code: 0, stdout: 'content\n', stderr: '' });
    expect(denials(world)).toMatchObject([
      { input: { mode: 'audit', path: world.at('f') }, decision: { reason: 'policy' } },
    ]);
  });
});
