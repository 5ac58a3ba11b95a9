/** What the journal says about how an allowed act ended. */
import { describe, expect, test } from 'vitest';
import { readRecords } from './programs/records.ts';
import { situations, until, World } from './world.ts';

type Line = { kind: string; seq: number; input?: { action: string; path?: string }; decision?: unknown };

/** For each decision about the path, how it ended. */
function endings(world: World, name: string): string[] {
  const lines = readRecords(world) as (Line & { result?: string; errno?: string })[];
  return lines
    .filter(({ kind, input }) => kind === 'decision' && input?.path === world.at(name))
    .map(({ seq, input }) => {
      const end = lines.find((line) => line.kind === 'outcome' && String(line.decision).endsWith(`:${seq}`));
      return [input?.action, end?.result ?? 'unknown', end?.errno ?? ''].join(' ').trim();
    });
}

/** The answer names the path, so no two acts are of one class and each has its own record. */
const eachOnItsOwn =
  'default decision := {"allow": true}\n\ndecision := {"allow": true, "rules": [input.path]}';

describe.each(situations)('outcomes: $title', (where) => {
  test('an act that was done, that failed, that nobody waited for [req: record:outcome]', async () => {
    using world = new World(where);
    world.policy(eachOnItsOwn);
    world.file('plain', 'text');
    const script = 'cat plain; mkdir folder; mkdir folder; mkfifo pipe; cat pipe';
    const child = world.start(['/bin/sh', '-c', script], ['ignore', 'ignore', 'ignore']);
    const ended = new Promise((resolve) => void child.once('exit', resolve));
    // `cat pipe` is held in its open until somebody writes; it is ended instead.
    await until('the open of the pipe', () => endings(world, 'pipe').length === 2);
    child.kill('SIGTERM');
    await ended;
    expect(endings(world, 'plain')).toEqual(['read_file done']);
    expect(endings(world, 'folder')[0]).toBe('create_file done');
    expect(endings(world, 'pipe')).toEqual(['create_file done', 'read_file abandoned']);
  });

  test('a refusal by the file system, and a program that the kernel does not start [req: record:outcome]', async () => {
    using world = new World(where);
    world.policy(eachOnItsOwn);
    world.file('program', 'not a program', 0o755);
    world.folder('kept');
    world.file('kept/file', '');
    await world.run(['/bin/sh', '-c', 'rmdir kept; ./program; true']);
    expect(endings(world, 'kept')).toEqual(['delete_file failed ENOTEMPTY']);
    expect(endings(world, 'program')[0]).toBe('execute failed');
  });
});
