/** From the fields of a HEADERS frame to the head of a request that can be understood in one way only (RFC 9113, 8.2 and 8.3). */
import type { Header, RequestHead } from '../http/desk.ts';
import type { RefusedReason } from '../wire.ts';

export type Understood = { readonly head: RequestHead; readonly authority: string };

export type Fault = { readonly why: string; readonly reason: RefusedReason };

/** The destination as policy knows it. */
export type Place = { readonly host: string; readonly hosts: readonly string[]; readonly port: number };

const methodToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/u;
const fieldName = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/u;
const fieldValue = /^[^\0\r\n]*$/u;
const target = /^\/[!"$-~]*$/u;
const authorityForm = /^(?<name>\[[0-9a-f:.]+\]|[^\s:@/?#[\]\\]+)(?::(?<port>[0-9]{1,5}))?$/u;
const perConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
const pseudoNames = new Set([':method', ':scheme', ':authority', ':path', ':protocol']);

/**
 * @param raw names and values by turns, as they came
 * @param empty the HEADERS frame ended the stream
 */
export function parseHead(raw: readonly string[], empty: boolean, place: Place): Understood | Fault {
  const pseudo = new Map<string, string>();
  const headers: Header[] = [];
  let host: string | undefined;
  let length: string | undefined;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    if (name.startsWith(':')) {
      if (!pseudoNames.has(name) || pseudo.has(name)) return malformed('unknown or repeated pseudo-header');
      pseudo.set(name, value);
      continue;
    }
    if (!fieldName.test(name) || !fieldValue.test(value)) return malformed('field with forbidden characters');
    if (perConnection.has(name)) return malformed(`field ${name} has no meaning in HTTP/2`);
    if (name === 'te' && value.toLowerCase() !== 'trailers') return malformed('te other than trailers');
    if (name === 'content-length') {
      if (length !== undefined || !/^[0-9]{1,15}$/u.test(value))
        return malformed('content-length is not one number');
      length = value;
    }
    if (name === 'host') {
      if (host !== undefined) return malformed('host more than once');
      host = value;
    } else headers.push([name, value]);
  }
  const method = pseudo.get(':method') ?? '';
  if (method === 'CONNECT' || pseudo.has(':protocol')) {
    return { why: 'CONNECT: the connection would carry something else', reason: 'refused_upgrade' };
  }
  const path = pseudo.get(':path') ?? '';
  if (!methodToken.test(method)) return malformed('no method');
  if (pseudo.get(':scheme') !== 'https') return malformed('scheme other than https');
  if (!target.test(path) && !(path === '*' && method === 'OPTIONS'))
    return malformed('path with forbidden characters');
  if (empty && length !== undefined && Number(length) > 0) return malformed('content-length without content');
  const authority = pseudo.get(':authority') ?? host ?? '';
  const name = namedBy(authority, place.port);
  if (host !== undefined && namedBy(host, place.port) !== name) return mismatch('host is not :authority');
  if (name === undefined || (name !== place.host && !place.hosts.includes(name))) {
    return mismatch('the request names another host than the connection is for');
  }
  const bytes = empty ? 0 : length === undefined ? undefined : Number(length);
  return {
    authority,
    head: { method, target: path, host: name, scheme: 'https', version: '2', headers, length: bytes },
  };
}

/** @returns the host, lower case; undefined when it is none or the port is not the true one */
function namedBy(authority: string, port: number): string | undefined {
  const parts = authorityForm.exec(authority.toLowerCase())?.groups;
  const name = parts?.['name'];
  if (name === undefined || Number(parts?.['port'] ?? port) !== port) return undefined;
  return name.startsWith('[') ? name.slice(1, -1) : name;
}

function malformed(why: string): Fault {
  return { why, reason: 'malformed_request' };
}

function mismatch(why: string): Fault {
  return { why, reason: 'host_mismatch' };
}
