/** The server as a whole: loads, listens, watches, stops. */
import { randomUUID } from 'node:crypto';
import type { Host } from '@chaperone/rego';
import type { Context } from './api/context.ts';
import type { Authentication } from './authz/identity.ts';
import { PdpError } from './errors.ts';
import { BodyReader, type BodyLimits } from './http/body.ts';
import { dispatcher } from './http/dispatch.ts';
import { type ConnectionLimits, listen, type Listener, type Place } from './http/listen.ts';
import { type TlsFiles, tlsOptions } from './http/tls.ts';
import { type BundleReader, loadFiles, type LoadPaths } from './load/files.ts';
import { watchFiles } from './load/watch.ts';
import { Metrics } from './metrics/registry.ts';
import { ModulesRefused } from './store/errors.ts';
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
  readonly readBundle?: BundleReader;
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
  const store = new Store({ host: options.host, dialect });
  const reload = async (): Promise<void> => {
    const loaded = await loadFiles(options, dialect, options.readBundle);
    try {
      store.load(loaded);
    } catch (error) {
      throw error instanceof ModulesRefused
        ? new PdpError('refused', error.message, { cause: error })
        : error;
    }
  };
  await reload();
  const listeners: Listener[] = [];
  const context = contextOf(options, store, listeners);
  const handler = dispatcher(context, options, (error) => {
    if (process.env['CHAPERONE_DEBUG'] === '1')
      onNotice(error instanceof Error ? (error.stack ?? '') : 'fault');
  });
  try {
    for (const place of options.places) listeners.push(await listen(place, handler, limits, secure));
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close(0)));
    throw error;
  }
  const watching = options.watch ? watchLoaded(options, reload, onNotice) : undefined;
  return {
    urls: listeners.map(({ url }) => url),
    policies: store.current().modules.size,
    async stop(graceMs) {
      watching?.close();
      await Promise.all(listeners.map((listener) => listener.close(graceMs)));
    },
  };
}

function contextOf(options: PdpOptions, store: Store, listeners: readonly Listener[]): Context {
  const { limits, version, host, decisionIds } = options;
  return {
    store,
    host,
    version,
    metrics: new Metrics(version),
    bodies: new BodyReader(limits),
    config: {
      default_authorization_decision: '/system/authz/allow',
      default_decision: '/system/main',
      labels: { id: randomUUID(), version },
    },
    defaultDecision: 'system/main',
    authorizationDecision: 'system/authz/allow',
    newDecisionId: decisionIds ? () => randomUUID() : undefined,
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
