/** The configuration as the server uses it, in the format of the Open Policy Agent. */
import { readFileSync } from 'node:fs';
import {
  BundleError,
  parseSignatureAlgorithm,
  type Verification,
  type VerificationKey,
} from '@chaperone/policy/bundle';
import { configError, Fields, type Plain } from './fields.ts';
import {
  type BundleConfig,
  type DiscoveryConfig,
  type LogsConfig,
  parseBundle,
  parseDiscovery,
  parseLogs,
  parseStatus,
  slashed,
  type StatusConfig,
} from './sections.ts';
import { parseServices, type ServiceConfig } from './services.ts';

export type PluginConfig = {
  /** As it was given. */
  readonly raw: Plain;
  readonly labels: Readonly<Record<string, string>>;
  /** Slash-separated, without slashes at the ends. */
  readonly defaultDecision: string;
  readonly authorizationDecision: string;
  readonly services: ReadonlyMap<string, ServiceConfig>;
  readonly keys: Readonly<Record<string, VerificationKey>>;
  readonly bundles: ReadonlyMap<string, BundleConfig>;
  readonly decisionLogs: LogsConfig | null;
  readonly status: StatusConfig | null;
  readonly discovery: DiscoveryConfig | null;
  readonly persistenceDirectory: string;
  /** Of bodies; those of the command line when absent. */
  readonly maxBytes?: number;
  readonly maxGunzippedBytes?: number;
  /** Another engine that decides; see `DecisionOptions.engine`. */
  readonly engine?: { readonly url: string; readonly deadlineMs?: number };
  /** Members that mean nothing here, by their paths. */
  readonly ignored: readonly string[];
};

/** Throws PdpError `config`. */
export function parseConfig(raw: Plain): PluginConfig {
  const ignored: string[] = [];
  const fields = new Fields(raw, '', ignored);
  const services = parseServices(fields.get('services'), ignored);
  const keys = parseKeys(fields, ignored);
  const known = { services, keys };
  const bundles = new Map(
    fields
      .entries('bundles')
      .map(([name, value]) => [
        name,
        parseBundle(name, new Fields(value, `bundles.${name}`, ignored), known),
      ]),
  );
  if (fields.has('bundle'))
    throw configError('the section bundle is not supported; write bundles: {NAME: {service, resource}}');
  const server = fields.inner('server');
  const decoding = server.inner('decoding');
  const maxBytes = decoding.count('max_length', 1);
  const gzip = decoding.inner('gzip');
  const maxGunzippedBytes = gzip.count('max_length', 1);
  gzip.done();
  decoding.done();
  server.done();
  const config: PluginConfig = {
    raw,
    labels: fields.textsByName('labels'),
    defaultDecision: decisionOf(fields, 'default_decision', 'system/main'),
    authorizationDecision: decisionOf(fields, 'default_authorization_decision', 'system/authz/allow'),
    services,
    keys,
    bundles,
    decisionLogs: fields.has('decision_logs') ? parseLogs(fields.inner('decision_logs'), known) : null,
    status: fields.has('status') ? parseStatus(fields.inner('status'), known) : null,
    discovery: fields.has('discovery') ? parseDiscovery(fields.inner('discovery'), known) : null,
    persistenceDirectory: fields.text('persistence_directory') ?? '.opa',
    ...engineOf(fields),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(maxGunzippedBytes === undefined ? {} : { maxGunzippedBytes }),
    ignored,
  };
  if (fields.flag('nd_builtin_cache')) ignored.push('nd_builtin_cache');
  fields.done();
  return config;
}

/** `engine: opa` with `engine_url`: a configuration that names one and is not understood must not be answered by our own. */
function engineOf(fields: Fields): Pick<PluginConfig, 'engine'> {
  const engine = fields.text('engine') ?? 'own';
  const url = fields.text('engine_url');
  const deadlineMs = fields.count('engine_timeout_ms', 1);
  if (engine !== 'own' && engine !== 'opa') throw configError('engine must be own or opa');
  if ((engine === 'opa') !== (url !== undefined))
    throw configError('engine: opa and engine_url go together: name both or none');
  if (url === undefined) {
    if (deadlineMs !== undefined) throw configError('engine_timeout_ms needs engine: opa');
    return {};
  }
  return { engine: { url, ...(deadlineMs === undefined ? {} : { deadlineMs }) } };
}

function decisionOf(fields: Fields, name: string, fallback: string): string {
  const value = fields.get(name);
  if (value !== undefined && typeof value !== 'string') throw configError(`${name} must be a string`);
  return slashed(value ?? fallback);
}

/** `key` is PEM, a secret, or the path of a file with one. */
function parseKeys(fields: Fields, ignored: string[]): Readonly<Record<string, VerificationKey>> {
  return Object.fromEntries(
    fields.entries('keys').map(([name, value]) => {
      const inner = new Fields(value, `keys.${name}`, ignored);
      const key = inner.text('key');
      const scope = inner.text('scope');
      // Only what signs needs the private key; nothing is signed here.
      inner.get('private_key');
      if (key === undefined || key === '') throw configError(`keys.${name} needs key`);
      try {
        const algorithm = parseSignatureAlgorithm(inner.text('algorithm') ?? 'RS256');
        inner.done();
        return [name, { key: fileOr(key), algorithm, ...(scope === undefined ? {} : { scope }) }];
      } catch (error) {
        throw error instanceof BundleError ? configError(`keys.${name}: ${error.message}`) : error;
      }
    }),
  );
}

/** One key of the command line. Throws PdpError `config`. */
export function verificationOf({
  key,
  algorithm,
  scope,
}: {
  readonly key: string;
  readonly algorithm: string;
  readonly scope: string | undefined;
}): Verification {
  try {
    const parsed = { key: fileOr(key), algorithm: parseSignatureAlgorithm(algorithm) };
    return { keys: { default: parsed }, keyId: 'default', ...(scope === undefined ? {} : { scope }) };
  } catch (error) {
    throw error instanceof BundleError ? configError(`--verification-alg: ${error.message}`) : error;
  }
}

/** The content of the file that the text names, or the text itself. */
function fileOr(text: string): string {
  if (text.includes('\n') || text.length > 4096) return text;
  try {
    return readFileSync(text, 'utf8').trimEnd();
  } catch {
    // The name of a file that is not there would be a secret that everybody can guess.
    if (/^\.{0,2}\//.test(text)) throw configError(`the key file ${text} cannot be read`);
    return text;
  }
}
