/** Races for the start of programs: a program that is denied never executes one instruction; killing its process is fine. */
import { symlinkSync } from 'node:fs';
import { test } from 'vitest';
import { situation, type World } from './world.ts';
import { dearTries, places, race, raceWorld, timeoutMs } from './world-race.ts';

function withPrograms(at: number): World {
  const world = raceWorld(at);
  for (const [folder, mark] of [
    ['1', 'g'],
    ['2', 'b'],
  ]) {
    const flags = ['-nostdlib', '-static', '-fno-stack-protector', `-DMARK='${mark}'`];
    world.compile('race-ran.c', `${folder}/tool`, flags);
  }
  symlinkSync(world.at('1/tool'), world.at('1/toollink'));
  world.file('1/script', `#!${world.at('1/tool')} first\n`, 0o755);
  world.file('1/script.alt', `#!${world.at('2/tool')} first\n`, 0o755);
  world.file('1/bylink', `#!${world.at('1/toollink')}\n`, 0o755);
  world.folder('1/bin');
  world.compile('race-ran.c', '1/bin/tool', ['-nostdlib', '-static', '-fno-stack-protector', `-DMARK='g'`]);
  return world;
}

const races: readonly { what: string; args: readonly string[]; flips?: readonly string[] }[] = [
  { what: 'the path in memory', args: ['memory', '1/tool'] },
  { what: 'a symbolic link', args: ['name', '1/toollink'], flips: ['link', '1/toollink', 'tool'] },
  {
    what: 'a folder and a link in its place',
    args: ['name', '1/bin/tool'],
    flips: ['exchange', '1/bin', '1/other'],
  },
  { what: 'an argument in memory', args: ['argv', '1/tool'] },
  { what: 'the descriptor by dup2', args: ['number', '1/tool'] },
  {
    what: 'the interpreter line of a script',
    args: ['name', '1/script'],
    flips: ['exchange', '1/script', '1/script.alt'],
  },
  { what: 'the link that a script names', args: ['name', '1/bylink'], flips: ['link', '1/toollink', 'tool'] },
];

for (const [index, { what, args, flips }] of races.entries()) {
  for (const at of places(index)) {
    test(
      `exec while ${what} flips: ${situation(at).title} [req: enforce:race:exec]`,
      { timeout: timeoutMs * 2 },
      async () => {
        using world = withPrograms(at);
        await race(world, `exec, ${what}`, 'race-exec', [String(dearTries), ...args], flips);
      },
    );
  }
}
