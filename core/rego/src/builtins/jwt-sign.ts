import { toUrl } from '../crypto/base64.ts';
import { bitLength, utf8 } from '../crypto/bytes.ts';
import { jsonMistake } from '../crypto/go-json.ts';
import { ExportProblem, parseJwks } from '../crypto/jwk.ts';
import type { Jwk } from '../crypto/jwk.ts';
import { PrivateKeys } from '../crypto/private-keys.ts';
import { Problem, problem } from '../crypto/problem.ts';
import { algorithmNamed, signed } from '../crypto/signatures.ts';
import type { Algorithm } from '../crypto/signatures.ts';
import type { HostCrypto } from '../host-crypto.ts';
import { marshal, parseJson } from '../json.ts';
import { isObject, isPlain, own, typeName } from '../values.ts';
import type { Value } from '../values.ts';
import { guard } from './guard.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** Steps that making one signature costs. */
const SIGN_STEPS = 5000;

const WANTED: Readonly<Record<Algorithm['family'], string>> = {
  hmac: '[]byte',
  rsa: '*rsa.PrivateKey',
  ecdsa: '*ecdsa.PrivateKey',
  eddsa: 'ed25519.PrivateKey',
};

const GO_NAMES: Readonly<Record<string, string>> = { rsa: 'rsa', ec: 'ecdsa', ed25519: 'okp', x25519: 'okp' };

/** The name that OPA's users know a kind of key by. */
function kindOf({ key }: Jwk): string {
  if (key.is === 'secret') return '*jwk.symmetricKey';
  return `*jwk.${GO_NAMES[key.key.kind] ?? key.key.kind}${key.is === 'private' ? 'PrivateKey' : 'PublicKey'}`;
}

function refuseKey(key: Jwk, family: Algorithm['family']): never {
  const found = key.key;
  if (family === 'rsa' && found.is === 'private' && found.key.kind === 'rsa') {
    const bits = bitLength(found.key.public.n);
    return problem(
      `crypto/rsa: ${bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`,
    );
  }
  const [kind, wanted] = [kindOf(key), WANTED[family]];
  const prefix = family === 'hmac' || family === 'ecdsa' ? 'keyconv: ' : '';
  return problem(
    `jwsbb.Sign: invalid key type ${kind}. ${wanted} is required: ${prefix}failed to produce ${wanted.replace('*', '')} from ${kind}: jwk.Export: no suitable exporter found for key type '${kind}'`,
  );
}

/** A header parameter that must be a text; throws Problem. */
function headerText(header: Value, name: string): string {
  const value = isPlain(header) ? own(header, name) : undefined;
  if (value === undefined) return problem(`jwsbb: header "${name}" not found`);
  if (typeof value === 'string') return value;
  const shown = typeof value === 'boolean' ? String(value) : typeName(value);
  return problem(`value doesn't contain string; it contains ${shown}`);
}

function firstKey(text: string, keys: PrivateKeys): Jwk {
  try {
    const [first] = parseJwks(text, keys);
    return first ?? problem('no keys found in JWK set');
  } catch (error) {
    if (!(error instanceof Problem) || error instanceof ExportProblem || error.message.startsWith('no keys'))
      throw error;
    throw new Problem(`jwk.Parse: ${error.message}`, { cause: error });
  }
}

/** Makes signed tokens. */
export function signBuiltins(ctx: BuiltinContext, crypto: HostCrypto): BuiltinTable {
  const { strings, run, pay } = guard(ctx);
  const keys = new PrivateKeys(crypto);

  const token = (headers: string, payload: string, jwk: string): string => {
    const key = firstKey(pay(jwk), keys);
    const header = parseJson(pay(headers));
    const alg = algorithmIn(header, headers);
    const algorithm = algorithmNamed(alg) ?? problem(`unknown JWS algorithm: ${alg}`);
    const typ = isPlain(header as Value) ? own(header as { [k: string]: Value }, 'typ') : undefined;
    const isJwt = typeof typ !== 'string' || typ === 'JWT';
    if (parseJson(pay(payload)) === undefined && isJwt) problem('type is JWT but payload is not JSON');
    const data = `${toUrl(utf8(headers))}.${toUrl(utf8(payload))}`;
    ctx.charge(SIGN_STEPS);
    const signature = signed(crypto, algorithm, key, utf8(data));
    if (signature === null) return refuseKey(key, algorithm.family);
    return `${data}.${toUrl(signature)}`;
  };

  return {
    'io.jwt.encode_sign': {
      arity: 3,
      fn: (...given) => {
        for (const [i, value] of given.entries())
          if (!isObject(value)) return ctx.fail.type(i + 1, 'object', value);
        const [headers = '', payload = '', jwk = ''] = given.map((value) => marshal(value));
        return run(() => token(headers, payload, jwk));
      },
    },
    'io.jwt.encode_sign_raw': strings(3, token),
  };
}

function algorithmIn(header: Value | undefined, text: string): string {
  try {
    if (header === undefined)
      return problem(
        `cannot parse JSON: ${text === '' ? 'cannot parse empty string; unparsed tail: ""' : jsonMistake(text)}`,
      );
    return headerText(header, 'alg');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(`missing or invalid 'alg' header: ${error.message}`, { cause: error });
  }
}
