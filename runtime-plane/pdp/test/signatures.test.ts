import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readSession } from '@chaperone/endpoint/record';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPepKeys } from '../src/signatures/keys.ts';
import { Nonces } from '../src/signatures/nonces.ts';
import { parseDictionary } from '../src/signatures/fields.ts';
import { ask, type Asked } from './client.ts';
import { aFolder, aPdp } from './servers.ts';
import { signed, type Signer } from './signing.ts';

const decision = '/v1/data/chaperone/access/decision';
const policy = `package chaperone.access

import rego.v1

decision := {"allow": input.pep == "edr one", "rules": []}
`;
const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secret = randomBytes(32);
const pem = (key: typeof ed): string => key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const keys = [
  { keyid: 'a', alg: 'ed25519', key: pem(ed), name: 'edr one' },
  { keyid: 'b', alg: 'ecdsa-p256-sha256', key: pem(ec), name: 'edr two' },
  { keyid: 'c', alg: 'hmac-sha256', key: secret.toString('base64'), name: 'edr three' },
];
const signers: readonly Signer[] = [
  { keyid: 'a', alg: 'ed25519', key: ed.privateKey },
  { keyid: 'b', alg: 'ecdsa-p256-sha256', key: ec.privateKey },
  { keyid: 'c', alg: 'hmac-sha256', key: secret },
];
const one = signers[0] as Signer;

function aKeysFile(content: unknown = keys, mode = 0o600): string {
  const file = path.join(aFolder(), 'keys.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

async function aServer() {
  const home = aFolder();
  const journalDir = path.join(home, 'journal');
  const pdp = await aPdp({
    policies: [aFolder({ 'a.rego': policy })],
    decisions: {
      when: 'on',
      journalDir,
      stateDir: path.join(home, 'state'),
      mode: 'enforce',
      argv: ['pdp'],
      cwd: '/',
      user: 'u',
      pepKeys: aKeysFile(),
      signatureWindowMs: 60_000,
    },
  });
  const recorded = (): unknown[] =>
    readSession(journalDir, readdirSync(journalDir).find((name) => name.startsWith('s-')) ?? '')
      .lines.map(({ bytes }) => JSON.parse(bytes.toString()) as { kind: string })
      .filter(({ kind }) => kind === 'decision');
  return { ...pdp, recorded };
}

const body = JSON.stringify({ input: { action: 'read_file', path: '/a' } });

test('[req: pdp:signatures] each algorithm is understood, and the name of the key is a fact that policy and record have', async () => {
  const { url, recorded } = await aServer();
  for (const signer of signers)
    expect((await ask(url, decision, signed(signer, decision, body))).status).toBe(200);
  const target = `${decision}?pretty&a=%2F`;
  const headers = { 'chaperone-obligations': 'redact, notify' };
  expect((await ask(url, target, signed(one, target, body, { headers }))).status).toBe(200);
  expect(recorded()).toMatchObject([
    { input: { pep: 'edr one' }, decision: { effect: 'allow' } },
    { input: { pep: 'edr two' }, decision: { effect: 'deny' } },
    { input: { pep: 'edr three' } },
    { input: { pep: 'edr one' } },
  ]);
});

test('[req: pdp:signatures] whatever is wrong with a signature is told, and nothing is decided', async () => {
  const { url, recorded } = await aServer();
  const now = Math.floor(Date.now() / 1000);
  const good = signed(one, decision, body);
  const with_ = (headers: Record<string, string>, text = body): Asked => ({
    body: text,
    headers: { ...good.headers, ...headers },
  });
  const stranger: Signer = { ...one, key: generateKeyPairSync('ed25519').privateKey };
  const cases: readonly [string, Asked][] = [
    ['the request is not signed', { body }],
    ['Signature-Input is malformed', with_({ 'signature-input': 'sig1=("@method"' })],
    ['Signature is malformed', with_({ signature: 'sig1=x y' })],
    ['no label in common', with_({ signature: 'sig2=:AAAA:' })],
    ['the keyid is not known', signed({ ...one, keyid: 'zz' }, decision, body)],
    ['the key is for ed25519', signed({ keyid: 'a', alg: 'hmac-sha256', key: secret }, decision, body)],
    ['the signature has expired', signed(one, decision, body, { created: now - 61 })],
    ['created in the future', signed(one, decision, body, { created: now + 65 })],
    ['the signature has expired', signed(one, decision, body, { more: `;expires=${now - 5}` })],
    ['no nonce', signed(one, decision, body, { nonce: '' })],
    [
      'does not cover @query',
      signed(one, decision, body, { components: ['@method', '@path', 'content-digest'] }),
    ],
    [
      'does not cover chaperone-obligations',
      signed(one, decision, body, {
        headers: { 'chaperone-obligations': 'redact' },
        components: ['@method', '@path', '@query', 'content-digest'],
      }),
    ],
    ['which is not understood', signed(one, decision, body, { components: ['@method', '@authority'] })],
    ['which the request has not', signed(one, decision, body, { components: ['@method', 'x-none'] })],
    ['twice', signed(one, decision, body, { components: ['@method', '@method'] })],
    ['is not that of the content', with_({}, body.replace('/a', '/b'))],
    ['has no sha-256', with_({ 'content-digest': 'md5=:AAAA:' })],
    ['the signature is not valid', signed(stranger, decision, body)],
    ['the signature is not valid', signed(one, `${decision}?explain=full`, body)],
    [
      'the signature is not valid',
      with_({ 'signature-input': (good.headers?.['signature-input'] ?? '').replace('nonce="', 'nonce="x') }),
    ],
  ];
  for (const [message, asked] of cases) {
    const { status, text } = await ask(url, decision, asked);
    expect([status, JSON.parse(text)]).toEqual([
      401,
      { code: 'unauthorized', message: expect.stringContaining(message) as string },
    ]);
  }
  expect(recorded()).toEqual([]);
  expect((await ask(url, decision, good)).status).toBe(200);
  expect((await ask(url, decision, good)).text).toContain('the nonce was used before');
  expect(recorded()).toHaveLength(1);
});

test('[req: pdp:signatures] every way to a decision needs one, and other documents do not', async () => {
  const { url } = await aServer();
  for (const target of [
    '/v0/data/chaperone/access/decision',
    '/v1/batch/data/chaperone/access/decision',
    '/v1/data/endpoint/access/allow',
    '/v1/data/%63haperone/access/decision',
    '/v1/outcomes',
  ])
    expect([target, (await ask(url, target, { body })).status]).toEqual([target, 401]);
  expect((await ask(url, `${decision}?input={}`)).status).toBe(401);
  expect((await ask(url, '/v1/data/other', { body })).status).toBe(200);
});

test('[req: pdp:signatures] an act is ended by whoever asked about it, and by nobody else', async () => {
  const { url } = await aServer();
  const { text } = await ask(url, decision, signed(one, decision, body));
  const { decision_id } = JSON.parse(text) as { decision_id: string };
  const said = JSON.stringify({ decision_id, result: 'done' });
  const end = async (signer: Signer): Promise<number> =>
    (await ask(url, '/v1/outcomes', signed(signer, '/v1/outcomes', said))).status;
  expect(await end(signers[1] as Signer)).toBe(404);
  expect(await end(one)).toBe(204);
});

test.each<[string, unknown, number?]>([
  ['is not JSON', '{'],
  ['must hold a list', {}],
  ['holds no key', []],
  ['has two keys', [keys[0], keys[0]]],
  ['key 1 has no name', [{ ...keys[0], name: '' }]],
  ['unknown field', [{ ...keys[0], more: 1 }]],
  ['must be ed25519', [{ ...keys[0], alg: 'rsa' }]],
  ['is not for ed25519', [{ ...keys[1], alg: 'ed25519' }]],
  ['is no public key', [{ ...keys[0], key: ed.privateKey.export({ type: 'pkcs8', format: 'pem' }) }]],
  ['is no secret of 32 bytes', [{ ...keys[2], key: 'c2hvcnQ=' }]],
  ['can be written by others', keys, 0o620],
  ['a secret that others can read', keys, 0o640],
])('[req: pdp:signatures] a file of keys that %s is refused', (message, content, mode) => {
  expect(() => readPepKeys(aKeysFile(content, mode))).toThrow(message);
});

test('[req: pdp:signatures] the memory of nonces is bounded, for each key, and forgets what is too old anyway', () => {
  const nonces = new Nonces(2);
  expect(nonces.use('a', '1', 0, 10)).toBe('new');
  expect(nonces.use('a', '1', 10, 20)).toBe('replayed');
  expect(nonces.use('a', '2', 10, 20)).toBe('new');
  expect(nonces.use('a', '3', 10, 20)).toBe('too_many');
  expect(nonces.use('b', '1', 10, 20)).toBe('new');
  expect(nonces.use('a', '3', 11, 20)).toBe('new');
});

test('[req: pdp:signatures] no header makes the parser throw or hang', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z=();:"?, @0-9\\-]{0,60}$/), (text) => {
      parseDictionary(text);
    }),
    { numRuns: 3000 },
  );
  const begun = performance.now();
  parseDictionary(`a=(${'"x" '.repeat(5000)}`);
  parseDictionary(`a=${'('.repeat(60_000)}`);
  parseDictionary(`a="${'\\\\'.repeat(30_000)}`);
  expect(performance.now() - begun).toBeLessThan(1000);
});
