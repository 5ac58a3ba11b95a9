import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, std, toStandard, url } from '../src/crypto/base64.ts';
import { DerReader, integerOf, oidOf, TAG } from '../src/crypto/der.ts';
import { allPem } from '../src/crypto/pem.ts';
import { issue, pem } from './certificates.ts';
import type { Issued } from './certificates.ts';
import { askOpa, evaluate, oracle, valueOf } from './with-host.ts';

type Shown = Record<string, unknown>;

const host = {
  dns: ['www.example.com', '*.w.example.com'],
  ips: [[10, 1, 2, 3]],
  uris: ['spiffe://td/a%20b?x#f'],
};
const root = issue({ name: 'root', ca: true, kind: 'rsa' });
const inter = issue({ name: 'inter', ca: true, issuer: root, pathLength: 0, kind: 'ed25519' });
const leaf = issue({ name: 'leaf', issuer: inter, ...host, usages: [1, 2] });

describe('crypto.x509.parse_certificates', () => {
  test.each([root, inter, leaf])('reads what another reader reads ($name)', ({ pem: text, bytes }) => {
    const [ours] = valueOf('crypto.x509.parse_certificates(input)', text) as [Shown];
    const theirs = new X509Certificate(text);
    expect((ours['Subject'] as Shown)['CommonName']).toBe(/CN=(.*)/.exec(theirs.subject)?.[1]);
    expect((ours['Issuer'] as Shown)['CommonName']).toBe(/CN=(.*)/.exec(theirs.issuer)?.[1]);
    expect(evaluate('crypto.x509.parse_certificates(input)[0].SerialNumber', text)).toBe(
      BigInt(`0x${theirs.serialNumber}`).toString(),
    );
    expect(Date.parse(String(ours['NotAfter']))).toBe(Date.parse(theirs.validTo));
    expect(ours['IsCA']).toBe(theirs.ca);
    expect(ours['Raw']).toBe(Buffer.from(bytes).toString('base64'));
    const spki = theirs.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(ours['RawSubjectPublicKeyInfo']).toBe(spki);
  });
  test('takes PEM, base64 of it and base64 of DER, also several', () => {
    const forms = [
      leaf.pem + root.pem,
      toStandard(new TextEncoder().encode(leaf.pem + root.pem)),
      Buffer.concat([leaf.bytes, root.bytes]).toString('base64'),
    ];
    for (const form of forms)
      expect(
        valueOf('[c.Subject.CommonName | some c in crypto.x509.parse_certificates(input)]', form),
      ).toEqual(['leaf', 'root']);
  });
  test('shows alternative names', () => {
    const [found] = valueOf('crypto.x509.parse_certificates(input)', leaf.pem) as [Shown];
    expect([found['DNSNames'], found['IPAddresses'], found['URIStrings']]).toEqual([
      host.dns,
      ['10.1.2.3'],
      host.uris,
    ]);
    expect((found['URIs'] as Shown[])[0]).toMatchObject({ Path: '/a b', RawQuery: 'x', Fragment: 'f' });
    expect(found['ExtKeyUsage']).toEqual([1, 2]);
  });
  test('any change of a byte is a clean failure or another certificate', () => {
    fc.assert(
      fc.property(fc.nat(leaf.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(leaf.bytes);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const call = 'crypto.x509.parse_certificates(input)';
        expect(evaluate(call, toStandard(bytes))).toMatch(/^(?:\[\{|test\.rego:\d+: eval_builtin_error: )/);
        const chain = root.pem + inter.pem + pem('CERTIFICATE', bytes);
        expect(evaluate('crypto.x509.parse_and_verify_certificates(input)', chain)).toBe('[false,[]]');
      }),
      { numRuns: 150 },
    );
  });
});

/** Is the chain (root first) verified? */
function holds(chain: readonly Issued[], options?: string): unknown {
  const call =
    options === undefined
      ? 'crypto.x509.parse_and_verify_certificates(input)'
      : `crypto.x509.parse_and_verify_certificates_with_options(input, ${options})`;
  return (valueOf(call, chain.map(({ pem: text }) => text).join('')) as [unknown])[0];
}

describe('chains', () => {
  test('[req: rego:x509-chains] a chain holds over its intermediates, and not without them', () => {
    expect(holds([root, inter, leaf])).toBe(true);
    expect(holds([root, leaf])).toBe(false);
    expect(holds([root])).toBe(false);
    expect(holds([leaf, inter, root])).toBe(false);
    expect(holds([issue({ name: 'root', ca: true }), inter, leaf])).toBe(false);
  });
  test('the answer is leaf first', () => {
    const all = [root, inter, leaf].map(({ pem: text }) => text).join('');
    expect(
      valueOf('[c.Subject.CommonName | some c in crypto.x509.parse_and_verify_certificates(input)[1]]', all),
    ).toEqual(['leaf', 'inter', 'root']);
  });
  test('who is no authority signs nothing; path lengths count', () => {
    const below = issue({ name: 'below', issuer: leaf });
    expect(holds([root, inter, leaf, below])).toBe(false);
    const plain = issue({ name: 'plain' });
    expect(holds([plain, issue({ name: 'of plain', issuer: plain })])).toBe(false);
    const sub = issue({ name: 'sub', ca: true, issuer: inter });
    expect(holds([root, inter, sub, issue({ name: 'deep', issuer: sub })])).toBe(false);
  });
  test('host names, times and usages', () => {
    const chain = [root, inter, leaf];
    for (const [name, expected] of [
      ['www.example.com', true],
      ['WWW.EXAMPLE.COM.', true],
      ['a.w.example.com', true],
      ['a.b.w.example.com', false],
      ['w.example.com', false],
      ['10.1.2.3', true],
      ['10.1.2.4', false],
      ['example.com', false],
    ] as const)
      expect([name, holds(chain, `{"DNSName": "${name}"}`)]).toEqual([name, expected]);
    expect(holds(chain, '{"CurrentTime": 0}')).toBe(false);
    expect(holds(chain, '{"CurrentTime": 1700000000000000000}')).toBe(true);
    expect(holds(chain, '{"KeyUsages": ["KeyUsageCodeSigning"]}')).toBe(false);
    expect(holds(chain, '{"KeyUsages": {"KeyUsageCodeSigning", "KeyUsageClientAuth"}}')).toBe(true);
    expect(holds([root, inter, issue({ name: 'client', issuer: inter, usages: [2] })])).toBe(false);
    expect(holds([root, issue({ name: 'old', issuer: root, until: '20200101000000Z' })])).toBe(false);
  });
  test('name constraints hold for every name below', () => {
    const bound = issue({
      name: 'bound',
      ca: true,
      issuer: root,
      permitted: ['example.com'],
      excluded: ['bad.example.com'],
    });
    const named = (...dns: string[]): unknown =>
      holds([root, bound, issue({ name: 'x', issuer: bound, dns })]);
    expect(named('www.example.com', 'example.com')).toBe(true);
    expect(named('www.example.com', 'www.example.org')).toBe(false);
    expect(named('a.bad.example.com')).toBe(false);
    expect(named('notexample.com')).toBe(false);
    expect(named('*.example.com')).toBe(false);
  });
  test('an unknown critical extension, and a policy that is asked for and missing', () => {
    expect(holds([root, issue({ name: 'odd', issuer: root, critical: [[1, 2, 3, 4]] })])).toBe(false);
    const strict = issue({
      name: 'strict',
      ca: true,
      issuer: root,
      requireExplicitPolicy: 0,
      policies: [[1, 2, 3]],
    });
    expect(holds([root, strict, issue({ name: 'a', issuer: strict, policies: [[1, 2, 3]] })])).toBe(true);
    expect(holds([root, strict, issue({ name: 'b', issuer: strict, policies: [[1, 2, 4]] })])).toBe(false);
    expect(holds([root, strict, issue({ name: 'c', issuer: strict })])).toBe(false);
  });
  test('options are read strictly', () => {
    const ask = (options: string): string =>
      evaluate(`crypto.x509.parse_and_verify_certificates_with_options(input, ${options})`, root.pem);
    expect(ask('{"Foo": 1}')).toContain('invalid key option');
    expect(ask('{"DNSName": 1}')).toContain("'DNSName' should be a string");
    expect(ask('{"KeyUsages": ["x"]}')).toContain("invalid entries for 'KeyUsages' found: [x]");
    expect(ask('{"CurrentTime": 1.5}')).toContain("'CurrentTime' should be a valid int64 number");
  });
});

describe('private keys', () => {
  const kinds = { rsa: root.key, ec: leaf.key, ed25519: inter.key };
  test.each(Object.entries(kinds))('%s in its wrappings', (kind, key) => {
    const forms = [key.export({ format: 'pem', type: 'pkcs8' }).toString()];
    if (kind === 'rsa') forms.push(key.export({ format: 'pem', type: 'pkcs1' }).toString());
    if (kind === 'ec') forms.push(key.export({ format: 'pem', type: 'sec1' }).toString());
    for (const form of forms) {
      const jwk = valueOf('crypto.x509.parse_rsa_private_key(input)', form);
      expect(jwk).toEqual(key.export({ format: 'jwk' }));
      expect(
        valueOf('crypto.parse_private_keys(base64.encode(input)) == crypto.parse_private_keys(input)', form),
      ).toBe(true);
      expect(createPrivateKey({ key: jwk as never, format: 'jwk' }).equals(key)).toBe(true);
    }
  });
  test('a pair belongs together or is refused', () => {
    const keyText = leaf.key.export({ format: 'pem', type: 'pkcs8' }).toString();
    const input = { leaf: leaf.pem, other: issue({ name: 'other' }).pem, rsa: root.pem, key: keyText };
    expect(valueOf('crypto.x509.parse_keypair(input.leaf, input.key).Certificate', input)).toEqual([
      Buffer.from(leaf.bytes).toString('base64'),
    ]);
    expect(evaluate('crypto.x509.parse_keypair(input.other, input.key)', input)).toContain(
      'private key does not match public key',
    );
    expect(evaluate('crypto.x509.parse_keypair(input.rsa, input.key)', input)).toContain(
      'private key type does not match',
    );
    expect(evaluate('crypto.x509.parse_keypair(input.key, input.leaf)', input)).toContain(
      'tls: failed to find',
    );
  });
  test('of a broken RSA key nothing is used', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const der = privateKey.export({ format: 'der', type: 'pkcs1' });
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    expect(evaluate('crypto.parse_private_keys(input)', pem('RSA PRIVATE KEY', der))).toContain('crypto/rsa');
  });
});

describe('formats', () => {
  test('base64 agrees with the platform, and says where it is wrong', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'), std)).toEqual(bytes);
        expect(decodeBase64(Buffer.from(bytes).toString('base64url'), { ...url, padded: false })).toEqual(
          bytes,
        );
      }),
    );
    for (const [text, at] of [
      ['YQ=', 3],
      ['Y', 0],
      ['YQ==YQ==', 4],
      ['YW_=', 2],
      ['=', 0],
      ['YQ=Q', 2],
    ] as const)
      expect([text, decodeBase64(text, std)]).toEqual([text, at]);
  });
  test('DER has one form for everything', () => {
    const any = (...bytes: number[]): unknown => new DerReader(Uint8Array.from(bytes)).any();
    expect(any(4, 1, 7)).toMatchObject({ tag: 4 });
    for (const bad of [[4, 0x80], [4, 0x81, 1, 7], [4, 0x82, 0, 0x81], [0x1f, 1, 0], [4, 2, 7], [4], []])
      expect(any(...bad)).toBeNull();
    expect(integerOf(Uint8Array.of(0, 1))).toBeNull();
    expect(integerOf(Uint8Array.of(0xff, 0x7f))).toBe(-129n);
    expect(oidOf(Uint8Array.of(0x80, 1))).toBeNull();
    expect(oidOf(Uint8Array.of(0x2a, 0x86, 0x48))).toEqual([1, 2, 840]);
    expect(new DerReader(Uint8Array.of(TAG.boolean, 1, 1)).boolean()).toBeNull();
  });
  test('PEM passes over what is no block', () => {
    const block = pem('X', Uint8Array.of(1, 2, 3));
    expect(allPem(`text\n${block}more\n${block}`)).toHaveLength(2);
    expect(allPem(block.replace('-----\n', '-----\nA: b\n\n'))).toHaveLength(1);
    for (const bad of [
      block.replace('BEGIN X', 'BEGIN Y'),
      ` ${block}`,
      block.replace('AQID', 'A!ID'),
      '-----BEGIN X-----',
    ])
      expect(allPem(bad)).toHaveLength(0);
  });
});

test('OPA shows the same certificates', ({ skip }) => {
  const found = oracle();
  if ('skip' in found) return skip(found.skip);
  const bound = issue({
    name: 'bound',
    ca: true,
    issuer: root,
    permitted: ['example.com'],
    excluded: ['x.example.com'],
    policies: [[2, 5, 29, 32, 0]],
  });
  const input = {
    all: [root, inter, leaf, bound].map(({ pem: text }) => text),
    key: root.key.export({ format: 'pem', type: 'pkcs1' }).toString(),
  };
  const expressions = [
    ...input.all.map((_, i) => `crypto.x509.parse_certificates(input.all[${i}])`),
    'crypto.x509.parse_and_verify_certificates(concat("", array.slice(input.all, 0, 3)))',
    'crypto.x509.parse_and_verify_certificates_with_options(concat("", array.slice(input.all, 0, 3)), {"DNSName": "x.w.example.com"})',
    'crypto.parse_private_keys(input.key)',
    'crypto.x509.parse_rsa_private_key(input.key)',
    'crypto.x509.parse_keypair(input.all[0], input.key)',
  ];
  const theirs = askOpa(found.binary, expressions, input);
  for (const [i, expression] of expressions.entries())
    expect([expression, evaluate(expression, input)]).toEqual([expression, theirs[i]]);
});
