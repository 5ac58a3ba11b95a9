import { marshal, parseJson } from '../json.ts';
import { compare, isObject, objectEntries, objectFrom, objectGet } from '../values.ts';
import type { Value } from '../values.ts';
import { members } from './collections.ts';
import type { Builtin, BuiltinContext, BuiltinTable } from './types.ts';

function text(f: (s: string) => Value | undefined): Builtin {
  return { arity: 1, fn: (s) => (typeof s === 'string' ? f(s) : undefined) };
}

/** Bytes of text that is base64; undefined when it is not. */
function fromBase64(s: string, alphabet: 'std' | 'url'): Uint8Array | undefined {
  const clean = s.replaceAll(/[\r\n]/g, '');
  const valid =
    alphabet === 'std'
      ? /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
      : /^[A-Za-z0-9_-]*={0,2}$/;
  if (!valid.test(clean)) return undefined;
  try {
    const binary = atob(clean.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function toBase64(s: string): string {
  return btoa(Array.from(new TextEncoder().encode(s), (byte) => String.fromCharCode(byte)).join(''));
}

function decoded(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

const toUrl = (s: string): string => s.replaceAll('+', '-').replaceAll('/', '_');

function fromHex(s: string): string | undefined {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(s)) return undefined;
  return decoded(Uint8Array.from(s.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

/** Go's url.QueryEscape: everything but unreserved characters, space as plus. */
function queryEscape(s: string): string {
  const bytes = new TextEncoder().encode(s);
  return Array.from(bytes, (byte) => {
    const c = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(c)) return c;
    return c === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function queryUnescape(s: string): string | undefined {
  const bytes: number[] = [];
  const all = new TextEncoder().encode(s);
  for (let i = 0; i < all.length; i += 1) {
    const byte = all[i] ?? 0;
    if (byte === 0x25) {
      const pair = String.fromCharCode(all[i + 1] ?? 0, all[i + 2] ?? 0);
      if (!/^[0-9a-fA-F]{2}$/.test(pair)) return undefined;
      bytes.push(Number.parseInt(pair, 16));
      i += 2;
    } else bytes.push(byte === 0x2b ? 0x20 : byte);
  }
  return decoded(Uint8Array.from(bytes));
}

function encodeObject(o: Value | undefined): Value | undefined {
  if (o === undefined || !isObject(o)) return undefined;
  const pairs: string[] = [];
  const entries = objectEntries(o).sort((a, b) => compare(a[0], b[0]));
  for (const [k, v] of entries) {
    const values = typeof v === 'string' ? [v] : members(v);
    if (typeof k !== 'string' || values === undefined || !values.every((item) => typeof item === 'string'))
      return undefined;
    for (const item of values) pairs.push(`${queryEscape(k)}=${queryEscape(item)}`);
  }
  return pairs.join('&');
}

function decodeObject(s: string): Value | undefined {
  const found = new Map<string, Value[]>();
  for (const pair of s.split('&')) {
    if (pair === '') continue;
    if (pair.includes(';')) return undefined;
    const at = pair.indexOf('=');
    const k = queryUnescape(at < 0 ? pair : pair.slice(0, at));
    const v = queryUnescape(at < 0 ? '' : pair.slice(at + 1));
    if (k === undefined || v === undefined) return undefined;
    const list = found.get(k) ?? [];
    list.push(v);
    found.set(k, list);
  }
  return objectFrom(found);
}

function marshalWith(v: Value | undefined, options: Value | undefined): Value | undefined {
  if (v === undefined || options === undefined || !isObject(options)) return undefined;
  const [indent, prefix, pretty] = ['indent', 'prefix', 'pretty'].map((k) => objectGet(options, k));
  for (const [k] of objectEntries(options))
    if (k !== 'indent' && k !== 'prefix' && k !== 'pretty') return undefined;
  if (
    (indent !== undefined && typeof indent !== 'string') ||
    (prefix !== undefined && typeof prefix !== 'string')
  )
    return undefined;
  if (pretty !== undefined && typeof pretty !== 'boolean') return undefined;
  const isPretty = pretty ?? (indent !== undefined || prefix !== undefined);
  if (!isPretty) return marshal(v);
  const start = prefix ?? '';
  return start + marshal(v, indent ?? '\t', '\n', start);
}

/** Built-ins that encode and decode. */
export function encodingBuiltins(ctx: BuiltinContext): BuiltinTable {
  const paid = (s: string): string => {
    ctx.charge(s.length >> 4);
    return s;
  };
  return {
    'base64.encode': text((s) => paid(toBase64(s))),
    'base64.decode': text((s) => decoded(fromBase64(s, 'std'))),
    'base64.is_valid': text((s) => fromBase64(s, 'std') !== undefined),
    'base64url.encode': text((s) => paid(toUrl(toBase64(s)))),
    'base64url.encode_no_pad': text((s) => paid(toUrl(toBase64(s)).replaceAll('=', ''))),
    'base64url.decode': text((s) => decoded(fromBase64(s, 'url'))),
    'hex.encode': text((s) =>
      paid(Array.from(new TextEncoder().encode(s), (byte) => byte.toString(16).padStart(2, '0')).join('')),
    ),
    'hex.decode': text(fromHex),
    'urlquery.encode': text((s) => paid(queryEscape(s))),
    'urlquery.decode': text(queryUnescape),
    'urlquery.encode_object': { arity: 1, fn: encodeObject },
    'urlquery.decode_object': text(decodeObject),
    'json.marshal': { arity: 1, fn: (v) => (v === undefined ? undefined : paid(marshal(v))) },
    'json.marshal_with_options': { arity: 2, fn: marshalWith },
    'json.unmarshal': text((s) => {
      ctx.charge(s.length >> 4);
      return parseJson(s);
    }),
    'json.is_valid': { arity: 1, fn: (s) => typeof s === 'string' && parseJson(s) !== undefined },
  };
}
