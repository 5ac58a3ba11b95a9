/** What a world's journal holds, and the chaperone command as the world's user. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { collect, type Ended, root, situation, type World } from '../world.ts';

export type Line = {
  readonly seq: number;
  readonly kind: string;
  readonly call?: string;
  readonly input?: Record<string, unknown>;
  readonly decision?: { readonly effect: string; readonly reason: string };
};

/** The command line program, for Node. */
export const main = path.join(root, 'cli/src/main.js');
/** Index of a situation of an ordinary user. */
export const user = situation(0).identity.uid === 0 ? 2 : 0;

/** All sessions in the world's journal, as far as they are written. */
export function readRecords(world: World): Line[] {
  if (!existsSync(world.journal)) return [];
  return readdirSync(world.journal, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) =>
      readdirSync(path.join(world.journal, entry.name)).map((name) =>
        path.join(world.journal, entry.name, name),
      ),
    )
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as Line);
}

/** Decisions against, of all sessions in the world's journal. */
export function denials(world: World): Line[] {
  return readRecords(world).filter(({ decision }) => decision?.effect === 'deny');
}

/** What was refused whatever the policy says. */
export function refusals(world: World): Line[] {
  return readRecords(world).filter(({ kind }) => kind === 'refusal');
}

export function chaperone(world: World, args: readonly string[]): Promise<Ended> {
  return collect(world.bare([process.execPath, main, ...args], ['ignore', 'pipe', 'pipe']), 60_000);
}
