import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  verify,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Component, contentDigest, signatureBase, signBase } from '../src/signature.ts';
import { createPep, PepError } from '../src/index.ts';
import { allow, answers, aPep, aServer, input, type Seen } from './servers.ts';

/** RFC 9421, appendix B.1.3 to B.1.5. */
const rfcEd25519 = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
    x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
  },
});
const rfcSecret = createSecretKey(
  'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
  'base64',
);
const rfcP256 = createPublicKey(
  '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf\nw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\n-----END PUBLIC KEY-----\n',
);

describe('[req: pep:signature] the vectors of RFC 9421', () => {
  const date: Component = ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'];
  const type: Component = ['content-type', 'application/json'];
  const authority: Component = ['@authority', 'example.com'];

  test('B.2.5, hmac-sha256', () => {
    const params = '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"';
    const base = signatureBase([date, authority, type], params);
    expect(signBase(base, { alg: 'hmac-sha256', key: rfcSecret }).toString('base64')).toBe(
      'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
    );
  });

  test('B.2.6, ed25519', () => {
    const params =
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
    const method: Component = ['@method', 'POST'];
    const length: Component = ['content-length', '18'];
    const base = signatureBase([date, method, ['@path', '/foo'], authority, type, length], params);
    expect(signBase(base, { alg: 'ed25519', key: rfcEd25519 }).toString('base64')).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    );
  });

  test('B.2.4, ecdsa-p256-sha256: the base is the one that was signed there', () => {
    const params =
      '("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"';
    const digest =
      'sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:';
    const components: Component[] = [
      ['@status', '200'],
      type,
      ['content-digest', digest],
      ['content-length', '23'],
    ];
    const signature =
      'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==';
    expect(isSigned(signatureBase(components, params), signature, rfcP256, 'sha256')).toBe(true);
  });

  test('RFC 9530, appendix B.1 and B.2', () => {
    expect(contentDigest(Buffer.from('{"hello": "world"}\n'))).toBe(
      'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
    );
    expect(contentDigest(Buffer.alloc(0))).toBe('sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:');
  });
});

type PublicKey = ReturnType<typeof createPublicKey>;

function isSigned(base: string, signature: string, key: PublicKey, hash: 'sha256' | null): boolean {
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  return verify(hash, Buffer.from(base), options, Buffer.from(signature, 'base64'));
}

/** What a server would do: rebuild the base from the request alone. */
function baseOf({ path, headers, body }: Seen): { base: string; signature: string; params: string } {
  const params = /^sig1=(.*)$/.exec(headers['signature-input'] ?? '')?.[1] ?? '';
  const names = [...(/^\(([^)]*)\)/.exec(params)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(
    ([, name = '']) => name,
  );
  const derived: Record<string, string> = { '@method': 'POST', '@path': path, '@query': '?' };
  const components = names.map((name) => [name, derived[name] ?? headers[name] ?? ''] as const);
  expect(headers['content-digest']).toBe(contentDigest(body));
  const signature = /^sig1=:([^:]+):$/.exec(headers['signature'] ?? '')?.[1] ?? '';
  const lines = components.map(([name, value]) => `"${name}": ${value}\n`).join('');
  return { base: `${lines}"@signature-params": ${params}`, signature, params };
}

const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secret = Buffer.alloc(32, 7);

test.each<[string, string | Buffer, (base: string, signature: string) => boolean]>([
  [
    'ed25519',
    ed.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    (base, signature) => isSigned(base, signature, ed.publicKey, null),
  ],
  [
    'ecdsa-p256-sha256',
    ec.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    (base, signature) => isSigned(base, signature, ec.publicKey, 'sha256'),
  ],
  [
    'hmac-sha256',
    secret,
    (base, signature) => createHmac('sha256', secret).update(base).digest('base64') === signature,
  ],
])('[req: pep:signature] every request is signed with %s, reports included', async (alg, key, isGood) => {
  const { url, seen } = await aServer([(socket) => socket.resetAndDestroy(), answers(allow)]);
  const signing = { keyid: 'edr "7"', alg: alg as 'ed25519', key };
  const surroundings = { epochMs: () => 1_700_000_000_999 };
  const pep = aPep({
    url,
    signing,
    surroundings,
    obligations: { notify: () => undefined },
    retries: { baseMs: 1 },
  });
  expect(await pep.guard(input, () => 1)).toMatchObject({ result: 'done' });
  await pep.close();
  expect(seen.map(({ path }) => path)).toEqual([
    '/v1/data/chaperone/access/decision',
    '/v1/data/chaperone/access/decision',
    '/v1/outcomes',
  ]);
  const covered = ['"@method" "@path" "@query" "content-digest" "chaperone-obligations"'];
  covered.push(covered[0] ?? '', '"@method" "@path" "@query" "content-digest"');
  const nonces = seen.map((request, i) => {
    const { base, signature, params } = baseOf(request);
    expect(isGood(base, signature)).toBe(true);
    expect(isGood(`${base} `, signature)).toBe(false);
    const form = /^\((.*)\);created=1700000000;nonce="([\w-]{36})";keyid="edr \\"7\\"";alg="([\w-]+)"$/;
    const [, names, nonce, named] = form.exec(params) ?? [];
    expect([names, named]).toEqual([covered[i], alg]);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(3);
});

test.each<[string, unknown]>([
  ['ed25519', ec.privateKey],
  ['ed25519', ed.publicKey],
  ['ed25519', 'no key'],
  ['ecdsa-p256-sha256', ed.privateKey],
  ['ecdsa-p256-sha256', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['hmac-sha256', 'a text'],
  ['hmac-sha256', Buffer.alloc(31)],
  ['hmac-sha256', ed.privateKey],
])('[req: pep:signature] a key that does not fit is refused: %s %#', (alg, key) => {
  const signing = { keyid: 'k', alg: alg as 'ed25519', key: key as string };
  expect(() => createPep({ url: 'http://127.0.0.1:1', signing })).toThrow(PepError);
});
