/**
 * Signatures of bundles as OPA makes and checks them: `.signatures.json` holds one JWT whose payload lists a digest for every
 * other file. Source: OPA documentation, "Signing".
 */
import { globMatcher } from '@chaperone/rego';
import { BundleError } from './errors.ts';
import { parseSignatureAlgorithm, signBytes, type SignatureAlgorithm, verifyBytes } from './keys.ts';
import { type BundleFile, textOf } from './names.ts';
import { hashedBytes, reasonOf } from './structured.ts';

export const signaturesName = '.signatures.json';

export type VerificationKey = {
  /** PEM of a public key or certificate; the secret for HMAC. */
  readonly key: string;
  readonly algorithm: SignatureAlgorithm;
  readonly scope?: string;
};

export type Verification = {
  readonly keys: Readonly<Record<string, VerificationKey>>;
  /** The key to use whatever the signature says. */
  readonly keyId?: string;
  /** What the signature must be for; that of the key when absent. */
  readonly scope?: string;
  /** Globs of files that need not be signed; `*` does not match a slash. */
  readonly exclude?: readonly string[];
};

/** Whose signature was verified. */
export type Signature = {
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  readonly scope: string;
  readonly issuer?: string;
  /** Seconds since 1970. */
  readonly issuedAt?: number;
};

/** What a signature says of itself; nobody has verified it. */
export type StatedSignature = {
  readonly algorithm: string;
  readonly keyId?: string;
  readonly scope?: string;
  readonly issuer?: string;
  readonly files: number;
};

/** @returns undefined for a bundle that is not signed. Throws BundleError `bad_signature` when it cannot be read. */
export function statedSignature(files: readonly BundleFile[]): StatedSignature | undefined {
  const signatures = files.find(({ name }) => name === signaturesName);
  if (!signatures) return undefined;
  const { head, claims } = partsOf(tokenOf(signatures));
  const keyId = textIn(head, 'kid') ?? textIn(claims, 'keyid');
  const [scope, issuer] = [textIn(claims, 'scope'), textIn(claims, 'iss')];
  return {
    algorithm: textIn(head, 'alg') ?? '',
    ...(keyId === undefined ? {} : { keyId }),
    ...(scope === undefined ? {} : { scope }),
    ...(issuer === undefined ? {} : { issuer }),
    files: Array.isArray(claims['files']) ? claims['files'].length : 0,
  };
}

/** MD5, SHA-1 and SHA-224, which OPA knows, too, can be or are nearly broken; the SHA-512/t are not in Web Cryptography. */
const digests = ['SHA-256', 'SHA-384', 'SHA-512'] as const;

/**
 * Checks that the files are exactly those that were signed.
 *
 * @returns undefined for a bundle that is not signed where nothing is to be verified
 * Throws BundleError; in particular when one of signature and verification is there without the other.
 */
export async function verifyFiles(
  files: readonly BundleFile[],
  verification: Verification | undefined,
): Promise<Signature | undefined> {
  const signatures = files.find(({ name }) => name === signaturesName);
  if (!signatures) {
    if (verification)
      throw new BundleError(
        'unsigned',
        `the bundle has no ${signaturesName}, but a verification key is configured`,
      );
    return undefined;
  }
  if (!verification)
    throw new BundleError(
      'unverified',
      'the bundle is signed, but no verification key is configured; give one to check it with',
    );
  const token = tokenOf(signatures);
  const { signature, listed } = await verifyToken(token, verification);
  const patterns = (verification.exclude ?? []).map((pattern) => globMatcher(pattern, ['/']));
  const isExcluded = (name: string): boolean => patterns.some((matches) => matches?.(name));
  for (const file of files) {
    const { name } = file;
    const expected = listed.get(name);
    listed.delete(name);
    if (name === signaturesName || isExcluded(name)) continue;
    if (!expected) throw bad(`${name} is not among the signed files`);
    const actual = hexOf(await crypto.subtle.digest(expected.algorithm, copy(hashedBytes(file))));
    if (actual !== expected.hash.toLowerCase())
      throw bad(`${name} is not what was signed (its digest differs)`);
  }
  const [missing] = listed.keys();
  if (missing !== undefined) throw bad(`${JSON.stringify(missing)} was signed, but is not in the bundle`);
  return signature;
}

function tokenOf(file: BundleFile): string {
  const value = jsonOf(textOf(file, 'bad_data'), signaturesName);
  if (typeof value !== 'object' || value === null) throw bad(`${signaturesName} holds no object`);
  const { signatures, plugin } = value as { readonly signatures?: unknown; readonly plugin?: unknown };
  if (plugin !== undefined && plugin !== '' && plugin !== '_default')
    throw new BundleError(
      'unsupported',
      'the bundle asks for a signature plug-in; only the default is supported',
    );
  const [token, ...others] = Array.isArray(signatures) ? (signatures as unknown[]) : [];
  if (typeof token !== 'string' || others.length > 0)
    throw bad(`${signaturesName} must hold exactly one JWT`);
  return token;
}

type Digest = { readonly hash: string; readonly algorithm: (typeof digests)[number] };

async function verifyToken(
  token: string,
  verification: Verification,
): Promise<{ signature: Signature; listed: Map<string, Digest> }> {
  const { head, claims, signed, proof } = partsOf(token);
  const keyId = verification.keyId || textIn(head, 'kid') || textIn(claims, 'keyid');
  if (!keyId) throw bad('the signature names no key, and none is configured to use');
  const known = Object.hasOwn(verification.keys, keyId) ? verification.keys[keyId] : undefined;
  if (!known)
    throw bad(`the signature names the key ${JSON.stringify(keyId.slice(0, 100))}, which is not configured`);
  // The configured algorithm counts: a header cannot turn a public key into a secret. The header may not differ, either.
  const algorithm = parseSignatureAlgorithm(known.algorithm);
  if (head['alg'] !== algorithm)
    throw bad(`it is made with another algorithm than ${algorithm}, which the key has`);
  if (head['crit'] !== undefined) throw bad('it has critical extensions, which are not supported');
  if (!(await verifyBytes(algorithm, known.key, proof, signed)))
    throw bad('it does not fit the verification key, or the list of files was changed');
  const scope = verification.scope || known.scope || '';
  const stated = textIn(claims, 'scope') ?? '';
  if (stated !== scope)
    throw bad(`it is for the scope ${JSON.stringify(stated)}, not for ${JSON.stringify(scope)}`);
  const [issuer, issuedAt] = [textIn(claims, 'iss'), claims['iat']];
  const signature = {
    keyId,
    algorithm,
    scope,
    ...(issuer === undefined ? {} : { issuer }),
    ...(typeof issuedAt === 'number' ? { issuedAt } : {}),
  };
  return { signature, listed: listOf(claims['files']) };
}

type Members = Readonly<Record<string, unknown>>;

function partsOf(token: string): {
  readonly head: Members;
  readonly claims: Members;
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly proof: Uint8Array<ArrayBuffer>;
} {
  const parts = token.split('.');
  const [header = '', payload = '', proof = ''] = parts;
  if (parts.length !== 3) throw bad('the JWT has not three parts');
  return {
    head: recordOf(jsonOf(textFrom(header), 'the header of the JWT')),
    claims: recordOf(jsonOf(textFrom(payload), 'the payload of the JWT')),
    signed: new TextEncoder().encode(`${header}.${payload}`),
    proof: bytesFrom(proof),
  };
}

function listOf(files: unknown): Map<string, Digest> {
  if (!Array.isArray(files)) throw bad('it lists no files');
  const listed = new Map<string, Digest>();
  for (const file of files as unknown[]) {
    const { name, hash, algorithm } = recordOf(file);
    if (typeof name !== 'string' || typeof hash !== 'string') throw bad('its list of files is malformed');
    const known = digests.find((one) => one === algorithm);
    if (!known)
      throw bad(
        `${name} has a digest of the kind ${JSON.stringify(algorithm)}; accepted are ${digests.join(', ')}`,
      );
    const bare = name.replace(/^\/+/, '');
    if (listed.has(bare)) throw bad(`it lists ${JSON.stringify(name)} twice`);
    listed.set(bare, { hash, algorithm: known });
  }
  return listed;
}

export type Signing = {
  /** PEM of a private key; the secret for HMAC. */
  readonly key: string;
  /** Those of RSA-PSS and ECDSA are different each time. */
  readonly algorithm: SignatureAlgorithm;
  readonly keyId?: string;
  readonly scope?: string;
  readonly issuer?: string;
  /** Seconds since 1970; left out when absent, so that signing again gives the same bytes. */
  readonly issuedAt?: number;
};

/** `.signatures.json` for these files. Throws BundleError `bad_key`. */
export async function signFiles(files: readonly BundleFile[], signing: Signing): Promise<BundleFile> {
  const { key, keyId, scope, issuer, issuedAt } = signing;
  const algorithm = parseSignatureAlgorithm(signing.algorithm);
  const listed = [];
  for (const file of files) {
    if (file.name === signaturesName) continue;
    const hash = hexOf(await crypto.subtle.digest('SHA-256', copy(hashedBytes(file))));
    listed.push({ name: file.name, hash, algorithm: 'SHA-256' });
  }
  const head = { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
  const claims = {
    files: listed,
    ...(keyId === undefined ? {} : { keyid: keyId }),
    ...(scope === undefined ? {} : { scope }),
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(issuedAt === undefined ? {} : { iat: issuedAt }),
  };
  const signed = [head, claims]
    .map((part) => base64Url(new TextEncoder().encode(JSON.stringify(part))))
    .join('.');
  const proof = await signBytes(algorithm, key, new TextEncoder().encode(signed));
  const content = `${JSON.stringify({ signatures: [`${signed}.${base64Url(proof)}`] })}\n`;
  return { name: signaturesName, bytes: new TextEncoder().encode(content) };
}

function bad(what: string): BundleError {
  return new BundleError('bad_signature', `the signature of the bundle is refused: ${what}`);
}

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bad(`${what} is not JSON (${reasonOf(error)})`);
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('the JWT is malformed');
  return value as Readonly<Record<string, unknown>>;
}

function textIn(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function bytesFrom(base64: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(base64)) throw bad('the JWT is not Base64url');
  try {
    return Uint8Array.from(atob(base64.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  } catch {
    throw bad('the JWT is not Base64url');
  }
}

function textFrom(base64: string): string {
  return new TextDecoder().decode(bytesFrom(base64));
}

function base64Url(bytes: Uint8Array): string {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function hexOf(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Web Cryptography takes no views of memory that could be shared. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
