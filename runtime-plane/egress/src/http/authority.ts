/** Which host a request is for: RFC 9112 section 3.2. Two places that could disagree must not. */
import { isIP } from 'node:net';
import { Unreadable } from './errors.ts';

/** What the connection may be asked for. */
export type Origin = {
  readonly scheme: 'http' | 'https';
  /** Lower case, without a final dot. */
  readonly host: string;
  readonly hosts: readonly string[];
  readonly port: number;
};

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([1-9][0-9]{0,4}))?$/;
const TARGET = /^[\x21\x22\x24-\x7e]+$/;
const ABSOLUTE = /^(https?):\/\/([^/?]*)(.*)$/i;

/** As a client would write it. */
export function writtenHost(origin: Origin): string {
  const name = isIP(origin.host) === 6 ? `[${origin.host}]` : origin.host;
  return origin.port === standardPort(origin) ? name : `${name}:${origin.port}`;
}

/** @param value of the Host header. @returns the name in it. @throws Unreadable */
export function parseHost(value: string, origin: Origin): string {
  const lower = value.toLowerCase();
  if (lower === origin.host && origin.port === standardPort(origin)) return lower;
  const match = AUTHORITY.exec(lower);
  const written = match?.[1];
  if (written === undefined) throw new Unreadable('Host is neither a name nor an address');
  const name = written.startsWith('[') ? written.slice(1, -1) : written;
  const port = match?.[2] === undefined ? standardPort(origin) : Number(match[2]);
  if (port !== origin.port) throw mismatch('the port in Host is not the one of the connection');
  if (name !== origin.host && !origin.hosts.includes(name))
    throw mismatch('Host is no name of the address that was connected to');
  return name;
}

function standardPort({ scheme }: Origin): number {
  return scheme === 'https' ? 443 : 80;
}

function mismatch(why: string): Unreadable {
  return new Unreadable(why, 421, 'host_mismatch');
}

/**
 * @param host value of the Host header
 * @returns the target in origin form, or `*`
 * @throws Unreadable
 */
export function parseTarget(target: string, method: string, host: string, origin: Origin): string {
  if (!TARGET.test(target)) throw new Unreadable('the target has characters that none may have');
  if (target.startsWith('/')) return target;
  if (target === '*') {
    if (method === 'OPTIONS') return target;
    throw new Unreadable('the target * is for OPTIONS only');
  }
  const [, scheme, authority, rest] = ABSOLUTE.exec(target) ?? [];
  if (scheme === undefined || authority === undefined || rest === undefined)
    throw new Unreadable('the target is no path');
  if (authority.includes('@')) throw new Unreadable('the target has a user in it');
  if (scheme.toLowerCase() !== origin.scheme)
    throw mismatch('the scheme of the target is not the one of the connection');
  if (authority.toLowerCase() !== host.toLowerCase()) throw mismatch('the target and Host do not agree');
  if (rest === '') return method === 'OPTIONS' ? '*' : '/';
  return rest.startsWith('/') ? rest : `/${rest}`;
}
