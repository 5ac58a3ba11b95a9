/** Fields as `node:http2` takes them: names and values by turns. */
import {
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  sensitiveHeaders,
  type ServerHttp2Stream,
  type ServerStreamResponseOptions,
} from 'node:http2';
import type { Forward, Header, ResponseHead } from '../http/desk.ts';
import type { Understood } from './head.ts';

/**
 * Fields of the response that stay here: `alt-svc` sends the agent to other ports and to QUIC.
 */
const kept = new Set(['alt-svc']);

/** What makes a request of `forward`. @param changes the length that was told no longer holds. @throws on forbidden characters */
export function requestFields(request: Understood, forward: Forward, changes: boolean): string[] {
  const { method } = request.head;
  const fields = [
    ':method',
    method,
    ':authority',
    request.authority,
    ':scheme',
    'https',
    ':path',
    forward.target,
  ];
  for (const [name, value] of forward.headers) {
    if (name === 'host' || name.startsWith(':')) continue;
    // What a body held here waits for has been answered here.
    if (changes && (name === 'content-length' || name === 'expect')) continue;
    fields.push(name, clean(value));
  }
  return fields;
}

/** @throws on forbidden characters */
export function responseFields(head: ResponseHead, changes: boolean): string[] {
  const fields = [':status', String(head.status)];
  for (const [name, value] of head.headers) {
    if (kept.has(name) || name.startsWith(':') || (changes && name === 'content-length')) continue;
    fields.push(name, clean(value));
  }
  return fields;
}

/** Fields that came, without pseudo-headers and what stays here. */
export function fieldsOf(raw: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!name.startsWith(':') && !kept.has(name)) headers.push([name, raw[at + 1] ?? '']);
  }
  return headers;
}

/** For calls that take an object only. */
export function fieldsObject(raw: readonly string[]): OutgoingHttpHeaders {
  const object = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of fieldsOf(raw)) (object[name] ??= []).push(value);
  return object;
}

/** The sender's wish that intermediaries never put these into their compression tables (RFC 7541, 7.1.3). */
export function keepSensitive(fields: string[], from: IncomingHttpHeaders): string[] {
  const names: unknown = Reflect.get(from, sensitiveHeaders);
  if (Array.isArray(names) && names.length > 0) Reflect.set(fields, sensitiveHeaders, names);
  return fields;
}

/** Without a `date` that the other side did not say. */
export function respond(
  stream: ServerHttp2Stream,
  fields: readonly string[],
  options: ServerStreamResponseOptions,
): void {
  const all: ServerStreamResponseOptions & { sendDate: false } = { ...options, sendDate: false };
  stream.respond(fields, all);
}

/** NUL separates fields on their way into the library: one inside of a value would be two fields. */
function clean(value: string): string {
  if (/[\0\r\n]/u.test(value)) throw new TypeError('a field value holds a line end or NUL');
  return value;
}
