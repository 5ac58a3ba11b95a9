/** Races for files: what a call means flips between the moment it is decided and the moment it acts. */
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { situation } from './world.ts';
import { places, race, raceWorld, timeoutMs, tries } from './world-race.ts';

type Race = {
  what: string;
  program: string;
  args: readonly string[];
  flips?: readonly string[];
  share?: number;
};

const opens: readonly Race[] = [
  { what: 'the path in memory', program: 'race-open', args: ['memory'] },
  { what: 'the flags of openat2 in memory', program: 'race-open', args: ['how'] },
  {
    what: 'a symbolic link',
    program: 'race-open',
    args: ['name', '1/link'],
    flips: ['link', '1/link', 'data'],
  },
  {
    what: 'a folder and a link in its place',
    program: 'race-open',
    args: ['name', '1/dir/data'],
    flips: ['exchange', '1/dir', '1/other'],
  },
  {
    what: 'the parents of a folder',
    program: 'race-open',
    args: ['name', '1/p/dir/data'],
    flips: ['exchange', '1/p', '1/q'],
  },
  { what: 'a link, by its own thread', program: 'race-open', args: ['name', '1/link', 'link', '1/link'] },
  {
    what: 'a folder, by its own thread',
    program: 'race-open',
    args: ['name', '1/dir/data', 'exchange', '1/dir', '1/other'],
  },
  { what: 'the folder of openat by dup2', program: 'race-number', args: ['openat'] },
];

const folder = ['exchange', '1/dir', '1/other'];
const link = ['link', '1/link', 'data'];
const changes: readonly Race[] = [
  { what: 'unlink, the path', program: 'race-change', args: ['memory', 'unlink'] },
  { what: 'unlink, a folder', program: 'race-change', args: ['directory', 'unlink'], flips: folder },
  { what: 'rename, the path', program: 'race-change', args: ['memory', 'rename'] },
  { what: 'rename, a folder', program: 'race-change', args: ['directory', 'rename'], flips: folder },
  { what: 'truncate, the path', program: 'race-change', args: ['memory', 'truncate'] },
  { what: 'truncate, a link', program: 'race-change', args: ['link', 'truncate'], flips: link },
  { what: 'chmod, the path', program: 'race-change', args: ['memory', 'chmod'] },
  { what: 'chmod, a link', program: 'race-change', args: ['link', 'chmod'], flips: link },
  { what: 'chmod, a folder', program: 'race-change', args: ['directory', 'chmod'], flips: folder },
  { what: 'fchmod, the descriptor by dup2', program: 'race-number', args: ['fchmod'] },
];

for (const [index, { what, program, args, flips }] of [...opens, ...changes].entries()) {
  for (const at of places(index)) {
    test(
      `${what} flips: ${situation(at).title} [req: enforce:race:files]`,
      { timeout: timeoutMs },
      async () => {
        using world = raceWorld(at);
        await race(world, what, program, [String(tries), ...args], flips);
        expect(readFileSync(world.at('2/data'), 'latin1')).toBe('B secre');
        expect(statSync(world.at('2/data')).mode & 0o7777).toBe(0o644);
      },
    );
  }
}
