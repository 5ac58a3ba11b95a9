/** What is in force between two writes: modules, base documents and the program made of both. Never changes. */
import type { Entrypoint, Program, Value } from '@chaperone/rego';
import { planDocument, type DocumentPlan } from '../query/document.ts';

/** A module as it was given. */
export type StoredModule = {
  readonly id: string;
  readonly raw: string;
  readonly dialect: 'v0' | 'v1';
  /** The bundle that it is part of. */
  readonly bundle?: string;
};

/** Revisions of bundles by their names. */
export type Revisions = Readonly<Record<string, string>>;

/** Paths that are asked often are asked again; the bound keeps made-up ones from filling the memory. */
const maxPlans = 500;

export class Version {
  /** Counts the writes. */
  readonly generation: number;
  readonly modules: ReadonlyMap<string, StoredModule>;
  readonly data: Value;
  readonly program: Program;
  /** Of the bundles that this is made of. */
  readonly revisions: Revisions;
  /** Does a module call a built-in that waits for others? */
  readonly reachesOut: boolean;
  private readonly plans = new Map<string, DocumentPlan>();

  constructor(
    generation: number,
    modules: ReadonlyMap<string, StoredModule>,
    data: Value,
    program: Program,
    revisions: Revisions,
  ) {
    this.generation = generation;
    this.modules = modules;
    this.data = data;
    this.program = program;
    this.revisions = revisions;
    this.reachesOut = [...modules.values()].some(({ raw }) => raw.includes('http.send'));
  }

  /** How the document at the path is computed; undefined when it was not asked for before. */
  knownPlan(path: string): DocumentPlan | undefined {
    return this.plans.get(path);
  }

  /** @param path as in the URL, below `/v1/data`. Throws InvalidPath. */
  plan(path: string): DocumentPlan {
    const known = this.plans.get(path);
    if (known !== undefined) return known;
    const made = planDocument(this.program, this.data, path);
    if (this.plans.size >= maxPlans) this.plans.delete(this.plans.keys().next().value ?? '');
    this.plans.set(path, made);
    return made;
  }

  /** The rule or package at a path of plain names; undefined when there is none. */
  entrypoint(path: string): Entrypoint | undefined {
    return this.program.has(path) ? this.program.entrypoint(path) : undefined;
  }
}
