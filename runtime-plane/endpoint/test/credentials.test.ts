import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestOf, fingerprintOf } from '@chaperone/egress/fingerprint';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  addCredential,
  CredentialError,
  listCredentials,
  openCredentials,
  removeCredential,
} from '../src/session-credentials.ts';

const secret = 'sk-live-0123456789abcdef';
const key = Buffer.alloc(32, 3);
const now = new Date('2026-01-02T03:04:05Z');
const use = { hosts: ['api.example.com'], header: 'authorization', env: 'API_KEY' };

let dir: string;
beforeEach(() => {
  dir = aFolder();
});

function aFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'credentials-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const file = (): string => path.join(dir, 'credentials.sealed');

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CredentialError) {
      expect(error.message).not.toContain(secret);
      return error.code;
    }
    throw error;
  }
  return 'none';
}

describe('[req: egress:credentials] at rest', () => {
  test('nothing of a secret is readable, by others or in the file', () => {
    const entry = addCredential(dir, { id: 'model', kind: 'api_key', secret, use }, now);
    expect(entry).toEqual({
      id: 'model',
      kind: 'api_key',
      added_at: '2026-01-02T03:04:05.000Z',
      use: { ...use, placeholder: expect.stringMatching(/^chaperone-placeholder-[0-9a-f]{24}$/) },
    });
    const bytes = readFileSync(file());
    for (const part of [
      secret,
      secret.slice(0, 8),
      'api.example.com',
      Buffer.from(secret).toString('base64'),
    ])
      expect(bytes.includes(part)).toBe(false);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir).toSorted()).toEqual(['credentials.sealed', 'device-key.pem']);
    expect(JSON.stringify(listCredentials(dir))).not.toContain(secret);
  });

  test('a session gets fingerprints by its own key, what is put in, and variables', () => {
    const { use: made } = addCredential(dir, { id: 'model', kind: 'api_key', secret, use }, now);
    addCredential(dir, { id: 'payroll', kind: 'token', secret: 'only-known-here' }, now);
    const { known, environment } = openCredentials(dir, key);
    expect(known).toEqual([
      {
        id: 'model',
        kind: 'api_key',
        fingerprint: fingerprintOf(key, digestOf(secret)),
        injection: {
          hosts: use.hosts,
          header: use.header,
          placeholder: made?.placeholder,
          secret,
        },
      },
      { id: 'payroll', kind: 'token', fingerprint: fingerprintOf(key, digestOf('only-known-here')) },
    ]);
    expect(environment).toEqual({ API_KEY: made?.placeholder });
    expect(openCredentials(dir, Buffer.alloc(32)).known[0]?.fingerprint).not.toBe(known[0]?.fingerprint);
  });

  test('without a file there are none, and none is made', () => {
    expect(openCredentials(dir, key)).toEqual({ known: [], environment: {} });
    expect(listCredentials(dir)).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('what was removed is gone', () => {
    addCredential(dir, { id: 'model', kind: 'api_key', secret, use }, now);
    removeCredential(dir, 'model');
    expect(openCredentials(dir, key).known).toEqual([]);
    expect(codeOf(() => removeCredential(dir, 'model'))).toBe('no_credential');
  });

  test('every byte of the file counts', () => {
    addCredential(dir, { id: 'model', kind: 'api_key', secret, use }, now);
    const whole = readFileSync(file());
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(file(), changed);
      expect([at, codeOf(() => openCredentials(dir, key))]).toEqual([at, 'damaged']);
    }
    for (let end = 0; end < whole.length; end += 1) {
      writeFileSync(file(), whole.subarray(0, end));
      expect([end, codeOf(() => openCredentials(dir, key))]).toEqual([end, 'damaged']);
    }
    writeFileSync(file(), Buffer.concat([whole, Buffer.from('x')]));
    expect(codeOf(() => openCredentials(dir, key))).toBe('damaged');
    // What cannot be read is not written over.
    expect(codeOf(() => addCredential(dir, { id: 'b', kind: 'k', secret: 'another-secret' }, now))).toBe(
      'damaged',
    );
    writeFileSync(file(), whole);
    expect(openCredentials(dir, key).known).toHaveLength(1);
  });

  test('another device cannot read it', () => {
    addCredential(dir, { id: 'model', kind: 'api_key', secret, use }, now);
    const other = aFolder();
    addCredential(other, { id: 'x', kind: 'api_key', secret: 'something-else' }, now);
    copyFileSync(file(), path.join(other, 'credentials.sealed'));
    expect(codeOf(() => openCredentials(other, key))).toBe('damaged');
  });

  test('a file that others can use is not trusted, nor is a link', () => {
    addCredential(dir, { id: 'model', kind: 'api_key', secret, use }, now);
    for (const mode of [0o640, 0o604, 0o620, 0o660]) {
      chmodSync(file(), mode);
      expect(codeOf(() => openCredentials(dir, key))).toBe('unsafe_file');
    }
    chmodSync(file(), 0o600);
    const elsewhere = path.join(aFolder(), 'moved');
    copyFileSync(file(), elsewhere);
    rmSync(file());
    symlinkSync(elsewhere, file());
    expect(codeOf(() => openCredentials(dir, key))).toBe('unreadable');
  });
});

test.each<[string, Parameters<typeof addCredential>[1], string]>([
  ['the same id', { id: 'model', kind: 'k', secret: 'other-secret' }, 'exists'],
  ['the same secret', { id: 'other', kind: 'k', secret }, 'exists'],
  ['the same variable', { id: 'other', kind: 'k', secret: 'other-secret', use }, 'exists'],
  ['an id that is a path', { id: '../x', kind: 'k', secret: 'other-secret' }, 'bad_credential'],
  ['a short secret', { id: 'other', kind: 'k', secret: 'short' }, 'bad_credential'],
  ['a secret of two lines', { id: 'other', kind: 'k', secret: 'first-line\nsecond' }, 'bad_credential'],
  ['a secret that ends a header', { id: 'other', kind: 'k', secret: 'abcdefgh\r\nx: y' }, 'bad_credential'],
  [
    'any host',
    { id: 'other', kind: 'k', secret: 'other-secret', use: { ...use, hosts: ['*'] } },
    'bad_credential',
  ],
  [
    'all of a top-level domain',
    { id: 'other', kind: 'k', secret: 'other-secret', use: { ...use, hosts: ['*.com'] } },
    'bad_credential',
  ],
  [
    'a URL',
    { id: 'other', kind: 'k', secret: 'other-secret', use: { ...use, hosts: ['https://a.example'] } },
    'bad_credential',
  ],
  [
    'no host',
    { id: 'other', kind: 'k', secret: 'other-secret', use: { ...use, hosts: [] } },
    'bad_credential',
  ],
  [
    'no header',
    { id: 'other', kind: 'k', secret: 'other-secret', use: { ...use, header: 'a b' } },
    'bad_credential',
  ],
  [
    'no variable',
    { id: 'other', kind: 'k', secret: 'other-secret', use: { ...use, env: 'A=B' } },
    'bad_credential',
  ],
])('[req: egress:credentials] %s is refused, and nothing changes', (_what, wanted, code) => {
  addCredential(dir, { id: 'model', kind: 'api_key', secret, use }, now);
  const before = readFileSync(file());
  expect(codeOf(() => addCredential(dir, wanted, now))).toBe(code);
  expect(readFileSync(file()).equals(before)).toBe(true);
  expect(existsSync(`${file()}.lock`)).toBe(false);
});
