/** From a method and a path to who handles it. */
import { unescapeSegment } from '../query/path.ts';
import { emptyReply, type Reply, textReply } from './reply.ts';

export type RouteName =
  | 'index'
  | 'default'
  | 'data:read'
  | 'data:ask'
  | 'data:put'
  | 'data:patch'
  | 'data:delete'
  | 'v0'
  | 'batch'
  | 'policies:list'
  | 'policies:get'
  | 'policies:put'
  | 'policies:delete'
  | 'query:get'
  | 'query:post'
  | 'compile'
  | 'config'
  | 'status'
  | 'health'
  | 'health:policy'
  | 'metrics'
  | 'outcomes';

/** `label` is what metrics call the group of routes; `rest` is the path below it, with its escapes. */
export type Route =
  | { readonly name: RouteName; readonly label: string; readonly rest: string }
  | { readonly name: null; readonly label: string; readonly reply: Reply };

type Group = {
  readonly prefix: string;
  readonly label: string;
  /** Is there something below the prefix? */
  readonly takes: 'nothing' | 'a path' | 'both';
  readonly methods: Readonly<Record<string, RouteName>>;
  /** Does a wrong method get a bare 405, or the router's with its list of methods? */
  readonly bare: boolean;
};

const groups: readonly Group[] = [
  {
    prefix: '/v1/data',
    label: 'v1/data',
    takes: 'both',
    methods: { GET: 'data:read', POST: 'data:ask', PUT: 'data:put', PATCH: 'data:patch' },
    bare: true,
  },
  { prefix: '/v0/data', label: 'v0/data', takes: 'both', methods: { POST: 'v0' }, bare: true },
  { prefix: '/v1/batch/data', label: 'v1/batch/data', takes: 'both', methods: { POST: 'batch' }, bare: true },
  {
    prefix: '/v1/policies',
    label: 'v1/policies',
    takes: 'nothing',
    methods: { GET: 'policies:list' },
    bare: true,
  },
  {
    prefix: '/v1/policies',
    label: 'v1/policies',
    takes: 'a path',
    methods: { GET: 'policies:get', PUT: 'policies:put', DELETE: 'policies:delete' },
    bare: true,
  },
  {
    prefix: '/v1/query',
    label: 'v1/query',
    takes: 'nothing',
    methods: { GET: 'query:get', POST: 'query:post' },
    bare: true,
  },
  { prefix: '/v1/query', label: 'v1/query', takes: 'a path', methods: {}, bare: true },
  { prefix: '/v1/compile', label: 'v1/compile', takes: 'nothing', methods: { POST: 'compile' }, bare: false },
  {
    prefix: '/v1/compile',
    label: 'v1/compile',
    takes: 'a path',
    methods: { GET: 'compile', POST: 'compile' },
    bare: false,
  },
  { prefix: '/v1/config', label: 'v1/config', takes: 'nothing', methods: { GET: 'config' }, bare: false },
  { prefix: '/v1/status', label: 'v1/status', takes: 'nothing', methods: { GET: 'status' }, bare: false },
  { prefix: '/health', label: 'health', takes: 'nothing', methods: { GET: 'health' }, bare: false },
  { prefix: '/health', label: 'health', takes: 'a path', methods: { GET: 'health:policy' }, bare: false },
  { prefix: '/metrics', label: 'metrics', takes: 'nothing', methods: { GET: 'metrics' }, bare: false },
  {
    prefix: '/v1/outcomes',
    label: 'v1/outcomes',
    takes: 'nothing',
    methods: { POST: 'outcomes' },
    bare: false,
  },
  { prefix: '/', label: 'index', takes: 'nothing', methods: { GET: 'index', POST: 'default' }, bare: false },
];

const dataPrefix = '/v1/data/';

/** @param path with its escapes */
export function routeOf(method: string, path: string, search: string): Route {
  // The question that is asked most; a path that needs cleaning has one of these in it.
  if (method === 'POST' && path.startsWith(dataPrefix) && !/\/\/|\/\.|\/$/.test(path))
    return { name: 'data:ask', label: 'v1/data', rest: path.slice(dataPrefix.length) };
  const clean = cleanPath(path);
  if (clean !== path) return redirect(method, 307, withSearch(encodeURI(clean), search));
  for (const group of groups) {
    const rest = restOf(group, path);
    if (rest !== null) return inGroup(group, method, path, rest);
  }
  return { name: null, label: 'catchall', reply: textReply(404, '404 page not found') };
}

function restOf({ prefix, takes }: Group, path: string): string | null {
  if (path === prefix) return takes === 'a path' ? null : '';
  if (takes === 'nothing' || !path.startsWith(`${prefix}/`)) return null;
  return path.slice(prefix.length + 1);
}

function inGroup(group: Group, method: string, path: string, rest: string): Route {
  const { label, methods, bare } = group;
  const isKnown = Object.hasOwn(methods, method === 'HEAD' ? 'GET' : method);
  // Documents can be deleted, but not all of them at once.
  const name =
    group.prefix === '/v1/data' && method === 'DELETE' && rest !== '' ? 'data:delete' : methods[method];
  const isSlashed = path !== '/' && path.endsWith('/');
  if (method === 'HEAD' && (bare || isKnown) && label !== 'metrics')
    return { name: null, label, reply: emptyReply(405) };
  if (isSlashed && (bare || isKnown))
    return redirect(method, 301, encodeURI((unescapeSegment(path) ?? path).replace(/\/$/, '')), label);
  if (name !== undefined && Object.hasOwn(methods, method)) return { name, label, rest };
  if (name === 'data:delete') return { name, label, rest };
  if (method === 'HEAD' && methods['GET'] !== undefined) return { name: methods['GET'], label, rest };
  if (bare) return { name: null, label: 'catchall', reply: emptyReply(405) };
  const allowed = Object.keys(methods).flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one]));
  return {
    name: null,
    label: 'catchall',
    reply: textReply(405, 'Method Not Allowed', ['Allow', allowed.sort().join(', ')]),
  };
}

/** Without empty and dot segments, as Go's router wants it; a trailing slash stays. */
function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const joined = `/${kept.join('/')}`;
  return joined !== '/' && path.endsWith('/') ? `${joined}/` : joined;
}

function withSearch(path: string, search: string): string {
  return search === '' ? path : `${path}?${search}`;
}

function redirect(method: string, status: 301 | 307, location: string, label = 'catchall'): Route {
  const headers = ['Location', location];
  const title = status === 301 ? 'Moved Permanently' : 'Temporary Redirect';
  if (method !== 'GET') return { name: null, label, reply: { ...emptyReply(status), headers } };
  const shown = location.replaceAll(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  const body = `<a href="${shown}">${title}</a>.\n\n`;
  return { name: null, label, reply: { status, type: 'text/html; charset=utf-8', body, headers } };
}
