import { display, parseJson } from '../json.ts';
import { isArray, isPlain, own, typeName } from '../values.ts';
import type { Plain, Value } from '../values.ts';
import { decodeBase64 } from './base64.ts';
import { bitLength, sameBytes, toBigInt } from './bytes.ts';
import { curveNamed, isOnCurve } from './curves.ts';
import type { Curve } from './curves.ts';
import { jsonMistake } from './go-json.ts';
import type { EcPublic, OkpPrivate, PrivateKey, PublicKey, RsaPublic } from './keys.ts';
import type { PrivateKeys } from './private-keys.ts';
import { Problem, problem } from './problem.ts';

/** A key of a key set, of a certificate or of a `PUBLIC KEY` block. */
export interface Jwk {
  readonly key:
    | { readonly is: 'public'; readonly key: PublicKey }
    | { readonly is: 'private'; readonly key: PrivateKey }
    | { readonly is: 'secret'; readonly bytes: Uint8Array };
  /** Empty when the key does not say. */
  readonly alg: string;
  readonly kid: string;
}

/** A key that was read but not turned into numbers, so that a set is judged as a whole first. */
interface Unbuilt {
  readonly alg: string;
  readonly kid: string;
  readonly build: () => Jwk['key'];
}

const MAX_KEYS = 1000;
const ENCRYPTION =
  /^(?:dir|RSA1_5|RSA-OAEP(?:-256|-384|-512)?|A(?:128|192|256)(?:GCM)?KW|ECDH-ES(?:\+A(?:128|192|256)KW)?|PBES2-HS(?:256\+A128|384\+A192|512\+A256)KW|A(?:128|192|256)GCM|A128CBC-HS256|A192CBC-HS384|A256CBC-HS512)$/;
const SIGNATURE = /^(?:none|[HRPE]S(?:256|384|512)|ES256K|EdDSA|Ed25519)$/;
const CURVES: ReadonlySet<string> = new Set([
  'Ed25519',
  'Ed448',
  'P-256',
  'P-384',
  'P-521',
  'X25519',
  'X448',
]);

/** The keys of a JWK or a JWK set (RFC 7517). Throws Problem. */
export function parseJwks(text: string, keys: PrivateKeys): readonly Jwk[] {
  const parsed = parseJson(text);
  if (parsed === undefined) {
    problem(
      `failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: ${jsonMistake(text)}`,
    );
  }
  const list = isPlain(parsed) ? own(parsed, 'keys') : undefined;
  if (list === undefined) return [built(within('failed to parse sole key', () => parseKey(parsed, keys)))];
  if (!isArray(list))
    return problem(
      `failed to unmarshal JWK set: failed to decode "keys": expected '[' but got ${shownToken(list)}`,
    );
  if (list.length > MAX_KEYS)
    problem(`failed to unmarshal JWK set: too many keys in "keys" array: max ${MAX_KEYS}`);
  return list
    .map((item, i) =>
      within(`failed to unmarshal JWK set: failed to decode key #${i} in "keys"`, () => parseKey(item, keys)),
    )
    .map(built);
}

/** The wording of the two places where keys are turned into numbers. */
export class ExportProblem extends Problem {}

function built({ alg, kid, build }: Unbuilt): Jwk {
  try {
    return { alg, kid, key: build() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new ExportProblem(`jwk.Export: failed to export jwk.Key to raw format: ${error.message}`, {
      cause: error,
    });
  }
}

function within<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem)
      throw new Problem(`${what}: jwk.ParseKey: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Reads the fields of one key of a type. */
class Fields {
  private readonly from: Plain;
  private readonly type: string;

  constructor(from: Plain, type: string) {
    this.from = from;
    this.type = type;
  }

  private refuse(why: string): never {
    const place = `failed to unmarshal JSON into key (*jwk.${this.type})`;
    return problem(`${place}: ${place}: ${why}`);
  }

  invalid(why: string): never {
    const type = `${this.type[0]?.toUpperCase()}${this.type.slice(1)}`;
    const name = type
      .replace(/^Rsa/, 'RSA')
      .replace(/^Ecdsa/, 'ECDSA')
      .replace(/^Okp/, 'OKP');
    return problem(`jwk.Parse: key validation failed: key validation failed: jwk.${name}: ${why}`);
  }

  text(name: string, reading = 'error reading next value: '): string | undefined {
    const value = own(this.from, name);
    if (value === undefined || typeof value === 'string') return value;
    return this.refuse(
      `failed to decode value for key ${name}: ${reading}json: cannot unmarshal ${goType(value)} into Go value of type string`,
    );
  }

  optionalBytes(name: string): Uint8Array | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = decodeBase64(value, {
      alphabet: /[+/]/.test(value) ? 'standard' : 'url',
      padded: value.endsWith('='),
    });
    return found instanceof Uint8Array
      ? found
      : this.refuse(`failed to decode value for key ${name}: expected base64 encoded []byte (string)`);
  }

  bytes(name: string): Uint8Array {
    return this.optionalBytes(name) ?? this.refuse(`required field ${name} is missing`);
  }

  curve(): string {
    const name =
      this.text('crv', 'failed to unmarshal EllipticCurveAlgorithm: ') ??
      this.refuse('required field crv is missing');
    if (!CURVES.has(name))
      this.refuse(
        `failed to decode value for key crv: unknown EllipticCurveAlgorithm: ${JSON.stringify(name)}`,
      );
    return name;
  }

  /** `alg` must be some algorithm of JOSE; which of them verify is not decided here. */
  algorithm(): string {
    const alg = this.text('alg', '');
    if (alg === undefined) return '';
    if (!SIGNATURE.test(alg) && !ENCRYPTION.test(alg))
      this.refuse(
        `failed to decode value for key alg: invalid key value: ${JSON.stringify(alg)}: invalid key algorithm`,
      );
    return alg;
  }
}

function parseKey(value: Value, keys: PrivateKeys): Unbuilt {
  if (value === null) return problem('invalid key type from JSON ()');
  if (!isPlain(value))
    return problem(
      `jwk.Parse: failed to probe data: probe: failed to unmarshal data: json: cannot unmarshal ${goType(value)} into Go value of type struct { Kty string "json:\\"kty\\""; D json.RawMessage "json:\\"d,omitempty\\"" }`,
    );
  const kty = own(value, 'kty') ?? '';
  if (typeof kty !== 'string')
    return problem(
      `jwk.Parse: failed to probe data: probe: failed to unmarshal data: json: cannot unmarshal ${goType(kty)} into Go struct field .kty of type string`,
    );
  const isPrivate = own(value, 'd') !== undefined;
  const half = isPrivate ? 'PrivateKey' : 'PublicKey';
  const of = (type: string, read: (fields: Fields) => Unbuilt['build']): Unbuilt => {
    const fields = new Fields(value, type);
    const named = { alg: fields.algorithm(), kid: fields.text('kid') ?? '' };
    return { ...named, build: read(fields) };
  };
  switch (kty) {
    case 'RSA':
      return of(`rsa${half}`, (fields) => rsa(fields, isPrivate));
    case 'EC':
      return of(`ecdsa${half}`, (fields) => ec(fields, isPrivate, keys));
    case 'OKP':
      return of(`okp${half}`, (fields) => okp(fields, isPrivate, keys));
    case 'oct':
      return of('symmetricKey', (fields) => {
        const bytes = fields.bytes('k');
        if (bytes.length === 0) fields.invalid('missing "k" field');
        return () => ({ is: 'secret', bytes });
      });
    default:
      return problem(`invalid key type from JSON (${kty})`);
  }
}

/** The first token of a value. */
function shownToken(value: Value): string {
  if (value === null) return '<nil>';
  return isPlain(value) ? '{' : display(value);
}

function goType(value: Value): string {
  const name = typeName(value);
  return name === 'boolean' ? 'bool' : name;
}

function rsa(fields: Fields, isPrivate: boolean): Unbuilt['build'] {
  const d = isPrivate ? toBigInt(fields.bytes('d')) : 0n;
  const [e, n] = [fields.bytes('e'), fields.bytes('n')].map((bytes) => toBigInt(bytes)) as [bigint, bigint];
  const [p, q, dp, dq, qi] = ['p', 'q', 'dp', 'dq', 'qi'].map((name) => fields.optionalBytes(name));
  if (n === 0n) fields.invalid('missing "n" value');
  if (e === 0n) fields.invalid('missing "e" value');
  if ((e & 1n) === 0n) fields.invalid('invalid rsa public exponent: must be a positive odd integer');
  if (bitLength(e) >= 64)
    fields.invalid(`rsa public exponent too large for this platform: ${bitLength(e)} bits (max 63)`);
  const key: RsaPublic = { kind: 'rsa', n, e };
  if (!isPrivate) return () => ({ is: 'public', key });
  if (d === 0n) fields.invalid('missing "d" value');
  return () => {
    if (q === undefined) return problem('missing "q" value');
    if (p === undefined) return problem('missing "p" value');
    const primes = [toBigInt(p), toBigInt(q)] as const;
    if (primes[0] < 2n || primes[1] < 2n) return problem('crypto/rsa: invalid prime value');
    const remainder = (given: Uint8Array | undefined, prime: bigint): bigint =>
      given === undefined ? d % (prime - 1n) : toBigInt(given);
    return {
      is: 'private',
      key: {
        kind: 'rsa',
        public: key,
        d,
        primes,
        dp: remainder(dp, primes[0]),
        dq: remainder(dq, primes[1]),
        qinv: qi === undefined ? inverse(primes[1], primes[0]) : toBigInt(qi),
      },
    };
  };
}

/** The inverse modulo m; 0 when there is none. */
function inverse(value: bigint, m: bigint): bigint {
  let [r0, r1, s0, s1] = [m, value % m, 0n, 1n];
  while (r1 !== 0n) [r0, r1, s0, s1] = [r1, r0 % r1, s1, s0 - (r0 / r1) * s1];
  return r0 === 1n ? ((s0 % m) + m) % m : 0n;
}

function ec(fields: Fields, isPrivate: boolean, keys: PrivateKeys): Unbuilt['build'] {
  const name = fields.curve();
  const coordinates = [fields.bytes('x'), fields.bytes('y')] as const;
  const d = isPrivate ? fields.bytes('d') : null;
  const curve: Curve =
    curveNamed(name) ??
    fields.invalid(
      `invalid curve algorithm ${JSON.stringify(name)}: unknown elliptic curve algorithm: ${JSON.stringify(name)}`,
    );
  for (const [i, bytes] of coordinates.entries())
    if (bytes.length !== curve.size)
      fields.invalid(
        `invalid ${JSON.stringify('xy'[i])} length (${bytes.length}) for curve ${JSON.stringify(name)}`,
      );
  const [x, y] = coordinates.map((bytes) => toBigInt(bytes)) as [bigint, bigint];
  if (!isOnCurve(curve, x, y)) fields.invalid('invalid ECDSA public key: point is not on the curve');
  const key: EcPublic = { kind: 'ec', curve: curve.name, x, y };
  if (d === null) return () => ({ is: 'public', key });
  if (d.length !== curve.size)
    fields.invalid(`invalid "d" length (${d.length}) for curve ${JSON.stringify(name)}`);
  return () => {
    const found = keys.ec(curve, toBigInt(d));
    if (found.public.x !== x || found.public.y !== y) problem('the public point is not that of the scalar');
    return { is: 'private', key: found };
  };
}

function okp(fields: Fields, isPrivate: boolean, keys: PrivateKeys): Unbuilt['build'] {
  const name = fields.curve();
  const x = fields.bytes('x');
  const d = isPrivate ? fields.bytes('d') : null;
  const kind: OkpPrivate['kind'] | null =
    name === 'Ed25519' ? 'ed25519' : name === 'X25519' ? 'x25519' : null;
  if (kind !== null && x.length !== 32) fields.invalid(`${kind}: wrong public key size`);
  if (kind !== null && d !== null && d.length !== 32) fields.invalid(`${kind}: wrong private key size`);
  const half = d === null ? 'Public' : 'Private';
  return () => {
    if (kind === null)
      return problem(
        `jwk.OKP${half}Key: failed to build ${half.toLowerCase()} key: invalid curve algorithm ${name}`,
      );
    if (d === null) return { is: 'public', key: { kind, x } };
    const key = keys.okp(kind, d);
    if (!sameBytes(key.public.x, x))
      problem(`jwk.OKPPrivateKey: failed to build private key: ${kind}: invalid x value given d value`);
    return { is: 'private', key };
  };
}
