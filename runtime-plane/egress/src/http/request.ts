/** Heads of requests: RFC 9112, each of them understood in one way or refused. */
import { type Origin, parseHost, parseTarget, writtenHost } from './authority.ts';
import type { Header, RequestHead } from './desk.ts';
import { Unreadable } from './errors.ts';
import { isOfConnection, isToken, parseFields, parseLength, parseTokens } from './fields.ts';
import type { Http1Limits } from './limits.ts';
import { type Handshake, parseHandshake } from './handshake.ts';

export type ParsedRequest = {
  /** Without what is of the connection: what the desk sees is what may go out. */
  readonly head: RequestHead;
  /** Value of the Host header. */
  readonly host: string;
  readonly chunked: boolean;
  /** Whether a length was given, be it 0. */
  readonly lengthGiven: boolean;
  /** The agent waits for 100 before it sends the body. */
  readonly expects: boolean;
  /** No request comes after this one. */
  readonly last: boolean;
  readonly handshake: Handshake | undefined;
};

/** Whoever names these in Connection wants them lost on the way. */
const NEVER_DROPPED = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'range',
  'transfer-encoding',
]);

/** What of a head is not for the desk. */
type Found = {
  host?: string;
  length?: number;
  chunked: boolean;
  connection: string[];
  upgrade?: string;
  expect?: string;
};

/** @param text Latin-1, without the empty line at its end. @throws Unreadable */
export function parseRequest(text: string, origin: Origin, limits: Http1Limits): ParsedRequest {
  const lineEnd = text.indexOf('\r\n');
  const { method, target, version } = parseRequestLine(text.slice(0, lineEnd), limits);
  const fields = parseFields(text, lineEnd + 2, limits.headers);
  const found: Found = { chunked: false, connection: [] };
  const kept = fields.filter((field) => !note(field, found));
  if (found.chunked && found.length !== undefined)
    throw new Unreadable('Content-Length and Transfer-Encoding');
  if (found.chunked && version === '1.0') throw new Unreadable('Transfer-Encoding in HTTP/1.0');
  if (found.host === undefined) {
    // Before 1.1 there was none; the far side is told which one was allowed.
    if (version !== '1.0') throw new Unreadable('no Host');
    found.host = writtenHost(origin);
    kept.unshift(['Host', found.host]);
  }
  const host = parseHost(found.host, origin);
  const path = parseTarget(target, method, found.host, origin);
  const named = found.connection.filter((name) => !['close', 'keep-alive', 'upgrade'].includes(name));
  if (named.some((name) => NEVER_DROPPED.has(name)))
    throw new Unreadable('Connection names a header that may not be dropped');
  const headers = named.length === 0 ? kept : kept.filter(([name]) => !named.includes(name.toLowerCase()));
  const length = found.chunked ? undefined : (found.length ?? 0);
  const body = length !== 0;
  const upgrades = found.upgrade !== undefined && found.connection.includes('upgrade');
  const handshake =
    upgrades && found.upgrade?.toLowerCase() === 'websocket' && version === '1.1'
      ? parseHandshake(method, headers, body)
      : undefined;
  if (found.expect !== undefined && found.expect.toLowerCase() !== '100-continue')
    throw new Unreadable('an expectation that nobody knows', 417);
  return {
    head: {
      method,
      target: path,
      host,
      scheme: origin.scheme,
      version,
      headers,
      length,
      ...(handshake && { upgrade: 'websocket' }),
    },
    host: found.host,
    chunked: found.chunked,
    lengthGiven: found.length !== undefined,
    expects: found.expect !== undefined && version === '1.1' && body,
    last: version === '1.0' || found.connection.includes('close'),
    handshake,
  };
}

function parseRequestLine(
  line: string,
  limits: Http1Limits,
): { method: string; target: string; version: '1.0' | '1.1' } {
  const [method, target, protocol, ...more] = line.split(' ');
  if (method === undefined || !isToken(method) || method.length > 64)
    throw new Unreadable('the method is no token');
  if (target === undefined || more.length > 0) throw new Unreadable('the request line has not three parts');
  if (protocol === undefined) throw new Unreadable('HTTP/0.9 is not spoken here', 505);
  if (!/^HTTP\/[0-9]\.[0-9]$/.test(protocol)) throw new Unreadable('the request line ends with no version');
  if (method === 'PRI' && protocol === 'HTTP/2.0')
    throw new Unreadable('HTTP/2 on a connection for HTTP/1', 505, 'refused_upgrade');
  if (protocol !== 'HTTP/1.1' && protocol !== 'HTTP/1.0')
    throw new Unreadable('this version of HTTP is not spoken here', 505);
  if (method === 'CONNECT') throw new Unreadable('CONNECT is never carried', 400, 'refused_upgrade');
  if (target.length > limits.targetBytes)
    throw new Unreadable(`a target of more than ${limits.targetBytes} bytes`, 414);
  return { method, target, version: protocol === 'HTTP/1.1' ? '1.1' : '1.0' };
}

/** @returns whether the field is of the connection and ends here */
function note([name, value]: Header, found: Found): boolean {
  const lower = name.toLowerCase();
  switch (lower) {
    case 'host':
      if (found.host !== undefined) throw new Unreadable('more than one Host');
      found.host = value;
      return false;
    case 'content-length':
      if (found.length !== undefined) throw new Unreadable('more than one Content-Length');
      found.length = parseLength(value);
      return true;
    case 'transfer-encoding':
      if (found.chunked || value.toLowerCase() !== 'chunked')
        throw new Unreadable('Transfer-Encoding is not chunked alone');
      found.chunked = true;
      return true;
    case 'connection':
      found.connection.push(...parseTokens(value));
      return true;
    case 'upgrade':
      found.upgrade = found.upgrade === undefined ? value : `${found.upgrade}, ${value}`;
      return true;
    case 'expect':
      found.expect = found.expect === undefined ? value : `${found.expect}, ${value}`;
      return true;
    default:
      return isOfConnection(lower);
  }
}
