/** The document that a policy decides on (`DecisionInput`). Cheap facts are values, dear ones are read on demand. */
import type { AgentFacts, DecisionInput, Mode } from '@chaperone/protocol';
import type { Mounts } from './mounts.ts';
import type { Lookups, Names, Person } from './subject.ts';

/** The shape of an intercepted act that this step needs; `intercept/actions.ts` produces it. */
export type Act = {
  readonly name: DecisionInput['action'];
  readonly path?: { readonly path: string; readonly path_bytes?: string };
  readonly target?: { readonly path: string; readonly path_bytes?: string };
  readonly operation?: string;
  readonly kind?: string;
  readonly object?: {
    readonly size: number;
    readonly owner: number;
    readonly links: number;
    readonly mode: number;
    readonly device: bigint;
  };
  readonly command?: {
    readonly argv: readonly string[];
    readonly interpreter?: string;
    readonly script?: string;
  };
  readonly destination?: DecisionInput['destination'];
};

export type Caller = { readonly pid: number; readonly exe: string };

export type SessionFacts = {
  readonly person: Person;
  readonly agent: AgentFacts;
  readonly mode: Mode;
  readonly owners: Names;
  readonly mounts: Mounts;
  readonly clock: () => number;
};

/**
 * @returns `forPolicy`, whose dear facts are getters, and `forRecord`, which holds only what costs nothing to know
 */
export function buildInput(
  act: Act,
  caller: Caller,
  session: SessionFacts,
  lookups: Lookups,
): { forPolicy: DecisionInput; forRecord: DecisionInput } {
  const base = {
    action: act.name,
    ...act.path,
    ...(act.target ? { target: act.target.path } : {}),
    ...(act.target?.path_bytes ? { target_bytes: act.target.path_bytes } : {}),
    ...(act.operation ? { operation: act.operation } : {}),
    ...(act.destination ? { destination: act.destination } : {}),
    user: session.person.user,
    mode: session.mode,
  };
  const resource = resourceOf(act, session);
  const command = act.command;
  const forRecord: DecisionInput = {
    ...base,
    agent: session.agent,
    process: { pid: caller.pid, exe: caller.exe },
    ...(resource ? { resource } : {}),
    ...(command ? { command } : {}),
  };
  const forPolicy: DecisionInput = {
    ...base,
    agent: session.agent,
    groups: session.person.groups,
    process: {
      pid: caller.pid,
      exe: caller.exe,
      get sha256() {
        return lookups.exeDigest();
      },
      get ancestors() {
        return lookups.ancestors();
      },
    } as NonNullable<DecisionInput['process']>,
    ...(resource ? { resource } : {}),
    ...(command
      ? {
          command: {
            ...command,
            get sha256() {
              return lookups.objectDigest(command.script !== undefined);
            },
          } as NonNullable<DecisionInput['command']>,
        }
      : {}),
    time: new Date(session.clock()).toISOString(),
  };
  return { forPolicy, forRecord };
}

function resourceOf(act: Act, { owners, mounts }: SessionFacts): DecisionInput['resource'] {
  if (!act.kind && !act.object) return undefined;
  const { object } = act;
  const mount = object && mounts.kindOf(object.device, act.path?.path ?? '');
  return {
    ...(act.kind ? { kind: act.kind } : {}),
    ...(object ? { size: object.size, links: object.links, owner: owners.of(object.owner) } : {}),
    ...(mount ? { mount } : {}),
  };
}
