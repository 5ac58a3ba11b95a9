/**
 * Where an address leads: outward, or to the machine, its networks and what serves its cloud. After the special-purpose registries
 * of IANA (RFC 6890), with addresses inside of addresses looked at, because whoever translates them goes to the inner one.
 */
import net from 'node:net';

export type Inward =
  | 'unspecified'
  | 'loopback'
  | 'private'
  /** Of carriers and overlay networks, RFC 6598. */
  | 'shared'
  | 'link_local'
  /** Services that give a machine its credentials. */
  | 'metadata'
  | 'multicast'
  /** Nothing public is there. */
  | 'reserved'
  /** No address that can be read. */
  | 'unknown';

type Range = { readonly bytes: Uint8Array; readonly bits: number; readonly kind: Inward };

/** Where in an IPv6 address an IPv4 address stands, and what the address is when that one leads outward. */
type Embedding = {
  readonly bytes: Uint8Array;
  readonly bits: number;
  readonly at: number;
  readonly otherwise: Inward | undefined;
};

function range(cidr: string): { readonly bytes: Uint8Array; readonly bits: number } {
  const [address = '', bits] = cidr.split('/');
  const bytes = addressBytes(address);
  if (!bytes) throw new RangeError(`${cidr} is no range of addresses`);
  return { bytes, bits: bits === undefined ? bytes.length * 8 : Number(bits) };
}

const ranges = (of: readonly (readonly [Inward, ...string[]])[]): Range[] =>
  of.flatMap(([kind, ...cidrs]) => cidrs.map((cidr) => ({ ...range(cidr), kind })));

/** The first that holds an address counts. */
const v4 = ranges([
  // Amazon (also its containers), Google, Azure, Tencent, Alibaba, Oracle. The one of Azure's agent looks public and is not.
  ['metadata', '169.254.169.254', '169.254.169.253', '169.254.170.2', '169.254.170.23', '169.254.0.23'],
  ['metadata', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ['unspecified', '0.0.0.0/8'],
  ['loopback', '127.0.0.0/8'],
  ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['shared', '100.64.0.0/10'],
  ['link_local', '169.254.0.0/16'],
  ['reserved', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24'],
  ['multicast', '224.0.0.0/4'],
  ['reserved', '203.0.113.0/24', '240.0.0.0/4'],
]);

const v6First = ranges([
  ['metadata', 'fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:c1::a9fe:a9fe', 'fe80::a9fe:a9fe'],
  ['unspecified', '::'],
  ['loopback', '::1'],
]);

const embeddings: readonly Embedding[] = [
  // Mapped, translated (RFC 2765), compatible: what the kernel and translators take for IPv4.
  { ...range('::ffff:0:0/96'), at: 12, otherwise: undefined },
  { ...range('::ffff:0:0:0/96'), at: 12, otherwise: 'reserved' },
  { ...range('::/96'), at: 12, otherwise: 'reserved' },
  // NAT64 with the well-known prefix, 6to4.
  { ...range('64:ff9b::/96'), at: 12, otherwise: undefined },
  { ...range('2002::/16'), at: 2, otherwise: undefined },
  // Teredo has its server, and its client with every bit turned round.
  { ...range('2001::/32'), at: 4, otherwise: 'reserved' },
];

const v6 = ranges([
  // A NAT64 of the network's own may lead anywhere in it.
  ['private', '64:ff9b:1::/48', 'fc00::/7', 'fec0::/10'],
  ['link_local', 'fe80::/10'],
  ['multicast', 'ff00::/8'],
  ['reserved', '2001::/23', '2001:db8::/32', '3fff::/20'],
]);

const globalUnicast = range('2000::/3');
const teredo = range('2001::/32');
/** Interface identifiers of ISATAP (RFC 5214), whatever the prefix. */
const isatap = [0x00, 0x02].map((first) => [first, 0x00, 0x5e, 0xfe]);

/**
 * @param ip as `net.isIP` takes it; anything else (other notations of numbers, zones, brackets) is `unknown`
 * @returns what keeps the address from being a public one, undefined when nothing does
 */
export function isInward(ip: string): Inward | undefined {
  const bytes = addressBytes(ip);
  if (!bytes) return 'unknown';
  return bytes.length === 4 ? kindOf(bytes, v4) : inwardV6(bytes);
}

function inwardV6(bytes: Uint8Array): Inward | undefined {
  const first = kindOf(bytes, v6First);
  if (first) return first;
  if (holds(teredo, bytes)) {
    const client = kindOf(
      bytes.subarray(12).map((byte) => byte ^ 0xff),
      v4,
    );
    if (client) return client;
  }
  for (const embedding of embeddings)
    if (holds(embedding, bytes)) {
      const { at, otherwise } = embedding;
      return kindOf(bytes.subarray(at, at + 4), v4) ?? otherwise;
    }
  const kind = kindOf(bytes, v6);
  if (kind) return kind;
  if (!holds(globalUnicast, bytes)) return 'reserved';
  return isatap.some((id) => id.every((byte, index) => bytes[8 + index] === byte))
    ? kindOf(bytes.subarray(12), v4)
    : undefined;
}

const kindOf = (bytes: Uint8Array, of: readonly Range[]): Inward | undefined =>
  of.find((one) => holds(one, bytes))?.kind;

function holds(of: { readonly bytes: Uint8Array; readonly bits: number }, bytes: Uint8Array): boolean {
  const whole = of.bits >> 3;
  for (let index = 0; index < whole; index += 1) if (of.bytes[index] !== bytes[index]) return false;
  const rest = of.bits & 7;
  return rest === 0 || ((of.bytes[whole] ?? 0) ^ (bytes[whole] ?? 0)) >> (8 - rest) === 0;
}

/** @returns 4 or 16 bytes; undefined for what is no address, or one with a zone */
export function addressBytes(ip: string): Uint8Array | undefined {
  if (net.isIPv4(ip)) return Uint8Array.from(ip.split('.'), Number);
  if (!net.isIPv6(ip) || ip.includes('%')) return undefined;
  const last = ip.slice(ip.lastIndexOf(':') + 1);
  const tail = net.isIPv4(last) ? last.split('.').map(Number) : [];
  const groups = tail.length > 0 ? ip.slice(0, -last.length).replace(/([^:]):$/, '$1') : ip;
  const [head = '', rest] = groups.split('::');
  const before = bytesOf(head);
  const after = [...(rest === undefined ? [] : bytesOf(rest)), ...tail];
  if (rest === undefined) return Uint8Array.from([...before, ...tail]);
  const bytes = new Uint8Array(16);
  bytes.set(before);
  bytes.set(after, 16 - after.length);
  return bytes;
}

function bytesOf(groups: string): number[] {
  return groups
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]);
}

/** @returns the one spelling of an address (RFC 5952; an IPv4-mapped one is the IPv4 address), or undefined */
export function canonicalAddress(ip: string): string | undefined {
  const bytes = addressBytes(ip);
  if (!bytes) return undefined;
  if (bytes.length === 4) return ip;
  const [mapped] = embeddings;
  if (mapped && holds(mapped, bytes)) return bytes.subarray(12).join('.');
  return new net.SocketAddress({ address: ip, family: 'ipv6' }).address;
}
