/** What nobody can look into: it is held as it is, once, and nothing of it comes out. */
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { people, QuarantineWorld, reviewing } from './world-quarantine.ts';
import { processesOf } from './world-processes.ts';
import { until } from './world.ts';

const iban = 'NL91ABNA0417164300';

/** So many folders, one in the other, with a file at the end. */
const deep = (folders: number, name: string): string => `python3 - <<'END'
import os
for i in range(${folders}): os.mkdir("${name}"); os.chdir("${name}")
open("table", "w").write("${iban}")
END
`;

describe.each(people)('outputs that cannot be looked into as $name', (identity) => {
  test.each([
    ['many folders', 1500, 'd'],
    ['long names', 60, 'n'.repeat(200)],
  ])(
    '%s are one held ticket, however often somebody looks [req: quarantine:unsettled]',
    async (_, folders, name) => {
      using world = new QuarantineWorld(identity, reviewing);
      const { code, stderr } = await world.shell(
        `${deep(folders, name)}echo ${iban} >table; echo fine >fine`,
      );
      expect(code).toBe(0);
      expect(stderr).toContain('2 outputs are held');
      expect(stderr.length).toBeLessThan(500);
      const held = await world.held();
      expect(held.map(({ kind, reason }) => `${kind} ${reason}`).toSorted()).toEqual([
        'as_written unsettled',
        'file policy',
      ]);
      expect(await world.held()).toEqual(held);
      expect(await world.quarantine('list')).toMatchObject({ code: 0, stderr: '' });
      expect(world.leftovers()).toEqual([]);
      const kept = held.find(({ kind }) => kind === 'as_written')?.id ?? '';
      const shown = await world.quarantine('show', kept);
      expect(shown.stdout.replaceAll(/\s+/g, ' ')).toContain('it lies too deep to be looked into');
      expect((await world.quarantine('diff', kept)).stdout).toContain('is kept as it was written');
      const refused = await world.quarantine('release', kept);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is not released') });
      const data = path.join(world.store, 'held', kept, 'data');
      expect(refused.stderr).toContain(data);
      expect(readdirSync(data)).toEqual([name]);
      expect(await world.quarantine('discard', '--all')).toMatchObject({ code: 0, stderr: '' });
      expect(readdirSync(path.join(world.store, 'held'))).toEqual([]);
    },
  );

  test('a folder closed to its own user keeps nothing else from being settled [req: quarantine:unsettled]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.folder('place/kept');
    world.file('place/kept/real', 'real');
    await world.shell(
      `mkdir closed; echo ${iban} >closed/table; echo ${iban} >table; echo new >kept/new; chmod 0 closed kept .`,
    );
    const held = await world.held();
    expect(await world.held()).toEqual(held);
    expect(world.leftovers()).toEqual([]);
    expect(held.map(({ path: name }) => path.basename(name))).toContain('table');
    expect(existsSync(world.at('place/closed/table'))).toBe(false);
    expect((await world.quarantine('discard', '--all')).code).toBe(0);
    expect(readdirSync(path.join(world.store, 'held'))).toEqual([]);
  });

  test('what a killed session had held already is not held twice [req: quarantine:unsettled]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    const child = world.start(
      ['/bin/sh', '-c', `cd place && echo ${iban} >table && ${deep(1500, 'd')} echo deep; sleep 60`],
      ['ignore', 'pipe', 'ignore'],
    );
    await once(child.stdout ?? child, 'data');
    const store = path.join(world.store, 'held');
    await until(
      'it is held',
      () => existsSync(store) && readdirSync(store).some((name) => name.startsWith('q')),
      30_000,
    );
    child.kill('SIGKILL');
    await until('nothing of it runs', () => processesOf(world).length === 0, 20_000);
    const held = await world.held();
    expect(held.map(({ reason }) => reason).toSorted()).toEqual(['policy', 'unsettled']);
    expect(await world.held()).toEqual(held);
    expect(world.leftovers()).toEqual([]);
  });
});
