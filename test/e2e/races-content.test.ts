/** Races for content: a file flips between harmless and secret while it is looked at and handed over. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { content } from './world-content.ts';
import { collect, situation, World } from './world.ts';
import { dearTries, places, type Seen, timeoutMs } from './world-race.ts';

const cases = (['write', 'held', 'map', 'mapped', 'truncate'] as const).flatMap((how, index) =>
  (['/tmp', '/dev/shm'] as const).map((where) => ({ how, where, by: index % 2 === 0 ? 'read' : 'map' })),
);

/** In memory nothing tells when a file was last written through a mapping. A session with namespaces has its own there. */
function placeOf(where: string, at: number): ReturnType<typeof situation> {
  const found = situation(at);
  if (where === '/tmp') return found;
  return { ...found, isolation: 'process', title: `${found.identity.name}, process` };
}

for (const [index, { how, where, by }] of cases.entries()) {
  for (const at of places(index >> 1)) {
    test(
      `a file on ${where} changes (${how}) and is read (${by}): ${placeOf(where, at).title} [req: enforce:race:content]`,
      { timeout: timeoutMs },
      async () => {
        using world = new World(placeOf(where, at));
        const folder = mkdtempSync(path.join(where, 'chaperone-race-'));
        try {
          world.own(folder);
          world.policy(content({ under: folder, sensitive: 'deny' }));
          const name = path.relative(world.dir, path.join(folder, 'data'));
          world.file(name, 'x'.repeat(22));
          const flipper = world.bare(
            [world.compile('race-content-flip.c'), world.dir, name, how],
            ['ignore', 'ignore', 'ignore'],
          );
          const racer = world.compile('race-content.c');
          const child = world.start(
            [racer, world.dir, String(Math.ceil(dearTries / 2)), name, by],
            ['ignore', 'pipe', 'pipe'],
          );
          const { code, stdout, stderr } = await collect(child, timeoutMs);
          expect(code, stderr.slice(0, 2000)).toBe(0);
          expect(flipper.exitCode, 'what flips the content ended early').toBe(null);
          const seen = JSON.parse(stdout) as Seen;
          console.log(`${how} on ${where} (${world.identity.name}, ${world.isolation}): ${stdout.trim()}`);
          expect(seen.leaks, 'secret, and read').toBe(0);
          // Else nothing was raced.
          expect(seen.allowed).toBeGreaterThan(0);
          expect(seen.refused).toBeGreaterThan(0);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    );
  }
}
