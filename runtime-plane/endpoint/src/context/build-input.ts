/** The document that a policy decides on (`DecisionInput`). Cheap facts are values, dear ones are read on demand. */
import type { AgentFacts, DecisionInput, Mode } from '@chaperone/protocol';
import type { Content } from './content-facts.ts';
import type { Mounts } from './mounts.ts';
import type { Lookups, Names, Person } from './subject.ts';

/** The shape of an intercepted act that this step needs; `intercept/actions.ts` produces it. */
export type Act = {
  readonly name: DecisionInput['action'];
  readonly path?: { readonly path: string; readonly path_bytes?: string };
  readonly target?: { readonly path: string; readonly path_bytes?: string };
  readonly operation?: string;
  readonly labelChange?: 'changed' | 'removed';
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
  readonly credential?: DecisionInput['credential'];
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
    ...(act.credential ? { credential: act.credential } : {}),
    user: session.person.user,
    mode: session.mode,
  };
  const resource = resourceOf(act, session);
  const [resourceForPolicy, resourceForRecord] = withContent(act, resource, lookups);
  const command = act.command;
  const forRecord: DecisionInput = {
    ...base,
    agent: session.agent,
    process: { pid: caller.pid, exe: caller.exe, ...ancestorsOf(act, lookups) },
    ...(resourceForRecord ? { resource: resourceForRecord } : {}),
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
    ...(resourceForPolicy ? { resource: resourceForPolicy } : {}),
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

/** Of what leaves the machine the record says which program was behind it, although no policy asks. */
function ancestorsOf({ destination }: Act, lookups: Lookups): { ancestors?: readonly string[] } {
  const ancestors = destination ? lookups.ancestors() : [];
  return ancestors.length > 0 ? { ancestors } : {};
}

/**
 * The content is looked at when a policy reads it; the record then holds what was found. Of an act about a file that is yet to be, or
 * about anything but a file, there is nothing to look at.
 */
function withContent(
  act: Act,
  resource: DecisionInput['resource'],
  { content }: Lookups,
): [DecisionInput['resource'], DecisionInput['resource']] {
  const isBody = act.name === 'http_request';
  if (!content || (!isBody && (!resource || act.kind !== 'file' || !act.object))) return [resource, resource];
  let seen: Content | undefined;
  const look = (): Content | undefined => (seen = content.facts());
  const forPolicy = {
    ...resource,
    get classification() {
      return look()?.classification;
    },
    get labels() {
      return look()?.labels;
    },
    get findings() {
      return look()?.findings;
    },
  };
  const forRecord = {
    ...resource,
    get classification() {
      return seen?.classification;
    },
    get labels() {
      return seen?.labels;
    },
    get findings() {
      return seen?.findings;
    },
  };
  return [forPolicy as DecisionInput['resource'], forRecord as DecisionInput['resource']];
}

function resourceOf(act: Act, { owners, mounts }: SessionFacts): DecisionInput['resource'] {
  if (!act.kind && !act.object) return undefined;
  const { object } = act;
  const mount = object && mounts.kindOf(object.device, act.path?.path ?? '');
  return {
    ...(act.kind ? { kind: act.kind } : {}),
    ...(object ? { size: object.size, links: object.links, owner: owners.of(object.owner) } : {}),
    ...(mount ? { mount } : {}),
    ...(act.labelChange ? { label_change: act.labelChange } : {}),
  };
}
