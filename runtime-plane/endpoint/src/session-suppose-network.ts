/** Acts of the network that nobody does: what would be asked for a connection, a name, a request. */
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Action } from './intercept/actions.ts';
import type { Supposed } from './session-suppose.ts';
import { SupposeError } from './session-suppose-error.ts';

/** Who connects to a name has asked for its address first. */
export async function supposeConnect(where: string): Promise<Supposed> {
  const [, bracketed, plain, portText = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(where) ?? [];
  const host = bracketed ?? plain;
  const port = Number(portText);
  if (host === undefined || portText === '' || port > 65_535)
    throw new SupposeError(
      'bad_arguments',
      `${where} is no HOST:PORT, for example example.org:443 or [::1]:80`,
    );
  const base = { port, protocol: 'tcp' } as const;
  if (isIP(host) !== 0)
    return { acts: [{ name: 'connect', destination: { ip: host, ...base }, repeatable: false }], notes: [] };
  const known = inHostsFile(host);
  if (known !== undefined) {
    const note = `${host} is ${known} by /etc/hosts: nobody is asked for it, and rules see the address only.`;
    return {
      acts: [{ name: 'connect', destination: { ip: known, ...base }, repeatable: false }],
      notes: [note],
    };
  }
  const notes: string[] = [];
  let ip: string | undefined;
  try {
    ip = (await lookup(host)).address;
    notes.push(`${host} is ${ip} for this machine now.`);
  } catch {
    notes.push(`${host} has no address for this machine now: a rule about addresses sees none.`);
  }
  const destination = { host, ...(ip === undefined ? {} : { ip }), ...base };
  return {
    acts: [question(host, 'A'), { name: 'connect', destination, repeatable: false }],
    notes,
  };
}

/** hosts(5): such a name is never asked of a nameserver. */
function inHostsFile(host: string): string | undefined {
  let text = '';
  try {
    text = readFileSync('/etc/hosts', 'utf8');
  } catch {
    return undefined; // a machine without one
  }
  for (const line of text.split('\n')) {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (isIP(address) !== 0 && names.some((name) => name.toLowerCase() === host.toLowerCase()))
      return address;
  }
  return undefined;
}

export function supposeName(host: string, type = 'A'): Supposed {
  return { acts: [question(host, type.toUpperCase())], notes: [] };
}

function question(host: string, operation: string): Action {
  return { name: 'resolve_name', destination: { host, protocol: 'dns' }, operation, repeatable: false };
}

/** Without a body: what is in one cannot be supposed. */
export async function supposeRequest(method: string, where: string): Promise<Supposed> {
  const url = URL.canParse(where) ? new URL(where) : undefined;
  const isKnown = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isKnown || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method))
    throw new SupposeError(
      'bad_arguments',
      `${method} ${where} is no METHOD URL, for example POST https://example.org/upload`,
    );
  const protocol = url.protocol.slice(0, -1);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? { https: 443, http: 80 }[protocol as 'http' | 'https'] : Number(url.port);
  const { acts, notes } = await supposeConnect(`${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
  const ip = acts.at(-1)?.destination?.ip;
  const destination = {
    host,
    ...(ip === undefined ? {} : { ip }),
    port,
    protocol,
    method: method.toUpperCase(),
    path: url.pathname,
    ...(url.search === '' ? {} : { query: url.search.slice(1) }),
    bytes: 0,
  };
  return { acts: [...acts, { name: 'http_request', destination, repeatable: false }], notes };
}
