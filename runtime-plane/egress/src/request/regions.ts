/** Where a destination lies, by the policy's own map and by published address ranges. */
import { hostMatches } from '../hosts.ts';
import type { EgressSettings } from '../settings.ts';

type Family = 4 | 6;
/** Regions by network, for one length of prefix. */
type Level = { readonly bits: number; readonly networks: Map<bigint, string> };

const widths: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

export class Regions {
  readonly #exact: ReadonlyMap<string, string>;
  /** The longest first. */
  readonly #patterns: readonly (readonly [string, string])[];
  /** By family, the longest prefix first. */
  readonly #levels: Readonly<Record<Family, readonly Level[]>>;

  constructor({ hosts, ranges }: EgressSettings['regions']) {
    const entries = Object.entries(hosts);
    this.#exact = new Map(entries);
    this.#patterns = entries
      .filter(([host]) => host.startsWith('*'))
      .toSorted(([one], [other]) => other.length - one.length);
    this.#levels = { 4: levelsOf(ranges, 4), 6: levelsOf(ranges, 6) };
  }

  /**
   * By host where the map has it, else by the longest range that holds the address.
   *
   * @param host lower case @param ip of either family; IPv4 may be written as IPv6 (`::ffff:192.0.2.1`)
   */
  of(host: string, ip: string): string | undefined {
    const byHost =
      this.#exact.get(host) ?? this.#patterns.find(([pattern]) => hostMatches(host, pattern))?.[1];
    if (byHost !== undefined) return byHost;
    const address = parseAddress(ip);
    if (!address) return undefined;
    for (const { bits, networks } of this.#levels[address.family]) {
      const region = networks.get(networkOf(address.value, bits, address.family));
      if (region !== undefined) return region;
    }
    return undefined;
  }
}

function levelsOf(ranges: Readonly<Record<string, string>>, family: Family): readonly Level[] {
  const levels = new Map<number, Level>();
  for (const [range, region] of Object.entries(ranges)) {
    const [text = '', bitsText] = range.split('/');
    const address = parseAddress(text);
    if (address?.family !== family || text.includes(':') !== (family === 6)) continue;
    const bits = Number(bitsText);
    const level = levels.get(bits) ?? { bits, networks: new Map<bigint, string>() };
    level.networks.set(networkOf(address.value, bits, family), region);
    levels.set(bits, level);
  }
  return [...levels.values()].toSorted((one, other) => other.bits - one.bits);
}

function networkOf(value: bigint, bits: number, family: Family): bigint {
  return value >> BigInt(widths[family] - bits);
}

function parseAddress(text: string): { readonly family: Family; readonly value: bigint } | undefined {
  const four = parseFour(text);
  if (four !== undefined) return { family: 4, value: four };
  const groups = sixGroups(text.replace(/%.*$/, ''));
  if (!groups) return undefined;
  const value = groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value };
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

/** Eight groups of 16 bits. */
function sixGroups(text: string): number[] | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const four = dotted ? parseFour(dotted[2] ?? '') : undefined;
  if (dotted && four === undefined) return undefined;
  const written =
    four === undefined
      ? text
      : `${dotted?.[1]}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
  const halves = written.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(tail ? missing : 0).fill('0'), ...(tail ?? [])];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}
