/** The keys of enforcement points, from a file. */
import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { PdpError } from '../errors.ts';

export type SignatureAlgorithm = 'ed25519' | 'ecdsa-p256-sha256' | 'hmac-sha256';

export type PepKey = {
  readonly keyid: string;
  readonly alg: SignatureAlgorithm;
  readonly key: KeyObject;
  /** What records call its holder. */
  readonly name: string;
};

const maxFileBytes = 1024 * 1024;
const minSecretBytes = 32;
const fields = ['keyid', 'alg', 'key', 'name'] as const;

/**
 * A JSON list of `{"keyid", "alg", "key", "name"}`; `key` is a public key in PEM, or a secret in base64. Throws PdpError `pep_keys`.
 */
export function readPepKeys(file: string): ReadonlyMap<string, PepKey> {
  const text = readOwn(file);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw bad(file, 'is not JSON', error);
  }
  if (!Array.isArray(list)) throw bad(file, 'must hold a list of keys');
  const keys = new Map<string, PepKey>();
  for (const [index, one] of (list as unknown[]).entries()) {
    const key = keyOf(file, index + 1, one);
    if (keys.has(key.keyid)) throw bad(file, `has two keys with the keyid of key ${index + 1}`);
    keys.set(key.keyid, key);
  }
  if (keys.size === 0) throw bad(file, 'holds no key, so nobody could ask');
  return keys;
}

function readOwn(file: string): string {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new PdpError('pep_keys', `cannot read ${file} (${why})`, { cause: error });
  }
  try {
    const { mode, size } = fstatSync(fd);
    if ((mode & 0o022) !== 0) throw bad(file, 'can be written by others, who could add a key; chmod 600 it');
    if (size > maxFileBytes) throw bad(file, 'is longer than 1 MiB');
    const text = readFileSync(fd, 'utf8');
    if ((mode & 0o044) !== 0 && text.includes('hmac'))
      throw bad(file, 'holds a secret that others can read; chmod 600 it');
    return text;
  } finally {
    closeSync(fd);
  }
}

function keyOf(file: string, number: number, value: unknown): PepKey {
  const which = `key ${number}`;
  if (typeof value !== 'object' || value === null) throw bad(file, `${which} is no object`);
  const given = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given))
    if (!(fields as readonly string[]).includes(name)) throw bad(file, `${which} has an unknown field`);
  const text = (name: (typeof fields)[number]): string => {
    const found = given[name];
    if (typeof found !== 'string' || found === '') throw bad(file, `${which} has no ${name}`);
    return found;
  };
  const keyid = text('keyid');
  const name = text('name');
  if (!/^[\x20-\x7e]{1,256}$/.test(keyid)) throw bad(file, `the keyid of ${which} is not plain ASCII`);
  if (name.length > 128) throw bad(file, `the name of ${which} is longer than 128 characters`);
  const alg = text('alg');
  switch (alg) {
    case 'ed25519':
    case 'ecdsa-p256-sha256':
      return { keyid, alg, name, key: publicKey(file, which, alg, text('key')) };
    case 'hmac-sha256':
      return { keyid, alg, name, key: secretKey(file, which, text('key')) };
    default:
      throw bad(file, `the alg of ${which} must be ed25519, ecdsa-p256-sha256 or hmac-sha256`);
  }
}

function publicKey(file: string, which: string, alg: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    if (pem.includes('PRIVATE')) throw new TypeError('a private key');
    key = createPublicKey(pem);
  } catch (error) {
    throw bad(file, `${which} is no public key in PEM`, error);
  }
  const fits =
    alg === 'ed25519'
      ? key.asymmetricKeyType === 'ed25519'
      : key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (!fits) throw bad(file, `${which} is not for ${alg}`);
  return key;
}

function secretKey(file: string, which: string, text: string): KeyObject {
  const secret = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || secret.length < minSecretBytes)
    throw bad(file, `${which} is no secret of ${minSecretBytes} bytes or more in base64`);
  return createSecretKey(secret);
}

function bad(file: string, what: string, cause?: unknown): PdpError {
  return new PdpError('pep_keys', `${file} ${what}`, { cause });
}
