/** The server as a whole: loads, listens, watches, stops. */
import { randomUUID } from 'node:crypto';
import type { Host } from '@chaperone/rego';
import type { Context } from './api/context.ts';
import type { Authentication } from './authz/identity.ts';
import { type Decisions, openDecisions } from './decisions/api.ts';
import type { DecisionOptions } from './decisions/options.ts';
import { PdpError } from './errors.ts';
import { BodyReader, type BodyLimits } from './http/body.ts';
import { dispatcher } from './http/dispatch.ts';
import { type ConnectionLimits, listen, type Listener, type Place } from './http/listen.ts';
import { type TlsFiles, tlsOptions } from './http/tls.ts';
import { type BundleReader, loadFiles, type LoadPaths } from './load/files.ts';
import { watchFiles } from './load/watch.ts';
import { Metrics } from './metrics/registry.ts';
import { type Clock, systemClock } from './plugins/clock.ts';
import { parseConfig, type PluginConfig } from './plugins/config/config.ts';
import { Plugins } from './plugins/plugins.ts';
import { ModulesRefused, StoreError } from './store/errors.ts';
import { Store } from './store/store.ts';

export type PdpOptions = LoadPaths & {
  readonly places: readonly Place[];
  readonly tls?: TlsFiles;
  readonly authentication: Authentication;
  readonly authorization: 'off' | 'basic';
  /** Refuse writes over HTTP. */
  readonly readOnly: boolean;
  /** Are policies in the syntax before Rego 1.0? */
  readonly isV0: boolean;
  readonly watch: boolean;
  readonly decisionIds: boolean;
  readonly limits: BodyLimits & ConnectionLimits;
  /** What `/v1/config` and provenance say. */
  readonly version: string;
  readonly host: Host;
  /** Absent: every question is answered as by the Open Policy Agent, and nothing is recorded. */
  readonly decisions?: DecisionOptions;
  readonly readBundle?: BundleReader;
  /** In the format of the Open Policy Agent. */
  readonly config?: PluginConfig;
  readonly clock?: Clock;
  /** Gets decision and status logs, a line of JSON each, when the configuration wants them on the console. */
  readonly onConsole?: (line: string) => void;
  /** Is told, in one line, what a person at the server should know. */
  readonly onNotice: (line: string) => void;
};

export const defaultLimits: BodyLimits & ConnectionLimits = {
  maxBytes: 32 * 1024 * 1024,
  maxGunzippedBytes: 64 * 1024 * 1024,
  maxPendingBytes: 256 * 1024 * 1024,
  maxConnections: 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 65_000,
  maxHeaderBytes: 64 * 1024,
};

export type Pdp = {
  readonly urls: readonly string[];
  /** How many modules were in force at the start. */
  readonly policies: number;
  /** Asks for all bundles and sends all reports once, now: what `trigger: manual` waits for. */
  trigger(): Promise<void>;
  /** Waits for answers under way, at most so long. */
  stop(graceMs: number): Promise<void>;
};

/** Throws PdpError. */
export async function startPdp(options: PdpOptions): Promise<Pdp> {
  const { tls, authentication, limits, onNotice } = options;
  if (authentication === 'tls' && tls?.ca === undefined)
    throw new PdpError(
      'bad_option',
      '--authentication tls needs --tls-cert-file, --tls-private-key-file and --tls-ca-cert-file',
    );
  const secure = tls === undefined ? undefined : tlsOptions(tls, authentication === 'tls');
  const dialect = options.isV0 ? 'v0' : 'v1';
  const config = options.config ?? parseConfig({});
  if (config.ignored.length > 0)
    onNotice(`the configuration has what means nothing here: ${config.ignored.join(', ')}`);
  const store = new Store({ host: options.host, dialect });
  const { host, version, isV0, clock = systemClock, onConsole = onNotice } = options;
  const plugins = new Plugins({ config, store, host, version, isV0, clock, onNotice, onConsole });
  const decisions = openDecisions(options, store);
  const reload = async (): Promise<void> => {
    const loaded = await loadFiles(options, dialect, options.readBundle);
    try {
      store.load(loaded, 'files');
      decisions?.desk.loaded();
    } catch (error) {
      throw error instanceof ModulesRefused || error instanceof StoreError
        ? new PdpError('refused', error.message, { cause: error })
        : error;
    }
  };
  await reload();
  await plugins.restore();
  decisions?.desk.begin();
  const listeners: Listener[] = [];
  const context = contextOf(options, store, plugins, listeners, decisions);
  const handler = dispatcher(context, options, (error) => {
    if (process.env['CHAPERONE_DEBUG'] === '1')
      onNotice(error instanceof Error ? (error.stack ?? '') : 'fault');
  });
  try {
    for (const place of options.places) listeners.push(await listen(place, handler, limits, secure));
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close(0)));
    decisions?.desk.close();
    throw error;
  }
  plugins.start();
  const watching = options.watch ? watchLoaded(options, reload, onNotice) : undefined;
  return {
    urls: listeners.map(({ url }) => url),
    policies: store.current().modules.size,
    trigger: () => plugins.trigger(),
    async stop(graceMs) {
      watching?.close();
      await Promise.all(listeners.map((listener) => listener.close(graceMs)));
      // Decisions of the last answers are to be told, too.
      await plugins.stop(Math.max(graceMs, leastGraceMs));
      decisions?.desk.close();
    },
  };
}

/** What a log service gets at the end, even when no answer is waited for. */
const leastGraceMs = 1000;

function contextOf(
  options: PdpOptions,
  store: Store,
  plugins: Plugins,
  listeners: readonly Listener[],
  decisions: Decisions | undefined,
): Context {
  const { config, version, host, decisionIds } = options;
  return {
    store,
    host,
    version,
    metrics: new Metrics(version),
    bodies: new BodyReader({
      ...options.limits,
      ...(config?.maxBytes === undefined ? {} : { maxBytes: config.maxBytes }),
      ...(config?.maxGunzippedBytes === undefined ? {} : { maxGunzippedBytes: config.maxGunzippedBytes }),
    }),
    plugins,
    get config() {
      return plugins.shownConfig();
    },
    get defaultDecision() {
      return plugins.defaultDecision;
    },
    get authorizationDecision() {
      return plugins.authorizationDecision;
    },
    get newDecisionId() {
      return decisionIds || plugins.logs ? randomUUID : undefined;
    },
    decisions,
    openConnections: async () => {
      const counts = await Promise.all(listeners.map((listener) => listener.connections()));
      return counts.reduce((sum, one) => sum + one, 0);
    },
  };
}

function watchLoaded(
  { policies, data }: LoadPaths,
  reload: () => Promise<void>,
  onNotice: (line: string) => void,
): { close(): void } {
  // One load after the other: an older one that ends later would undo a newer one.
  let last: Promise<void> = Promise.resolve();
  const again = (): Promise<void> =>
    reload().then(
      () => onNotice('loaded again after a change'),
      (error: unknown) => {
        const why = error instanceof Error ? error.message : 'unknown error';
        onNotice(`not loaded again, what was in force stays: ${why}`);
      },
    );
  return watchFiles(
    [...policies, ...data],
    () => {
      last = last.then(again);
    },
    (file) => onNotice(`${file} can be watched no longer; changes to it are not seen`),
  );
}
