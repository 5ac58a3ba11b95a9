import type { Certificate } from './certificate.ts';
import type { NameConstraints, Network, Subtrees } from './constraints.ts';
import { isDomain, parseMailbox } from './domain.ts';
import type { Mailbox } from './domain.ts';
import { parseIp } from './ip.ts';

/** The names of a certificate in the form in which they are compared. */
interface Checked {
  readonly dns: readonly string[];
  readonly hosts: readonly string[];
  readonly mailboxes: readonly Mailbox[];
  readonly ips: readonly Uint8Array[];
}

/**
 * Do all names below an authority keep to its constraints (RFC 5280, 6.1.4)? A name that cannot be compared does not.
 * @param chain leaf first
 */
export function keepsConstraints(chain: readonly Certificate[]): boolean {
  return chain.every((authority, i) => {
    const constraints = authority.extended.nameConstraints;
    if (constraints === undefined) return true;
    return chain.slice(0, i).every((below) => {
      if (below.extended.names === undefined) return true;
      const names = comparable(below);
      return names !== null && isWithin(constraints, names);
    });
  });
}

function comparable({ extended: { names } }: Certificate): Checked | null {
  const mailboxes: Mailbox[] = [];
  for (const email of names?.emails ?? []) {
    const found = parseMailbox(email);
    if (found === null || !isDomain(found.domain, false)) return null;
    mailboxes.push({ local: found.local, domain: found.domain.toLowerCase() });
  }
  const hosts: string[] = [];
  for (const { host } of names?.urls ?? []) {
    const name = host.toLowerCase().replace(/:\d*$/, '');
    if (name === '' || name.startsWith('[') || parseIp(name) !== null || !isDomain(name, false)) return null;
    hosts.push(name);
  }
  const dns = names?.dns ?? [];
  return dns.every((name) => isDomain(name, false)) ? { dns, hosts, mailboxes, ips: names?.ips ?? [] } : null;
}

function isWithin({ permitted, excluded }: NameConstraints, names: Checked): boolean {
  const check = <T, C>(
    items: readonly T[],
    of: (subtrees: Subtrees) => readonly C[],
    isBelow: (item: T, constraint: C, excludes: boolean) => boolean,
  ): boolean =>
    items.every(
      (item) =>
        (of(permitted).length === 0 ||
          of(permitted).some((constraint) => isBelow(item, constraint, false))) &&
        !of(excluded).some((constraint) => isBelow(item, constraint, true)),
    );
  return (
    check(names.dns, ({ dns }) => dns, isBelowDomain) &&
    check(names.hosts, ({ hosts }) => hosts, isBelowDomain) &&
    check(names.mailboxes, ({ emails }) => emails, isBelowMailbox) &&
    check(names.ips, ({ networks }) => networks, isInNetwork)
  );
}

function isBelowDomain(name: string, constraint: string, excludes: boolean): boolean {
  const [a, b] = [name.toLowerCase(), constraint.toLowerCase()];
  if (b === '') return true;
  if (b.startsWith('.') ? a.length > b.length && a.endsWith(b) : a === b || a.endsWith(`.${b}`)) return true;
  // A wildcard covers an excluded name of one label more.
  return excludes && a.startsWith('*.') && b.includes('.') && a.slice(1) === b.slice(b.indexOf('.', 0));
}

function isBelowMailbox(mailbox: Mailbox, constraint: string, excludes: boolean): boolean {
  if (!constraint.includes('@')) return isBelowDomain(mailbox.domain, constraint, excludes);
  const wanted = parseMailbox(constraint);
  return wanted !== null && wanted.local === mailbox.local && wanted.domain.toLowerCase() === mailbox.domain;
}

function isInNetwork(ip: Uint8Array, { ip: network, mask }: Network): boolean {
  return (
    ip.length === network.length &&
    ip.every((byte, i) => (byte & (mask[i] ?? 0)) === ((network[i] ?? 0) & (mask[i] ?? 0)))
  );
}
