/**
 * Policies and data with one version in force. A write makes the next version whole, compiled and checked, before it
 * takes the place of the one before; when it cannot, nothing has changed. Evaluations keep the version they began with.
 */
import {
  compile,
  type Host,
  isPlain,
  type Json,
  type Program,
  RegoError,
  RegoErrors,
  type Value,
} from '@chaperone/rego';
import { type Conflict, pathConflicts } from './conflicts.ts';
import {
  makeFolders,
  mergeDocuments,
  type Path,
  readDocument,
  type Write,
  writeDocument,
} from './documents.ts';
import { ModulesRefused, StoreError } from './errors.ts';
import { type Claim, claimOn, collision, ownerOf, placeOf } from './ownership.ts';
import { type Revisions, type StoredModule, Version } from './version.ts';

export type StoreOptions = {
  /** What built-ins may use. */
  readonly host: Host;
  /** Steps that one evaluation may take; the default of the language's package when absent. */
  readonly steps?: number;
  /** The dialect of modules that are put. */
  readonly dialect: 'v0' | 'v1';
};

/** What came from files or bundles, as one. */
export type Loaded = {
  readonly modules: readonly StoredModule[];
  readonly data: Value;
  /** What bundles among it own. */
  readonly claims: readonly Claim[];
  readonly revisions: Revisions;
};

/** Where policies and data come from that are loaded as a whole: the command line, and the configuration. */
export type Layer = 'files' | 'bundles';

const nothing: Loaded = { modules: [], data: {}, claims: [], revisions: {} };

export class Store {
  private readonly options: StoreOptions;
  private version: Version;
  private layers: Readonly<Record<Layer, Loaded>> = { files: nothing, bundles: nothing };

  constructor(options: StoreOptions) {
    this.options = options;
    const program = this.compile(new Map(), {});
    this.version = new Version(0, new Map(), {}, program, {});
  }

  /** What is in force now. */
  current(): Version {
    return this.version;
  }

  /**
   * Puts what a layer holds in the place of what it held before. What others have put into the roots of its bundles goes.
   * Throws ModulesRefused, and StoreError `owned` when another layer has something there.
   */
  load(loaded: Loaded, layer: Layer): void {
    const before = this.layers[layer];
    const layers = { ...this.layers, [layer]: loaded };
    refuseOverlap(layers);
    const modules = new Map(this.version.modules);
    for (const { id } of before.modules) modules.delete(id);
    for (const [id, module] of modules) if (claimOn(loaded.claims, module) !== undefined) modules.delete(id);
    for (const module of loaded.modules) modules.set(module.id, module);
    let kept = withoutKeys(this.version.data, before.data);
    for (const { root } of loaded.claims) kept = withoutRoot(kept, root);
    const data = mergeDocuments(kept, loaded.data);
    const program = this.compile(modules, data);
    this.refuseConflicts(program, data);
    const revisions = { ...layers.files.revisions, ...layers.bundles.revisions };
    this.commit(modules, data, program, revisions);
    this.layers = layers;
  }

  /** Adds or replaces a module. Throws ModulesRefused and StoreError. */
  putPolicy(id: string, raw: string): void {
    if (this.version.modules.get(id)?.raw === raw) return;
    this.refuseOwnedPolicy(this.version.modules.get(id));
    const module = { id, raw, dialect: this.options.dialect };
    const modules = new Map(this.version.modules).set(id, module);
    const program = this.compile(modules, this.version.data);
    this.refuseOwnedPolicy(module);
    this.refuseConflicts(program, this.version.data);
    this.commit(modules, this.version.data, program);
  }

  /** Throws ModulesRefused (others need it) and StoreError. */
  deletePolicy(id: string): void {
    if (!this.version.modules.has(id)) throw noPolicy(id);
    this.refuseOwnedPolicy(this.version.modules.get(id));
    const modules = new Map(this.version.modules);
    modules.delete(id);
    this.commit(modules, this.version.data, this.compile(modules, this.version.data));
  }

  /** Throws StoreError. */
  policy(id: string): StoredModule {
    const found = this.version.modules.get(id);
    if (found === undefined) throw noPolicy(id);
    return found;
  }

  /** @returns false when there is a document and only a new one was wanted. Throws StoreError. */
  putData(path: Path, value: Value, onlyNew: boolean): boolean {
    this.refuseOwned(path);
    let { data } = this.version;
    if (readDocument(data, path) === undefined) data = makeFolders(data, path.slice(0, -1));
    else if (onlyNew) return false;
    this.commitData(writeDocument(data, { op: 'add', path, value }));
    return true;
  }

  /** All of the writes, or none. Throws StoreError. */
  patchData(writes: readonly Write[]): void {
    let { data } = this.version;
    for (const write of writes) {
      this.refuseOwned(write.path);
      data = writeDocument(data, write);
    }
    this.commitData(data);
  }

  /** Throws StoreError. */
  deleteData(path: Path): void {
    this.refuseOwned(path);
    if (readDocument(this.version.data, path) === undefined)
      throw new StoreError('storage_not_found_error', 'document does not exist');
    const data = writeDocument(this.version.data, { op: 'remove', path });
    this.commit(this.version.modules, data, this.version.program.withData(data as Json));
  }

  private commitData(data: Value): void {
    const conflicts = pathConflicts(this.version.program, data);
    if (conflicts.length > 0) throw new StoreError('path_conflict', showConflicts(conflicts));
    this.commit(this.version.modules, data, this.version.program.withData(data as Json));
  }

  private commit(
    modules: ReadonlyMap<string, StoredModule>,
    data: Value,
    program: Program,
    revisions = this.version.revisions,
  ): void {
    this.version = new Version(this.version.generation + 1, modules, data, program, revisions);
  }

  private compile(modules: ReadonlyMap<string, StoredModule>, data: Value): Program {
    const { host, steps } = this.options;
    const sources = [...modules.values()].map(({ id, raw, dialect }) => ({ file: id, source: raw, dialect }));
    try {
      return compile(sources, { data: data as Json, host, ...(steps === undefined ? {} : { steps }) });
    } catch (error) {
      throw error instanceof RegoErrors ? new ModulesRefused(error) : error;
    }
  }

  private refuseConflicts(program: Program, data: Value): void {
    const conflicts = pathConflicts(program, data);
    if (conflicts.length === 0) return;
    throw new ModulesRefused(
      new RegoErrors(
        conflicts.map(({ rule, message }) => new RegoError('rego_compile_error', message, rule.at)),
      ),
    );
  }

  private refuseOwned(path: Path): void {
    const why = ownerOf([...this.layers.files.claims, ...this.layers.bundles.claims], path);
    if (why !== undefined) throw new StoreError('owned', why);
  }

  /** A module counts by its package and by every rule in it, also where another module defines the same documents. */
  private refuseOwnedPolicy(module: StoredModule | undefined): void {
    if (module === undefined) return;
    const claims = [...this.layers.files.claims, ...this.layers.bundles.claims];
    const bundle = module.bundle ?? claimOn(claims, module)?.bundle;
    if (bundle !== undefined)
      throw new StoreError('owned', `path ${placeOf(module)} is owned by bundle ${JSON.stringify(bundle)}`);
  }
}

/** What is loaded from one place is never in the roots of bundles from another. */
function refuseOverlap({ files, bundles }: Readonly<Record<Layer, Loaded>>): void {
  const claims = [...files.claims, ...bundles.claims];
  const both = collision(claims);
  if (both !== undefined)
    throw new StoreError(
      'owned',
      `the bundles ${both[0].bundle} and ${both[1].bundle} overlap: their roots are ${JSON.stringify(both[0].root)} and ${JSON.stringify(both[1].root)}`,
    );
  for (const module of [...files.modules, ...bundles.modules]) {
    const claim = claimOn(claims, module);
    if (claim !== undefined)
      throw new StoreError(
        'owned',
        `${module.id} defines what the bundle ${JSON.stringify(claim.bundle)} owns (root ${JSON.stringify(claim.root)}); ${adviceFor(claim)}`,
      );
  }
  for (const { bundle, root } of bundles.claims) {
    const path = root === '' ? [] : root.split('/');
    const found = readDocument(files.data, path);
    if (found !== undefined && !(path.length === 0 && isPlain(found) && Object.keys(found).length === 0))
      throw new StoreError(
        'owned',
        `the data that was loaded is where the bundle ${JSON.stringify(bundle)} owns ${JSON.stringify(root)}${root === '' ? '; build the bundle with --root for what it is to own' : ''}`,
      );
  }
}

/** A bundle without roots owns all of data, which nobody may have meant. */
function adviceFor({ root }: Claim): string {
  return root === ''
    ? 'build the bundle with --root for what it is to own, or leave the file out'
    : 'move it to another package, or leave it out';
}

function withoutRoot(data: Value, root: string): Value {
  if (root === '') return {};
  const path = root.split('/');
  return readDocument(data, path) === undefined ? data : writeDocument(data, { op: 'remove', path });
}

function noPolicy(id: string): StoreError {
  return new StoreError('storage_not_found_error', `policy id ${JSON.stringify(id)}`);
}

function showConflicts(conflicts: readonly Conflict[]): string {
  const lines = conflicts.map(
    ({ rule: { at }, message }) => `${at.file}:${at.row}: rego_compile_error: ${message}`,
  );
  return lines.length === 1
    ? `1 error occurred: ${lines[0] ?? ''}`
    : `${lines.length} errors occurred:\n${lines.join('\n')}`;
}

/** The documents without what files brought last time, as far as nobody has written something else there. */
function withoutKeys(data: Value, loaded: Value): Value {
  if (!isPlain(data) || !isPlain(loaded)) return data;
  const kept: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const [key, value] of Object.entries(data)) {
    const before = Object.hasOwn(loaded, key) ? loaded[key] : undefined;
    if (before === undefined) kept[key] = value;
    else if (isPlain(before) && isPlain(value)) {
      const rest = withoutKeys(value, before);
      if (isPlain(rest) && Object.keys(rest).length > 0) kept[key] = rest;
    }
  }
  return kept;
}
