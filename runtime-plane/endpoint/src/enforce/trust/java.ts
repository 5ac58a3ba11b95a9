/** Trust stores of Java, in the format of `sun.security.provider.JavaKeyStore`. */
import { createHash, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../doctor/try.ts';
import { realFile } from './mount.ts';

const magic = 0xfeedfeed;
const version = 2;
const headBytes = 12;
const digestBytes = 20;
const trustedCertificate = 2;
/** What Java's own trust stores are sealed with; it is no secret, and nothing asks for it by default. */
const password = 'changeit';

/**
 * @param existing a store whose certificates are kept
 * @param certificates PEMs to add
 * @param otherwise what stands for those of a store in another format
 */
export function javaTrustStore(
  existing: string | undefined,
  certificates: readonly string[],
  otherwise: () => readonly string[] = () => [],
): Buffer {
  const known = existing === undefined ? { count: 0, entries: Buffer.alloc(0) } : entriesOf(existing);
  const added = [...(known === undefined ? otherwise() : []), ...certificates].flatMap(entryOf);
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(magic, 0);
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE((known?.count ?? 0) + added.length, 8);
  const body = Buffer.concat([head, known?.entries ?? Buffer.alloc(0), ...added]);
  const seal = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(body)
    .digest();
  return Buffer.concat([body, seal]);
}

function entriesOf(file: string): { count: number; entries: Buffer } | undefined {
  const bytes = readFileSync(file);
  const fits = bytes.length >= headBytes + digestBytes;
  if (!fits || bytes.readUInt32BE(0) !== magic || bytes.readUInt32BE(4) !== version) return undefined;
  return {
    count: bytes.readUInt32BE(8),
    entries: bytes.subarray(headBytes, bytes.length - digestBytes),
  };
}

/** @returns nothing for what is no certificate that Java could read, either. */
function entryOf(pem: string): Buffer[] {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return [];
  }
  const der = certificate.raw;
  const alias = `chaperone-${createHash('sha256').update(der).digest('hex')}`;
  const kind = Buffer.alloc(4);
  kind.writeUInt32BE(trustedCertificate);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(der.length);
  const since = Buffer.alloc(8);
  since.writeBigInt64BE(BigInt(certificate.validFromDate.getTime()));
  return [Buffer.concat([kind, text(alias), since, text('X.509'), length, der])];
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value, 'latin1')]);
}

/** @returns the trust stores of the Javas that a session would start, where they really are. */
export function javaStores(environment: Readonly<Record<string, string | undefined>>): string[] {
  const home = environment['JAVA_HOME'];
  const program = findProgram('java', { PATH: environment['PATH'] });
  const homes = [
    ...(home === undefined || !path.isAbsolute(home) ? [] : [home]),
    ...(program === undefined ? [] : realFile(program).map((file) => path.dirname(path.dirname(file)))),
    ...installed('/usr/lib/jvm'),
  ];
  const stores = [
    '/etc/ssl/certs/java/cacerts',
    '/etc/pki/java/cacerts',
    ...homes.map((one) => path.join(one, 'lib/security/cacerts')),
    // Java 8.
    ...homes.map((one) => path.join(one, 'jre/lib/security/cacerts')),
  ];
  return [...new Set(stores.flatMap(realFile))];
}

function installed(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** Java says on its standard error that it took them, so this is for where nothing can be mounted. */
export function javaOptions(given: string | undefined, store: string): string {
  const own = `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStoreType=JKS`;
  if (given === undefined || given === '') return own;
  // The user's own store is theirs to keep: the last one counts.
  return `${own} ${given}`;
}
