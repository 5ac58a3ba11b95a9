import { isIP } from 'node:net';
import type { LookupAddress } from 'node:dns';

/** Which hosts `http.send` may reach. Nothing by default. */
export interface HttpAllowList {
  /**
   * Names and addresses, as in a URL: `api.example.com`, `*.example.com` (any name below it), `10.0.0.1`, `[::1]`, each also with a
   * port (`localhost:8181`); without a port only 80 and 443. A name is no permission for addresses of this machine or link-local
   * ones that it may stand for: those must be listed themselves, with the same port rule.
   */
  readonly hosts: readonly string[];
}

interface Rule {
  readonly host: string;
  readonly port: string;
}

function ruleOf(text: string): Rule {
  const found = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text.toLowerCase());
  if (found === null)
    throw new Error(
      `allow-list of hosts: ${JSON.stringify(text)} is no host and port; write IPv6 in brackets`,
    );
  return { host: (found[1] ?? '').replace(/^\[|\]$/g, ''), port: found[2] ?? '' };
}

/** Decides about hosts, and about the addresses that they turn out to have. */
export class HttpPermission {
  private readonly rules: readonly Rule[];

  constructor({ hosts }: HttpAllowList) {
    this.rules = hosts.map(ruleOf);
  }

  /** May this URL be asked? Throws an Error that says why not. */
  check(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new Error(`scheme ${url.protocol.slice(0, -1)} is not supported`);
    const host = hostOf(url);
    if (!this.allows(host, portOf(url))) throw new Error(`disallowed host: ${url.host}`);
    if (isIP(host) !== 0) this.checkAddress(host, portOf(url));
  }

  /** May this address be connected to, for a name that is allowed? */
  checkAddress(address: string, port: string): void {
    if (isLocal(address) && !this.lists(address, port)) throw new Error(`disallowed address: ${address}`);
  }

  /** Only what may be connected to is left; an Error when that is nothing. */
  filter(addresses: readonly LookupAddress[], port: string): readonly LookupAddress[] {
    const left = addresses.filter(({ address }) => !isLocal(address) || this.lists(address, port));
    if (left.length === 0) throw new Error(`disallowed address: ${addresses[0]?.address ?? 'none'}`);
    return left;
  }

  private allows(host: string, port: string): boolean {
    return this.rules.some((rule) => portFits(rule, port) && nameFits(rule.host, host));
  }

  private lists(address: string, port: string): boolean {
    return this.rules.some((rule) => portFits(rule, port) && canonical(rule.host) === canonical(address));
  }
}

function portFits(rule: Rule, port: string): boolean {
  return rule.port === '' ? port === '80' || port === '443' : rule.port === port;
}

function nameFits(pattern: string, host: string): boolean {
  if (isIP(host) !== 0) return canonical(pattern) === canonical(host);
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

function hostOf(url: URL): string {
  return url.hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

export function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
}

/** One spelling per address; a mapped IPv4 address is that IPv4 address. */
function canonical(address: string): string {
  if (isIP(address) !== 6) return address;
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const n = Number.parseInt(mapped[1] ?? '', 16) * 65536 + Number.parseInt(mapped[2] ?? '', 16);
  return [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
}

/** Addresses of this machine, of its link (where clouds keep their metadata), and of nothing. */
function isLocal(address: string): boolean {
  const plain = canonical(address);
  if (isIP(plain) === 4)
    return /^(?:0|127)\.|^169\.254\.|^100\.100\.100\.200$|^(?:22[4-9]|23\d|24\d|25\d)\./.test(plain);
  return /^(?:::1?|fe[89ab][0-9a-f]:.*|ff.*|fd00:ec2::254|64:ff9b:.*)$/.test(plain);
}
