/** The server's own certificate, and whose clients it trusts. */
import { readFileSync } from 'node:fs';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { PdpError } from '../errors.ts';

export type TlsFiles = {
  readonly cert: string;
  readonly key: string;
  /** Authorities of client certificates. */
  readonly ca?: string;
  readonly minVersion?: '1.2' | '1.3';
};

/** @param wantsClients must a client show a certificate? Throws PdpError. */
export function tlsOptions(files: TlsFiles, wantsClients: boolean): TlsOptions {
  const options: SecureContextOptions = {
    cert: read(files.cert),
    key: read(files.key),
    minVersion: files.minVersion === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
    ...(files.ca === undefined ? {} : { ca: read(files.ca) }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error';
    throw new PdpError('tls', `${files.cert} and ${files.key} cannot be used together: ${why}`, {
      cause: error,
    });
  }
  return { ...options, ...(wantsClients ? { requestCert: true, rejectUnauthorized: true } : {}) };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new PdpError('tls', `cannot read ${file} (${why})`, { cause: error });
  }
}
