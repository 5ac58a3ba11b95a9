/** How a credential is known without being known. */
import { createHash, createHmac } from 'node:crypto';

/** SHA-256 of a secret: what is kept of one that is only to be recognised. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** HMAC-SHA-256 of the secret's SHA-256 with the key of the session, lower-case hex. @param digest as `digestOf` gives it */
export function fingerprintOf(key: Uint8Array, digest: Uint8Array): string {
  return createHmac('sha256', key).update(digest).digest('hex');
}
