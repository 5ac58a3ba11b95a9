/** Programs that know nothing of chaperone, whose TLS is opened because a rule looks at methods: package managers and git. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FarGit } from './far-git.ts';
import { Packages } from './far-packages.ts';
import { denials } from './programs/records.ts';
import { few, World } from './world.ts';
import { Outside } from './world-egress.ts';

/** Reading only, where git reads by POST. */
const reading = `import rego.v1

default decision := {"allow": true}

decision := {"allow": false, "reason": "not_this_host"} if {
	input.action in {"connect", "resolve_name"}
	not endswith(input.destination.host, ".allowed.test")
	not input.destination.protocol == "udp"
	not input.destination.port == 53
}

decision := {"allow": false, "reason": "read_only", "message": "only reading is allowed"} if {
	input.action == "http_request"
	not input.destination.method in {"GET", "HEAD"}
	not fetches
}

fetches if endswith(input.destination.path, "/git-upload-pack")
`;

const has = (...command: string[]): boolean =>
  spawnSync(command[0] ?? '', command.slice(1), { env: { PATH: '/usr/bin:/bin' } }).status === 0;
const present = {
  npm: has('npm', '--version'),
  git: has('git', '--version'),
  pip: has('python3', '-m', 'pip', '--version'),
};
for (const [name, isThere] of Object.entries(present))
  if (!isThere) console.log(`skipped: ${name} under interception, because it is not installed`);

describe.each(few)('[req: egress:programs] programs under interception ($title)', (situation) => {
  let outside: Outside;
  let git: FarGit | undefined;
  beforeAll(async () => {
    const packages = new Packages(present.pip);
    git = present.git ? new FarGit() : undefined;
    outside = await Outside.open((request, response, body) => {
      const host = String(request.headers[':authority'] ?? request.headers.host);
      const isKnown =
        packages.answer(host, request, response) ||
        git?.answer(request, response, Buffer.from(body, 'latin1'));
      if (isKnown) return;
      response.statusCode = 404;
      response.end('{}');
    });
  });
  beforeEach(() => {
    outside.arrived.length = 0;
  });
  afterAll(() => {
    outside.close();
    git?.close();
  });

  const place = (): World => {
    const world = new World(situation);
    outside.policy(world, reading);
    return world;
  };
  const base = (): string => `https://far.allowed.test:${outside.ports.tls}`;
  const arrived = (): string[] => outside.arrived.map(({ method, url }) => `${method} ${url}`);

  test.runIf(present.npm)('npm installs a package, and its report of it stays here', async () => {
    using world = place();
    const ended = await world.run(['npm', 'install', '--audit', '--registry', `${base()}/npm/`, 'tiny']);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/added 1 package/) });
    expect(readFileSync(world.at('node_modules/tiny/index.js'), 'utf8')).toContain('42');
    expect(arrived()).toEqual(expect.arrayContaining(['GET /npm/tiny', 'GET /npm/tiny/-/tiny-1.0.0.tgz']));
    expect(outside.arrived.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(denials(world)).toContainEqual(
      expect.objectContaining({
        input: expect.objectContaining({
          action: 'http_request',
          destination: expect.objectContaining({
            method: 'POST',
            path: expect.stringContaining('/npm/-/npm/v1/security/'),
          }),
          process: expect.objectContaining({ exe: expect.stringContaining('node') }),
        }),
      }),
    );
  });

  test.runIf(present.git)('git clones, and is told at once that it may not push', async () => {
    using world = place();
    const url = `${base()}/tiny.git`;
    const cloned = await world.run(['git', 'clone', '-q', url, 'tiny']);
    expect(cloned, `${cloned.stderr}${git?.log}`).toMatchObject({ code: 0 });
    expect(readFileSync(world.at('tiny/file')).length).toBe(300_000);
    const head = git?.head;
    outside.arrived.length = 0;
    const commit = 'git -c user.name=a -c user.email=a@b commit -q --allow-empty -m second';
    const pushed = await world.run(
      ['sh', '-c', `cd tiny && ${commit} && exec git push -q origin HEAD`],
      30_000,
    );
    expect(pushed.code).not.toBe(0);
    expect(pushed.stderr).toMatch(/403/);
    expect(git?.head).toBe(head);
    expect(arrived()).toEqual(['GET /tiny.git/info/refs?service=git-receive-pack']);
    expect(denials(world)).toMatchObject([
      {
        decision: { reason: 'policy' },
        input: {
          destination: { method: 'POST', path: '/tiny.git/git-receive-pack' },
          process: { exe: expect.stringContaining('git-remote-http') },
        },
      },
    ]);
  });

  test.runIf(present.pip)('pip installs a wheel', async () => {
    using world = place();
    const install = ['python3', '-m', 'pip', 'install', '-q', '--no-deps', '--target', world.at('lib')];
    const ended = await world.run([...install, '--index-url', `${base()}/simple/`, 'tiny']);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(existsSync(world.at('lib/tiny.py'))).toBe(true);
    expect(arrived()).toEqual(
      expect.arrayContaining(['GET /simple/tiny/', 'GET /wheels/tiny-1.0-py3-none-any.whl']),
    );
  });
});
