/** Credentials that requests of a session may carry although the session does not have them, and those that it must not carry. */
import { randomBytes } from 'node:crypto';
import type { KnownCredential } from '@chaperone/egress';
import { digestOf, fingerprintOf } from '@chaperone/egress/fingerprint';
import { type DeviceKey, findDeviceKey, loadDeviceKey, withLockFile } from './record/index.ts';
import { CredentialError, credentialFile, readSealed, writeSealed } from './session-credential-file.ts';

export { CredentialError, type CredentialErrorCode } from './session-credential-file.ts';

/** What may be shown of one. */
export type CredentialEntry = {
  readonly id: string;
  /** Such as `api_key`. */
  readonly kind: string;
  /** ISO 8601, UTC. */
  readonly added_at: string;
  /** Absent: it is only recognised. */
  readonly use?: {
    readonly hosts: readonly string[];
    readonly header: string;
    readonly placeholder: string;
    /** Variable in which a session finds the placeholder. */
    readonly env?: string;
  };
};

type Stored = CredentialEntry & {
  /** SHA-256 of the secret, lower-case hex. */
  readonly digest: string;
  /** Only of those that are put into requests. */
  readonly secret?: string;
};

export type NewCredential = {
  readonly id: string;
  readonly kind: string;
  readonly secret: string;
  readonly use?: { readonly hosts: readonly string[]; readonly header: string; readonly env?: string };
};

export type SessionCredentials = {
  readonly known: readonly KnownCredential[];
  /** Variables that the session gets, each with a placeholder. */
  readonly environment: Readonly<Record<string, string>>;
};

/** @param key of the session. Throws CredentialError and JournalError; without a file there are none. */
export function openCredentials(stateDir: string, key: Uint8Array): SessionCredentials {
  const known: KnownCredential[] = [];
  const environment: Record<string, string> = {};
  for (const { id, kind, digest, secret, use } of storedIn(findDeviceKey(stateDir))) {
    const fingerprint = fingerprintOf(key, Buffer.from(digest, 'hex'));
    const injection = use &&
      secret !== undefined && { hosts: use.hosts, header: use.header, placeholder: use.placeholder, secret };
    known.push({ id, kind, fingerprint, ...(injection ? { injection } : {}) });
    if (use?.env !== undefined) environment[use.env] = use.placeholder;
  }
  return { known, environment };
}

/** By id. Throws as `openCredentials`. */
export function listCredentials(stateDir: string): CredentialEntry[] {
  return storedIn(findDeviceKey(stateDir)).map(shown);
}

/** Throws CredentialError `bad_credential`, `exists`, and as `openCredentials`. */
export function addCredential(stateDir: string, wanted: NewCredential, now: Date): CredentialEntry {
  const problem = problemOf(wanted);
  if (problem !== undefined) throw new CredentialError('bad_credential', problem);
  const { id, kind, secret, use } = wanted;
  const digest = digestOf(secret).toString('hex');
  const entry: Stored = {
    id,
    kind,
    added_at: now.toISOString(),
    digest,
    ...(use ? { use: { ...use, placeholder: newPlaceholder() }, secret } : {}),
  };
  change(stateDir, (stored) => {
    const env = use?.env;
    if (stored.some((one) => one.id === id))
      throw new CredentialError('exists', `there is a credential ${id}; remove it first`);
    const same = stored.find((one) => one.digest === digest);
    if (same) throw new CredentialError('exists', `this secret is known as ${same.id}; remove that first`);
    const other = stored.find((one) => env !== undefined && one.use?.env === env);
    if (other) throw new CredentialError('exists', `${env} is the variable of ${other.id}; take another`);
    return [...stored, entry].toSorted((one, two) => (one.id < two.id ? -1 : 1));
  });
  return shown(entry);
}

/** Throws CredentialError `no_credential`, and as `openCredentials`. */
export function removeCredential(stateDir: string, id: string): void {
  change(stateDir, (stored) => {
    if (!stored.some((one) => one.id === id))
      throw new CredentialError('no_credential', `there is no credential ${id}`);
    return stored.filter((one) => one.id !== id);
  });
}

const lockMs = 5_000;

function change(stateDir: string, to: (stored: readonly Stored[]) => readonly Stored[]): void {
  const key = loadDeviceKey(stateDir);
  withLockFile(`${credentialFile(stateDir)}.lock`, lockMs, () =>
    writeSealed(key, JSON.stringify(to(storedIn(key)))),
  );
}

/** Whatever was sealed by this device was checked when it was added. */
function storedIn(key: DeviceKey | undefined): Stored[] {
  const text = key && readSealed(key);
  return text === undefined ? [] : (JSON.parse(text) as Stored[]);
}

function shown({ id, kind, added_at, use }: Stored): CredentialEntry {
  return { id, kind, added_at, ...(use ? { use } : {}) };
}

/** Nobody guesses it, and it looks like nothing that is secret. */
function newPlaceholder(): string {
  return `chaperone-placeholder-${randomBytes(12).toString('hex')}`;
}

/** One line: what is wrong, and what to do. */
function problemOf({ id, kind, secret, use }: NewCredential): string | undefined {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id))
    return 'the name of a credential has lower-case letters, digits and ._- only';
  if (!/^[a-z0-9_]{1,32}$/.test(kind)) return 'a kind has lower-case letters, digits and _ only';
  if (secret.length < 8 || secret.length > 8192) return 'a secret has from 8 to 8192 characters';
  if (!/^[\x21-\x7e]+$/.test(secret))
    return 'a secret has no spaces, line breaks or letters beyond ASCII; was something else read?';
  if (!use) return undefined;
  if (use.hosts.length === 0) return 'say to which host it belongs: --host api.example.com';
  const wrong = use.hosts.find(
    (host) => !/^(?:\*\.(?=[^.]+\.))?(?!-)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(host) || host.length > 253,
  );
  if (wrong !== undefined)
    return `${wrong} is not a host: write api.example.com, or *.example.com for all below it`;
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(use.header)) return `${use.header} is not the name of a header`;
  if (use.env !== undefined && !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(use.env))
    return `${use.env} is not the name of a variable`;
  return undefined;
}
