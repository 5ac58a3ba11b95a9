import { textOf, utf8 } from './crypto/bytes.ts';
import { problem } from './crypto/problem.ts';
import { parseIp } from './x509/ip.ts';

/** A URL in the parts that Go's net/url has; its fields are what JSON shows of one. */
export interface Url {
  readonly scheme: string;
  /** What follows the scheme of a URL without slash, such as `mailto:a@b`. */
  readonly opaque: string;
  /** As written, before the `@`; null when there is none. */
  readonly user: string | null;
  /** Name or address, with the port as written. */
  readonly host: string;
  readonly path: string;
  /** The path as written, where writing `path` the usual way would not give it back. */
  readonly rawPath: string;
  readonly omitHost: boolean;
  /** It ends in a lone question mark. */
  readonly forceQuery: boolean;
  readonly rawQuery: string;
  readonly fragment: string;
  readonly rawFragment: string;
}

type Part = 'path' | 'host' | 'user' | 'fragment';

/** Characters that each part is written with as they are. */
const PLAIN: Readonly<Record<Part, RegExp>> = {
  path: /[A-Za-z0-9\-_.~$&+,/:;=@]/,
  host: /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/,
  user: /[A-Za-z0-9\-_.~$&+,;=]/,
  fragment: /[A-Za-z0-9\-_.~$&+,/:;=?@!()*]/,
};

function unescape(text: string, part: Part): string {
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i] ?? '';
    if (c === '%') {
      const digits = text.slice(i + 1, i + 3);
      const ascii = part === 'host' && /^[0-7]/.test(digits) && digits !== '25';
      if (!/^[0-9A-Fa-f]{2}$/.test(digits) || ascii)
        problem(`invalid URL escape ${JSON.stringify(text.slice(i, i + 3))}`);
      i += 2;
    } else if (part === 'host' && c < '\u0080' && !PLAIN.host.test(c))
      problem(`invalid character ${JSON.stringify(c)} in host name`);
  }
  if (!text.includes('%')) return text;
  const bytes = utf8(text);
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i += 1) {
    if (bytes[i] === 0x25) {
      out.push(Number.parseInt(String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0), 16));
      i += 2;
    } else out.push(bytes[i] ?? 0);
  }
  return textOf(Uint8Array.from(out));
}

function escape(text: string, part: Part): string {
  return Array.from(utf8(text), (byte) => {
    const c = String.fromCharCode(byte);
    return PLAIN[part].test(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** Takes a URL apart as Go's url.Parse does; throws Problem. */
export function parseUrl(text: string): Url {
  const hash = text.indexOf('#');
  const [main, fragment] = hash < 0 ? [text, ''] : [text.slice(0, hash), text.slice(hash + 1)];
  try {
    const { path, rawPath, ...rest } = parseMain(main);
    const decoded = unescape(fragment, 'fragment');
    const rawFragment = escape(decoded, 'fragment') === fragment ? '' : fragment;
    return { ...rest, path, rawPath, fragment: decoded, rawFragment };
  } catch (error) {
    return problem(`parse ${JSON.stringify(main)}: ${error instanceof Error ? error.message : 'invalid'}`);
  }
}

function parseMain(text: string): Omit<Url, 'fragment' | 'rawFragment'> {
  // oxlint-disable-next-line no-control-regex -- these are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text)) problem('net/url: invalid control character in URL');
  if (text.startsWith(':')) problem('missing protocol scheme');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? '';
  let rest = scheme === '' ? text : text.slice(scheme.length + 1);
  const forceQuery = rest.endsWith('?') && rest.indexOf('?') === rest.length - 1;
  const question = rest.indexOf('?');
  const rawQuery = question < 0 ? '' : rest.slice(question + 1);
  if (question >= 0) rest = rest.slice(0, question);
  const found = {
    scheme: scheme.toLowerCase(),
    opaque: '',
    user: null,
    host: '',
    path: '',
    rawPath: '',
    omitHost: false,
    forceQuery,
    rawQuery,
  };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...found, opaque: rest };
    if ((rest.split('/')[0] ?? '').includes(':')) problem('first path segment in URL cannot contain colon');
  }
  if (text === '*') return { ...found, path: '*' };
  let authority: Pick<Url, 'user' | 'host'> = found;
  const omitHost = scheme !== '' && rest.startsWith('/') && !rest.startsWith('//');
  if ((scheme !== '' || !rest.startsWith('///')) && rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2);
    authority = parseAuthority(found.scheme, rest.slice(2, slash < 0 ? undefined : slash));
    rest = slash < 0 ? '' : rest.slice(slash);
  }
  const path = unescape(rest, 'path');
  const rawPath = escape(path, 'path') === rest ? '' : rest;
  return { ...found, ...authority, omitHost, path, rawPath };
}

function parseAuthority(scheme: string, authority: string): Pick<Url, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at < 0) return { user: null, host };
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) problem('net/url: invalid userinfo');
  unescape(user, 'user');
  return { user, host };
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf('[');
  if (open > 0) problem('invalid IP-literal');
  const bracket = host.lastIndexOf(']');
  if (open === 0 && bracket < 0) problem("missing ']' in host");
  const strict = scheme === 'http' || scheme === 'https';
  const colon = open === 0 ? bracket + 1 : strict ? host.indexOf(':') : host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) problem(`invalid port ${JSON.stringify(port)} after host`);
  const zone = host.indexOf('%25');
  if (open === 0 && parseIp(host.slice(1, zone > 0 ? zone : bracket))?.length !== 16)
    problem('invalid IP-literal');
  return unescape(host, 'host');
}

/** The host without port and brackets, and the port; each empty when there is none. */
export function hostParts({ host }: Url): { readonly hostname: string; readonly port: string } {
  const [, address, name = '', port = ''] = /^(?:\[(.*)\]|(.*?))(?::(\d*))?$/s.exec(host) ?? [];
  return { hostname: address ?? name, port };
}

/** The path as it goes into a request. */
export function escapedPath({ path, rawPath }: Url): string {
  if (rawPath !== '' && /^[A-Za-z0-9\-_.~!$&'()*+,;=:@/[\]%]*$/.test(rawPath)) return rawPath;
  return path === '*' ? '*' : escape(path, 'path');
}

/** The URL written out again. */
export function urlText(found: Url): string {
  const { scheme, opaque, user, host, forceQuery, rawQuery, fragment, rawFragment, omitHost } = found;
  let out = scheme === '' ? '' : `${scheme}:`;
  if (opaque !== '') out += opaque;
  else {
    if (scheme !== '' || host !== '' || user !== null) {
      if (!(omitHost && host === '' && user === null)) {
        if (host !== '' || found.path !== '' || user !== null) out += '//';
        if (user !== null) out += `${userText(user)}@`;
        out += escape(host, 'host');
      }
    }
    const path = escapedPath(found);
    if (path !== '' && !path.startsWith('/') && host !== '') out += '/';
    if (out === '' && (path.split('/')[0] ?? '').includes(':')) out += './';
    out += path;
  }
  if (forceQuery || rawQuery !== '') out += `?${rawQuery}`;
  if (fragment !== '') out += `#${rawFragment === '' ? escape(fragment, 'fragment') : rawFragment}`;
  return out;
}

function userText(user: string): string {
  const colon = user.indexOf(':');
  const part = (text: string): string => escape(unescape(text, 'user'), 'user');
  return colon < 0 ? part(user) : `${part(user.slice(0, colon))}:${part(user.slice(colon + 1))}`;
}
