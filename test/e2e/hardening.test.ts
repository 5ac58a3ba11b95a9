/** Input that is made to break the gate itself, or to reach past it by a form that it does not expect. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRecords } from './programs/records.ts';
import { sleep, situations, World } from './world.ts';

/** A disk of this machine. */
const disk = readdirSync('/dev')
  .map((name) => path.join('/dev', name))
  .find((file) => statSync(file, { throwIfNoEntry: false })?.isBlockDevice());
if (disk === undefined) console.log('skipped: reading a disk as a whole, because this machine shows none');

describe.each(situations)('hostile forms: $title', (where) => {
  test('nothing gets through, and the gate goes on [req: enforce:gate:forms]', async () => {
    using world = new World(where);
    world.file('data', 'x');
    world.compile('hardening.c', 'hardening');
    world.file('first.key', 'secret');
    world.policy(`
default decision := {"allow": true}

decision := {"allow": false} if input.action == "connect"

decision := {"allow": false} if {
	input.action == "read_file"
	endswith(input.path, ".key")
}`);
    // 1. A listener outside, which nobody may reach.
    const outside = createSocket('udp4');
    const received: string[] = [];
    outside.on('message', (message) => received.push(message.toString()));
    outside.bind(0, '127.0.0.1');
    await once(outside, 'listening');
    // 2. The attempts; control data is only read by the gate in process isolation.
    const script = 'cd "$1" && shift && exec ./hardening "$@"';
    const { code, stdout, stderr } = await world.run([
      '/bin/sh',
      '-c',
      script,
      'sh',
      world.dir,
      String(outside.address().port),
      ...(disk ? [disk] : []),
    ]);
    await sleep(50);
    outside.close();
    // 3. In its own network an unnamed send meets nobody; elsewhere the gate performs it, or not.
    const lines = stdout
      .trim()
      .split('\n')
      .filter((line) => where.isolation === 'process' || !line.includes('a message'));
    expect({ code, lines, received, stderr }).toEqual({
      code: 0,
      lines: ['alive'],
      received: [],
      stderr: '',
    });
    // 4. What would have reached past the gate has its record.
    const calls = readRecords(world).flatMap(({ call }) => call ?? []);
    expect(calls).toEqual(
      expect.arrayContaining(['source_route', 'prctl_set_mm', 'ioctl', ...(disk ? ['block_device'] : [])]),
    );
  });
});
