/** Processes that let outputs out are killed at random points: every output is either whole in its place or whole on hold. */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from './programs/records.ts';
import { people, QuarantineWorld, reviewing } from './world-quarantine.ts';
import { processesOf } from './world-processes.ts';
import { collect, sleep, until } from './world.ts';

const outputs = Array.from({ length: 200 }, (_, index) => index);
const iban = 'NL91ABNA0417164300';
const before = (index: number): string => `before ${index}\n`;
const after = (index: number): string => `after ${index} ${iban} ${'x'.repeat((index * 331) % 20_000)}\n`;
const write = `python3 -c "
for i in range(200): open('f%d' % i, 'w').write('after %d ${iban} %s\\n' % (i, 'x' * ((i * 331) % 20000)))"`;

/** @returns whose content is what it was, and whose is new; throws for anything in between */
function inPlace(world: QuarantineWorld): { old: number[]; released: number[] } {
  const found = outputs.map((index) => {
    const text = readFileSync(world.at(`place/f${index}`), 'utf8');
    if (text === before(index)) return 'old';
    expect(text, `f${index} is neither as it was nor as it was written`).toBe(after(index));
    return 'released';
  });
  return {
    old: outputs.filter((index) => found[index] === 'old'),
    released: outputs.filter((index) => found[index] === 'released'),
  };
}

/** Numbers of the outputs whose whole content is on hold. */
function onHold(world: QuarantineWorld): number[] {
  const folder = path.join(world.store, 'held');
  const tickets = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  return tickets.map((name) => {
    const ticket = JSON.parse(readFileSync(path.join(folder, name, 'ticket.json'), 'utf8')) as {
      relative: { path: string };
      sha256: string;
    };
    const data = readFileSync(path.join(folder, name, 'data'));
    expect(createHash('sha256').update(data).digest('hex')).toBe(ticket.sha256);
    return Number(ticket.relative.path.slice(1));
  });
}

function expectNothingLost(world: QuarantineWorld): { released: number } {
  const held = new Set(onHold(world));
  const { old, released } = inPlace(world);
  expect(old.filter((index) => !held.has(index))).toEqual([]);
  return { released: released.length };
}

/** Until it has printed so many, or has ended. */
function lines(child: ChildProcess, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    child.stdout?.on('data', (text: string) => {
      seen += text.split('\n').length - 1;
      if (seen >= count) resolve();
    });
    child.stdout?.once('end', resolve);
  });
}

describe.each(people)('kill -9 as $name', { timeout: 600_000 }, (identity) => {
  test('at random points of 200 releases by hand [req: quarantine:crash]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    for (const index of outputs) world.file(`place/f${index}`, before(index), 0o600);
    await world.shell(write);
    expect(onHold(world)).toHaveLength(200);
    let kills = 0;
    let hits = 0;
    let last = 0;
    for (let round = 0; round < 400 && onHold(world).length > 0; round += 1) {
      const child = world.bare(
        [process.execPath, main, 'quarantine', 'release', '--all', '-j', world.journal],
        ['ignore', 'pipe', 'pipe'],
      );
      const ended = collect(child);
      await lines(child, 1 + Math.random() * 12);
      await sleep(Math.random() * 12);
      if (child.exitCode === null) kills += Number(child.kill('SIGKILL'));
      await ended;
      const { released } = expectNothingLost(world);
      hits += Number(released > last);
      last = released;
    }
    expect(kills).toBeGreaterThan(10);
    expect(hits, 'releases between the kills').toBeGreaterThan(5);
    expect(await world.held()).toEqual([]);
    expect(inPlace(world).old).toEqual([]);
    expect(readdirSync(world.at('place')), 'nothing half released is left').toHaveLength(200);
    expect(world.leftovers()).toEqual([]);
  });

  test('at random points of sessions that settle their outputs [req: quarantine:crash]', async () => {
    using world = new QuarantineWorld(identity);
    let crashed = 0;
    for (let round = 0; round < 5; round += 1) {
      for (const index of outputs) world.file(`place/f${index}`, before(index));
      const child = world.start(
        ['/bin/sh', '-c', `cd place && ${write}; touch ../written${round}`],
        ['ignore', 'ignore', 'ignore'],
      );
      await until('all is written', () => existsSync(world.at(`written${round}`)), 60_000);
      await sleep(Math.random() * 500);
      if (child.exitCode === null) crashed += Number(child.kill('SIGKILL'));
      await until('nothing of it runs', () => processesOf(world).length === 0, 20_000);
      const listed = await world.quarantine('list');
      expect(listed.code, listed.stderr).toBe(0);
      const { released } = expectNothingLost(world);
      expect(released + onHold(world).length).toBe(200);
      expect(readdirSync(world.at('place'))).toHaveLength(200);
      expect(world.leftovers()).toEqual([]);
      if (onHold(world).length > 0) {
        expect(await world.quarantine('release', '--all')).toMatchObject({ code: 0, stderr: '' });
        expect(inPlace(world).old).toEqual([]);
      }
    }
    expect(crashed).toBeGreaterThan(2);
  });
});
