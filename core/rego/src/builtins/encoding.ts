import { marshal, parseJson } from '../json.ts';
import { compare, objectEntries, objectFrom, typeName } from '../values.ts';
import type { Value } from '../values.ts';
import { members } from './collections.ts';
import { operands } from './operands.ts';
import type { Builtin, BuiltinContext, BuiltinTable } from './types.ts';

/** Where text stops being base64 with padding, as Go counts; -1 when all of it is. Line breaks do not count. */
function corruptAt(s: string, alphabet: RegExp): number {
  let inQuantum = 0;
  for (let i = 0; i < s.length; i += 1) {
    const c = s[i] ?? '';
    if (c === '\n' || c === '\r') continue;
    if (alphabet.test(c)) {
      inQuantum = (inQuantum + 1) % 4;
      continue;
    }
    if (c !== '=' || inQuantum < 2) return new TextEncoder().encode(s.slice(0, i)).length;
    const rest = s.slice(i + 1);
    const blank = /^[\r\n]*/.exec(rest)?.[0].length ?? 0;
    let end = i + 1 + blank;
    if (inQuantum === 2) {
      if (end === s.length) return end;
      if (s[end] !== '=') return end - 1;
      end += 1 + (/^[\r\n]*/.exec(s.slice(end + 1))?.[0].length ?? 0);
    }
    return end < s.length ? end : -1;
  }
  return inQuantum === 0 ? -1 : s.length - inQuantum;
}

const STANDARD = /[A-Za-z0-9+/]/;
const URL_SAFE = /[A-Za-z0-9_-]/;

/** Bytes of base64 that corruptAt has passed. */
function fromBase64(s: string): Uint8Array {
  const binary = atob(
    s
      .replaceAll(/[\r\n]/g, '')
      .replaceAll('-', '+')
      .replaceAll('_', '/'),
  );
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

function toBase64(s: string): string {
  return btoa(Array.from(new TextEncoder().encode(s), (byte) => String.fromCharCode(byte)).join(''));
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

const toUrl = (s: string): string => s.replaceAll('+', '-').replaceAll('/', '_');

/** Go's url.QueryEscape: everything but unreserved characters, space as plus. */
function queryEscape(s: string): string {
  const bytes = new TextEncoder().encode(s);
  return Array.from(bytes, (byte) => {
    const c = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(c)) return c;
    return c === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** Undoes queryEscape; a string starting with `%` is the escape that is none. */
function queryUnescape(s: string): Uint8Array | string {
  const bytes: number[] = [];
  const all = new TextEncoder().encode(s);
  for (let i = 0; i < all.length; i += 1) {
    const byte = all[i] ?? 0;
    if (byte === 0x25) {
      const pair = String.fromCharCode(...all.subarray(i + 1, i + 3));
      if (!/^[0-9a-fA-F]{2}$/.test(pair)) return `%${pair}`;
      bytes.push(Number.parseInt(pair, 16));
      i += 2;
    } else bytes.push(byte === 0x2b ? 0x20 : byte);
  }
  return Uint8Array.from(bytes);
}

/** Built-ins that encode and decode. */
export function encodingBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { fail } = ctx;
  const op = operands(fail);
  const paid = (s: string): string => {
    ctx.charge(s.length >> 4);
    return s;
  };
  const text = (f: (s: string) => Value | undefined): Builtin => ({
    arity: 1,
    fn: (v) => {
      const s = op.string(v, 1);
      return s === undefined ? undefined : f(s);
    },
  });
  const decodeBase64 = (s: string, alphabet: RegExp): Value | undefined => {
    const at = corruptAt(s, alphabet);
    return at < 0 ? decoded(fromBase64(s)) : fail.error(`illegal base64 data at input byte ${at}`);
  };
  const decodeUrl = (s: string): Value | undefined => {
    const bytes = new TextEncoder().encode(s).length;
    if (s.endsWith('=') || bytes % 4 === 0) return decodeBase64(s, URL_SAFE);
    return bytes % 4 === 1
      ? fail.error(`illegal base64url string: ${s}`)
      : decodeBase64(s + '='.repeat(4 - (bytes % 4)), URL_SAFE);
  };
  const fromHex = (s: string): Value | undefined => {
    const odd = /[^0-9a-fA-F]/u.exec(s)?.[0];
    if (odd !== undefined) {
      const [byte = 0] = new TextEncoder().encode(odd);
      const code = byte.toString(16).toUpperCase().padStart(4, '0');
      return fail.error(`encoding/hex: invalid byte: U+${code} '${String.fromCharCode(byte)}'`);
    }
    if (s.length % 2 === 1) return fail.error('encoding/hex: odd length hex string');
    return decoded(Uint8Array.from(s.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
  };
  const unescape = (s: string): string | undefined => {
    const bytes = queryUnescape(s);
    return typeof bytes === 'string'
      ? fail.error(`invalid URL escape ${JSON.stringify(bytes)}`)
      : decoded(bytes);
  };
  const encodeObject = (o?: Value): Value | undefined => {
    const from = op.object(o, 1);
    if (from === undefined) return undefined;
    const pairs: string[] = [];
    const entries = objectEntries(from).map(([k, v]) => [typeof k === 'string' ? k : marshal(k), v] as const);
    for (const [k, v] of entries.sort((a, b) => compare(a[0], b[0]))) {
      const values = typeof v === 'string' ? [v] : members(v);
      if (values === undefined || !values.every((item) => typeof item === 'string'))
        return fail.operand(1, 'values must be string, array[string], or set[string]');
      for (const item of values) pairs.push(`${queryEscape(k)}=${queryEscape(item)}`);
    }
    return pairs.join('&');
  };
  const decodeObject = (s: string): Value | undefined => {
    const found = new Map<string, Value[]>();
    for (const pair of s.split('&')) {
      if (pair === '') continue;
      if (pair.includes(';')) return fail.error('invalid semicolon separator in query');
      const at = pair.indexOf('=');
      const k = unescape(at < 0 ? pair : pair.slice(0, at));
      const v = unescape(at < 0 ? '' : pair.slice(at + 1));
      if (k === undefined || v === undefined) return undefined;
      const list = found.get(k) ?? [];
      list.push(v);
      found.set(k, list);
    }
    return objectFrom(found);
  };
  const marshalWith = (v?: Value, options?: Value): Value | undefined => {
    const given = op.object(options, 2);
    if (v === undefined || given === undefined) return undefined;
    const settings = { indent: '\t', prefix: '' };
    let pretty: boolean | null = null;
    let implied = false;
    for (const [k, value] of objectEntries(given)) {
      if (k === 'pretty') {
        if (typeof value !== 'boolean') return fail.operand(2, 'key "pretty" failed cast to bool');
        pretty = value;
      } else if (k === 'indent' || k === 'prefix') {
        if (typeof value !== 'string')
          return fail.operand(
            2,
            `key "${k}" failed cast to string: must be string but got ${typeName(value)}`,
          );
        settings[k] = value;
        implied = true;
      } else if (typeof k === 'string')
        return fail.operand(2, `object contained unknown key ${JSON.stringify(k)}`);
      else return fail.operand(2, `failed to stringify key ${marshal(k)}`);
    }
    if (!(pretty ?? implied)) return paid(marshal(v));
    return paid(settings.prefix + marshal(v, settings.indent, '\n', settings.prefix));
  };
  return {
    'base64.encode': text((s) => paid(toBase64(s))),
    'base64.decode': text((s) => decodeBase64(s, STANDARD)),
    'base64.is_valid': { arity: 1, fn: (s) => typeof s === 'string' && corruptAt(s, STANDARD) < 0 },
    'base64url.encode': text((s) => paid(toUrl(toBase64(s)))),
    'base64url.encode_no_pad': text((s) => paid(toUrl(toBase64(s)).replaceAll('=', ''))),
    'base64url.decode': text(decodeUrl),
    'hex.encode': text((s) =>
      paid(Array.from(new TextEncoder().encode(s), (byte) => byte.toString(16).padStart(2, '0')).join('')),
    ),
    'hex.decode': text(fromHex),
    'urlquery.encode': text((s) => paid(queryEscape(s))),
    'urlquery.decode': text(unescape),
    'urlquery.encode_object': { arity: 1, fn: encodeObject },
    'urlquery.decode_object': text(decodeObject),
    'json.marshal': { arity: 1, fn: (v) => (v === undefined ? undefined : paid(marshal(v))) },
    'json.marshal_with_options': { arity: 2, fn: marshalWith },
    'json.unmarshal': text((s) => {
      ctx.charge(s.length >> 2);
      const found = parseJson(s);
      return found === undefined ? fail.error(jsonComplaint(s)) : found;
    }),
    'json.is_valid': {
      arity: 1,
      fn: (s) => {
        if (typeof s !== 'string') return false;
        ctx.charge(s.length >> 2);
        return parseJson(s) !== undefined;
      },
    },
  };
}

/** What is wrong with a text that is no JSON. */
function jsonComplaint(s: string): string {
  if (s.trim() === '') return 'EOF';
  try {
    JSON.parse(s);
    return 'number out of range';
  } catch (error) {
    const at = /position (\d+)/.exec(String(error))?.[1];
    const c = at === undefined ? undefined : s[Number(at)];
    return c === undefined ? 'unexpected EOF' : `invalid character '${c}' looking for beginning of value`;
  }
}
