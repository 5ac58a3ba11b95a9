/**
 * A session whose acts are held by others: enforcement points that ask a server. Their questions take the same steps of flow.ts as
 * those of the gate; nothing but the policy stands around them, because this machine enforces nothing here.
 */
import { randomBytes } from 'node:crypto';
import type { Json, Policy } from '@chaperone/policy';
import {
  type DecisionInput,
  deny,
  type Mode,
  type Outcome as Ending,
  type PolicyPlace,
} from '@chaperone/protocol';
import { Digests } from './context/digests.ts';
import { observeProcess } from './context/observed-process.ts';
import { revisionOfFiles } from './decide/load-policy.ts';
import { PolicyFileError, readPolicyFiles } from './decide/policy-files.ts';
import { type Outcome, settle } from './flow.ts';
import {
  type Journal,
  type JournalFiles,
  loadDeviceKey,
  openJournal,
  SessionRecord,
} from './record/index.ts';

export type { Outcome } from './flow.ts';

export type ServerSessionOptions = {
  readonly journalDir: string;
  readonly stateDir: string;
  /** As started; scrubbed before it is recorded. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly user: string;
  readonly version: string;
  readonly mode: Mode;
  readonly revision: string;
  /** Absent when the policy is not in files of this machine. */
  readonly policy?: PolicyPlace;
  /** A line for the person at the server; untrusted text. */
  readonly tell: (text: string) => void;
  readonly clock?: () => number;
  readonly files?: JournalFiles;
};

export type ServerQuestion = {
  readonly input: DecisionInput;
  /** Obligations that the enforcement point carries out. */
  readonly declared: ReadonlySet<string>;
  /** Whoever asks is on this machine: the number of a process means something here. */
  readonly isLocal: boolean;
  /** The rule that is asked. */
  readonly entrypoint: string;
};

/** What the server does by itself. To end a process or a session is for whoever holds it. */
export const serverCarriesOut: ReadonlySet<string> = new Set(['audit_only', 'notify']);

const keepUpMs = 100;

export class ServerSession {
  readonly id: string;
  readonly #options: ServerSessionOptions;
  readonly #journal: Journal;
  readonly #record: SessionRecord;
  readonly #digests = new Digests();
  readonly #clock: () => number;
  readonly #keepingUp: NodeJS.Timeout;
  #syncing: Promise<void> | undefined;

  /** Throws JournalError. */
  constructor(options: ServerSessionOptions) {
    const { journalDir, stateDir, files, policy, argv, cwd, user, version, mode, revision } = options;
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    this.id = `s-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
    const key = loadDeviceKey(stateDir);
    this.#journal = openJournal({
      dir: journalDir,
      session: this.id,
      key,
      clock: this.#clock,
      ...(files === undefined ? {} : { files }),
    });
    this.#record = new SessionRecord(this.#journal, key);
    this.#record.start({
      session: this.id,
      argv,
      cwd,
      user,
      agent: 'pdp',
      revision,
      ...(policy === undefined ? {} : { policy }),
      mode,
      floor: [],
      version,
    });
    this.#keepingUp = setInterval(() => this.#record.keepUp(), keepUpMs);
    this.#keepingUp.unref();
  }

  /**
   * The steps from context to record. Never rejects: what cannot be recorded is a deny.
   *
   * @param policyFor the policy that answers for the whole of what is known; must not reject
   */
  async ask(
    question: ServerQuestion,
    policyFor: (input: DecisionInput) => Policy | Promise<Policy>,
  ): Promise<Outcome> {
    const { input, declared, entrypoint } = question;
    const { tell, mode, policy: place } = this.#options;
    const inputs = this.#inputs(question);
    const found = policyFor(inputs.forPolicy);
    const policy = found instanceof Promise ? await found : found;
    let mustBeOnDisk = false;
    const outcome = settle({ ...actOf(input), repeatable: false }, inputs, {
      mode,
      policy,
      limits: undefined,
      // What lies in a folder of another machine is not known here; a move that depends on it is denied.
      listFolder: () => {
        throw new Error('not looked up');
      },
      surroundings: { tell, endSession() {} },
      byOthers: declared,
      record: (recorded, decision, durability, _class, proceeded) => {
        mustBeOnDisk = durability === 'now';
        const other = place === undefined || entrypoint === place.entrypoint ? undefined : entrypoint;
        return this.#record.decision(
          recorded,
          decision,
          'grouped',
          undefined,
          proceeded,
          other === undefined ? {} : { entrypoint: other },
        );
      },
    });
    if (!mustBeOnDisk || outcome.id === undefined) return outcome;
    try {
      await this.#onDisk();
      return outcome;
    } catch {
      const decision = deny('journal_failed', policy.revision);
      return { proceeds: false, decision, id: undefined, input: outcome.input };
    }
  }

  /** @returns false when it could not be recorded */
  outcome(decision: string, result: Ending['result'], errno?: string, bytes?: number): boolean {
    return this.#record.outcome(decision, result, errno, bytes);
  }

  /** Throws JournalError. */
  end(cause: string): void {
    clearInterval(this.#keepingUp);
    this.#record.end(undefined, cause);
  }

  /** One sync for all whose records were written in the same turn of the event loop. */
  #onDisk(): Promise<void> {
    this.#syncing ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#syncing = undefined;
        try {
          this.#journal.flush();
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
    });
    return this.#syncing;
  }

  /** Facts that only this server can add are added where they are absent, never in the place of what was given. */
  #inputs({ input, isLocal }: ServerQuestion): { forPolicy: DecisionInput; forRecord: DecisionInput } {
    const seen =
      isLocal && asksForProcess(input) ? observeProcess(input.process.pid, this.#digests) : undefined;
    const own = { mode: this.#options.mode, ...input };
    const time = new Date(this.#clock()).toISOString();
    return {
      forPolicy: { time, ...own, ...(seen ? { process: seen.forPolicy } : {}) },
      forRecord: { ...own, ...(seen ? { process: seen.forRecord } : {}) },
    };
  }
}

/** A process that is named by its number and by nothing else. */
function asksForProcess(input: DecisionInput): input is DecisionInput & { process: { pid: number } } {
  const { process } = input;
  return process?.pid !== undefined && Object.keys(process).length === 1;
}

function actOf(input: DecisionInput): Parameters<typeof settle>[0] {
  const { action, operation, destination, path, target } = input;
  return {
    name: action,
    ...(operation === undefined ? {} : { operation }),
    ...(destination === undefined ? {} : { destination }),
    ...(path === undefined ? {} : { path: { path } }),
    ...(target === undefined ? {} : { target: { path: target } }),
  };
}

/**
 * The name that `chaperone why` gives the policy in these files; undefined when it could not load them.
 *
 * @param locations folders, `.rego` and `.json` files
 * @param documents what else it had as `data`
 */
export function policyRevision(
  locations: readonly string[],
  documents: Readonly<Record<string, Json>> = {},
): string | undefined {
  try {
    return revisionOfFiles(readPolicyFiles(locations, { tests: false }), documents['settings']);
  } catch (error) {
    if (error instanceof PolicyFileError) return undefined;
    throw error;
  }
}
