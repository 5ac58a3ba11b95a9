/** The servers that bundles come from and reports go to, and how this one shows who it is. */
import { isArray, isPlain, type Value } from '@chaperone/rego';
import { configError, Fields } from './fields.ts';

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly scheme: string; readonly token: string }
  /** The file is read for each request: tokens in files are replaced while the server runs. */
  | { readonly kind: 'bearer_file'; readonly scheme: string; readonly path: string }
  | { readonly kind: 'client_tls'; readonly cert: string; readonly key: string; readonly passphrase?: string }
  | {
      readonly kind: 'oauth2';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scopes: readonly string[];
    };

export type ServiceConfig = {
  readonly name: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly headerTimeoutMs: number;
  readonly allowInsecureTls: boolean;
  /** File with PEM certificates. */
  readonly caCert?: string;
  readonly systemCa: boolean;
};

/** A list of services with names, or an object of services by name. Throws PdpError `config`. */
export function parseServices(
  value: Value | undefined,
  unknown: string[],
): ReadonlyMap<string, ServiceConfig> {
  const services = new Map<string, ServiceConfig>();
  if (value === undefined || value === null) return services;
  const named: [string | undefined, Value][] = isArray(value)
    ? value.map((one) => [undefined, one])
    : isPlain(value)
      ? Object.entries(value)
      : [];
  if (named.length === 0 && !isPlain(value) && !isArray(value))
    throw configError('services must be an object or a list');
  for (const [key, one] of named) {
    const service = parseService(key, one, unknown);
    services.set(service.name, service);
  }
  return services;
}

function parseService(key: string | undefined, value: Value, unknown: string[]): ServiceConfig {
  const fields = new Fields(value, `services.${key ?? '[]'}`, unknown);
  const name = fields.text('name') ?? key;
  if (name === undefined || name === '') throw configError('a service in the list services has no name');
  const url = fields.text('url');
  if (url === undefined || !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw configError(`service ${JSON.stringify(name)} needs a url that begins with http:// or https://`);
  const type = fields.text('type');
  if (type !== undefined && type !== '')
    throw configError(
      `service ${JSON.stringify(name)}: type ${type} is not supported; serve bundles over HTTP`,
    );
  const tls = fields.inner('tls');
  const caCert = tls.text('ca_cert');
  const systemCa = tls.flag('system_ca_required');
  tls.done();
  const service: ServiceConfig = {
    name,
    url: url.replace(/\/+$/, ''),
    headers: fields.textsByName('headers'),
    credentials: parseCredentials(fields.inner('credentials'), name),
    headerTimeoutMs: (fields.count('response_header_timeout_seconds', 1) ?? 10) * 1000,
    allowInsecureTls: fields.flag('allow_insecure_tls'),
    ...(caCert === undefined ? {} : { caCert }),
    systemCa,
  };
  fields.done();
  return service;
}

function parseCredentials(fields: Fields, service: string): Credentials {
  const kinds = ['bearer', 'client_tls', 'oauth2'].filter((kind) => fields.has(kind));
  for (const kind of ['s3_signing', 'gcp_metadata', 'azure_managed_identity', 'plugin'])
    if (fields.has(kind))
      throw configError(
        `service ${JSON.stringify(service)}: credentials of the kind ${kind} are not supported; use bearer, client_tls or oauth2`,
      );
  if (kinds.length > 1)
    throw configError(
      `service ${JSON.stringify(service)} has credentials of several kinds: ${kinds.join(', ')}`,
    );
  const [kind] = kinds;
  fields.done();
  if (kind === undefined) return { kind: 'none' };
  const inner = fields.inner(kind);
  const credentials =
    kind === 'bearer' ? bearer(inner) : kind === 'client_tls' ? clientTls(inner) : oauth2(inner);
  inner.done();
  return credentials;
}

function bearer(fields: Fields): Credentials {
  const scheme = fields.text('scheme') ?? 'Bearer';
  const [token, path] = [fields.text('token'), fields.text('token_path')];
  if ((token === undefined) === (path === undefined))
    throw configError(`${fields.where} needs token or token_path, and not both`);
  return path === undefined
    ? { kind: 'bearer', scheme, token: token ?? '' }
    : { kind: 'bearer_file', scheme, path };
}

function clientTls(fields: Fields): Credentials {
  const [cert, key] = [fields.text('cert'), fields.text('private_key')];
  if (cert === undefined || key === undefined)
    throw configError(`${fields.where} needs cert and private_key, both files`);
  const passphrase = fields.text('private_key_passphrase');
  // Files are read for every request, so there is no interval to wait for.
  fields.get('cert_reread_interval_seconds');
  return { kind: 'client_tls', cert, key, ...(passphrase === undefined ? {} : { passphrase }) };
}

function oauth2(fields: Fields): Credentials {
  const grant = fields.text('grant_type') ?? 'client_credentials';
  if (grant !== 'client_credentials')
    throw configError(`${fields.at('grant_type')} ${grant} is not supported; use client_credentials`);
  const [tokenUrl, clientId, clientSecret] = [
    fields.text('token_url'),
    fields.text('client_id'),
    fields.text('client_secret'),
  ];
  if (tokenUrl === undefined || clientId === undefined || clientSecret === undefined)
    throw configError(
      `${fields.where} needs token_url, client_id and client_secret; other ways are not supported`,
    );
  if (URL.parse(tokenUrl)?.protocol !== 'https:')
    throw configError(`${fields.at('token_url')} must use https`);
  return { kind: 'oauth2', tokenUrl, clientId, clientSecret, scopes: fields.texts('scopes') };
}
