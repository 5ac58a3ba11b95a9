/**
 * What a session would answer, without a session: the steps of flow.ts over the same policy and limits, with a record
 * that is kept in memory. `chaperone check` and `chaperone why` ask here, so they cannot answer otherwise than the gate.
 */
import { constants, openSync, readdirSync } from 'node:fs';
import { nodeHost } from '@chaperone/rego/node';
import { type Explanation, loadPolicy, PolicyError } from '@chaperone/policy';
import type { AgentFacts, Decision, DecisionInput, Mode, PolicyPlace } from '@chaperone/protocol';
import { buildInput, type Caller, type SessionFacts } from './context/build-input.ts';
import { Digests } from './context/digests.ts';
import { Mounts } from './context/mounts.ts';
import { type Lookups, Names, type Person } from './context/subject.ts';
import { DecisionClasses } from './decide/decision-class.ts';
import { type Limit, limitOf, type Limits } from './decide/limits.ts';
import { type LoadedPolicy, loadPolicyFiles, type PolicySet } from './decide/load-policy.ts';
import { PolicyFileError } from './decide/policy-file-error.ts';
import { decide, type DecidedBy, handle, type Steps } from './flow.ts';
import type { Action } from './intercept/actions.ts';
import { carriedOut, proceeds } from './obligations/carry-out.ts';
import { SessionError } from './enforce/errors.ts';
import { forRelease } from './session-release.ts';
import { demandDetectors } from './session-content-scanner.ts';
import { QuestionContents } from './session-question-content.ts';
import { floorOf, limitsOf, policyOf } from './session-setup.ts';

export { SessionError } from './enforce/errors.ts';
export { chooseVerifiedPolicy, type PolicyChoice, profileHomes } from './session-profile.ts';
import { openedPolicy } from './session-profile.ts';
export { personOf } from './session-setup.ts';
export { type Supposed, supposable, supposeActs, SupposeError } from './session-suppose.ts';

const knownEntrypoint = 'chaperone/access/decision';

export type QuestionPlace = {
  readonly policy: PolicyPlace;
  /** What a session with this policy may read and never change. */
  readonly sealed: readonly string[];
  readonly mode: Mode;
  /** False for acts that others hold: no floor stands around the policy. */
  readonly hasFloor?: boolean;
  readonly person: Person;
  readonly agent: AgentFacts;
  /** Of the session that is supposed; the policy's floor may depend on it. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly stateDir: string;
  readonly journalDir: string;
};

export type AnsweredAct = {
  readonly input: DecisionInput;
  readonly decision: Decision;
  readonly by: DecidedBy;
  /** Where `by` is `limits`. */
  readonly limit?: Limit;
  /** How the policy comes to its answer; absent where no policy is asked. */
  readonly explanation?: Explanation;
  readonly proceeds: boolean;
  /** Input fields that the answer depends on, where that is known. */
  readonly reads: readonly string[];
};

/** Throws SessionError `policy` or `bad_floor`. */
export function openQuestions(place: QuestionPlace, note: (text: string) => void): Questions {
  const policy = policyOf(setOf(place.policy), place.hasFloor === false ? 'all' : carriedOut);
  demandDetectors(policy.content.settings);
  if (place.hasFloor === false) return new Questions(policy, undefined, place);
  const floor = floorOf(policy, place.person, place.mode, place.command, place.cwd, note);
  const { stateDir, journalDir, sealed } = place;
  return new Questions(forRelease(policy), limitsOf(floor, { stateDir, journalDir, sealed }), place);
}

export class Questions {
  readonly policy: LoadedPolicy;
  readonly #limits: Limits | undefined;
  readonly #place: QuestionPlace;
  readonly #digests = new Digests();
  readonly #contents: QuestionContents;

  constructor(policy: LoadedPolicy, limits: Limits | undefined, place: QuestionPlace) {
    this.policy = policy;
    this.#contents = new QuestionContents(policy.content.settings);
    this.#limits = limits;
    this.#place = place;
  }

  /** The acts of one call, up to the first that would not go on. */
  askActs(acts: readonly Action[], caller: Caller): AnsweredAct[] {
    const { person, agent, mode } = this.#place;
    const session = {
      person,
      agent,
      mode,
      owners: new Names('/etc/passwd'),
      mounts: new Mounts(),
      clock: Date.now,
    };
    const recorded: Decision[] = [];
    const steps = {
      ...this.#steps(session),
      record(_input: DecisionInput, decision: Decision) {
        recorded.push(decision);
        return { seq: recorded.length, id: '' };
      },
    };
    for (const act of acts)
      if (!handle([act], caller, this.#lookups(caller, [act], acts), steps).proceeds) break;
    return recorded.flatMap((decision, index) => {
      const act = acts[index];
      if (!act) return [];
      const lookups = this.#lookups(caller, [act], [act]);
      const { forPolicy, forRecord } = buildInput(act, caller, session, lookups);
      return [{ ...this.#explain(act, forPolicy), input: forRecord, decision }];
    });
  }

  /** One act whose facts are given. */
  askInput(input: DecisionInput): AnsweredAct {
    const act: Action = {
      name: input.action,
      ...(input.operation === undefined ? {} : { operation: input.operation }),
      ...(input.destination === undefined ? {} : { destination: input.destination }),
      ...(input.path === undefined ? {} : { path: wire(input.path, input.path_bytes) }),
      ...(input.target === undefined ? {} : { target: wire(input.target, input.target_bytes) }),
      ...(input.resource?.kind === undefined
        ? {}
        : { kind: input.resource.kind as NonNullable<Action['kind']> }),
      repeatable: false,
    };
    return this.#explain(act, input);
  }

  /** What a record does not hold, looked up now: digests of the files of then. */
  withDigests(input: DecisionInput): DecisionInput {
    const { process, command, path } = input;
    const of = (file: string | undefined): string | undefined => this.#digestOf(file);
    return {
      ...input,
      ...(process
        ? {
            process: {
              ...process,
              get sha256() {
                return of(process.exe);
              },
            } as NonNullable<DecisionInput['process']>,
          }
        : {}),
      ...(command
        ? {
            command: {
              ...command,
              get sha256() {
                return of(path);
              },
            } as NonNullable<DecisionInput['command']>,
          }
        : {}),
    };
  }

  #explain(act: Action, input: DecisionInput): AnsweredAct {
    const { decision, reads, by } = decide(act, input, {
      policy: this.policy,
      limits: this.#limits,
      listFolder: this.#limits ? listFolder : notListed,
    });
    const limit = this.#limits && by === 'limits' ? limitOf(act, this.#limits) : undefined;
    const asked = by === 'policy' || by === 'move' || by === 'label';
    return {
      input,
      decision,
      by,
      proceeds: proceeds(decision, this.#place.mode),
      reads: [...(reads ?? [])].toSorted(),
      ...(limit ? { limit } : {}),
      ...(asked ? { explanation: this.policy.explain(input) } : {}),
    };
  }

  #steps(session: SessionFacts): Omit<Steps, 'record'> {
    return {
      session,
      policy: this.policy,
      ...(this.#limits ? { classes: new DecisionClasses(this.policy, this.#limits) } : {}),
      limits: this.#limits,
      listFolder,
      surroundings: { tell() {}, endSession() {} },
      denied() {},
    };
  }

  #lookups(caller: Caller, [about]: readonly Action[], acts: readonly Action[]): Lookups {
    const { path, name } = about ?? {};
    return {
      ...(path ? { content: this.#contents.lookup(path, name === 'read_file') } : {}),
      exeDigest: () => this.#digestOf(caller.exe || undefined),
      objectDigest: (interpreter) =>
        this.#digestOf(
          acts.find(({ command }) => (command?.script !== undefined) === interpreter)?.path?.path,
        ),
      ancestors: () => [],
    };
  }

  #digestOf(file: string | undefined): string | undefined {
    if (file === undefined) return undefined;
    try {
      const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
      return this.#digests.of(fd);
    } catch {
      return undefined;
    }
  }
}

/**
 * The policy on disk as it would be with this rule.
 *
 * @returns undefined when that policy cannot be read (any more)
 */
export function withRule(place: PolicyPlace, rego: string): ((input: DecisionInput) => Decision) | undefined {
  const { locations, entrypoint = knownEntrypoint, data = {}, bundle } = setOf(place);
  try {
    const policy = loadPolicyFiles(locations, {
      data,
      entrypoint,
      ...(bundle === undefined ? {} : { bundle }),
      knownObligations: carriedOut,
      draft: moduleOf(rego, entrypoint),
    });
    return (input) => policy.decide(input);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    return undefined;
  }
}

/** With what a bundle there holds; other policies as they are. Rejects with SessionError `policy`. */
export function openedPlace(place: PolicyPlace): Promise<PolicyPlace> {
  return openedPolicy(setOf(place));
}

/** Data of a session came from JSON and is JSON. */
function setOf(place: PolicyPlace): PolicySet {
  return place as PolicySet;
}

function moduleOf(rego: string, entrypoint: string): string {
  return `package ${entrypoint.split('/').slice(0, -1).join('.')}\n\nimport rego.v1\n\n${rego}\n`;
}

/**
 * A rule on its own, as Rego of the package that answers: which inputs would it allow?
 *
 * Throws SessionError `policy` when it is no valid rule.
 */
export function ruleAlone(rego: string, entrypoint: string): (input: DecisionInput) => boolean {
  try {
    const source = moduleOf(rego, entrypoint);
    const policy = loadPolicy({
      modules: [{ file: 'draft.rego', source }],
      entrypoint,
      host: nodeHost(),
      revision: '',
    });
    return (input) => policy.decide(input).effect === 'allow';
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new SessionError('policy', `the rule is not usable: ${error.message}`, { cause: error });
  }
}

/** What lies in a folder of another machine is not known here. */
const notListed: Steps['listFolder'] = () => {
  throw new Error('not looked up');
};

const listFolder: Steps['listFolder'] = (folder) => readdirSync(folder, { withFileTypes: true });

function wire(path: string, bytes: string | undefined): NonNullable<Action['path']> {
  return bytes === undefined ? { path } : { path, path_bytes: bytes };
}
