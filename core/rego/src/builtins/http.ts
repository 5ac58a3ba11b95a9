import type { Answer } from '../external.ts';
import type { HttpCaching, HttpClient, HttpRequest, HttpResponse, Secret } from '../host.ts';
import { display, marshal, parseJson } from '../json.ts';
import {
  isArray,
  isNumber,
  isObject,
  objectEntries,
  objectFrom,
  objectGet,
  RegoSet,
  typeName,
} from '../values.ts';
import type { Plain, RegoObject, Value } from '../values.ts';
import { integer } from './numbers.ts';
import { parseDuration } from './time.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

const DEFAULT_TIMEOUT_MS = 5000;
/** A retry waits up to a minute, so more than this many never end before a deadline. */
const MAX_RETRIES = 100;

const TEXTS = [
  'method',
  'url',
  'raw_body',
  'tls_ca_cert',
  'tls_ca_cert_file',
  'tls_ca_cert_env_variable',
  'tls_client_cert',
  'tls_client_cert_file',
  'tls_client_cert_env_variable',
  'tls_client_key',
  'tls_client_key_file',
  'tls_client_key_env_variable',
  'tls_server_name',
] as const;

const FLAGS = [
  'cache',
  'enable_redirect',
  'force_cache',
  'force_json_decode',
  'force_yaml_decode',
  'raise_error',
  'tls_insecure_skip_verify',
  'tls_use_system_certs',
] as const;

/** Everything that a request of `http.send` may say. */
export const REQUEST_FIELDS: ReadonlySet<Value> = new Set([
  ...TEXTS,
  ...FLAGS,
  'body',
  'headers',
  'timeout',
  'force_cache_duration_seconds',
  'caching_mode',
  'max_retry_attempts',
  'cache_ignored_headers',
]);

/** The request is not in form; nothing was sent. */
class RequestError extends Error {
  /** The operand as a whole is wrong, which OPA counts as a type error. */
  readonly ofOperand: boolean;

  constructor(message: string, ofOperand = false) {
    super(message);
    this.ofOperand = ofOperand;
  }
}

type Params = Plain | RegoObject;

function checkFields(params: Params): void {
  const unknown = objectEntries(params).filter(([k]) => typeof k !== 'string' || !REQUEST_FIELDS.has(k));
  if (unknown.length > 0)
    throw new RequestError(
      `invalid request parameters(s): ${display(RegoSet.of(unknown.map(([k]) => k)))}`,
      true,
    );
  const missing = ['method', 'url'].filter((k) => objectGet(params, k) === undefined);
  if (missing.length > 0)
    throw new RequestError(`missing required request parameters(s): ${display(RegoSet.of(missing))}`, true);
}

function text(params: Params, field: (typeof TEXTS)[number]): string {
  const v = objectGet(params, field) ?? '';
  if (typeof v !== 'string') throw new RequestError(`"${field}" must be a string`);
  // As in OPA, quotes around a text do not count.
  return v.replaceAll(/^"+|"+$/g, '');
}

function flag(params: Params, field: (typeof FLAGS)[number]): boolean {
  const v = objectGet(params, field) ?? false;
  if (typeof v !== 'boolean') throw new RequestError(`invalid value for "${field}" field`);
  return v;
}

function count(params: Params, field: string): number | undefined {
  const v = objectGet(params, field);
  if (v === undefined) return undefined;
  const n = integer(v);
  if (n === undefined || n < 0n || n > 2n ** 31n - 1n)
    throw new RequestError(`invalid value ${display(v)} for field "${field}"`);
  return Number(n);
}

/** Nanoseconds as a number or text of one, or a duration as Go writes it. */
function timeoutMs(v: Value | undefined): number {
  if (v === undefined) return DEFAULT_TIMEOUT_MS;
  if (typeof v !== 'string' && !isNumber(v))
    throw new RequestError(`'timeout' must be one of {string, number} but got ${typeName(v)}`, true);
  const isDuration = typeof v === 'string' && !/^-?\d+$/.test(v);
  const ns = isDuration ? parseDuration(v) : v;
  if (isDuration && typeof ns === 'string')
    throw new RequestError(`invalid timeout value ${display(v, false)}`);
  const whole = typeof ns === 'string' ? BigInt(ns) : integer(ns);
  if (whole === undefined)
    throw new RequestError(`invalid timeout number value ${display(v)}, must be int64`);
  return Number(whole) / 1e6;
}

function headersOf(params: Params): Record<string, string> {
  const v = objectGet(params, 'headers');
  const out: Record<string, string> = Object.create(null) as Record<string, string>;
  if (v === undefined) return out;
  if (!isObject(v)) throw new RequestError('invalid type for headers key');
  for (const [k, value] of objectEntries(v)) {
    if (typeof value !== 'string')
      throw new RequestError(`invalid type for headers value ${display(value, false)}`);
    out[typeof k === 'string' ? k : display(k)] = value;
  }
  return out;
}

function caching(params: Params): HttpCaching | null {
  const forced = flag(params, 'force_cache');
  const seconds = count(params, 'force_cache_duration_seconds');
  if (forced && seconds === undefined)
    throw new RequestError("'force_cache' set but 'force_cache_duration_seconds' parameter is missing");
  const mode = objectGet(params, 'caching_mode') ?? 'serialized';
  if (mode !== 'serialized' && mode !== 'deserialized')
    throw new RequestError(`invalid value specified for caching_mode field: ${display(mode, false)}`);
  const ignored = objectGet(params, 'cache_ignored_headers') ?? [];
  if (!isArray(ignored) || !ignored.every((item) => typeof item === 'string'))
    throw new RequestError('cache_ignored_headers must be an array of strings');
  if (!forced && !flag(params, 'cache')) return null;
  return { lifetime: forced ? (seconds ?? 0) : 'headers', ignoredHeaders: ignored };
}

type Owner = 'tls_ca_cert' | 'tls_client_cert' | 'tls_client_key';

function secret(params: Params, field: Owner): Secret {
  return {
    text: text(params, field),
    file: text(params, `${field}_file`),
    env: text(params, `${field}_env_variable`),
  };
}

function requestOf(params: Params): HttpRequest {
  checkFields(params);
  for (const field of TEXTS) text(params, field);
  for (const field of FLAGS) flag(params, field);
  const body = objectGet(params, 'body');
  const raw = objectGet(params, 'raw_body');
  return {
    method: text(params, 'method').toUpperCase(),
    url: text(params, 'url'),
    headers: headersOf(params),
    body: raw !== undefined ? text(params, 'raw_body') : body === undefined ? null : marshal(body),
    followRedirects: flag(params, 'enable_redirect'),
    timeoutMs: timeoutMs(objectGet(params, 'timeout')),
    retries: Math.min(count(params, 'max_retry_attempts') ?? 0, MAX_RETRIES),
    tls: {
      useSystemCerts: flag(params, 'tls_use_system_certs'),
      insecureSkipVerify: flag(params, 'tls_insecure_skip_verify'),
      serverName: text(params, 'tls_server_name'),
      caCert: secret(params, 'tls_ca_cert'),
      clientCert: secret(params, 'tls_client_cert'),
      clientKey: secret(params, 'tls_client_key'),
    },
    cache: caching(params),
  };
}

/** How a body is read: as JSON or YAML when the policy or the response says so, otherwise not at all. */
interface Decoding {
  readonly json: boolean;
  readonly yaml: boolean;
  readonly parseYaml: (text: string) => Value | undefined;
}

function bodyOf(response: HttpResponse, raw: string, decoding: Decoding): Value {
  const type = (response.headers['content-type']?.[0] ?? '').toLowerCase();
  if (decoding.json || /^\s*application\/(?:[^;/\s]+\+)?json\s*(?:;|$)/.test(type))
    return parseJson(raw) ?? null;
  if (decoding.yaml || /application\/(?:x-)?yaml/.test(type)) return decoding.parseYaml(raw) ?? null;
  return null;
}

function resultOf(response: HttpResponse, decoding: Decoding): Value {
  const raw = new TextDecoder('utf-8', { ignoreBOM: true }).decode(response.body);
  return objectFrom([
    ['status', response.status],
    ['status_code', response.statusCode],
    ['body', bodyOf(response, raw, decoding)],
    ['raw_body', raw],
    ['headers', objectFrom(Object.entries(response.headers))],
  ]);
}

function failure(
  code: 'eval_http_send_internal_error' | 'eval_http_send_network_error',
  message: string,
): Value {
  return objectFrom([
    ['status_code', 0],
    ['error', objectFrom(Object.entries({ code, message }))],
  ]);
}

async function send(
  client: HttpClient,
  request: HttpRequest,
  decoding: Decoding,
  deadline: AbortSignal,
): Promise<Answer> {
  try {
    return { ok: true, value: resultOf(await client(request, deadline), decoding) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : 'request failed' };
  }
}

/** `http.send`, when the host has a client. */
export function httpBuiltins(
  ctx: BuiltinContext,
  parseYaml: (text: string) => Value | undefined,
): BuiltinTable {
  const { http } = ctx.host;
  if (http === undefined) return {};
  const fn = (params?: Value): Value | undefined => {
    if (params === undefined || !isObject(params)) return ctx.fail.type(1, 'object', params);
    const raise = objectGet(params, 'raise_error') ?? true;
    if (typeof raise !== 'boolean') return ctx.fail.error('invalid value for raise_error field');
    let request: HttpRequest;
    try {
      request = requestOf(params);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (!raise) return failure('eval_http_send_internal_error', `http.send: ${error.message}`);
      return error.ofOperand ? ctx.fail.operand(1, error.message) : ctx.fail.error(error.message);
    }
    const decoding = {
      json: flag(params, 'force_json_decode'),
      yaml: flag(params, 'force_yaml_decode'),
      parseYaml,
    };
    const answer = ctx.ask('http.send', params, (deadline) => send(http, request, decoding, deadline));
    if (answer.ok) {
      ctx.charge(sizeOf(answer.value) >> 6);
      return answer.value;
    }
    return raise ? ctx.fail.error(answer.why) : failure('eval_http_send_network_error', answer.why);
  };
  return { 'http.send': { arity: 1, fn } };
}

function sizeOf(result: Value): number {
  const raw = isObject(result) ? objectGet(result, 'raw_body') : undefined;
  return typeof raw === 'string' ? raw.length : 0;
}
