import { createHash, createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, RegoErrors } from '../src/index.ts';
import { nodeHost } from '../src/node/index.ts';
import { evaluate, isUndefined, valueOf } from './with-host.ts';

describe('hashes and message authentication codes', () => {
  test.each(['md5', 'sha1', 'sha256'])('crypto.%s is that of the UTF-8 bytes', (name) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const expected = createHash(name).update(text).digest('hex');
        expect(valueOf(`crypto.${name}(input)`, text)).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });
  test.each(['md5', 'sha1', 'sha256', 'sha512'])('crypto.hmac.%s', (name) => {
    const expected = createHmac(name, 'kéy').update('tëxt').digest('hex');
    expect(valueOf(`crypto.hmac.${name}("tëxt", "kéy")`)).toBe(expected);
    expect(valueOf(`crypto.hmac.equal(crypto.hmac.${name}("tëxt", "kéy"), input)`, expected)).toBe(true);
    expect(valueOf(`crypto.hmac.equal(crypto.hmac.${name}("tëxt", "key"), input)`, expected)).toBe(false);
  });
  test('operands of the wrong type are named', () => {
    expect(evaluate('crypto.md5(input)', 1)).toContain('eval_type_error');
    expect(evaluate('crypto.hmac.md5("a", input)', [])).toContain('operand 2 must be string but got array');
    expect(isUndefined('crypto.sha256(input)', null)).toBe(true);
  });
  test('texts beyond 4 MiB are refused, and large ones are paid for', () => {
    expect(evaluate('crypto.sha256(input)', 'x'.repeat(4 * 1024 * 1024 + 1))).toContain(
      'at most 4194304 are read',
    );
    const program = compile([{ file: 'p.rego', source: 'package p\nq := crypto.sha256(input)' }], {
      host: nodeHost(),
      steps: 1000,
    });
    expect(() => program.entrypoint('p/q').evaluate('x'.repeat(1_000_000))).toThrow(
      'more steps than allowed',
    );
  });
});

describe('a host without cryptography', () => {
  test.each([
    'crypto.md5("")',
    'io.jwt.verify_rs256("", "")',
    'uuid.rfc4122("")',
    'rand.intn("", 1)',
    'io.jwt.encode_sign({}, {}, {})',
  ])('refuses %s by name when the policy is loaded', (call) => {
    const name = call.slice(0, call.indexOf('('));
    const load = (): unknown =>
      compile([{ file: 'p.rego', source: `package p\nq := ${call}` }], { host: {} });
    expect(load).toThrow(RegoErrors);
    expect(load).toThrow(name);
  });
  test('still reads tokens and certificates', () => {
    expect(valueOf('io.jwt.decode("e30.e30.YQ")', {}, {})).toEqual([{}, {}, '61']);
    expect(evaluate('crypto.x509.parse_certificates("Zm9v")', {}, {})).toContain(
      'x509: malformed certificate',
    );
  });
});

describe('random values', () => {
  const source = `package p
    same if { uuid.rfc4122("a") == uuid.rfc4122("a"); rand.intn("a", 1000000) == rand.intn("a", -1000000) }
    differ if uuid.rfc4122("a") != uuid.rfc4122("b")
    id := uuid.rfc4122("a")
    drawn := [rand.intn(sprintf("%d", [i]), 6) | some i in numbers.range(1, 300)]`;
  const ask = (rule: string): unknown =>
    compile([{ file: 'p.rego', source }], { host: nodeHost() })
      .entrypoint(`p/${rule}`)
      .evaluate({});
  test('are the same for the same argument within one evaluation, and others in the next', () => {
    expect(ask('same')).toBe(true);
    expect(ask('differ')).toBe(true);
    const entry = compile([{ file: 'p.rego', source }], { host: nodeHost() }).entrypoint('p/id');
    expect(entry.evaluate({})).not.toBe(entry.evaluate({}));
  });
  test('are version 4 UUIDs and numbers below the limit', () => {
    expect(ask('id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...new Set(ask('drawn') as number[])].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });
  test('rand.intn wants a whole number', () => {
    expect(valueOf('rand.intn("a", 0)')).toBe(0);
    expect(evaluate('rand.intn("a", 1.5)')).toContain(
      'operand 2 must be integer number but got floating-point number',
    );
  });
});

describe('the Node host', () => {
  const { crypto } = nodeHost();
  if (crypto === undefined) throw new Error('the Node host offers cryptography');
  const { privateKey } = generateKeyPairSync('ed25519');
  const pkcs8 = Uint8Array.from(privateKey.export({ format: 'der', type: 'pkcs8' }));
  const spki = Uint8Array.from(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  const data = new TextEncoder().encode('data');
  test('verifies what was signed and nothing else', () => {
    const signature = sign(null, data, privateKey);
    expect(crypto.verify({ kind: 'ed25519' }, spki, data, signature)).toBe(true);
    expect(crypto.verify({ kind: 'ed25519' }, spki, Uint8Array.of(1), signature)).toBe(false);
    expect(crypto.sign({ kind: 'ed25519' }, pkcs8, data)).toEqual(signature);
    expect(crypto.publicKey(pkcs8)).toEqual(Buffer.from(spki));
  });
  test('answers what it cannot read with no answer, not with an exception', () => {
    expect(crypto.verify({ kind: 'ed25519' }, Uint8Array.of(1, 2), data, data)).toBe(false);
    expect(crypto.sign({ kind: 'pkcs1', hash: 'sha256' }, Uint8Array.of(1), data)).toBeUndefined();
    expect(crypto.publicKey(Uint8Array.of())).toBeUndefined();
  });
});
