/**
 * A rename or a hard link puts a thing under another rule. Nothing that is denied under the old name may become allowed
 * under the new, and nothing may come into being where it could not have been made.
 */
import type { Dirent } from 'node:fs';
import path from 'node:path';
import type { Policy } from '@chaperone/policy';
import type { ActionName, Decision, DecisionInput, ResourceFacts } from '@chaperone/protocol';

const carried = [
  'read_file',
  'write_file',
  'execute',
  'ipc_connect',
] as const satisfies readonly ActionName[];
/** A larger tree that the policy cannot judge as a whole is not renamed. */
const maxEntries = 20_000;

/** Facts of a file that a listing of its folder does not give. */
const unknownInside: ReadonlySet<string> = new Set([
  'resource',
  'resource.size',
  'resource.owner',
  'resource.links',
  'resource.mount',
  'resource.labels',
  'resource.classification',
  'resource.findings',
  'resource.previous',
  'resource.label_change',
  '',
]);

export type ListFolder = (folder: string) => Dirent[];

/** Is `one` this place or below it? */
export const isUnder = (one: string, place: string): boolean => one === place || one.startsWith(`${place}/`);

/** @returns what would be gained by the move (or why that cannot be told), or undefined when nothing would */
export function gainedByMove(policy: Policy, input: DecisionInput, list: ListFolder): string | undefined {
  const { path: from, target: to } = input;
  if (from === undefined || to === undefined) return 'the paths are not known';
  const { resource = {}, path_bytes: _bytes, target_bytes: _target, ...rest } = input;
  const judge = new Judge(policy, rest);
  if (judge.gains(from, to, resource)) return from;
  if (resource.kind !== 'directory' || judge.isFree(from, to)) return undefined;
  return firstGain(from, to, list, judge);
}

/** Asks the policy about names. What it knows of the moved thing itself says nothing about what lies in it. */
class Judge {
  readonly #policy: Policy;
  readonly #input: DecisionInput;

  constructor(policy: Policy, input: DecisionInput) {
    this.#policy = policy;
    this.#input = input;
  }

  /** 0 denied, 1 allowed under obligations, 2 allowed. */
  rank(action: ActionName, name: string, resource: ResourceFacts): number {
    return rankOf(this.#policy.decide({ ...this.#input, resource, action, path: name }));
  }

  gains(from: string, to: string, resource: ResourceFacts): boolean {
    return carried.some((action) => this.rank(action, to, resource) > this.rank(action, from, resource));
  }

  /** The same for what lies in a moved folder, of which only the kind is known: an answer that needs more is a gain. */
  mayGain(from: string, to: string, kind: string): boolean {
    const needsMore = (action: ActionName): boolean =>
      isUnsure(this.#policy.decideTracked({ ...this.#input, resource: { kind }, action, path: from }).reads);
    return carried.some((action) => {
      const after = this.rank(action, to, { kind });
      return after > 0 && (needsMore(action) || after > this.rank(action, from, { kind }));
    });
  }

  /** The policy allows all of the old tree and any new one: nothing to look at. */
  isFree(from: string, to: string): boolean {
    const whole = (action: ActionName, place: string): boolean => {
      const answer = this.#policy.decideClass({ ...this.#input, action }, `${place}/`);
      return answer !== undefined && rankOf(answer.decision) === 2 && !isUnsure(answer.reads);
    };
    return carried.every((action) => whole(action, from)) && whole('create_file', to);
  }
}

/** Did the answer depend on what is not known of a file in a moved folder? */
function isUnsure(reads: ReadonlySet<string> | undefined): boolean {
  return reads === undefined || [...reads].some((field) => unknownInside.has(field));
}

function rankOf({ effect, obligations }: Decision): number {
  if (effect === 'deny') return 0;
  return obligations.length > 0 ? 1 : 2;
}

function kindOf(entry: Dirent): string {
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'symlink';
  if (entry.isSocket()) return 'socket';
  return entry.isFIFO() ? 'fifo' : 'file';
}

function firstGain(from: string, to: string, list: ListFolder, judge: Judge): string | undefined {
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
      const kind = kindOf(entry);
      if (judge.rank('create_file', after, { kind }) === 0 || judge.mayGain(before, after, kind))
        return before;
      if (entry.isDirectory()) pending.push(path.join(folder, entry.name));
    }
  }
  return undefined;
}
