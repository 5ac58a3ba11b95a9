/**
 * Credentials at rest: one file of the state directory, encrypted with AES-256-GCM under a key that follows from the device's. It
 * protects copies of the file, in a backup say; whoever can read the device key as well can read it.
 */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type DeviceKey, errnoOf } from './record/index.ts';

export type CredentialErrorCode =
  | 'unsafe_file'
  | 'damaged'
  | 'unreadable'
  | 'write_failed'
  | 'exists'
  | 'no_credential'
  | 'bad_credential';

/** The message says what to do. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
  readonly code: CredentialErrorCode;

  constructor(code: CredentialErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Names the format, and is authenticated with what follows. */
const magic = Buffer.from('chaperone credentials 1\n');
const nonceBytes = 12;
const tagBytes = 16;
const maxBytes = 16 << 20;

export function credentialFile(stateDir: string): string {
  return path.join(stateDir, 'credentials.sealed');
}

/** @returns undefined when there is none. Throws CredentialError `unsafe_file`, `damaged`, `unreadable`. */
export function readSealed(key: DeviceKey): string | undefined {
  const file = credentialFile(key.stateDir);
  const sealed = read(file);
  if (!sealed) return undefined;
  const nonceAt = magic.length;
  const tagAt = nonceAt + nonceBytes;
  const textAt = tagAt + tagBytes;
  try {
    if (sealed.length < textAt || !sealed.subarray(0, nonceAt).equals(magic)) throw new TypeError('no magic');
    const cipher = createDecipheriv('aes-256-gcm', sealingKey(key), sealed.subarray(nonceAt, tagAt), {
      authTagLength: tagBytes,
    });
    cipher.setAAD(magic);
    cipher.setAuthTag(sealed.subarray(tagAt, textAt));
    return Buffer.concat([cipher.update(sealed.subarray(textAt)), cipher.final()]).toString('utf8');
  } catch (error) {
    throw new CredentialError(
      'damaged',
      `${file} was changed, or sealed by another device key; move it away and add the credentials again`,
      { cause: error },
    );
  }
}

/** All of it at once, or nothing. Throws CredentialError `write_failed`. */
export function writeSealed(key: DeviceKey, text: string): void {
  const file = credentialFile(key.stateDir);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key), nonce, { authTagLength: tagBytes });
  cipher.setAAD(magic);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const draft = path.join(key.stateDir, `.credentials-${randomUUID()}`);
  try {
    const fd = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(fd, Buffer.concat([magic, nonce, cipher.getAuthTag(), sealed]));
      fsyncSync(fd);
      renameSync(draft, file);
    } catch (error) {
      unlinkSync(draft);
      throw error;
    } finally {
      closeSync(fd);
    }
    const folder = openSync(key.stateDir, constants.O_RDONLY | constants.O_DIRECTORY);
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    const why = errnoOf(error) ?? 'error';
    throw new CredentialError('write_failed', `cannot write ${file} (${why})`, { cause: error });
  }
}

function sealingKey(key: DeviceKey): Uint8Array {
  return key.derived('credentials 1');
}

function read(file: string): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    const why = errnoOf(error) ?? 'error';
    throw new CredentialError('unreadable', `cannot read ${file} (${why})`, { cause: error });
  }
  try {
    const stat = fstatSync(fd);
    const isOwn = stat.uid === process.geteuid?.() || stat.uid === 0;
    if (!stat.isFile() || (stat.mode & 0o077) !== 0 || !isOwn)
      throw new CredentialError('unsafe_file', `others can use ${file}; chmod 600 it, or move it away`);
    if (stat.size > maxBytes) throw new CredentialError('damaged', `${file} is too large; move it away`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
