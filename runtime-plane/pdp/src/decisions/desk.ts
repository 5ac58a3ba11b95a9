/** Where decisions are made as acts: one journal session per run of the server, one policy per version of what is in force. */
import path from 'node:path';
import { type Outcome, policyRevision, serverCarriesOut, ServerSession } from '@chaperone/endpoint/server';
import { denyAll, type Policy, PolicyError, policyOver } from '@chaperone/policy';
import { type DecisionInput, deny, type PolicyPlace } from '@chaperone/protocol';
import { PdpError } from '../errors.ts';
import type { LoadPaths } from '../load/files.ts';
import type { Store } from '../store/store.ts';
import type { Version } from '../store/version.ts';
import { OpenDecisions } from './open-decisions.ts';
import { type OpaServer, opaServer } from './opa-engine.ts';
import { answeringRules, type AnsweringRule, type Asker, type DecisionOptions } from './options.ts';

/** Sets of obligations that enforcement points declare; few programs, few sets. */
const maxPolicies = 256;

const nothing: ReadonlySet<string> = new Set();

export class DecisionDesk {
  readonly options: DecisionOptions;
  readonly #store: Store;
  readonly #paths: LoadPaths;
  readonly #version: string;
  readonly #tell: (line: string) => void;
  readonly #external: OpaServer | undefined;
  readonly #open = new OpenDecisions();
  readonly #policies = new WeakMap<Version, Map<string, Policy>>();
  #session: ServerSession | undefined;
  #failure: string | undefined;
  #isClosed = false;
  /** What the files held, and the version that they became. */
  #loaded: { readonly revision: string; readonly generation: number } = { revision: '', generation: 0 };

  constructor(
    options: DecisionOptions,
    { store, paths, version }: { readonly store: Store; readonly paths: LoadPaths; readonly version: string },
    tell: (line: string) => void,
  ) {
    this.options = options;
    this.#store = store;
    this.#paths = paths;
    this.#version = version;
    this.#tell = tell;
    const { engine } = options;
    this.#external = engine === undefined ? undefined : opaServer(engine.url, engine.deadlineMs);
  }

  /** After files were loaded. */
  loaded(): void {
    const { generation } = this.#store.current();
    const revision =
      this.#external?.name ?? policyRevision(this.#locations(), this.#paths.documents) ?? 'unnamed';
    this.#loaded = { revision, generation };
  }

  /** Begins the session when there is something to decide. Throws PdpError `journal`. */
  begin(): void {
    if (!this.isOn()) return;
    this.#begin();
    if (this.#failure !== undefined) throw new PdpError('journal', this.#failure);
  }

  /** Is a question for these rules an act? Once it was, it stays so. */
  isOn(version: Version = this.#store.current()): boolean {
    if (this.#session !== undefined || this.#failure !== undefined) return true;
    if (this.options.when === 'on' || this.#external !== undefined) return true;
    return answeringRules.some((rule) => version.plan(rule).isVirtual);
  }

  /** Never rejects: without a record, without a policy, whatever fails: a deny. */
  async ask(input: DecisionInput, rule: AnsweringRule, asker: Asker): Promise<Outcome> {
    const version = this.#store.current();
    // A bare true or false cannot carry what must also happen.
    const declared = rule === 'endpoint/access/allow' ? nothing : asker.declared;
    const question = { input: withPep(input, asker.pep), entrypoint: rule, declared, isLocal: asker.isLocal };
    const session = this.#begin();
    if (session === undefined) {
      const decision = deny('journal_failed', this.#revisionOf(version));
      return { proceeds: false, decision, id: undefined, input };
    }
    const known = new Set([...serverCarriesOut, ...question.declared]);
    const outcome = await session.ask(question, (whole) =>
      this.#external
        ? this.#answered(this.#external, whole, rule, known)
        : this.#policy(version, rule, known),
    );
    if (outcome.proceeds && outcome.id !== undefined) this.#open.add(outcome.id, asker.pep);
    return outcome;
  }

  /** How an act ended that a decision let go on. */
  end(
    id: string,
    pep: string | undefined,
    how: { result: 'done' | 'failed' | 'abandoned'; errno?: string; bytes?: number },
  ): 'ended' | 'unknown' | 'ended_before' | 'not_recorded' {
    const ended = this.#session === undefined ? 'unknown' : this.#open.end(id, pep);
    if (ended !== 'ended') return ended;
    return this.#session?.outcome(id, how.result, how.errno, how.bytes) === true ? 'ended' : 'not_recorded';
  }

  close(): void {
    this.#isClosed = true;
    this.#external?.close();
    try {
      this.#session?.end('the server was stopped');
    } catch (error) {
      this.#tell(`the journal could not be closed: ${error instanceof Error ? error.message : 'error'}`);
    }
  }

  /** Undefined when there cannot be one; the first failure holds, or a server without a journal would look like one that has one. */
  #begin(): ServerSession | undefined {
    if (this.#session !== undefined || this.#failure !== undefined || this.#isClosed) return this.#session;
    const { journalDir, stateDir, argv, cwd, user, mode, journalFiles } = this.options;
    try {
      this.#session = new ServerSession({
        journalDir,
        stateDir,
        argv,
        cwd,
        user,
        mode,
        version: this.#version,
        revision: this.#revisionOf(this.#store.current()),
        ...(this.#external ? {} : { policy: this.#place() }),
        // What a policy says is one line, whatever an agent put into it.
        tell: (text) => this.#tell(text.replaceAll(/\s*[\r\n]+\s*/g, ' ')),
        ...(journalFiles === undefined ? {} : { files: journalFiles }),
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : 'error';
      this.#failure = `decisions cannot be recorded, so they cannot be made: ${why}; name another folder with --journal, or answer without records with --no-journal`;
      this.#tell(this.#failure);
    }
    return this.#session;
  }

  #place(): PolicyPlace {
    const version = this.#store.current();
    const rule = answeringRules.find((one) => version.plan(one).isVirtual) ?? answeringRules[0];
    const { documents } = this.#paths;
    return { locations: this.#locations(), entrypoint: rule, ...(documents ? { data: documents } : {}) };
  }

  #locations(): string[] {
    return [...this.#paths.policies, ...this.#paths.data].map((one) => path.resolve(one));
  }

  /** Names the files, and how often something was written over HTTP since. */
  #revisionOf({ generation }: Version): string {
    const writes = generation - this.#loaded.generation;
    return writes === 0 ? this.#loaded.revision : `${this.#loaded.revision}+${writes}`;
  }

  #policy(version: Version, entrypoint: AnsweringRule, knownObligations: ReadonlySet<string>): Policy {
    const all = this.#policies.get(version) ?? new Map<string, Policy>();
    this.#policies.set(version, all);
    const key = `${entrypoint} ${[...knownObligations].toSorted().join(' ')}`;
    const known = all.get(key);
    if (known !== undefined) return known;
    const made = this.#makePolicy(version, entrypoint, knownObligations);
    if (all.size >= maxPolicies) all.clear();
    all.set(key, made);
    return made;
  }

  #makePolicy(version: Version, entrypoint: AnsweringRule, knownObligations: ReadonlySet<string>): Policy {
    if (!version.plan(entrypoint).isVirtual)
      return denyAll(`The policy in force has no rule ${entrypoint.replaceAll('/', '.')}.`);
    try {
      const revision = this.#revisionOf(version);
      return policyOver(version.program, { entrypoint, knownObligations, revision });
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return denyAll(error.message);
    }
  }

  /** What another engine answered, as a policy that knows this one answer. */
  async #answered(
    external: OpaServer,
    input: DecisionInput,
    entrypoint: AnsweringRule,
    knownObligations: ReadonlySet<string>,
  ): Promise<Policy> {
    const decision = await external.engine({ entrypoint, knownObligations }).decide(input);
    const tracked = { decision, reads: new Set<string>() };
    return {
      ...denyAll(),
      revision: decision.revision,
      entrypoint,
      decide: () => decision,
      decideTracked: () => tracked,
      decideClass: () => tracked,
    };
  }
}

function withPep(input: DecisionInput, pep: string | undefined): DecisionInput {
  return pep === undefined ? input : { ...input, pep };
}
