/**
 * The Ed25519 key of this device. It signs checkpoints and the register, so that rewriting a journal needs more than
 * write access to it. It lives in the state directory, readable by its owner only, outside of what any session sees.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  constants,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { errnoOf, JournalError } from './errors.ts';

export type PublicKey = {
  /** First 32 hex digits of SHA-256 over the SPKI form; what records name the key by. */
  readonly id: string;
  /** Base64 SPKI (DER). */
  readonly spki: string;
  verify(data: Uint8Array, signature: Uint8Array): boolean;
};

export type DeviceKey = PublicKey & {
  /** Where the key lies; the register's high-water mark lies beside it. */
  readonly stateDir: string;
  /** Keys the fingerprints of secrets, so that nobody without the key can test guesses against a journal. */
  readonly salt: Uint8Array;
  sign(data: Uint8Array): Uint8Array;
  /** A key of 32 bytes for one purpose (HKDF-SHA-256); others, and this key itself, do not follow from it. */
  derived(purpose: string): Uint8Array;
};

/** `$XDG_STATE_HOME/chaperone`, or `~/.local/state/chaperone` (XDG Base Directory Specification 0.8). */
export function defaultStateDir(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const base = env['XDG_STATE_HOME'];
  // The specification says to ignore a relative path.
  return path.join(base && path.isAbsolute(base) ? base : path.join(home, '.local', 'state'), 'chaperone');
}

/** Creates the key on first use. Throws `unsafe_key` when others could read it, `unreadable` when it is no key. */
export function loadDeviceKey(stateDir: string): DeviceKey {
  const file = keyFile(stateDir);
  return deviceKeyOf(readKey(file) ?? createKey(stateDir, file), file, stateDir);
}

/** @returns undefined when this device has no key yet. Throws as {@link loadDeviceKey}. */
export function findDeviceKey(stateDir: string): DeviceKey | undefined {
  const file = keyFile(stateDir);
  const pem = readKey(file);
  return pem === undefined ? undefined : deviceKeyOf(pem, file, stateDir);
}

function keyFile(stateDir: string): string {
  return path.join(stateDir, 'device-key.pem');
}

function deviceKeyOf(pem: string, file: string, stateDir: string): DeviceKey {
  const key = parseKey(pem, file);
  const secret = key.export({ format: 'der', type: 'pkcs8' });
  const salt = createHash('sha256').update('chaperone fingerprint salt v1\n').update(secret).digest();
  return {
    ...publicKeyOf(createPublicKey(key)),
    stateDir,
    salt,
    sign: (data) => sign(null, data, key),
    derived: (purpose) => new Uint8Array(hkdfSync('sha256', secret, '', `chaperone ${purpose}`, 32)),
  };
}

/** @param spki base64 SPKI of an Ed25519 key. Throws JournalError `unreadable`. */
export function parsePublicKey(spki: string): PublicKey {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ed25519') return publicKeyOf(key);
  } catch (error) {
    throw new JournalError('unreadable', 'not an Ed25519 public key in SPKI form', { cause: error });
  }
  throw new JournalError('unreadable', 'the public key is not Ed25519');
}

function publicKeyOf(key: KeyObject): PublicKey {
  const der = key.export({ format: 'der', type: 'spki' });
  return {
    id: createHash('sha256').update(der).digest('hex').slice(0, 32),
    spki: der.toString('base64'),
    verify: (data, signature) => verify(null, data, key, signature),
  };
}

function parseKey(pem: string, file: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw new JournalError('unreadable', `${file} is not a private key; move it away to get a new one`, {
      cause: error,
    });
  }
  throw new JournalError('unreadable', `${file} is not an Ed25519 key; move it away to get a new one`);
}

/** @returns undefined when there is no key yet */
function readKey(file: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw new JournalError(
      'unreadable',
      `cannot read the device key ${file} (${errnoOf(error) ?? 'error'})`,
      { cause: error },
    );
  }
  try {
    const { mode, uid } = fstatSync(fd);
    if ((mode & 0o077) !== 0 || (uid !== process.geteuid?.() && uid !== 0)) {
      throw new JournalError(
        'unsafe_key',
        `others can use the device key ${file}; chmod 600 it, or move it away to get a new one`,
      );
    }
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

function createKey(stateDir: string, file: string): string {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const draft = path.join(stateDir, `.device-key-${randomUUID()}`);
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    const fd = openSync(draft, 'wx', 0o600);
    writeSync(fd, pem);
    fsyncSync(fd);
    closeSync(fd);
    try {
      // A link, not a rename: when two first sessions start at once, both must end with the same key.
      linkSync(draft, file);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    } finally {
      unlinkSync(draft);
    }
  } catch (error) {
    throw new JournalError(
      'write_failed',
      `cannot create the device key in ${stateDir} (${errnoOf(error) ?? 'error'})`,
      { cause: error },
    );
  }
  const stored = readKey(file);
  if (stored === undefined) throw new JournalError('unreadable', `the device key ${file} vanished`);
  return stored;
}
