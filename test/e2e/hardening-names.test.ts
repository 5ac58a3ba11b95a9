/** Programs and sockets that are reached by another name than the one that is decided on. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { describe, expect, test } from 'vitest';
import { denials, readRecords } from './programs/records.ts';
import { type Ended, few, situations, World } from './world.ts';

const timeout = 60_000;
const bare = ['-nostdlib', '-static-pie', '-fPIE', '-fno-stack-protector'];

/** `denied`: started by nobody. */
function programs(where: (typeof situations)[number]): World {
  const world = new World(where);
  world.policy(`
default decision := {"allow": true}

decision := {"allow": false} if {
	input.action == "execute"
	startswith(input.path, concat("/", [data.world, "denied"]))
}

decision := {"allow": false} if {
	input.action == "execute"
	input.path == concat("/", [data.world, "echo"])
	"--forbidden" in input.command.argv
}`);
  return world;
}

const said = ({ stdout }: Ended): string => stdout.trim();

describe.each(situations)('names: $title', (where) => {
  test(
    'a denied program as the loader of another one [req: enforce:gate:exec-names]',
    { timeout },
    async () => {
      using world = programs(where);
      const denied = world.compile('hardening-exec.c', 'denied', ['-DLOADER', ...bare]);
      const carrier = world.compile('hardening-exec.c', 'carrier', [
        '-DCARRIER',
        `-Wl,--dynamic-linker=${denied}`,
      ]);
      expect(said(await world.runBare([carrier]))).toBe('denied program ran');
      expect(said(await world.run(['/bin/sh', '-c', `${carrier}; echo on`]))).toBe('on');
      expect(readRecords(world).flatMap(({ call }) => call ?? [])).toEqual(['execute_loader']);
    },
  );

  test('a denied script that another script names [req: enforce:gate:exec-names]', { timeout }, async () => {
    using world = programs(where);
    const denied = world.file('denied', '#!/bin/sh\necho denied program ran\n', 0o755);
    const outer = world.file('outer', `#!${denied}\n`, 0o755);
    expect(said(await world.runBare([outer]))).toBe('denied program ran');
    expect(said(await world.run(['/bin/sh', '-c', `${outer} 2>/dev/null; echo on`]))).toBe('on');
    expect(denials(world).map(({ input }) => input?.['path'])).toEqual([denied]);
  });

  test(
    'arguments that are too many to be looked at [req: enforce:gate:exec-names]',
    { timeout },
    async () => {
      using world = programs(where);
      const many = world.compile('hardening-exec.c', 'many');
      const script = world.file('free', '#!/bin/sh\necho ran\n', 0o755);
      const judged = world.file('echo', '#!/bin/sh\necho ran\n', 0o755);
      expect(said(await world.run([many, 'many', script]))).toBe('ran');
      expect(said(await world.run([many, 'many', judged]))).toBe('Permission denied');
      expect(denials(world).map(({ decision }) => decision?.reason)).toEqual(['unresolvable']);
    },
  );
});

/** A socket outside, in `folder`. */
async function listen(world: World, folder: string, name: string): Promise<Server> {
  world.folder(folder);
  const server = createServer((connection) => connection.on('error', () => {}).end());
  await once(server.listen(world.at(`${folder}/${name}`)), 'listening');
  return server;
}

describe.each(situations)('sockets: $title', (where) => {
  test(
    'a name that means another place to the gate [req: enforce:gate:socket-names]',
    { timeout },
    async () => {
      using world = new World(where);
      world.policy(`
default decision := {"allow": true}

decision := {"allow": false} if {
	input.action == "ipc_connect"
	startswith(input.path, concat("/", [data.world, "sockets"]))
}

decision := {"allow": false} if {
	input.action == "create_file"
	startswith(input.path, concat("/", [data.world, "closed"]))
}`);
      for (const folder of ['open', 'closed', 'tree']) world.folder(folder);
      const server = await listen(world, 'sockets', 'outside');
      world.own(world.at('sockets/outside'));
      const { stdout, code } = await world.run([world.compile('hardening-bind.c')]);
      server.close();
      expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    },
  );
});

describe.each(few)('callers: $title', (where) => {
  test('one that dies and becomes who may [req: enforce:gate:caller]', { timeout: timeout * 2 }, async () => {
    using world = new World(where);
    world.policy(`
default decision := {"allow": true}

decision := {"allow": false} if {
	input.action == "ipc_connect"
	input.process.exe != "/usr/bin/sleep"
}`);
    const server = await listen(world, 'denied', 'socket');
    world.own(world.at('denied/socket'));
    const { stdout, code } = await world.run([
      world.compile('hardening-exec.c', 'become'),
      'become',
      '/usr/bin/sleep',
    ]);
    server.close();
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
  });
});
