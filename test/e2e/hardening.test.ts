/** Input that is made to break the gate itself, or to reach past it by a form that it does not expect. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { sleep, situations, World } from './world.ts';

describe.each(situations)('hostile forms: $title', (where) => {
  test('nothing gets through, and the gate goes on [req: enforce:gate:forms]', async () => {
    using world = new World(where);
    world.file('data', 'x');
    world.compile('hardening.c', 'hardening');
    world.policy(
      'default decision := {"allow": true}\n\ndecision := {"allow": false} if input.action == "connect"',
    );
    // 1. A listener outside, which nobody may reach.
    const outside = createSocket('udp4');
    const received: string[] = [];
    outside.on('message', (message) => received.push(message.toString()));
    outside.bind(0, '127.0.0.1');
    await once(outside, 'listening');
    // 2. The attempts; control data is only read by the gate in process isolation.
    const script = 'cd "$1" && exec ./hardening "$2"';
    const { code, stdout, stderr } = await world.run([
      '/bin/sh',
      '-c',
      script,
      'sh',
      world.dir,
      String(outside.address().port),
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
  });
});
