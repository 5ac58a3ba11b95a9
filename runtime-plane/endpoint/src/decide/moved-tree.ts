/** Renaming a folder renames all that is in it: what was denied under the old name must not become allowed under the new. */
import type { Dirent } from 'node:fs';
import path from 'node:path';
import type { Policy } from '@chaperone/policy';
import type { DecisionInput } from '@chaperone/protocol';

const moved = ['read_file', 'write_file'] as const;
/** A larger tree that the policy cannot judge as a whole is not renamed. */
const maxEntries = 20_000;

export type ListFolder = (folder: string) => Dirent[];

/** @returns undefined when nothing is gained by the rename, else the first path that would be (or why it cannot be told). */
export function gainedByMove(
  policy: Policy,
  input: DecisionInput,
  closed: readonly string[],
  list: ListFolder,
): string | undefined {
  const { path: from, target: to } = input;
  if (from === undefined || to === undefined) return 'the paths are not known';
  const shut = closed.find((one) => `${one}/`.startsWith(`${from}/`));
  if (shut !== undefined) return shut;
  const open = moved.every(
    (action) => policy.decideClass({ ...input, action }, `${from}/`)?.decision.effect === 'allow',
  );
  return open ? undefined : firstGain(policy, input, from, to, list);
}

function firstGain(
  policy: Policy,
  input: DecisionInput,
  from: string,
  to: string,
  list: ListFolder,
): string | undefined {
  const pending = [''];
  for (let seen = 0; pending.length > 0;) {
    const folder = pending.pop() ?? '';
    let entries: Dirent[];
    try {
      entries = list(path.join(from, folder));
    } catch {
      return path.join(from, folder);
    }
    for (const entry of entries) {
      seen += 1;
      if (seen > maxEntries) return `${from} (more than ${maxEntries} entries)`;
      const inside = path.join(folder, entry.name);
      const at = (base: string, action: (typeof moved)[number]): string =>
        policy.decide({ ...input, action, path: path.join(base, inside) }).effect;
      if (moved.some((action) => at(from, action) === 'deny' && at(to, action) === 'allow'))
        return path.join(from, inside);
      if (entry.isDirectory()) pending.push(inside);
    }
  }
  return undefined;
}
