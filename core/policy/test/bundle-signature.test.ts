/** Signed bundles: only what was signed, by whom it was to be signed. */
import { generateKeyPairSync } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buildBundle,
  type BundleFile,
  readBundle,
  signBundle,
  type Signing,
  unpackBundle,
  type Verification,
} from '../src/bundle/index.ts';
import { file, refusal } from './bundle-files.ts';

const files = [
  file('.manifest', '{"revision":"r1","roots":["a"]}'),
  file('a/p.rego', 'package a\n\nallow if input.x == data.a.n\n'),
  file('a/data.json', '{"n": 1.50, "t": "\\u2028<é>"}'),
];
const pem = { type: 'spki', format: 'pem' } as const;
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = rsa.publicKey.export(pem).toString();
const signing: Signing = {
  algorithm: 'RS256',
  key: rsa.privateKey.export(pkcs8).toString(),
  keyId: 'k1',
  scope: 'write',
};
const verification: Verification = { keys: { k1: { key: publicKey, algorithm: 'RS256', scope: 'write' } } };
const signed = await buildBundle(files, { signing });
const checking = (
  bundle: Uint8Array | readonly BundleFile[],
  given: Verification = verification,
): Promise<string> => refusal(readBundle(bundle, { verification: given }));

/** The files with a signature made from another header or payload by the same key. */
async function resigned(
  head: object,
  change: (claims: Record<string, unknown>) => object,
): Promise<readonly BundleFile[]> {
  const { createSign } = await import('node:crypto');
  const unpacked = await unpackBundle(signed);
  const text = new TextDecoder().decode(unpacked.find(({ name }) => name === '.signatures.json')?.bytes);
  const [token = ''] = (JSON.parse(text) as { signatures: string[] }).signatures;
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${encode({ alg: 'RS256', kid: 'k1', ...head })}.${encode(change(claims))}`;
  const proof = createSign('sha256').update(body).sign(rsa.privateKey).toString('base64url');
  return withSignatures(unpacked, { signatures: [`${body}.${proof}`] });
}

function withSignatures(all: readonly BundleFile[], value: unknown): BundleFile[] {
  return [
    ...all.filter(({ name }) => name !== '.signatures.json'),
    file('.signatures.json', JSON.stringify(value)),
  ];
}

type Listed = { name: string; hash: string; algorithm: string };

describe('keys and algorithms', () => {
  const ec = (namedCurve: string): { publicKey: string; privateKey: string; sec1: string } => {
    const pair = generateKeyPairSync('ec', { namedCurve });
    const sec1 = pair.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    return {
      publicKey: pair.publicKey.export(pem).toString(),
      privateKey: pair.privateKey.export(pkcs8).toString(),
      sec1,
    };
  };
  const ed = generateKeyPairSync('ed25519');
  const [p256, p384, p521] = [ec('P-256'), ec('P-384'), ec('P-521')];
  const pkcs1 = { type: 'pkcs1', format: 'pem' } as const;
  test.each([
    ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const).map(
      (algorithm) => [algorithm, signing.key, publicKey] as const,
    ),
    ['RS256', rsa.privateKey.export(pkcs1).toString(), rsa.publicKey.export(pkcs1).toString()],
    ['ES256', p256.privateKey, p256.publicKey],
    ['ES256', p256.sec1, p256.publicKey],
    ['ES384', p384.privateKey, p384.publicKey],
    ['ES384', p384.sec1, p384.publicKey],
    ['ES512', p521.sec1, p521.publicKey],
    ['EdDSA', ed.privateKey.export(pkcs8).toString(), ed.publicKey.export(pem).toString()],
    ['HS256', 'secret', 'secret'],
    ['HS384', 'secret', 'secret'],
    ['HS512', 'secret', 'secret'],
  ] as const)('[req: policy:bundle:signed] %s signs and verifies', async (algorithm, key, other) => {
    const bundle = await signBundle(files, { algorithm, key, keyId: 'k' });
    const keys = { k: { key: other, algorithm } };
    expect((await readBundle(bundle, { verification: { keys } })).signature).toMatchObject({
      keyId: 'k',
      algorithm,
    });
  });

  test('[req: policy:bundle:signed] keys that do not fit are refused', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const using = (one: Partial<Signing>): Promise<string> =>
      refusal(signBundle(files, { ...signing, ...one }));
    expect(await using({ key: weak.privateKey.export(pkcs8).toString() })).toMatch(/^bad_key.*2048/);
    expect(await using({ key: publicKey })).toMatch(/^bad_key.*private/);
    expect(await using({ key: p256.privateKey })).toMatch(/^bad_key/);
    expect(await using({ key: 'junk' })).toMatch(/^bad_key/);
    expect(await using({ algorithm: 'ES384', key: p256.privateKey })).toMatch(/^bad_key/);
    expect(await using({ algorithm: 'HS256', key: '' })).toMatch(/^bad_key/);
    expect(await using({ algorithm: 'HS256' })).toMatch(/^bad_key.*secret/);
    expect(await using({ algorithm: 'none' as Signing['algorithm'] })).toMatch(/^bad_key/);
  });
});

describe('verification', () => {
  test('says whose signature it is; signing again gives the same bytes', async () => {
    expect((await readBundle(signed, { verification })).signature).toEqual({
      keyId: 'k1',
      algorithm: 'RS256',
      scope: 'write',
    });
    expect(await buildBundle(files, { signing })).toEqual(signed);
    expect(await signBundle(signed, signing)).toEqual(signed);
  });

  test('[req: policy:bundle:signed] neither unsigned where verified, nor signed where not', async () => {
    expect(await checking(await buildBundle(files))).toMatch(/^unsigned/);
    expect(await refusal(readBundle(signed))).toMatch(/^unverified/);
  });

  test('[req: policy:bundle:signed] the set of files is exactly the signed one', async () => {
    const all = await unpackBundle(signed);
    expect(await checking(all)).toBe('accepted');
    expect(await checking([...all, file('a/extra.rego', 'package a\n')])).toMatch(
      /^bad_signature.*not among/,
    );
    expect(await checking([...all, file('README', 'x')])).toMatch(/^bad_signature.*not among/);
    for (const { name } of files)
      expect(await checking(all.filter((one) => one.name !== name))).toMatch(
        /^bad_signature.*not in the bundle/,
      );
  });

  test('data are signed by what they say, code by its bytes', async () => {
    const all = await unpackBundle(signed);
    const replaced = (name: string, content: string): BundleFile[] => [
      ...all.filter((one) => one.name !== name),
      file(name, content),
    ];
    expect(await checking(replaced('a/data.json', '{\n "t": "\\u2028\\u003cé>", "n":1.50}'))).toBe(
      'accepted',
    );
    expect(await checking(replaced('a/data.json', '{"n": 1.5, "t": "\\u2028<é>"}'))).toMatch(
      /^bad_signature/,
    );
    expect(await checking(replaced('a/data.json', '{"n": "1.50", "t": "\\u2028<é>"}'))).toMatch(
      /^bad_signature/,
    );
    expect(await checking(replaced('.manifest', '{"revision":"r1"}'))).toMatch(/^bad_signature/);
    expect(await checking(replaced('a/p.rego', 'package a\n\nallow if  input.x == data.a.n\n'))).toMatch(
      /^bad_signature/,
    );
  });

  test('excluded files need no signature, and only those', async () => {
    const all = [...(await unpackBundle(signed)), file('README', 'x'), file('docs/README', 'x')];
    expect(await checking(all, { ...verification, exclude: ['README', '*/README'] })).toBe('accepted');
    expect(await checking(all, { ...verification, exclude: ['README'] })).toMatch(/^bad_signature.*docs/);
    expect(await checking(all, { ...verification, exclude: ['*'] })).toMatch(/^bad_signature.*docs/);
  });

  test('[req: policy:bundle:signed] the key is the configured one, else that of the header, else that of the payload', async () => {
    const key = { key: publicKey, algorithm: 'RS256', scope: 'write' } as const;
    const other = {
      ...key,
      key: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export(pem).toString(),
    };
    expect(await checking(signed, { keys: { k1: other, mine: key }, keyId: 'mine' })).toBe('accepted');
    expect(await checking(signed, { keys: { k1: key, mine: other }, keyId: 'mine' })).toMatch(
      /^bad_signature/,
    );
    expect(await checking(signed, { keys: { mine: key } })).toMatch(/^bad_signature.*"k1"/);
    expect(await checking(signed, { keys: { mine: key }, keyId: 'absent' })).toMatch(
      /^bad_signature.*"absent"/,
    );
    const payloadOnly = await resigned({ kid: undefined }, (claims) => claims);
    expect(await checking(payloadOnly)).toBe('accepted');
    expect(
      await checking(
        await resigned({ kid: undefined }, ({ files: list }) => ({ files: list, scope: 'write' })),
      ),
    ).toMatch(/^bad_signature.*names no key/);
    expect(await checking(signed, { keys: Object.create({ k1: key }) as Verification['keys'] })).toMatch(
      /^bad_signature/,
    );
  });

  test('[req: policy:bundle:signed] the scope is the configured one', async () => {
    expect(await checking(signed, { ...verification, scope: 'read' })).toMatch(/^bad_signature.*scope/);
    expect(await checking(signed, { keys: { k1: { key: publicKey, algorithm: 'RS256' } } })).toMatch(
      /^bad_signature.*scope/,
    );
  });

  test('[req: policy:bundle:signed] the algorithm is that of the key, never that of the header', async () => {
    // A secret made of the public key: who believes the header verifies it.
    const { createHmac } = await import('node:crypto');
    const all = await unpackBundle(signed);
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['HS256', 'none', undefined]) {
      const body = `${encode({ alg, kid: 'k1' })}.${encode({ files: [], scope: 'write' })}`;
      const proof = createHmac('sha256', publicKey).update(body).digest('base64url');
      for (const one of [proof, ''])
        expect(await checking(withSignatures(all, { signatures: [`${body}.${one}`] }))).toMatch(
          /^bad_signature.*algorithm/,
        );
    }
    expect(await checking(await resigned({ crit: ['x'] }, (claims) => claims))).toMatch(
      /^bad_signature.*critical/,
    );
  });

  test.each(['MD5', 'SHA-1', 'SHA-224', 'sha-256', ''])(
    '[req: policy:bundle:signed] digests of the kind %j are refused',
    async (algorithm) => {
      const weak = await resigned({}, (claims) => ({
        ...claims,
        files: (claims['files'] as Listed[]).map((one) => ({ ...one, algorithm })),
      }));
      expect(await checking(weak)).toMatch(/^bad_signature.*digest of the kind/);
    },
  );

  test.each([
    ['no token', { signatures: [] }],
    ['two tokens', { signatures: ['a.b.c', 'a.b.c'] }],
    ['a token that is none', { signatures: ['a.b'] }],
    ['a number', { signatures: [1] }],
    ['a list', []],
    ['text that is not Base64url', { signatures: ['e30=.e30.x'] }],
    ['JSON that is none', { signatures: ['AAAA.AAAA.AAAA'] }],
    ['a null header', { signatures: ['bnVsbA.bnVsbA.AAAA'] }],
  ])('[req: policy:bundle:signed] %s for a signature is refused', async (_what, value) => {
    expect(await checking(withSignatures(await unpackBundle(signed), value))).toMatch(/^bad_signature/);
  });

  test('[req: policy:bundle:signed] a plug-in is refused by word; a file listed twice or malformed, too', async () => {
    const all = await unpackBundle(signed);
    expect(await checking(withSignatures(all, { signatures: ['a.b.c'], plugin: 'mine' }))).toMatch(
      /^unsupported/,
    );
    const twice = await resigned({}, (claims) => ({
      ...claims,
      files: [...(claims['files'] as Listed[]), (claims['files'] as Listed[])[0]],
    }));
    expect(await checking(twice)).toMatch(/^bad_signature.*twice/);
    expect(await checking(await resigned({}, (claims) => ({ ...claims, files: [{}] })))).toMatch(
      /^bad_signature/,
    );
    expect(await checking(await resigned({}, (claims) => ({ ...claims, files: undefined })))).toMatch(
      /^bad_signature/,
    );
  });
});

describe('a flipped byte', () => {
  const tar = new Uint8Array(gunzipSync(signed));
  /** Layout says nothing: filling of the archive, and of a list that is signed by what it says. */
  const refusedOrSame = async (bytes: Uint8Array): Promise<void> => {
    const said = await checking(bytes);
    if (said !== 'accepted') return;
    const read = await readBundle(bytes, { verification });
    const { signature: _one, ...rest } = await readBundle(signed, { verification });
    expect(read).toMatchObject(rest);
  };

  test('[req: policy:bundle:signed] anywhere in the archive is refused, or changes nothing that is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(tar.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = new Uint8Array(tar);
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        await refusedOrSame(gzipSync(bytes));
      }),
      { numRuns: 400 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(signed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = new Uint8Array(signed);
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        await refusedOrSame(bytes);
      }),
      { numRuns: 200 },
    );
  });

  test('[req: policy:bundle:signed] in any file is refused, unless the document says the same', async () => {
    const all = await unpackBundle(signed);
    expect(all).toHaveLength(4);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (one, where, mask) => {
          const bytes = new Uint8Array(one.bytes);
          const at = where % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ mask;
          const changed = all.map((each) => (each.name === one.name ? { ...each, bytes } : each));
          const said = await checking(changed);
          if (said === 'accepted') {
            expect(one.name).not.toMatch(/rego$/);
            const parse = (text: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(text));
            expect(parse(bytes)).toEqual(parse(one.bytes));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
