/** Random calls for some seconds: nothing that is closed comes out or changes, and the gate goes on. CHAPERONE_FUZZ_SEED repeats a run. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { situations, World } from './world.ts';

const seconds = 3;
const seed = Number(process.env['CHAPERONE_FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

/** Never as root: what a mistake of the gate lets through is done to this machine. */
const ordinary = situations.filter(({ identity }) => identity.uid !== 0);
if (ordinary.length === 0) console.log('skipped: random calls, because there is no ordinary user');

describe.each(ordinary)('random calls: $title', (where) => {
  test(`seed ${seed} [req: enforce:gate:fuzz]`, { timeout: 90_000 }, async () => {
    using world = new World(where);
    world.policy(`
default decision := {"allow": false}

closed := concat("/", [data.world, "closed"])

decision := {"allow": true} if not denied

denied if startswith(input.path, closed)

denied if startswith(input.target, closed)

denied if {
	input.action in {"write_file", "create_file", "delete_file", "rename_file"}
	not startswith(input.path, concat("/", [data.world, "work/"]))
}

floor := {"unix_datagram": true, "write": [concat("/", [data.world, "work"])]}`);
    for (const folder of ['closed', 'work', 'work/a', 'work/a/b']) world.folder(folder);
    world.file('closed/secret', 'closed content');
    const flags = ['-DLOADER', '-nostdlib', '-static', '-fno-stack-protector'];
    world.compile('hardening-exec.c', 'closed/program', flags);
    const before = look(world);
    const { code, stdout, stderr } = await world.run([
      world.compile('fuzz.c'),
      world.dir,
      String(seed),
      String(seconds),
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'over\n', stderr: '' });
    expect(look(world)).toEqual(before);
    expect((await world.verify()).code).toBe(0);
  });
});

function look(world: World): unknown {
  return {
    names: readdirSync(world.at('closed')),
    content: readFileSync(world.at('closed/secret'), 'utf8'),
    modes: ['closed', 'closed/secret', 'closed/program'].map((name) => statSync(world.at(name)).mode),
  };
}
