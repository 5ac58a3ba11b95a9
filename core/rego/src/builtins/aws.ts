import { REQUEST_FIELDS } from './http.ts';
import { integerOf } from '../decimal.ts';
import { hex, utf8 } from '../crypto/bytes.ts';
import type { HostCrypto } from '../host-crypto.ts';
import { display, marshal } from '../json.ts';
import {
  compareStrings,
  isNumber,
  isObject,
  objectEntries,
  objectFrom,
  objectGet,
  objectKeys,
  RegoSet,
} from '../values.ts';
import type { Plain, RegoObject, Value } from '../values.ts';
import { escapedPath, parseUrl } from '../go-url.ts';
import { guard } from './guard.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

type Dictionary = Plain | RegoObject;

const REQUIRED = ['aws_service', 'aws_access_key', 'aws_secret_access_key', 'aws_region'];

/** Proxies may change these, so they are not signed. */
const UNSIGNED: ReadonlySet<string> = new Set(['authorization', 'user-agent', 'x-amzn-trace-id']);

const named = (names: readonly Value[]): string => display(RegoSet.of(names));
const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

/** What goes into a signature. */
interface Signing {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  readonly config: Dictionary;
  readonly unsignedPayload: boolean;
  /** `YYYYMMDDTHHMMSSZ` */
  readonly at: string;
}

/** Signs requests to Amazon Web Services (Signature Version 4, in headers). */
export function awsBuiltins(ctx: BuiltinContext, crypto: HostCrypto): BuiltinTable {
  const { run, pay } = guard(ctx);
  const { fail } = ctx;

  const signReq = (
    request: Value | undefined,
    config: Value | undefined,
    time: Value | undefined,
  ): Value | undefined => {
    if (request === undefined || !isObject(request)) return fail.type(1, 'object', request);
    if (config === undefined || !isObject(config)) return fail.type(1, 'object', config);
    const missing = REQUIRED.filter((name) => objectGet(config, name) === undefined);
    if (missing.length > 0)
      return fail.operand(2, `missing required AWS config parameters(s): ${named(missing)}`);
    const wrong = REQUIRED.filter((name) => typeof objectGet(config, name) !== 'string');
    if (wrong.length > 0)
      return fail.operand(2, `invalid values for required AWS config parameters(s): ${named(wrong)}`);
    if (!isNumber(time)) return fail.type(1, 'number', time);
    const whole = integerOf(time) ?? 2n ** 64n;
    if (whole < -(2n ** 63n) || whole >= 2n ** 63n)
      return fail.operand(3, 'could not convert time_ns value into a unix timestamp');
    const refused = refuseRequest(ctx, request);
    if (refused !== null) return refused;
    const unsigned = objectGet(config, 'disable_payload_signing') ?? false;
    if (typeof unsigned !== 'boolean')
      return fail.operand(2, "invalid value for 'disable_payload_signing' in AWS config");
    return run(() => {
      const given = objectGet(request, 'headers');
      const headers = new Map(
        (given !== undefined && isObject(given) ? objectEntries(given) : []).map(([k, v]) => [
          textOf(k),
          textOf(v),
        ]),
      );
      const added = signatureHeaders(crypto, {
        method: textOf(objectGet(request, 'method')),
        url: textOf(objectGet(request, 'url')),
        headers,
        body: utf8(pay(bodyOf(request))),
        config,
        unsignedPayload: unsigned,
        at: timestamp(whole),
      });
      const all = objectFrom([...headers, ...added]);
      return objectFrom([...objectEntries(request).filter(([k]) => k !== 'headers'), ['headers', all]]);
    });
  };
  return { 'providers.aws.sign_req': { arity: 3, fn: signReq } };
}

/** Says what is wrong with a request; null when nothing is. */
function refuseRequest({ fail }: BuiltinContext, request: Dictionary): undefined | null {
  const unknown = objectKeys(request).filter((key) => !REQUEST_FIELDS.has(key));
  if (unknown.length > 0) return fail.operand(1, `invalid request parameters(s): ${named(unknown)}`);
  const required = ['method', 'url'];
  const missing = required.filter((name) => objectGet(request, name) === undefined);
  if (missing.length > 0) return fail.operand(1, `missing required request parameters(s): ${named(missing)}`);
  const headers = objectGet(request, 'headers');
  if (headers !== undefined && !isObject(headers)) return fail.type(0, 'object', headers);
  const wrong = required.filter((name) => typeof objectGet(request, name) !== 'string');
  if (wrong.length === 0) return null;
  return fail.operand(1, `invalid values for required request parameters(s): ${named(wrong)}`);
}

/** The raw body wins over the one that becomes JSON. */
function bodyOf(request: Dictionary): string {
  const raw = objectGet(request, 'raw_body');
  if (raw !== undefined) return textOf(raw);
  const body = objectGet(request, 'body');
  return body === undefined ? '' : marshal(body);
}

function timestamp(ns: bigint): string {
  const seconds = ns / 1_000_000_000n - (ns % 1_000_000_000n < 0n ? 1n : 0n);
  const iso = new Date(Number(seconds) * 1000).toISOString();
  return `${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function signatureHeaders(crypto: HostCrypto, signing: Signing): readonly (readonly [string, string])[] {
  const { config, at } = signing;
  const url = parseUrl(signing.url);
  const [service, accessKey, secret, region] = REQUIRED.map((name) => textOf(objectGet(config, name))) as [
    string,
    string,
    string,
    string,
  ];
  const sha256 = (bytes: Uint8Array): string => hex(crypto.hash('sha256', bytes));
  const payload = signing.unsignedPayload ? 'UNSIGNED-PAYLOAD' : sha256(signing.body);
  const added: [string, string][] = [
    ['host', url.host],
    ['x-amz-date', at],
  ];
  if (service === 's3' || service === 'glacier') added.push(['x-amz-content-sha256', payload]);
  const session = textOf(objectGet(config, 'aws_session_token'));
  if (session !== '') added.push(['x-amz-security-token', session]);
  const signed = new Map(added);
  for (const [name, value] of signing.headers)
    if (!UNSIGNED.has(name.toLowerCase())) signed.set(name.toLowerCase(), value);
  const lines = [...signed].toSorted(([a], [b]) => compareStrings(a, b));
  const list = lines.map(([name]) => name).join(';');
  const canonical = [
    signing.method,
    escapedPath(url),
    url.rawQuery,
    ...lines.map(([name, value]) => `${name}:${value}`),
    '',
    list,
    payload,
  ].join('\n');
  const day = at.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', at, scope, sha256(utf8(canonical))].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce(
    (made, part) => crypto.hmac('sha256', made, utf8(part)),
    utf8(`AWS4${secret}`),
  );
  const signature = hex(crypto.hmac('sha256', key, utf8(text)));
  const credential = `Credential=${accessKey}/${scope}`;
  const value = `AWS4-HMAC-SHA256 ${credential},SignedHeaders=${list},Signature=${signature}`;
  return [['Authorization', value], ...added];
}
