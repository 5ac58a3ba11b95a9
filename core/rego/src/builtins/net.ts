import { isArray, isObject, objectEntries, RegoSet } from '../values.ts';
import type { Value } from '../values.ts';
import { members } from './collections.ts';
import { operands } from './operands.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** An address as an integer of 32 or 128 bits. */
interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

interface Network extends Address {
  readonly length: number;
}

function parseV4(s: string): bigint | null {
  const parts = s.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return null;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function parseV6(s: string): bigint | null {
  let text = s;
  const lastColon = text.lastIndexOf(':');
  if (text.includes('.')) {
    const v4 = parseV4(text.slice(lastColon + 1));
    if (v4 === null || lastColon < 0) return null;
    text = `${text.slice(0, lastColon + 1)}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  }
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = (half: string | undefined): string[] =>
    half === undefined || half === '' ? [] : half.split(':');
  const [left, right] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

export function parseAddress(s: string): Address | null {
  const v4 = parseV4(s);
  if (v4 !== null) return { bits: 32, value: v4 };
  const v6 = s.includes(':') ? parseV6(s) : null;
  if (v6 === null) return null;
  // As in Go, a mapped IPv4 address is that IPv4 address.
  return v6 >> 32n === 0xffffn ? { bits: 32, value: v6 & 0xffffffffn } : { bits: 128, value: v6 };
}

function parseNetwork(s: string): Network | null {
  const at = s.indexOf('/');
  if (at < 0) return null;
  const address = parseAddress(s.slice(0, at));
  const length = s.slice(at + 1);
  if (address === null || !/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > address.bits) return null;
  const host = BigInt(address.bits - Number(length));
  return { bits: address.bits, value: (address.value >> host) << host, length: Number(length) };
}

/** As `cidr_merge` has it: an IPv4 address without mask stands for the network of its historical class. */
function classfulNetwork(address: Address): Network | null {
  const first = address.value >> 24n;
  return parseNetwork(`${showAddress(address)}/${first < 128n ? 8 : first < 192n ? 16 : 24}`);
}

function contains(outer: Network, inner: Network): boolean {
  if (outer.bits !== inner.bits || inner.length < outer.length) return false;
  const host = BigInt(outer.bits - outer.length);
  return outer.value >> host === inner.value >> host;
}

export function showAddress({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt((7 - i) * 16)) & 0xffffn).toString(16),
  );
  let best = { at: -1, length: 1 };
  for (let i = 0; i < 8; i += 1) {
    let n = 0;
    while (groups[i + n] === '0') n += 1;
    if (n > best.length) best = { at: i, length: n };
  }
  if (best.at < 0) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}

const lastOf = (n: Network): bigint => n.value + (1n << BigInt(n.bits - n.length)) - 1n;

/** The fewest networks that cover the same addresses. */
function mergeNetworks(networks: readonly Network[]): string[] {
  const out: string[] = [];
  for (const bits of [32, 128] as const) {
    const ranges: [bigint, bigint][] = [];
    const sorted = networks
      .filter((n) => n.bits === bits)
      .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
    for (const n of sorted) {
      const last = ranges.at(-1);
      if (last !== undefined && n.value <= last[1] + 1n) last[1] = lastOf(n) > last[1] ? lastOf(n) : last[1];
      else ranges.push([n.value, lastOf(n)]);
    }
    for (const [from, to] of ranges) out.push(...cover(from, to, bits));
  }
  return out;
}

function cover(from: bigint, to: bigint, bits: 32 | 128): string[] {
  const out: string[] = [];
  for (let at = from; at <= to;) {
    let host = 0;
    while (
      host < bits &&
      (at & ((1n << BigInt(host + 1)) - 1n)) === 0n &&
      at + (1n << BigInt(host + 1)) - 1n <= to
    )
      host += 1;
    out.push(`${showAddress({ bits, value: at })}/${bits - host}`);
    at += 1n << BigInt(host);
  }
  return out;
}

const wrongNetwork = (text: string): string => `invalid CIDR address: ${text}`;

/** Built-ins over addresses and networks. */
export function netBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { fail } = ctx;
  const op = operands(fail);
  /** OPA counts every operand of these functions as the first. */
  const network = (v: Value | undefined): Network | undefined => {
    const text = op.string(v, 1);
    return text === undefined ? undefined : (parseNetwork(text) ?? fail.error(wrongNetwork(text)));
  };
  /** A network, or an address as a network of one. */
  const either = (v: Value | undefined): Network | undefined => {
    const text = op.string(v, 1);
    if (text === undefined) return undefined;
    const address = parseAddress(text);
    return address === null
      ? (parseNetwork(text) ??
          fail.error(`not a valid textual representation of an IP address or CIDR: ${text}`))
      : { ...address, length: address.bits };
  };
  const containsOne = (a?: Value, b?: Value): boolean | undefined => {
    const outer = network(a);
    const inner = outer === undefined ? undefined : either(b);
    return outer === undefined || inner === undefined ? undefined : contains(outer, inner);
  };
  /** Items of `cidr_contains_matches` with their keys: an item is a text or the first element of an array. */
  const matchItems = (v: Value | undefined, at: number): (readonly [Value, Value])[] | undefined => {
    if (typeof v === 'string') return [[v, v]];
    let all: (readonly [Value, Value])[] = [];
    if (isArray(v)) all = v.map((item, i) => [i, item] as const);
    else if (v instanceof RegoSet) all = v.sorted().map((item) => [item, item] as const);
    else if (v !== undefined && isObject(v)) all = objectEntries(v).map(([k, item]) => [k, item] as const);
    const found: (readonly [Value, Value])[] = [];
    for (const [k, item] of all) {
      const text = isArray(item) ? item[0] : item;
      if (text === undefined || (!isArray(item) && typeof item !== 'string'))
        return fail.error(`operand ${at}: element must be string or non-empty array`);
      found.push([k, text]);
    }
    return found;
  };
  const merged = (v: Value): Network | undefined => {
    if (typeof v !== 'string') return fail.error('element must be string');
    const address = parseAddress(v);
    if (address === null) return network(v);
    return address.bits === 128
      ? fail.error('IPv6 invalid: needs prefix length')
      : (classfulNetwork(address) ?? undefined);
  };
  return {
    'net.cidr_contains': { arity: 2, fn: containsOne },
    // OPA's older name for the same.
    'net.cidr_overlap': { arity: 2, fn: containsOne },
    'net.cidr_intersects': {
      arity: 2,
      fn: (a, b) => {
        const x = network(a);
        const y = x === undefined ? undefined : network(b);
        return x === undefined || y === undefined ? undefined : contains(x, y) || contains(y, x);
      },
    },
    'net.cidr_contains_matches': {
      arity: 2,
      fn: (a, b) => {
        const found = new RegoSet();
        const outer = matchItems(a, 1);
        const inner = outer === undefined || outer.length === 0 ? [] : matchItems(b, 2);
        if (outer === undefined || inner === undefined) return undefined;
        for (const [i, x] of outer) {
          for (const [j, y] of inner) {
            // Both are parsed anew for each pair.
            ctx.charge(16);
            const within = containsOne(x, y);
            if (within === undefined) return undefined;
            if (within) found.add([i, j]);
          }
        }
        return found;
      },
    },
    'net.cidr_is_valid': { arity: 1, fn: (v) => typeof v === 'string' && parseNetwork(v) !== null },
    'net.cidr_merge': {
      arity: 1,
      fn: (v) => {
        const list = members(v);
        if (list === undefined) return fail.error('operand must be an array');
        const networks: Network[] = [];
        for (const item of list) {
          const found = merged(item);
          if (found === undefined) return undefined;
          networks.push(found);
        }
        return RegoSet.of(mergeNetworks(networks));
      },
    },
    'net.cidr_expand': {
      arity: 1,
      fn: (v) => {
        const found = network(v);
        if (found === undefined) return undefined;
        // A larger network is refused by the budget.
        ctx.charge(found.bits - found.length > 40 ? Infinity : 2 ** (found.bits - found.length));
        const out = new RegoSet();
        for (let at = found.value; at <= lastOf(found); at += 1n)
          out.add(showAddress({ bits: found.bits, value: at }));
        return out;
      },
    },
  };
}
