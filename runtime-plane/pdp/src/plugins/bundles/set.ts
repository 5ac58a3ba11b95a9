/** The bundles of the configuration: downloaded, put in force, kept for the next start. */
import {
  type Bundles,
  type Persistence,
  PolicyStore,
  type ReadBundleOptions,
  type Verification,
} from '@chaperone/policy/bundle';
import type { Value } from '@chaperone/rego';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../clock.ts';
import type { PluginConfig } from '../config/config.ts';
import type { BundleConfig } from '../config/sections.ts';
import type { ServiceClient } from '../service/client.ts';
import { type Download, Downloader } from './download.ts';
import { bundleFailure } from './failure.ts';
import { loadedOf } from './loaded.ts';
import { defaultMaxBytes, filePersistence } from './persist.ts';
import { BundleState } from './state.ts';

export type BundleSetOptions = {
  readonly store: Store;
  readonly clock: Clock;
  /** Of modules whose manifest does not say. */
  readonly isV0: boolean;
  readonly onNotice: (line: string) => void;
  /** Something about a bundle is other than before. */
  readonly onChange: () => void;
};

type Clients = ReadonlyMap<string, ServiceClient>;

export class BundleSet {
  private readonly options: BundleSetOptions;
  private readonly policies: PolicyStore<null>;
  private config: PluginConfig;
  private readonly states = new Map<string, BundleState>();
  private readonly downloaders = new Map<string, Downloader>();

  constructor(options: BundleSetOptions, config: PluginConfig) {
    this.options = options;
    this.config = config;
    this.policies = new PolicyStore<null>({
      initial: null,
      build: (merged, bundles) => {
        options.store.load(loadedOf(bundles, merged.data), 'bundles');
        return null;
      },
      reading: (name) => readingOf(this.config, name, options.isV0),
      persistence: this.persistence(),
    });
  }

  /** Puts the copies of the last run in force. */
  async restore(): Promise<void> {
    const names = [...this.config.bundles.values()].filter(({ persist }) => persist).map(({ name }) => name);
    this.addStates();
    const { inForce, problems } = await this.policies.restore(names);
    for (const { name, error } of problems)
      this.options.onNotice(`a copy of the bundle ${name} was passed over: ${bundleFailure(error)}`);
    for (const [name, { manifest }] of Object.entries(inForce.bundles))
      this.states.get(name)?.activated(manifest.revision);
  }

  /** Another configuration before anything was begun. */
  prepare(config: PluginConfig): void {
    this.config = config;
  }

  start(clients: Clients): void {
    this.addStates();
    for (const [name, config] of this.config.bundles) {
      if (this.downloaders.has(name)) continue;
      const downloader = this.downloaderOf(config, clients);
      this.downloaders.set(name, downloader);
      downloader.start();
    }
  }

  /** Bundles that are gone from the configuration go out of force; those that changed are asked for anew. */
  async reconfigure(config: PluginConfig, clients: Clients): Promise<void> {
    const before = this.config;
    const isSame = (name: string): boolean => sameBundle(name, before, config);
    for (const [name, downloader] of this.downloaders) {
      if (isSame(name)) continue;
      this.downloaders.delete(name);
      await downloader.stop();
    }
    const gone = [...this.config.bundles.keys()].filter((name) => !config.bundles.has(name));
    this.config = config;
    for (const name of gone) this.states.delete(name);
    if (gone.length > 0) {
      const activation = await this.policies.activate(Object.fromEntries(gone.map((name) => [name, null])));
      if (!activation.ok)
        this.options.onNotice(
          `the bundles ${gone.join(', ')} stay in force, because others need them: ${bundleFailure(activation.error)}`,
        );
    }
    await this.restoreNew();
    this.start(clients);
  }

  /** Asks for all of them now. */
  async trigger(): Promise<void> {
    await Promise.all([...this.downloaders.values()].map((downloader) => downloader.once()));
  }

  async stop(): Promise<void> {
    const all = [...this.downloaders.values()];
    this.downloaders.clear();
    await Promise.all(all.map((downloader) => downloader.stop()));
  }

  /** Names of those that have never been in force. */
  get missing(): readonly string[] {
    return [...this.states.values()].filter(({ isActive }) => !isActive).map(({ name }) => name);
  }

  get inForce(): Bundles {
    return this.policies.inForce.bundles;
  }

  show(): Value {
    return Object.fromEntries([...this.states].map(([name, state]) => [name, state.show()]));
  }

  /** For counts: by name, whether the last attempt went well. */
  get all(): readonly BundleState[] {
    return [...this.states.values()];
  }

  private async restoreNew(): Promise<void> {
    const fresh = [...this.config.bundles.values()].filter(
      ({ name, persist }) => persist && !this.states.has(name),
    );
    this.addStates();
    if (fresh.length === 0) return;
    const { inForce } = await this.policies.restore(fresh.map(({ name }) => name));
    for (const { name } of fresh) {
      const bundle = inForce.bundles[name];
      if (bundle !== undefined) this.states.get(name)?.activated(bundle.manifest.revision);
    }
  }

  private addStates(): void {
    for (const name of this.config.bundles.keys())
      if (!this.states.has(name)) this.states.set(name, new BundleState(name, this.options.clock));
  }

  private downloaderOf(config: BundleConfig, clients: Clients): Downloader {
    const { clock, onNotice, onChange } = this.options;
    const { name, service } = config;
    const state = this.states.get(name) ?? new BundleState(name, clock);
    return new Downloader(config, service === null ? null : (clients.get(service) ?? null), clock, {
      take: async (download) => {
        const isTaken = await this.take(name, state, download);
        onChange();
        return isTaken;
      },
      fail: (error, tookMs) => {
        this.tell(state, error, (why) => onNotice(`the bundle ${name} was not loaded: ${why}`));
        state.failed(error, tookMs);
        onChange();
      },
    });
  }

  private async take(name: string, state: BundleState, download: Download): Promise<boolean> {
    const { onNotice } = this.options;
    state.answered(download);
    if (download.bytes === null) {
      state.unchanged();
      return true;
    }
    const activation = await this.policies.activate({ [name]: download.bytes });
    if (!activation.ok) {
      this.tell(state, activation.error, (why) =>
        onNotice(`the bundle ${name} was refused, what was in force stays: ${why}`),
      );
      state.refused(activation.error);
      return false;
    }
    state.activated(activation.inForce.bundles[name]?.manifest.revision ?? '');
    if ('notKept' in activation) {
      onNotice(
        `the bundle ${name} is in force, but no copy could be kept: ${bundleFailure(activation.notKept)}`,
      );
      state.refused(activation.notKept);
    }
    return true;
  }

  /** The same trouble is told once, not with every attempt. */
  private tell(state: BundleState, error: unknown, tell: (why: string) => void): void {
    const why = bundleFailure(error);
    if (state.message !== why) tell(why);
  }

  private persistence(): Persistence {
    const bundle = (name: string): BundleConfig | undefined => this.config.bundles.get(name);
    return filePersistence(
      this.config.persistenceDirectory,
      (name) => bundle(name)?.persist === true,
      (name) => defaultMaxBytes(bundle(name)?.sizeLimitBytes),
    );
  }
}

/** Would it be asked for and read as before? */
function sameBundle(name: string, a: PluginConfig, b: PluginConfig): boolean {
  const all = ({ bundles, services, keys }: PluginConfig): string => {
    const bundle = bundles.get(name);
    return JSON.stringify([bundle, services.get(bundle?.service ?? ''), keys]);
  };
  return all(a) === all(b);
}

export function readingOf(config: PluginConfig, name: string, isV0: boolean): ReadBundleOptions {
  const bundle = config.discovery?.name === name ? config.discovery : config.bundles.get(name);
  const verification = verificationOf(config, bundle);
  const size = bundle?.sizeLimitBytes;
  return {
    ...(verification === undefined ? {} : { verification }),
    ...(size === undefined
      ? {}
      : { limits: { archiveBytes: size, unpackedBytes: size * 4, fileBytes: size } }),
    ...(isV0 ? { dialect: 'v0' as const } : {}),
  };
}

function verificationOf({ keys }: PluginConfig, bundle: BundleConfig | undefined): Verification | undefined {
  if (bundle?.signing === undefined) return undefined;
  const { keyId, scope, exclude } = bundle.signing;
  return {
    keys,
    ...(keyId === undefined ? {} : { keyId }),
    ...(scope === undefined ? {} : { scope }),
    exclude,
  };
}
