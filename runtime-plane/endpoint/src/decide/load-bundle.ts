/** Reads a policy that is one bundle. Separate from `load-policy.ts`, which every session loads. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { PolicyError } from '@chaperone/policy';
import {
  BundleError,
  defaultLimits,
  mergeBundles,
  readBundle,
  signaturesName,
  type SignatureAlgorithm,
  unpackBundle,
} from '@chaperone/policy/bundle';
import type { OpenedBundle } from './bundle-file.ts';
import { PolicyFileError } from './policy-file-error.ts';

/** The one key that a bundle is to be signed with, whatever name the signature has for it. */
export type BundleVerification = {
  /** PEM of a public key or certificate; the secret for HMAC. */
  readonly key: string;
  readonly algorithm: SignatureAlgorithm;
  readonly scope?: string;
};

export type Opening = {
  /** Absent: a signed bundle is refused. Present: an unsigned one is. */
  readonly verification?: BundleVerification;
  /** SHA-256 in hex of a bundle that was verified before: this one only, without verifying it again. */
  readonly verified?: string;
};

/** @returns the bundle, and its SHA-256 in hex. Rejects with PolicyFileError. */
export async function openBundle(
  location: string,
  { verification, verified }: Opening,
): Promise<{ readonly bundle: OpenedBundle; readonly digest: string }> {
  try {
    const bytes = read(location);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const { modules, data, revision } = mergeBundles({
      bundle: await parsed(bytes, digest, verification, verified),
    });
    const plain = modules.map(({ file, source, dialect }) => ({ file, source, dialect }));
    return { bundle: { modules: plain, data, revision: revision || digest.slice(0, 12) }, digest };
  } catch (error) {
    throw refused(location, error);
  }
}

async function parsed(
  bytes: Uint8Array,
  digest: string,
  verification: BundleVerification | undefined,
  verified: string | undefined,
): ReturnType<typeof readBundle> {
  if (verification)
    return readBundle(bytes, { verification: { keys: { default: verification }, keyId: 'default' } });
  const files = await unpackBundle(bytes);
  const isSigned = files.some(({ name }) => name === signaturesName);
  if (verified !== undefined && digest !== verified)
    throw new BundleError('bad_signature', 'it is not the bundle any more whose signature was verified');
  if (isSigned && verified === undefined)
    throw new BundleError(
      'unverified',
      'it is signed; give the key to check it with, with --verification-key',
    );
  return readBundle(files.filter(({ name }) => name !== signaturesName));
}

function read(location: string): Uint8Array {
  const { archiveBytes } = defaultLimits;
  const { size } = statSync(location);
  if (size > archiveBytes)
    throw new BundleError('too_large', `it has ${size} bytes; at most ${archiveBytes} are read`);
  return readFileSync(location);
}

function refused(location: string, error: unknown): unknown {
  if (error instanceof BundleError || error instanceof PolicyError)
    return new PolicyFileError('bad_bundle', `the bundle ${location} is refused: ${error.message}`, {
      cause: error,
    });
  if (error instanceof Error && 'code' in error)
    return new PolicyFileError('unreadable', `cannot read the policy ${location} (${String(error.code)})`, {
      cause: error,
    });
  return error;
}
