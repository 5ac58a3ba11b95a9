/**
 * A world in which something flips between what is allowed and what is denied. A race makes CHAPERONE_RACE_TRIES tries
 * (10,000 by default; 100,000 for a release) and must meet both states.
 */
import { symlinkSync } from 'node:fs';
import { expect } from 'vitest';
import { collect, situation, situations, World } from './world.ts';

export const tries = Number(process.env['CHAPERONE_RACE_TRIES'] ?? 4_000);
/** Where one try costs a process or a connection, a quarter by default. */
export const dearTries = process.env['CHAPERONE_RACE_TRIES'] ? tries : Math.ceil(tries / 4);
export const timeoutMs = 60_000 + tries * 5;

/** Each race in one situation, the situations in turn; in a long run in all of them. */
export function places(index: number): readonly number[] {
  return process.env['CHAPERONE_RACE_EVERYWHERE']
    ? situations.map((_, at) => at)
    : [index % situations.length];
}

const rules = `
default decision := {"allow": true}

decision := {"allow": false, "reason": "race"} if denied

denied if startswith(input.path, concat("", [data.world, "/2"]))

denied if startswith(input.target, concat("", [data.world, "/2"]))

# Readable, never changed.
denied if {
	startswith(input.path, concat("", [data.world, "/3/"]))
	input.action == "write_file"
}

denied if "--evil" in input.command.argv
`;

/** `2` is denied, `3` is read-only, `1` is the agent's own. */
export class RaceWorld extends World {
  ports(ports: { denied: number; datagram: number }): void {
    this.policy(`${rules}
denied if input.destination.port == ${ports.denied}

# Open to datagrams only.
denied if {
	input.destination.port == ${ports.datagram}
	input.destination.protocol == "tcp"
}`);
  }
}

export function raceWorld(index: number): RaceWorld {
  const world = new RaceWorld(situation(index));
  for (const name of ['1', '2', '3', '1/p', '1/q', '1/p/dir', '1/dir']) world.folder(name);
  for (const name of ['1', '3', '1/p/dir', '1/dir']) world.file(`${name}/data`, 'A public');
  world.file('2/data', 'B secret'.slice(0, 7));
  symlinkSync(world.at('1/data'), world.at('1/link'));
  symlinkSync(world.at('2'), world.at('1/other'));
  symlinkSync(world.at('2'), world.at('1/q/dir'));
  world.ports({ denied: 0, datagram: 0 });
  return world;
}

export type Seen = {
  tries: number;
  allowed: number;
  refused: number;
  other: number;
  killed: number;
  leaks: number;
};

/** What a machine is busy with can keep a race from being one: then it is run again. */
const mostRounds = 4;

/** Both states met in more than 1 % of the tries: else nothing was raced. */
function isRaced({ tries: all, allowed, refused, killed }: Seen): boolean {
  return allowed > all / 100 && refused + killed > all / 100;
}

/** @param flips arguments of a race-flip.c that runs beside the session. */
export async function race(
  world: World,
  what: string,
  program: string,
  args: readonly string[],
  flips?: readonly string[],
): Promise<Seen> {
  const racer = world.compile(`${program}.c`);
  const flipper = flips
    ? world.bare([world.compile('race-flip.c'), world.dir, ...flips], ['ignore', 'ignore', 'ignore'])
    : undefined;
  try {
    for (let round = 1; ; round++) {
      const child = world.start([racer, world.dir, ...args], ['ignore', 'pipe', 'pipe']);
      const { code, stdout, stderr } = await collect(child, timeoutMs);
      expect(code, `${what}: ${stderr.slice(0, 2000)}`).toBe(0);
      if (flipper) expect(flipper.exitCode, `${what}: what flips the name ended early`).toBe(null);
      console.log(`${what} (${world.identity.name}, ${world.isolation}): ${stdout.trim()}`);
      const seen = JSON.parse(stdout) as Seen;
      expect(seen.leaks, `${what}: denied and reached`).toBe(0);
      if (isRaced(seen)) return seen;
      expect(round, `${what}: did not race: ${stdout}`).toBeLessThan(mostRounds);
    }
  } finally {
    flipper?.kill('SIGKILL');
  }
}
