/** Sections of the configuration that name a service: bundles, discovery, decision logs, status. */
import type { VerificationKey } from '@chaperone/policy/bundle';
import { configError, type Fields } from './fields.ts';
import type { ServiceConfig } from './services.ts';

export type Trigger = 'periodic' | 'manual' | 'immediate';

export type Polling = {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  readonly longPollingSeconds?: number;
};

export type SigningConfig = {
  readonly keyId?: string;
  readonly scope?: string;
  readonly exclude: readonly string[];
};

export type BundleConfig = {
  readonly name: string;
  /** Null for a file. */
  readonly service: string | null;
  /** Below the service's URL, or the path of a file. */
  readonly resource: string;
  readonly polling: Polling;
  readonly trigger: Trigger;
  readonly persist: boolean;
  readonly signing?: SigningConfig;
  readonly sizeLimitBytes?: number;
};

export type DiscoveryConfig = BundleConfig & {
  /** Slash-separated path in the bundle's data; empty for all of it. */
  readonly decision: string;
};

export type LogsConfig = {
  readonly service: string | null;
  readonly resource: string;
  readonly console: boolean;
  readonly trigger: Trigger;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** Of a gzipped chunk. */
  readonly uploadLimitBytes: number;
  readonly bufferLimitBytes: number;
  readonly bufferLimitEvents: number;
  readonly maxPerSecond?: number;
  /** Slash-separated. */
  readonly maskDecision: string;
  readonly dropDecision: string;
  /** Headers of the request that the event shows, in lower case. */
  readonly headers: readonly string[];
};

export type StatusConfig = {
  readonly service: string | null;
  readonly resource: string;
  readonly console: boolean;
  readonly trigger: Trigger;
};

export type Known = {
  readonly services: ReadonlyMap<string, ServiceConfig>;
  readonly keys: Readonly<Record<string, VerificationKey>>;
};

export function parseBundle(name: string, fields: Fields, known: Known): BundleConfig {
  const wrong = (why: string): Error =>
    configError(`invalid configuration for ${titleOf(fields, name)}: ${why}`);
  const resource = fields.text('resource');
  const isFile = resource?.startsWith('file://') === true;
  const service = isFile
    ? null
    : serviceOf(fields, known, (given) => wrong(`service name ${given} not found`));
  if (!isFile && service === null) throw wrong('no service is configured for it');
  const sizeLimitBytes = fields.count('size_limit_bytes', 1);
  const signing = parseSigning(fields, known, wrong);
  const bundle: BundleConfig = {
    name,
    service,
    resource: isFile ? fileOf(resource ?? '', wrong) : (resource ?? `bundles/${name}`).replace(/^\/+/, ''),
    polling: parsePolling(fields.inner('polling'), [60, 120], wrong),
    trigger: parseTrigger(fields, wrong, ['periodic', 'manual']),
    persist: fields.flag('persist'),
    ...(signing === undefined ? {} : { signing }),
    ...(sizeLimitBytes === undefined ? {} : { sizeLimitBytes }),
  };
  fields.done();
  return bundle;
}

function titleOf(fields: Fields, name: string): string {
  return fields.where === 'discovery' ? 'discovery' : `bundle ${JSON.stringify(name)}`;
}

export function parseDiscovery(fields: Fields, known: Known): DiscoveryConfig {
  const name = fields.text('name');
  if (!fields.has('resource') && name === undefined)
    throw configError('missing required discovery.resource field');
  const decision = slashed(fields.text('decision') ?? '');
  // A bundle's members are read last: it tells what it does not know.
  return { ...parseBundle(name ?? 'discovery', fields, known), decision };
}

export function parseLogs(fields: Fields, known: Known): LogsConfig {
  const wrong = (why: string): Error => configError(`${why} in decision_logs`);
  if (fields.has('plugin'))
    throw wrong('plugins are not supported: use service or console instead of plugin');
  const service = serviceOf(fields, known, (given) => wrong(`invalid service name ${given}`));
  const reporting = fields.inner('reporting');
  const type = reporting.text('buffer_type') ?? 'size';
  if (type !== 'size' && type !== 'event')
    throw configError(`invalid buffer type ${JSON.stringify(type)}, expected "event" or "size"`);
  const events = reporting.count('buffer_size_limit_events', 1);
  const maxPerSecond = reporting.count('max_decisions_per_second', 1);
  const { minDelayMs, maxDelayMs } = parseDelays(reporting, [300, 600], wrong);
  const context = fields.inner('request_context').inner('http');
  const logs: LogsConfig = {
    service,
    resource: resourceOf(fields, 'logs'),
    console: fields.flag('console'),
    trigger: parseTrigger(reporting, wrong, ['periodic', 'manual', 'immediate']),
    minDelayMs,
    maxDelayMs,
    uploadLimitBytes: reporting.count('upload_size_limit_bytes', 90) ?? 32_768,
    bufferLimitBytes: reporting.count('buffer_size_limit_bytes', 1) ?? 64 * 1024 * 1024,
    bufferLimitEvents: type === 'event' ? (events ?? 10_000) : Infinity,
    ...(maxPerSecond === undefined ? {} : { maxPerSecond }),
    maskDecision: slashed(fields.text('mask_decision') ?? 'system/log/mask'),
    dropDecision: slashed(fields.text('drop_decision') ?? 'system/log/drop'),
    headers: context.texts('headers').map((name) => name.toLowerCase()),
  };
  context.done();
  reporting.done();
  fields.done();
  return logs;
}

export function parseStatus(fields: Fields, known: Known): StatusConfig {
  const wrong = (why: string): Error => configError(`${why} in status`);
  if (fields.has('plugin'))
    throw wrong('plugins are not supported: use service or console instead of plugin');
  // `/metrics` has the counts of bundles and logs whether it is asked for here or not.
  fields.flag('prometheus');
  const status: StatusConfig = {
    service: serviceOf(fields, known, (given) => wrong(`invalid service name ${given}`)),
    resource: resourceOf(fields, 'status'),
    console: fields.flag('console'),
    trigger: parseTrigger(fields, wrong, ['periodic', 'manual']),
  };
  fields.done();
  return status;
}

/** The one that is named; without a name the only one there is; null when there is none to take. */
function serviceOf(fields: Fields, { services }: Known, missing: (given: string) => Error): string | null {
  const given = fields.text('service');
  if (given !== undefined) {
    if (!services.has(given)) throw missing(JSON.stringify(given));
    return given;
  }
  const [only] = services.keys();
  if (fields.where === 'decision_logs' && fields.get('console') === true) return null;
  if (fields.where === 'status' && fields.get('console') === true) return null;
  return services.size === 1 && only !== undefined ? only : null;
}

function resourceOf(fields: Fields, base: string): string {
  const partition = fields.text('partition_name');
  const given = fields.text('resource');
  if (given !== undefined) return given.replace(/^\/+/, '');
  return partition === undefined || partition === '' ? base : `${base}/${partition}`;
}

function parseSigning(
  fields: Fields,
  { keys }: Known,
  wrong: (why: string) => Error,
): SigningConfig | undefined {
  if (!fields.has('signing')) return undefined;
  const signing = fields.inner('signing');
  const keyId = signing.text('keyid');
  if (keyId !== undefined && !Object.hasOwn(keys, keyId)) throw wrong(`key id ${keyId} not found`);
  const scope = signing.text('scope');
  const exclude = signing.texts('exclude_files');
  signing.done();
  return { ...(keyId === undefined ? {} : { keyId }), ...(scope === undefined ? {} : { scope }), exclude };
}

function parsePolling(
  fields: Fields,
  defaults: readonly [number, number],
  wrong: (why: string) => Error,
): Polling {
  const delays = parseDelays(fields, defaults, wrong);
  const seconds = fields.count('long_polling_timeout_seconds');
  if (seconds === 0) throw wrong("'long_polling_timeout_seconds' must be at least 1");
  fields.done();
  return { ...delays, ...(seconds === undefined ? {} : { longPollingSeconds: seconds }) };
}

function parseDelays(
  fields: Fields,
  [min, max]: readonly [number, number],
  wrong: (why: string) => Error,
): { readonly minDelayMs: number; readonly maxDelayMs: number } {
  const [least, most] = [fields.count('min_delay_seconds'), fields.count('max_delay_seconds')];
  if (least === undefined && most !== undefined)
    throw wrong("polling configuration missing 'min_delay_seconds'");
  if (least !== undefined && most === undefined)
    throw wrong("polling configuration missing 'max_delay_seconds'");
  if ((most ?? max) < (least ?? min)) throw wrong('max polling delay must be >= min polling delay');
  // A service that is asked without a pause helps nobody.
  return { minDelayMs: Math.max(least ?? min, 0.1) * 1000, maxDelayMs: Math.max(most ?? max, 0.1) * 1000 };
}

function parseTrigger(fields: Fields, wrong: (why: string) => Error, modes: readonly Trigger[]): Trigger {
  const given = fields.text('trigger') ?? 'periodic';
  const mode = modes.find((one) => one === given);
  if (mode === undefined)
    throw wrong(
      `invalid trigger mode ${JSON.stringify(given)} (want ${modes.map((one) => `"${one}"`).join(' or ')})`,
    );
  return mode;
}

function fileOf(resource: string, wrong: (why: string) => Error): string {
  const url = URL.parse(resource);
  if (url === null || url.host !== '') throw wrong(`${resource} is no file; write file:///PATH`);
  return decodeURIComponent(url.pathname);
}

/** Without slashes at either end. */
export function slashed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
