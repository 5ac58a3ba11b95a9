import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../src/node/index.ts';
import { issue } from './certificates.ts';
import { askOpa, evaluate, isUndefined, oracle, valueOf } from './with-host.ts';

const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token with a header of any kind, made by the library and not by the code under test. */
function token(alg: string, key: KeyObject | string, payload: unknown, header: object = {}): string {
  const data = `${b64({ alg, ...header })}.${b64(payload)}`;
  const hash = `sha${alg.slice(2)}`;
  if (typeof key === 'string')
    return `${data}.${createHmac(hash.startsWith('sha') && /\d/.test(hash) ? hash : 'sha256', key)
      .update(data)
      .digest('base64url')}`;
  const bytes = Buffer.from(data);
  if (alg === 'EdDSA') return `${data}.${sign(null, bytes, key).toString('base64url')}`;
  const options = alg.startsWith('PS')
    ? { key, padding: 6, saltLength: -1 }
    : { key, dsaEncoding: 'ieee-p1363' as const };
  return `${data}.${sign(hash, bytes, options).toString('base64url')}`;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const keys: Readonly<Record<string, KeyObject>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  EdDSA: generateKeyPairSync('ed25519').privateKey,
};
const pemOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();
const jwkOf = (key: KeyObject, more: object = {}): string =>
  JSON.stringify({ ...createPublicKey(key).export({ format: 'jwk' }), ...more });

describe.each(Object.entries(keys))('%s', (alg, key) => {
  const verify = `io.jwt.verify_${alg.toLowerCase()}(input.token, input.key)`;
  const whole = 'io.jwt.decode_verify(input.token, {"cert": input.key})';
  const good = token(alg, key, { a: 1 });
  const set = JSON.stringify({
    keys: [
      { kty: 'oct', k: 'YSBzZWNyZXQgb2YgdGhlIHNldA', alg: 'HS256' },
      JSON.parse(jwkOf(key, { kid: 'k', alg })) as object,
    ],
  });

  test.each([
    ['PEM', pemOf(key)],
    ['JWK', jwkOf(key)],
    ['JWK set', set],
  ])('verifies with %s', (_, keyText) => {
    expect(valueOf(verify, { token: good, key: keyText })).toBe(true);
    expect(valueOf(whole, { token: good, key: keyText })).toEqual([true, { alg }, { a: 1 }]);
  });

  test('does not verify what was changed, or with another key', () => {
    const [header, , signature] = good.split('.');
    const changed = `${header}.${b64({ a: 2 })}.${signature}`;
    const other = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    for (const [t, k] of [
      [changed, pemOf(key)],
      [good, other],
      [`${header}.${b64({ a: 1 })}.`, pemOf(key)],
    ] as const) {
      expect(valueOf(verify, { token: t, key: k })).toBe(false);
      expect(valueOf(whole, { token: t, key: k })).toEqual([false, {}, {}]);
    }
  });

  test('[req: rego:jwt-confusion] a public key is never the secret of an HMAC, and `none` never verifies', () => {
    for (const keyText of [pemOf(key), jwkOf(key), set]) {
      for (const secret of [keyText, pemOf(key)]) {
        const forged = token('HS256', secret, { admin: true });
        expect(valueOf(whole, { token: forged, key: keyText })).toEqual([false, {}, {}]);
        expect(valueOf(verify, { token: forged, key: keyText })).toBe(false);
      }
      for (const none of ['none', 'None', 'NONE', '']) {
        const bare = `${b64({ alg: none })}.${b64({ admin: true })}.`;
        expect(valueOf(whole, { token: bare, key: keyText })).toEqual([false, {}, {}]);
        expect(valueOf(verify, { token: bare, key: keyText })).toBe(false);
      }
    }
    const bare = `${b64({ alg: 'none' })}.${b64({})}.`;
    expect(valueOf('io.jwt.decode_verify(input, {"secret": "s"})', bare)).toEqual([false, {}, {}]);
  });

  test('io.jwt.encode_sign makes what verifies', () => {
    const jwk = JSON.stringify(key.export({ format: 'jwk' }));
    const made = 'io.jwt.encode_sign({"alg": input.alg}, {"b": [1, null]}, json.unmarshal(input.jwk))';
    const signed = valueOf(made, { alg, jwk }) as string;
    expect(valueOf(whole, { token: signed, key: pemOf(key) })).toEqual([true, { alg }, { b: [1, null] }]);
    const [header, payload, signature] = signed.split('.');
    const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
    expect(hash === null || signature !== '').toBe(true);
    expect(Buffer.from(header ?? '', 'base64url').toString()).toBe(JSON.stringify({ alg }));
    expect(Buffer.from(payload ?? '', 'base64url').toString()).toBe('{"b":[1,null]}');
  });
});

test('the bytes of an Ed25519 key are no secret, either', () => {
  const key = generateKeyPairSync('ed25519').privateKey;
  const jwk = jwkOf(key);
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  const data = `${b64({ alg: 'HS256' })}.${b64({ admin: true })}`;
  const forged = `${data}.${createHmac('sha256', Buffer.from(x, 'base64url')).update(data).digest('base64url')}`;
  expect(valueOf('io.jwt.decode_verify(input.t, {"cert": input.jwk})[0]', { t: forged, jwk })).toBe(false);
  expect(evaluate('io.jwt.encode_sign_raw("{\\"alg\\":\\"HS256\\"}", "{}", input)', jwk)).toContain(
    'invalid key type',
  );
});

describe('keys', () => {
  test('a kid picks one key, an alg leaves others out', () => {
    const [first, second] = [keys['ES256'], generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey];
    if (first === undefined) throw new Error('no key');
    const set = JSON.stringify({
      keys: [JSON.parse(jwkOf(first, { kid: 'a' })), JSON.parse(jwkOf(second, { kid: 'b', alg: 'RS256' }))],
    });
    const ask = (kid: string, key: KeyObject): unknown =>
      valueOf('io.jwt.verify_es256(input.t, input.set)', { t: token('ES256', key, {}, { kid }), set });
    expect(ask('a', first)).toBe(true);
    expect(ask('b', first)).toBe(false);
    expect(ask('b', second)).toBe(true);
    expect(ask('c', first)).toBe(true);
    expect(ask('c', second)).toBe(false);
  });
  test('certificates give their key', () => {
    for (const [alg, kind] of [
      ['RS256', 'rsa'],
      ['ES256', 'ec'],
      ['EdDSA', 'ed25519'],
    ] as const) {
      const { pem, key } = issue({ name: 'signer', kind });
      const input = { t: token(alg, key, {}), pem };
      expect(valueOf(`io.jwt.verify_${alg.toLowerCase()}(input.t, input.pem)`, input)).toBe(true);
    }
  });
  test('RSA keys below 1024 bits verify nothing', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 768 }).privateKey;
    const input = { t: token('RS256', weak, {}), key: pemOf(weak) };
    expect(valueOf('io.jwt.verify_rs256(input.t, input.key)', input)).toBe(false);
  });
  test('an RSA-PSS salt of another length is taken by verify_ps256 only', () => {
    const data = `${b64({ alg: 'PS256' })}.${b64({})}`;
    const input = {
      t: `${data}.${sign('sha256', Buffer.from(data), { key: rsa, padding: 6, saltLength: 10 }).toString('base64url')}`,
      key: pemOf(rsa),
    };
    expect(valueOf('io.jwt.verify_ps256(input.t, input.key)', input)).toBe(true);
    expect(valueOf('io.jwt.decode_verify(input.t, {"cert": input.key})[0]', input)).toBe(false);
  });
});

describe('claims', () => {
  const ask = (payload: object, constraints: string): unknown =>
    valueOf(`io.jwt.decode_verify(input, {"secret": "s", ${constraints}})[0]`, token('HS256', 's', payload));
  test('exp and nbf are compared with the time given in nanoseconds', () => {
    expect(ask({ exp: 10 }, '"time": 9999999999')).toBe(true);
    expect(ask({ exp: 10 }, '"time": 10000000000')).toBe(false);
    expect(ask({ nbf: 10 }, '"time": 10000000000')).toBe(true);
    expect(ask({ nbf: 10 }, '"time": 9999999999')).toBe(false);
  });
  test('without a time, with the clock of the host', () => {
    const input = token('HS256', 's', { exp: 1000 });
    const at = (ms: number): unknown =>
      valueOf('io.jwt.decode_verify(input, {"secret": "s"})[0]', input, { ...hostAt(ms) });
    expect(at(999_999)).toBe(true);
    expect(at(1_000_000)).toBe(false);
  });
  test('iss and aud', () => {
    expect(ask({ iss: 'i' }, '"iss": "i"')).toBe(true);
    expect(ask({ iss: 'j' }, '"iss": "i"')).toBe(false);
    expect(ask({}, '"iss": "i"')).toBe(false);
    expect(ask({ aud: ['a', 'b'] }, '"aud": "b"')).toBe(true);
    expect(ask({ aud: 'a' }, '"aud": "b"')).toBe(false);
    expect(ask({}, '"aud": "b"')).toBe(false);
    expect(ask({ aud: 'a' }, '"alg": "HS256"')).toBe(false);
  });
  test('a critical parameter that is not understood, and another algorithm than wanted', () => {
    const t = token('HS256', 's', {}, { crit: ['x'], x: 1 });
    expect(valueOf('io.jwt.decode_verify(input, {"secret": "s"})[0]', t)).toBe(false);
    expect(ask({}, '"alg": "HS512"')).toBe(false);
  });
  test('nested tokens must be signed at every level', () => {
    const nest = (inner: string, outer: string): unknown =>
      valueOf(
        'io.jwt.decode_verify(input, {"secret": "s"})',
        token('HS256', outer, token('HS256', inner, { deep: 1 }), { cty: 'JWT' }),
      );
    expect(nest('s', 's')).toEqual([true, { alg: 'HS256' }, { deep: 1 }]);
    expect(nest('x', 's')).toEqual([false, {}, {}]);
    expect(nest('s', 'x')).toEqual([false, {}, {}]);
  });
});

function hostAt(ms: number): ReturnType<typeof nodeHost> {
  return nodeHost({ now: () => ms });
}

describe('malformed tokens', () => {
  test('are clean failures whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.boolean(), (a, b, c, encode) => {
        const part = (text: string): string => (encode ? b64(text) : text);
        const input = { t: `${part(a)}.${part(b)}.${part(c)}`, k: a };
        for (const call of [
          'io.jwt.decode(input.t)',
          'io.jwt.verify_hs256(input.t, "s")',
          'io.jwt.verify_rs256(input.t, input.k)',
          'io.jwt.decode_verify(input.t, {"secret": "s"})',
          'io.jwt.encode_sign_raw(input.t, input.k, input.t)',
        ])
          expect(evaluate(call, input)).toMatch(/^(?:test\.rego:\d+: eval_builtin_error: |true$|false$|\[)/);
      }),
      { numRuns: 60 },
    );
  });
  test('are undefined without strict errors', () => {
    expect(isUndefined('io.jwt.decode(input)', 'a.b')).toBe(true);
    expect(isUndefined('io.jwt.verify_rs256(input, "no key")', 'e30.e30.e30')).toBe(true);
  });
});

test('OPA gives the same answers', ({ skip }) => {
  const found = oracle();
  if ('skip' in found) return skip(found.skip);
  const input = {
    set: JSON.stringify({ keys: [JSON.parse(jwkOf(rsa, { kid: 'a' }))] }),
    tokens: [] as string[],
  };
  const payloads = [{ a: 1 }, { exp: 5 }, { nbf: 5 }, { aud: ['x'] }, { iss: 'i' }];
  for (const payload of payloads)
    input.tokens.push(
      token('RS256', rsa, payload),
      token('RS256', rsa, payload, { kid: 'a' }),
      token('HS256', 's', payload),
    );
  const expressions = input.tokens.flatMap((_, i) => [
    `io.jwt.decode(input.tokens[${i}])`,
    `io.jwt.verify_rs256(input.tokens[${i}], input.set)`,
    `io.jwt.decode_verify(input.tokens[${i}], {"cert": input.set, "time": 5000000000})`,
    `io.jwt.decode_verify(input.tokens[${i}], {"secret": "s", "aud": "x", "time": 1})`,
    `io.jwt.encode_sign_raw("{\\"alg\\":\\"HS256\\"}", input.tokens[${i}], "{\\"kty\\":\\"oct\\",\\"k\\":\\"YQ\\"}")`,
  ]);
  const theirs = askOpa(found.binary, expressions, input);
  for (const [i, expression] of expressions.entries()) {
    const ours = evaluate(expression, input);
    expect([expression, ours.startsWith('eval_') ? 'undefined' : ours]).toEqual([expression, theirs[i]]);
  }
});
