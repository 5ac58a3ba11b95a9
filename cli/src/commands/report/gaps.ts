/**
 * What was denied only because no rule covers it, by folder or destination: what a rule could be suggested for. Acts on
 * the never list are counted and never kept.
 */
import path from 'node:path';
import type { Decision, DecisionInput } from '@chaperone/protocol';
import type { Never } from './never.ts';

export type Gap = {
  readonly action: DecisionInput['action'];
  readonly operation?: string;
  /** Of names: the record types that were asked for. */
  readonly types: Set<string>;
  readonly kind: 'files' | 'rename' | 'program' | 'socket' | 'destination' | 'name';
  /** Of files: the folder that was really used; of a rename: from where. */
  readonly folder?: string;
  readonly targetFolder?: string;
  readonly destination?: {
    readonly host?: string;
    readonly ip?: string;
    readonly port?: number;
    readonly protocol?: string;
  };
  /** Different paths, as far as they were kept. */
  readonly paths: Set<string>;
  /** There were more different paths than were kept. */
  more: boolean;
  acts: number;
};

const maxGaps = 5_000;
const maxPaths = 1_000;
const maxPathsInAll = 100_000;

/** Was this denied because no rule says anything about it? A rule that denies should name itself or its own reason. */
export function fellToDefault(decision: Decision): boolean {
  if (decision.effect !== 'deny') return false;
  if (decision.reason === 'default_deny') return true;
  return decision.reason === 'policy' && decision.rules.length === 0 && decision.policy_reason === undefined;
}

export class Gaps {
  readonly #never: Never;
  readonly #gaps = new Map<string, Gap>();
  #paths = 0;
  /** Acts that fell to the default and are on the never list. */
  neverSuggested = 0;
  forgotten = 0;

  constructor(never: Never) {
    this.#never = never;
  }

  /** @returns whether the act fell to the policy's default */
  add(input: DecisionInput, decision: Decision): boolean {
    if (!fellToDefault(decision)) return false;
    if (this.#never.kindOf(input) !== undefined) {
      this.neverSuggested += 1;
      return true;
    }
    const made = gapOf(input);
    if (!made) return true;
    const { action, operation, kind, folder, targetFolder, destination } = made;
    const exact = kind === 'program' || kind === 'socket' ? input.path : undefined;
    const key = JSON.stringify([action, operation, kind, folder, targetFolder, destination, exact]);
    let gap = this.#gaps.get(key);
    if (!gap) {
      if (this.#gaps.size >= maxGaps) {
        this.forgotten += 1;
        return true;
      }
      gap = made;
      this.#gaps.set(key, gap);
    }
    gap.acts += 1;
    if (kind === 'name' && input.operation !== undefined) gap.types.add(input.operation);
    const name = input.path;
    if (name !== undefined && !gap.paths.has(name)) {
      if (gap.paths.size < maxPaths && this.#paths < maxPathsInAll) {
        gap.paths.add(name);
        this.#paths += 1;
      } else gap.more = true;
    }
    return true;
  }

  /** Those with the most acts first. */
  all(): Gap[] {
    return [...this.#gaps.values()].toSorted((a, b) => b.acts - a.acts);
  }
}

function gapOf(input: DecisionInput): Gap | undefined {
  const { action, operation, path: name, target, destination } = input;
  // A name that is not UTF-8 cannot be written into a rule.
  if (input.path_bytes !== undefined || input.target_bytes !== undefined) return undefined;
  const base = {
    action,
    ...(operation === undefined || action === 'resolve_name' ? {} : { operation }),
    types: new Set<string>(),
    paths: new Set<string>(),
    more: false,
    acts: 0,
  };
  switch (action) {
    case 'read_file':
    case 'write_file':
    case 'create_file':
    case 'delete_file':
      return isPlain(name) ? { ...base, kind: 'files', folder: path.dirname(name) } : undefined;
    case 'rename_file':
      return isPlain(name) && isPlain(target)
        ? { ...base, kind: 'rename', folder: path.dirname(name), targetFolder: path.dirname(target) }
        : undefined;
    case 'execute':
      return isPlain(name) ? { ...base, kind: 'program' } : undefined;
    case 'ipc_connect':
      return isPlain(name) ? { ...base, kind: 'socket' } : undefined;
    case 'connect': {
      if (!destination) return undefined;
      const { host, ip, port, protocol } = destination;
      if (host !== undefined && !isHost(host)) return undefined;
      const where = host === undefined ? (ip === undefined ? {} : { ip }) : { host };
      const rest = {
        ...(port === undefined ? {} : { port }),
        ...(protocol === undefined ? {} : { protocol }),
      };
      return Object.keys(where).length === 0
        ? undefined
        : { ...base, kind: 'destination', destination: { ...where, ...rest } };
    }
    case 'resolve_name':
      return destination?.host === undefined || !isHost(destination.host)
        ? undefined
        : { ...base, kind: 'name', destination: { host: destination.host } };
    default:
      return undefined;
  }
}

const isHost = (name: string): boolean => /^[A-Za-z0-9_.-]{1,253}$/.test(name);

/** A rule is a line of text that people read: what could pose as something else in it is not suggested. */
function isPlain(name: string | undefined): name is string {
  return name !== undefined && name.startsWith('/') && /^[\x20-\x7e\u{a1}-\u{2ff}]+$/u.test(name);
}
