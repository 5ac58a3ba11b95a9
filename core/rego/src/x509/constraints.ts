import { hex, latin1 } from '../crypto/bytes.ts';
import { context, DerReader, explicit, TAG } from '../crypto/der.ts';
import { problem } from '../crypto/problem.ts';
import { isDomain, parseMailbox } from './domain.ts';
import { parseIp } from './ip.ts';

/** Addresses of one network. */
export interface Network {
  readonly ip: Uint8Array;
  readonly mask: Uint8Array;
}

/** Names of each kind below which a name must or must not lie. */
export interface Subtrees {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly networks: readonly Network[];
  readonly hosts: readonly string[];
}

/** The name constraints of an authority (RFC 5280, 4.2.1.10). */
export interface NameConstraints {
  readonly permitted: Subtrees;
  readonly excluded: Subtrees;
  readonly critical: boolean;
}

interface Parsed {
  readonly constraints: Omit<NameConstraints, 'critical'>;
  /** False when there are constraints on kinds of names that are not checked. */
  readonly whole: boolean;
}

/** Throws Problem. */
export function parseConstraints(value: Uint8Array): Parsed {
  const outer = new DerReader(value);
  const reader = outer.enter(TAG.sequence);
  const invalid = (): never => problem('x509: invalid NameConstraints extension');
  if (reader === null || !outer.empty) return invalid();
  const part = (tag: number): Uint8Array =>
    reader.peek(tag) ? (reader.read(tag) ?? invalid()) : new Uint8Array();
  const [permitted, excluded] = [part(explicit(0)), part(explicit(1))];
  if (!reader.empty) return invalid();
  if (permitted.length + excluded.length === 0) problem('x509: empty name constraints extension');
  const [a, b] = [parseSubtrees(permitted), parseSubtrees(excluded)];
  return {
    constraints: { permitted: a.subtrees, excluded: b.subtrees },
    whole: a.whole && b.whole,
  };
}

function parseSubtrees(bytes: Uint8Array): { readonly subtrees: Subtrees; readonly whole: boolean } {
  const subtrees = {
    dns: [] as string[],
    emails: [] as string[],
    networks: [] as Network[],
    hosts: [] as string[],
  };
  let whole = true;
  const reader = new DerReader(bytes);
  while (!reader.empty) {
    const found = reader.enter(TAG.sequence)?.any() ?? problem('x509: invalid NameConstraints extension');
    switch (found.tag) {
      case context(1):
        subtrees.emails.push(emailOf(textOf(found.content)));
        break;
      case context(2):
        subtrees.dns.push(domainOf(textOf(found.content), 'dnsName'));
        break;
      case context(6):
        subtrees.hosts.push(hostOf(textOf(found.content)));
        break;
      case context(7):
        subtrees.networks.push(networkOf(found.content));
        break;
      default:
        whole = false;
    }
  }
  return { subtrees, whole };
}

function textOf(bytes: Uint8Array): string {
  const text = latin1(bytes);
  return bytes.every((byte) => byte < 0x80)
    ? text
    : problem(
        `x509: invalid constraint value: x509: ${JSON.stringify(text)} cannot be encoded as an IA5String`,
      );
}

function domainOf(text: string, kind: string): string {
  return isDomain(text, true)
    ? text
    : problem(`x509: failed to parse ${kind} constraint ${JSON.stringify(text)}`);
}

function hostOf(text: string): string {
  if (parseIp(text) !== null)
    problem(`x509: failed to parse URI constraint ${JSON.stringify(text)}: cannot be IP address`);
  return domainOf(text, 'URI');
}

function emailOf(text: string): string {
  if (text.includes('@') && parseMailbox(text) === null)
    problem(`x509: failed to parse rfc822Name constraint ${JSON.stringify(text)}`);
  return text.includes('@') ? text : domainOf(text, 'rfc822Name');
}

function networkOf(bytes: Uint8Array): Network {
  if (bytes.length !== 8 && bytes.length !== 32)
    problem(`x509: IP constraint contained value of length ${bytes.length}`);
  const half = bytes.length / 2;
  const mask = bytes.subarray(half);
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, '0')).join('');
  if (!/^1*0*$/.test(bits)) problem(`x509: IP constraint contained invalid mask ${hex(mask)}`);
  return { ip: bytes.subarray(0, half), mask };
}
