/**
 * A rename or a hard link puts a thing under another rule. Nothing that is denied under the old name may become allowed
 * under the new, and nothing may come into being where it could not have been made.
 */
import type { Dirent } from 'node:fs';
import path from 'node:path';
import type { Policy } from '@chaperone/policy';
import type { ActionName, DecisionInput } from '@chaperone/protocol';

const carried = [
  'read_file',
  'write_file',
  'execute',
  'ipc_connect',
] as const satisfies readonly ActionName[];
/** A larger tree that the policy cannot judge as a whole is not renamed. */
const maxEntries = 20_000;

export type ListFolder = (folder: string) => Dirent[];

/** Is `one` this place or below it? */
export const isUnder = (one: string, place: string): boolean => one === place || one.startsWith(`${place}/`);

/** @returns what would be gained by the move (or why that cannot be told), or undefined when nothing would */
export function gainedByMove(
  policy: Policy,
  input: DecisionInput,
  closed: readonly string[],
  list: ListFolder,
): string | undefined {
  const { path: from, target: to } = input;
  if (from === undefined || to === undefined) return 'the paths are not known';
  const shut = closed.find((one) => isUnder(one, from) || isUnder(one, to));
  if (shut !== undefined) return shut;
  const at = (action: ActionName, name: string): boolean =>
    policy.decide({ ...input, action, path: name }).effect === 'allow';
  const gained = carried.some((action) => at(action, to) && !at(action, from));
  if (gained) return from;
  if (input.resource?.kind !== 'directory' || isFree(policy, input, from, to)) return undefined;
  return firstGain(from, to, list, at);
}

/** The policy allows all of the old tree and any new one: nothing to look at. */
function isFree(policy: Policy, input: DecisionInput, from: string, to: string): boolean {
  const whole = (action: ActionName, place: string): boolean =>
    policy.decideClass({ ...input, action }, `${place}/`)?.decision.effect === 'allow';
  return carried.every((action) => whole(action, from)) && whole('create_file', to);
}

function firstGain(
  from: string,
  to: string,
  list: ListFolder,
  at: (action: ActionName, name: string) => boolean,
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
      const [before, after] = [path.join(from, folder, entry.name), path.join(to, folder, entry.name)];
      if (!at('create_file', after) || carried.some((action) => at(action, after) && !at(action, before)))
        return before;
      if (entry.isDirectory()) pending.push(path.join(folder, entry.name));
    }
  }
  return undefined;
}
