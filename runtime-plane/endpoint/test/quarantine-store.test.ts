/** Tickets and releases on a real file system, without a session. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { finishTicket, releaseTicket } from '../src/enforce/quarantine/by-hand.ts';
import { Holder } from '../src/enforce/quarantine/hold.ts';
import { openKernelFiles } from '../src/enforce/quarantine/kernel-files.ts';
import { recoverReleases, releaseAll } from '../src/enforce/quarantine/release.ts';
import {
  listTickets,
  type Places,
  placesOf,
  preparePlaces,
  readTicket,
  writeAll,
} from '../src/enforce/quarantine/store.ts';
import { aTree } from './policy-fixture.ts';

const files = openKernelFiles();
const attributes = {
  mode: 0o640,
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  mtime_ms: 1e12,
  xattrs: {},
};

function aStore(): { places: Places; folder: string } {
  const tree = aTree('real/', 'state/');
  const places = placesOf(path.join(tree, 'state'), '1.1.1');
  preparePlaces(places);
  return { places, folder: path.join(tree, 'real') };
}

function output(name: string, text: string) {
  return {
    kind: 'file' as const,
    relative: Buffer.from(name),
    base: undefined,
    attributes,
    write: (fd: number) => writeAll(fd, Buffer.from(text)),
  };
}

test('what a crash left under way is taken back, what was in place stays [req: quarantine:crash]', () => {
  const { places, folder } = aStore();
  expect(releaseAll(files, places, folder, [output('done', 'done')])).toMatchObject([{ ok: true }]);
  writeFileSync(path.join(folder, '.chaperone-0123456789ab-0'), 'half');
  writeFileSync(path.join(places.staging, '.chaperone-0123456789ab-1'), 'half');
  writeFileSync(path.join(folder, 'mine'), 'not ours');
  const entry = (name: string, temporary: string) => ({
    relative: Buffer.from(name).toString('base64'),
    temporary,
  });
  const entries = [
    entry('a', '.chaperone-0123456789ab-0'),
    entry('b', '.chaperone-0123456789ab-1'),
    entry('c', 'mine'),
    entry('../../etc/x', '.chaperone-0123456789ab-2'),
  ];
  writeFileSync(path.join(places.intents, '9.9.9-0123456789ab.json'), JSON.stringify({ folder, entries }));
  writeFileSync(path.join(places.intents, '9.9.9-00.json'), '{"fol');
  recoverReleases(
    files,
    places,
    () => true,
    () => {},
  );
  expect(readdirSync(places.intents)).toHaveLength(2);
  recoverReleases(
    files,
    places,
    () => false,
    () => {},
  );
  expect(readdirSync(places.intents)).toEqual([]);
  expect(readdirSync(places.staging)).toEqual([]);
  expect(readdirSync(folder).toSorted()).toEqual(['done', 'mine']);
});

test('names that lead out of the folder release nothing [req: quarantine:links]', () => {
  const { places, folder } = aStore();
  for (const name of ['../out', 'a/../../out', '..', '.', '/etc/out', 'a/'])
    expect(releaseAll(files, places, folder, [output(name, 'x')])).toMatchObject([{ ok: false }]);
  expect(existsSync(path.join(folder, '../out'))).toBe(false);
  expect(readdirSync(places.staging)).toEqual([]);
});

test('a later version of an output takes the place of the earlier one; a release that was done ends it [req: quarantine:crash]', () => {
  const { places, folder } = aStore();
  const holder = new Holder({ places, session: 's-1', clock: () => 0 });
  const holding = {
    kind: 'symlink',
    content: { classification: [], labels: [] },
    reason: 'policy',
    message: 'm',
  } as const;
  const link = {
    kind: 'symlink',
    relative: Buffer.from('link'),
    base: undefined,
    target: Buffer.from('there'),
    attributes,
  } as const;
  holder.hold({ folder }, link, holding, undefined);
  const id = holder.hold({ folder }, link, holding, undefined);
  expect(listTickets(places).tickets.map((one) => one.id)).toEqual([id]);
  finishTicket(files, places, id);
  expect(listTickets(places).tickets).toHaveLength(1);
  expect(releaseAll(files, places, folder, [link])).toMatchObject([{ ok: true }]);
  finishTicket(files, places, id);
  expect(listTickets(places)).toEqual({ tickets: [], damaged: [] });
  const again = holder.hold({ folder }, { ...link, relative: Buffer.from('other') }, holding, undefined);
  releaseTicket(files, places, readTicket(places, again), false);
  expect(listTickets(places)).toEqual({ tickets: [], damaged: [] });
  expect(() => readTicket(places, '../../etc')).toThrow('is no ticket');
});
