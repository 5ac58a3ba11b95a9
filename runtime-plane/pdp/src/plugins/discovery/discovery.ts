/** A configuration that comes in a bundle. What this server was started with wins over it. */
import { type Bundle, readBundle } from '@chaperone/policy/bundle';
import {
  compile,
  type Host,
  isArray,
  isPlain,
  marshal,
  parseJson,
  type Json,
  type Value,
} from '@chaperone/rego';
import type { Clock } from '../clock.ts';
import { bundleFailure } from '../bundles/failure.ts';
import { type Download, Downloader } from '../bundles/download.ts';
import { defaultMaxBytes, filePersistence } from '../bundles/persist.ts';
import { readingOf } from '../bundles/set.ts';
import { BundleState } from '../bundles/state.ts';
import { type PluginConfig, parseConfig } from '../config/config.ts';
import { configError, type Plain } from '../config/fields.ts';
import type { DiscoveryConfig } from '../config/sections.ts';
import type { ServiceClient } from '../service/client.ts';

export type DiscoveryOptions = {
  readonly boot: PluginConfig;
  readonly config: DiscoveryConfig;
  readonly client: ServiceClient | null;
  readonly clock: Clock;
  readonly host: Host;
  readonly isV0: boolean;
  /** Takes the configuration over; throws when it cannot. */
  readonly apply: (config: PluginConfig) => Promise<void>;
  readonly onNotice: (line: string) => void;
  readonly onChange: () => void;
};

export class Discovery {
  readonly state: BundleState;
  private readonly options: DiscoveryOptions;
  private readonly downloader: Downloader;

  constructor(options: DiscoveryOptions) {
    const { config, client, clock } = options;
    this.options = options;
    this.state = new BundleState('discovery', clock);
    this.downloader = new Downloader(config, client, clock, {
      take: (download) => this.take(download),
      fail: (error, tookMs) => {
        this.tell(error);
        this.state.failed(error, tookMs);
        options.onChange();
      },
    });
  }

  /** The configuration of the last run; null when there is no copy that can be used. */
  async restore(): Promise<PluginConfig | null> {
    if (!this.options.config.persist) return null;
    for (const bytes of await this.persistence().load('discovery')) {
      try {
        const { bundle, config } = await this.read(bytes);
        this.state.activated(bundle.manifest.revision);
        return config;
      } catch (error) {
        this.tell(error);
      }
    }
    return null;
  }

  start(): void {
    this.downloader.start();
  }

  trigger(): Promise<boolean> {
    return this.downloader.once();
  }

  stop(): Promise<void> {
    return this.downloader.stop();
  }

  private async take(download: Download): Promise<boolean> {
    const { apply, onChange } = this.options;
    this.state.answered(download);
    if (download.bytes === null) {
      this.state.unchanged();
      onChange();
      return true;
    }
    try {
      const { bundle, config } = await this.read(download.bytes);
      await apply(config);
      this.state.activated(bundle.manifest.revision);
      await this.persistence().save('discovery', download.bytes);
      return true;
    } catch (error) {
      this.tell(error);
      this.state.refused(error);
      return false;
    } finally {
      onChange();
    }
  }

  private async read(bytes: Uint8Array): Promise<{ bundle: Bundle; config: PluginConfig }> {
    const { boot, config, host, isV0 } = this.options;
    const bundle = await readBundle(bytes, readingOf(boot, config.name, isV0));
    const found = decide(bundle, config.decision, host);
    const discovered = parseConfig(merge(found, boot.raw));
    refuseForbidden(boot, discovered);
    return { bundle, config: discovered };
  }

  private persistence(): ReturnType<typeof filePersistence> {
    const { boot, config } = this.options;
    return filePersistence(
      boot.persistenceDirectory,
      () => config.persist,
      () => defaultMaxBytes(config.sizeLimitBytes),
    );
  }

  private tell(error: unknown): void {
    const why = bundleFailure(error);
    if (this.state.message !== why)
      this.options.onNotice(
        `the discovered configuration was not taken over, what was in force stays: ${why}`,
      );
  }
}

/** The document in the bundle that is the configuration. */
function decide({ modules, data }: Bundle, decision: string, host: Host): Plain {
  const program = compile(modules, { data: data as Json, host });
  const path = decision === '' ? [] : decision.split('/');
  const value =
    path.length === 0 && modules.length === 0
      ? (data as Value)
      : program.has(decision)
        ? program.entrypoint(decision).value(undefined)
        : path.reduce<Value | undefined>(
            (at, name) => (isPlain(at) && Object.hasOwn(at, name) ? at[name] : undefined),
            data as Value,
          );
  if (value === undefined) throw configError(`the discovery document data.${path.join('.')} is undefined`);
  // Sets of a policy are lists in a configuration.
  const json = parseJson(marshal(value));
  if (!isPlain(json)) throw configError(`the discovery document data.${path.join('.')} is no object`);
  return json;
}

/** Objects member by member; otherwise what was given at the start wins. */
function merge(found: Plain, boot: Plain): Plain {
  const merged = Object.assign(Object.create(null) as Record<string, Value>, found);
  for (const [name, value] of Object.entries(boot)) {
    const before = Object.hasOwn(found, name) ? found[name] : undefined;
    merged[name] =
      isPlain(before) && isPlain(value)
        ? merge(before, value)
        : name === 'services' && isArray(before) !== isArray(value) && before !== undefined
          ? refuseMixed()
          : value;
  }
  return merged;
}

function refuseMixed(): never {
  throw configError('services must be an object in both configurations, or a list in both');
}

/** The way to the configuration must not be changed by it: nobody could mend that from afar. */
function refuseForbidden(boot: PluginConfig, found: PluginConfig): void {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (!same(boot.discovery, found.discovery))
    throw configError('updates to the discovery section are not allowed');
  const service = boot.discovery?.service ?? '';
  if (!same(boot.services.get(service), found.services.get(service)))
    throw configError('updates to the discovery service are not allowed');
  for (const [name, key] of Object.entries(boot.keys))
    if (!same(key, found.keys[name]))
      throw configError('updates to keys specified in the boot configuration are not allowed');
  if (boot.persistenceDirectory !== found.persistenceDirectory)
    throw configError('updates to persistence_directory are not allowed');
}
