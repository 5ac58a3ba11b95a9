/** A file system whose server went away, and more waiting calls than there are threads: others go on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRecords } from './programs/records.ts';
import { few, situations, sleep, until, World } from './world.ts';

const mayMount = process.getuid?.() === 0 && existsSync('/dev/fuse');
const patienceMs = 15_000;

/** A hung file system at `hung` in the world, until the callback is done. */
async function withHung(world: World, use: () => Promise<void>): Promise<void> {
  const server = spawn(world.compile('hung-fuse.c'), [world.folder('hung')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(server.stdout, 'data');
  try {
    await use();
  } finally {
    server.stdin.end();
    await once(server, 'exit');
  }
}

describe.each(situations)('a hung file system: $title', (where) => {
  const title = 'an open that never returns delays no other call [req: enforce:live:hung]';
  test.skipIf(!mayMount)(`${title}${mayMount ? '' : ' (needs root and /dev/fuse)'}`, async () => {
    using world = new World(where);
    world.file('plain', 'text');
    // What lies in the world is opened by the gate, which knows the answer by then.
    world.policy('default decision := {"allow": true}\n\nfloor := {"static_read": ["/usr"]}');
    const script = [
      'cat hung/file & a=$!',
      'sleep 0.2',
      'cat hung/file & b=$!',
      'sleep 0.3',
      'i=0; while [ $i -lt 20 ]; do cat plain; : >made; rm made; i=$((i+1)); done',
      'kill -9 $a $b',
      'echo done',
    ].join('\n');
    await withHung(world, async () => {
      // A process that the file system holds keeps its output open, so the end is that of the command.
      const output = openSync(world.file('output', ''), 'a');
      const child = world.start(['/bin/sh', '-c', script], ['ignore', output, 'ignore']);
      const ended = await Promise.race([once(child, 'exit'), sleep(patienceMs)]);
      closeSync(output);
      expect(ended).toEqual([0, null]);
      expect(readFileSync(world.at('output'), 'utf8')).toBe(`${'text'.repeat(20)}done\n`);
    });
  });
});

describe.each(few)('many waiting calls: $title', (where) => {
  test('when no thread is left to wait with, the call is refused with a record and the rest goes on [req: enforce:live:exhausted]', async () => {
    using world = new World(where);
    world.file('plain', 'text');
    // More readers of a pipe without a writer than the gate has threads.
    const program = world.file(
      'wait.c',
      `#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static int refused;
static void *wait_in_open(void *name) {
  if (open(name, O_RDONLY) < 0 && errno == EAGAIN) __atomic_add_fetch(&refused, 1, __ATOMIC_SEQ_CST);
  return 0;
}
int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  for (int i = 0; i < n; i++) {
    pthread_t t;
    if (pthread_create(&t, &small, wait_in_open, argv[2])) return perror("thread"), 2;
  }
  while (__atomic_load_n(&refused, __ATOMIC_SEQ_CST) < 50) usleep(1000);
  int f = open(argv[3], O_RDONLY);
  puts(f < 0 ? "stuck" : "alive");
  fflush(stdout);
  _exit(0);
}
`,
    );
    const build = 'cc -O1 -pthread -o wait wait.c && mkfifo pipe && exec true';
    expect((await world.runBare(['/bin/sh', '-c', build])).code).toBe(0);
    expect(program).toContain('wait.c');
    const ended = await world.run([world.at('wait'), '1200', world.at('pipe'), world.at('plain')], 60_000);
    expect(ended.stdout).toBe('alive\n');
    await until('the record', () =>
      readRecords(world).some((line) => line.kind === 'refusal' && line.call === 'too_many_held_calls'),
    );
  });
});
