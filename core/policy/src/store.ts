/**
 * What is in force. A change is read, verified, checked and compiled on the side; only when all of it is good does it take the
 * place of what was there, in one step. Whoever asks in between is answered by the old one.
 */
import { type Bundle, type BundleSource, readBundle, type ReadBundleOptions } from './bundle/read.ts';
import { type Bundles, mergeBundles, type Merged } from './set.ts';

/** Keeps copies of bundles for the next start. What it gives back is verified again. */
export type Persistence = {
  /** Keeps the copy, and at least the different one before it. */
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** The copies, the newest first; none for a name that is not known. */
  load(name: string): Promise<readonly Uint8Array[]>;
};

export type StoreOptions<Built> = {
  /** Makes what answers questions; throws when it cannot. Called for every candidate. */
  readonly build: (merged: Merged, bundles: Bundles) => Built;
  /** What holds before the first activation; it should refuse everything. */
  readonly initial: Built;
  /** How each bundle is read, by its name. */
  readonly reading?: (name: string) => ReadBundleOptions;
  /** Copies are kept of bundles that come as archives. */
  readonly persistence?: Persistence;
};

/** One state of the store. Its parts belong together and never change. */
export type InForce<Built> = {
  readonly built: Built;
  readonly bundles: Bundles;
  readonly revision: string;
  /** 0 before the first activation, then one more with each. */
  readonly generation: number;
};

/** Bundles by name: those given replace the ones in force, null takes one away, others stay. */
export type Changes = Readonly<Record<string, BundleSource | null>>;

export type Activation<Built> =
  | {
      readonly ok: true;
      readonly inForce: InForce<Built>;
      /** The bundles are in force, but copies could not be kept. */
      readonly notKept?: unknown;
    }
  /** BundleError, PolicyError, or what `build` threw. What was in force stays. */
  | { readonly ok: false; readonly error: unknown; readonly inForce: InForce<Built> };

export type Restored<Built> = {
  readonly inForce: InForce<Built>;
  /** Copies that were passed over, and why. */
  readonly problems: readonly { readonly name: string; readonly error: unknown }[];
};

export class PolicyStore<Built> {
  readonly #options: StoreOptions<Built>;
  readonly #listeners = new Set<(inForce: InForce<Built>) => void>();
  #inForce: InForce<Built>;
  /** Changes take effect in the order in which they were asked for. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: StoreOptions<Built>) {
    this.#options = options;
    this.#inForce = { built: options.initial, bundles: {}, revision: '', generation: 0 };
  }

  /** Take it once for each question, so that one question meets one state. */
  get inForce(): InForce<Built> {
    return this.#inForce;
  }

  /** Told after each activation, in order. @returns takes the listener away */
  onChange(listener: (inForce: InForce<Built>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** All of the changes, or none of them. Never throws. */
  activate(changes: Changes): Promise<Activation<Built>> {
    return this.#inTurn(async () => {
      const activation = await this.#attempt(changes);
      if (!activation.ok) return activation;
      try {
        await this.#keep(changes);
        return activation;
      } catch (notKept) {
        return { ...activation, notKept };
      }
    });
  }

  /**
   * Puts the kept copies of these bundles in force: the newest of each, or the next where one is refused. Without any that is
   * good, what was in force stays. Never throws.
   */
  restore(names: readonly string[]): Promise<Restored<Built>> {
    return this.#inTurn(async () => {
      const problems: { name: string; error: unknown }[] = [];
      const copies = new Map<string, Bundle[]>();
      for (const name of names) copies.set(name, await this.#readCopies(name, problems));
      for (let left = true; left;) {
        const chosen = [...copies].flatMap(([name, [bundle]]) => (bundle ? [[name, bundle] as const] : []));
        if (chosen.length === 0) break;
        const activation = this.#swap({ ...this.#inForce.bundles, ...Object.fromEntries(chosen) });
        if (activation.ok) break;
        problems.push({ name: chosen.map(([name]) => name).join(', '), error: activation.error });
        // Each good copy was refused together with the others; the ones before may still fit.
        left = false;
        for (const [name, all] of copies)
          if (all.length > 1) {
            copies.set(name, all.slice(1));
            left = true;
          }
      }
      return { inForce: this.#inForce, problems };
    });
  }

  async #readCopies(name: string, problems: { name: string; error: unknown }[]): Promise<Bundle[]> {
    const good: Bundle[] = [];
    try {
      for (const bytes of (await this.#options.persistence?.load(name)) ?? []) {
        try {
          good.push(await this.#read(name, bytes));
        } catch (error) {
          problems.push({ name, error });
        }
      }
    } catch (error) {
      problems.push({ name, error });
    }
    return good;
  }

  async #attempt(changes: Changes): Promise<Activation<Built>> {
    const bundles = new Map(Object.entries(this.#inForce.bundles));
    try {
      for (const [name, source] of Object.entries(changes)) {
        if (source === null) bundles.delete(name);
        else bundles.set(name, await this.#read(name, source));
      }
    } catch (error) {
      return { ok: false, error, inForce: this.#inForce };
    }
    return this.#swap(Object.fromEntries(bundles));
  }

  #read(name: string, source: BundleSource): Promise<Bundle> {
    return readBundle(source, this.#options.reading?.(name));
  }

  #swap(bundles: Bundles): Activation<Built> {
    try {
      const merged = mergeBundles(bundles);
      const built = this.#options.build(merged, bundles);
      const { revision } = merged;
      this.#inForce = { built, bundles, revision, generation: this.#inForce.generation + 1 };
    } catch (error) {
      return { ok: false, error, inForce: this.#inForce };
    }
    const now = this.#inForce;
    for (const listener of this.#listeners) {
      try {
        listener(now);
      } catch {
        // A listener is told; what it makes of it does not undo what is in force.
      }
    }
    return { ok: true, inForce: now };
  }

  async #keep(changes: Changes): Promise<void> {
    for (const [name, source] of Object.entries(changes))
      if (source instanceof Uint8Array) await this.#options.persistence?.save(name, source);
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
