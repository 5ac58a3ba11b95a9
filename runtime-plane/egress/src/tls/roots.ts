/** The authorities that a machine trusts, as PEM. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getCACertificates } from 'node:tls';

/** Where the families of Linux keep all of them in one file. */
export const rootFiles: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** @returns those of the first of these files that holds any; else those that Node brings along. */
export function machineRoots(files: readonly string[] = rootFiles): string[] {
  for (const file of files) {
    const found = certificatesIn(file);
    if (found.length > 0) return found;
  }
  return getCACertificates('bundled');
}

/** Of files in a folder. */
const maxFiles = 2000;

/** @returns the certificates of a PEM file, or of the files of a folder, each once; none when it cannot be read. */
export function certificatesIn(place: string): string[] {
  const files = filesOf(place) ?? [place];
  return [...new Set(files.slice(0, maxFiles).flatMap(blocksOf))];
}

function filesOf(place: string): string[] | undefined {
  try {
    return readdirSync(place).map((name) => path.join(place, name));
  } catch {
    return undefined;
  }
}

function blocksOf(file: string): string[] {
  const text = readWhole(file) ?? '';
  return (
    text.match(/-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE)-----[A-Za-z0-9+/=\s]+-----END \1-----/g) ?? []
  );
}

const maxBytes = 8_000_000;

/**
 * The configuration that names a file may be one that an agent wrote: what is no regular file, or is very large, is not read.
 *
 * @returns one character per byte
 */
export function readWhole(file: string, limit = maxBytes): string | undefined {
  try {
    // Not even opening may wait, as it does for a pipe that nobody writes to.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile() || stat.size > limit) return undefined;
      return readFileSync(descriptor, 'latin1').slice(0, limit);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
