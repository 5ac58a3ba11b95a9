/** A world whose agent builds sandboxes of its own: what it may reach, what it may not, and a sandbox from npm. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { identities, isolations, root, World } from './world.ts';

/** Mounts need a session with namespaces. */
export const places = isolations.includes('namespace')
  ? identities.map((identity) => ({ identity, isolation: 'namespace' as const, title: identity.name }))
  : [];

const rules = `
default decision := {"allow": true}

floor := {"nesting": "mounts", "never": [concat("", [data.world, "/never"])]}

decision := {"allow": false, "reason": "denied_here"} if startswith(input.path, concat("", [data.world, "/denied"]))

decision := {"allow": false, "reason": "denied_here"} if startswith(input.target, concat("", [data.world, "/denied"]))`;

/** `denied` is the policy's, `never` the floor's; `allowed` is the agent's own. */
export function nestingWorld(where: (typeof places)[number]): World {
  const world = new World(where);
  const folders = ['denied', 'never', 'allowed', 'allowed/dir', 'allowed/other', 'allowed/base'];
  for (const name of folders) world.folder(name);
  for (const name of ['denied', 'never']) world.file(`${name}/data`, 'secret');
  for (const name of ['allowed', 'allowed/other']) world.file(`${name}/data`, 'public');
  world.compile('ran.c', 'denied/prog', ['-nostdlib', '-static-pie', '-fPIE', '-fno-stack-protector']);
  for (const [from, to] of [
    ['/usr/bin/true', 'allowed/prog'],
    ['/usr/bin/false', 'allowed/dynamic'],
  ] as const) {
    copyFileSync(from, world.at(to));
    chmodSync(world.at(to), 0o755);
    world.own(world.at(to));
  }
  world.compile('nested.c', 'nested');
  world.policy(rules);
  return world;
}

/** Policy allows everything: what is denied there, the floor does not grant. */
export const floorOnly = `
default decision := {"allow": true}

own(name) := concat("", [data.world, name])

floor := {
	"nesting": "mounts",
	"never": [own("/never")],
	"read": ["/usr", "/bin", "/lib", "/lib64", "/etc", "/proc", "/dev", own("/allowed"), own("/nested")],
	"write": ["/dev", "/proc", own("/allowed")],
	"execute": ["/usr", "/bin", "/lib", "/lib64", own("/allowed"), own("/nested")],
}`;

const version = '0.0.78';
const cache = path.join(root, '.cache/sandbox-runtime');

/** The command line program of sandbox-runtime, or why there is none. */
export function sandboxRuntime(): { readonly program: string } | { readonly missing: string } {
  const program = path.join(cache, 'node_modules/@anthropic-ai/sandbox-runtime/dist/cli.js');
  for (const needed of ['socat', 'rg', 'bwrap'])
    if (spawnSync(needed, ['--version']).error) return { missing: `${needed} is not installed` };
  if (existsSync(program)) return { program };
  mkdirSync(cache, { recursive: true });
  const { status, stderr, error } = spawnSync(
    'npm',
    [
      'install',
      '--prefix',
      cache,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `@anthropic-ai/sandbox-runtime@${version}`,
    ],
    { encoding: 'utf8', timeout: 120_000 },
  );
  return status === 0 && existsSync(program)
    ? { program }
    : { missing: `npm could not install it: ${(error?.message ?? stderr).trim().slice(0, 200)}` };
}
