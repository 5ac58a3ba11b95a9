/** Outputs of a layer that changes while they are on their way, without a session: the layer is a folder. */
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openKernelFiles } from '../src/enforce/quarantine/kernel-files.ts';
import { Settler } from '../src/enforce/quarantine/settle.ts';
import { placesOf, preparePlaces } from '../src/enforce/quarantine/store.ts';
import { inspectorOf } from '../src/session-inspector.ts';
import { noRules } from '../src/context/content-facts.ts';
import { aTree } from './policy-fixture.ts';

function aLayer(released: (name: string) => void) {
  const tree = aTree('real/', 'upper/closed/', 'staging/', 'state/');
  const places = placesOf(path.join(tree, 'state'), '1.1.1');
  preparePlaces(places);
  const at = (name: string): string => path.join(tree, name);
  const told: string[] = [];
  const settler = new Settler({
    files: openKernelFiles(),
    places,
    session: 's-1',
    layers: [{ folder: at('real'), upper: at('upper'), work: at('work') }],
    staging: at('staging'),
    startedNs: BigInt(Date.now()) * 1_000_000n,
    inspector: inspectorOf(noRules, new Uint8Array(32)),
    clock: () => Date.now() + 1000, // all is quiet
    tell: (text) => told.push(text),
    ended() {},
    ask: ({ path: { path: name }, action }) => {
      if (action === 'write_file') released(name);
      return Promise.resolve({ outcome: 'release', message: '' });
    },
  });
  return { at, settler, told };
}

test('what is removed while it is let out does not stay [req: quarantine:bare]', async () => {
  const { at, settler, told } = aLayer((name) => {
    if (name.endsWith('/gone')) rmSync(at('upper/gone'));
  });
  for (const name of ['gone', 'stays', 'closed/file']) writeFileSync(at(`upper/${name}`), name);
  expect(await settler.sweep(false)).toMatchObject({ released: 3 });
  expect(existsSync(at('real/gone'))).toBe(true);
  chmodSync(at('upper/closed'), 0);
  expect(await settler.sweep(true)).toMatchObject({ left: 0 });
  expect(existsSync(at('real/gone'))).toBe(false);
  expect(existsSync(at('real/stays'))).toBe(true);
  expect(existsSync(at('real/closed/file'))).toBe(true);
  expect(told).toEqual([]);
});

test('what somebody else put there meanwhile stays [req: quarantine:conflict]', async () => {
  const { at, settler } = aLayer(() => rmSync(at('upper/gone')));
  writeFileSync(at('upper/gone'), 'by the agent');
  await settler.sweep(false);
  writeFileSync(at('real/gone'), 'by somebody else');
  await settler.sweep(true);
  expect(existsSync(at('real/gone'))).toBe(true);
});
