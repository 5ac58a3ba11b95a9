import type { Value } from '../values.ts';
import { normal } from './numbers.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** 100 ns steps from the start of the Gregorian calendar (1582) to 1970. Source: RFC 9562 §5.1 */
const GREGORIAN_OFFSET = 122_192_928_000_000_000n;

/** The 32 hexadecimal digits of a UUID in any of its four spellings. */
function digits(text: string): string | null {
  if (text.length === 32) return /^[0-9a-f]{32}$/i.test(text) ? text : null;
  let inner = text;
  if (text.length === 45 && text.toLowerCase().startsWith('urn:uuid:')) inner = text.slice(9);
  // As in OPA, what stands in the place of the braces does not matter.
  else if (text.length === 38) inner = text.slice(1, 37);
  return DASHED.test(inner) ? inner.replaceAll('-', '') : null;
}

function variantOf(byte: number): string {
  if ((byte & 0xc0) === 0x80) return 'RFC4122';
  if ((byte & 0xe0) === 0xc0) return 'Microsoft';
  return (byte & 0xe0) === 0xe0 ? 'Future' : 'Reserved';
}

function macVariables(first: number): string {
  return `${(first & 2) === 0 ? 'global' : 'local'}:${(first & 1) === 0 ? 'unicast' : 'multicast'}`;
}

function parse(text: string): Value | undefined {
  const hex = digits(text)?.toLowerCase() ?? null;
  if (hex === null) return undefined;
  const part = (from: number, to: number): bigint => BigInt(`0x${hex.slice(from * 2, to * 2)}`);
  const byte = (i: number): number => Number(part(i, i + 1));
  const version = byte(6) >> 4;
  const out: Record<string, Value> = { version, variant: variantOf(byte(8)) };
  if (version !== 1 && version !== 2) return out;
  const time = part(0, 4) | (part(4, 6) << 32n) | ((part(6, 8) & 0xfffn) << 48n);
  out['time'] = normal(BigInt.asIntN(64, (time - GREGORIAN_OFFSET) * 100n)) ?? 0;
  out['nodeid'] = (hex.slice(20).match(/../g) ?? []).join('-');
  out['macvariables'] = macVariables(byte(10));
  out['clocksequence'] = Number(part(8, 10) & 0x3fffn);
  if (version === 2) {
    out['id'] = Number(part(0, 4));
    out['domain'] = ['Person', 'Group', 'Org'][byte(9)] ?? `Domain${byte(9)}`;
  }
  return out;
}

/** Taking apart UUIDs of RFC 4122. */
export function uuidBuiltins(ctx: BuiltinContext): BuiltinTable {
  return {
    'uuid.parse': {
      arity: 1,
      fn: (v) => (typeof v === 'string' ? parse(v) : ctx.fail.type(1, 'string', v)),
    },
  };
}
