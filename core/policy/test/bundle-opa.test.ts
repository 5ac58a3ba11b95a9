/** What OPA itself makes and accepts; needs `OPA_BIN`, the path of an opa binary. */
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compile } from '@chaperone/rego';
import {
  buildBundle,
  readBundle,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from '../src/bundle/index.ts';
import { file, refusal } from './bundle-files.ts';

const opa = process.env['OPA_BIN'] ?? '';
if (opa === '') console.log('skipped: what OPA makes of bundles, because OPA_BIN names no opa');
const folder = mkdtempSync(path.join(tmpdir(), 'opa-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...parts: string[]): string => path.join(folder, ...parts);
const run = (...args: string[]): string =>
  execFileSync(opa, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

const long = `${'deep/'.repeat(30)}x.rego`;
const files = [
  file('a/p.rego', 'package a.p\n\nallow if input.x == data.a.n\n'),
  file('a/data.yaml', 'n: 1.50\nw: 0x10\nk: 1e3\nbig: 12345678901234567890\n'),
  file(
    'a/b/data.json',
    '{"m": [1e3, 1.50, -0, "<é\\u2028\\u0007\\b\\u007f\\\\>"], "ключ": {"z":1,"a":null,"\\ud83d\\ude00":1,"\\uffff":2}}',
  ),
  file(long, 'package a.deep\n\nx := 1\n'),
];
const options = { revision: 'r7', roots: ['a'], regoVersion: 1 as const, metadata: { by: 'us' } };
const [pem, pkcs8] = [{ type: 'spki', format: 'pem' } as const, { type: 'pkcs8', format: 'pem' } as const];

type Pair = { readonly key: string; readonly verify: string };

function pairFor(algorithm: SignatureAlgorithm): Pair {
  if (algorithm.startsWith('HS')) return { key: 'secret', verify: 'secret' };
  const curve = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[algorithm as string] ?? 'P-256';
  const made = algorithm.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: curve })
    : algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { key: made.privateKey.export(pkcs8).toString(), verify: made.publicKey.export(pem).toString() };
}

/** As an argument of opa: a file for keys, the secret itself for HMAC. */
function given(name: string, key: string): string {
  if (!key.startsWith('-----')) return key;
  writeFileSync(at(name), key);
  return at(name);
}

describe.skipIf(opa === '')(`with ${opa || 'OPA_BIN, which is not set'}`, () => {
  test('[req: policy:bundle:opa] OPA evaluates what we build, and sees the same data', async () => {
    const bundle = await buildBundle(files, options);
    writeFileSync(at('ours.tar.gz'), bundle);
    writeFileSync(at('input.json'), '{"x":1.5}');
    const asked = run(
      'eval',
      '-b',
      'ours.tar.gz',
      '-i',
      'input.json',
      '-f',
      'raw',
      '[data.a.p.allow, data.a.deep.x, data.a.n, data.a.b]',
    );
    const { data, modules } = await readBundle(bundle);
    const ours = compile(modules, { data }).entrypoint('a/p/allow');
    const a = data['a'] as { readonly n: number; readonly b: unknown };
    expect(JSON.parse(asked)).toEqual([ours.evaluate({ x: 1.5 }), 1, a.n, a.b]);
    expect(run('inspect', 'ours.tar.gz', '-f', 'json')).toContain('"revision": "r7"');
  });

  test.each(signatureAlgorithms)(
    '[req: policy:bundle:opa] OPA accepts what we sign, and refuses it with another key: %s',
    async (algorithm) => {
      const [pair, other] = [pairFor(algorithm), pairFor(algorithm)];
      const signing = { algorithm, key: pair.key, keyId: 'k', scope: 'write' };
      writeFileSync(at('signed.tar.gz'), await buildBundle(files, { ...options, signing }));
      const build = (key: string): { status: number | null; stderr: string } => {
        const args = ['--bundle', 'signed.tar.gz', '--verification-key', key, '--verification-key-id', 'k'];
        return spawnSync(
          opa,
          ['build', ...args, '--signing-alg', algorithm, '--scope', 'write', '-o', 'out.tar.gz'],
          {
            cwd: folder,
            encoding: 'utf8',
          },
        );
      };
      const said = build(given('pub.pem', pair.verify));
      expect(said.stderr).toBe('');
      expect(said.status).toBe(0);
      const wrong = given('other.pem', other.verify === 'secret' ? 'other' : other.verify);
      expect(build(wrong).status).not.toBe(0);
    },
  );

  test.each(['RS256', 'PS384', 'ES256', 'HS512'] as const)(
    '[req: policy:bundle:opa] we accept what OPA builds and signs: %s',
    async (algorithm) => {
      const pair = pairFor(algorithm);
      for (const { name, bytes } of files) {
        mkdirSync(path.dirname(at('src', name)), { recursive: true });
        writeFileSync(at('src', name), bytes);
      }
      writeFileSync(at('src/.manifest'), '{"revision":"r8","roots":["a"],"metadata":{"x":1.0}}');
      run('build', '-b', 'src', '-o', 'plain.tar.gz');
      expect((await readBundle(readFileSync(at('plain.tar.gz')))).manifest.revision).toBe('r8');
      const key = given('k.pem', pair.key);
      const pub = given('k.pub', pair.verify);
      // OPA signs only what it has verified, so the source is signed first.
      run('sign', '--signing-key', key, '--signing-alg', algorithm, '--bundle', 'plain.tar.gz');
      const { signatures } = JSON.parse(readFileSync(at('.signatures.json'), 'utf8')) as {
        signatures: string[];
      };
      expect(signatures).toHaveLength(1);
      const signed = await resignedBy(at('.signatures.json'), at('plain.tar.gz'));
      const verification = { keys: { default: { key: pair.verify, algorithm } }, keyId: 'default' };
      const bundle = await readBundle(signed, { verification });
      expect(bundle.signature).toMatchObject({ keyId: 'default', algorithm });
      const swapped = signed.map((one) =>
        one.name.endsWith('.rego') ? { ...one, bytes: new Uint8Array([32]) } : one,
      );
      expect(await refusal(readBundle(swapped, { verification }))).toMatch(/^bad_signature/);
      expect(pub).not.toBe('');
    },
  );

  test('[req: policy:bundle:opa] YAML is what OPA makes of it', async () => {
    const sources = [
      'a: on',
      'a: 0777',
      'a: 0o17',
      'a: 1_000',
      'a: 12:30:45',
      'a: 2001-12-14',
      'a: .5',
      'a: +1',
      'a: 0x1F',
      'a: 1e400',
    ];
    sources.push(
      '1: x',
      'true: y',
      'l: &l {p: 1, q: 1}\nm: {<<: *l, q: 2}',
      'a: 0b11',
      'a: 089',
      'a: "~"',
      'a: |\n  x\n  y',
      'a: -1_0.5e1',
      'a: 0x_1',
      'a: 0777.5',
      'a: 1_',
      'a: _1',
      'a: 1.',
      'a: TRUE',
      'a: tRue',
      'a: 18446744073709551616',
      'a: -0o7',
      'a: 1e-7',
    );
    for (const source of sources) {
      writeFileSync(at('data.yaml'), `${source}\n`);
      const theirs: unknown = JSON.parse(run('eval', '-d', 'data.yaml', '-f', 'raw', 'data'));
      expect((await readBundle([file('data.yaml', `${source}\n`)])).data, source).toEqual(theirs);
    }
  });
});

async function resignedBy(
  signatures: string,
  bundle: string,
): Promise<{ name: string; bytes: Uint8Array }[]> {
  const { unpackBundle } = await import('../src/bundle/index.ts');
  const content = readFileSync(signatures);
  return [...(await unpackBundle(readFileSync(bundle))), { name: '.signatures.json', bytes: content }];
}
