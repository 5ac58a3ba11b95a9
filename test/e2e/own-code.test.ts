/** Compiled code that the next start takes from a cache runs outside of any session: none may write it. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { denials } from './programs/records.ts';
import { few, World } from './world.ts';

/** With XDG_CACHE_HOME, as worlds have it, and without, as another start may have it. */
const caches = ['home/chaperone', 'home/.cache/chaperone'];

describe.each(few)('[req: enforce:own-code] caches of compiled code ($title)', (situation) => {
  test.each(caches)('%s stays as it is under a policy that allows everything', async (cache) => {
    using world = new World(situation);
    world.folder('home/.cache');
    world.folder(cache);
    mkdirSync(world.at(`${cache}/node`), { recursive: true });
    world.own(world.at(`${cache}/node`));
    const file = world.file(`${cache}/node/code`, 'compiled');
    const folder = world.at(cache);
    const changes = [
      `echo bad >>'${file}'`,
      `echo bad >'${folder}/node/new'`,
      `mkdir '${folder}/other'`,
      `rm '${file}'`,
      `ln '${file}' '${world.at('home/alias')}'`,
      `mv '${folder}' '${folder}.old'`,
      `mv '${path.dirname(folder)}' '${path.dirname(folder)}.old'`,
    ];
    const script = changes.map((one) => `( ${one} ) 2>/dev/null && echo done`).join('; ');
    const { stdout } = await world.run(['/bin/sh', '-c', `${script}; cat '${file}'`]);
    expect(stdout).toBe('compiled');
    expect(readFileSync(file, 'utf8')).toBe('compiled');
    expect(readdirSync(folder)).toEqual(['node']);
    expect(denials(world).length).toBeGreaterThanOrEqual(changes.length);
  });

  test('nor is one made where there was none', async () => {
    using world = new World(situation);
    const base = world.folder('home/.cache');
    const { code } = await world.run(['/bin/sh', '-c', `mkdir '${base}/chaperone'`]);
    expect(code).toBe(1);
    expect(readdirSync(base)).toEqual([]);
  });
});
