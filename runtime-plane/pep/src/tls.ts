/** Who the server must be, and who we are. */
import { createHash, X509Certificate } from 'node:crypto';
import type { AgentOptions } from 'node:https';
import { checkServerIdentity, createSecureContext, type PeerCertificate } from 'node:tls';
import type { TlsOptions } from './options.ts';

const pinMismatch = 'ERR_PEP_PIN';

/** Throws when the certificates and the key cannot be used. */
export function secureOptions(tls: TlsOptions, host: string): AgentOptions {
  const { ca, cert, key, pins, servername } = tls;
  const material = {
    ...(ca === undefined ? {} : { ca: bytesOf(ca) }),
    ...(cert === undefined ? {} : { cert: bytesOf(cert) }),
    ...(key === undefined ? {} : { key: bytesOf(key) }),
    minVersion: 'TLSv1.2' as const,
  };
  const secureContext = createSecureContext(material);
  return {
    ...material,
    secureContext,
    ...(servername === undefined ? {} : { servername }),
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED in the environment cannot take it away.
    rejectUnauthorized: true,
    checkServerIdentity: (_name, certificate) =>
      checkServerIdentity(servername ?? host, certificate) ?? wrongPin(certificate, pins),
  };
}

function wrongPin(certificate: PeerCertificate, pins: readonly string[] | undefined): Error | undefined {
  if (pins === undefined || pins.includes(pinOf(certificate.raw))) return undefined;
  return Object.assign(new Error('the public key of the server is not pinned'), { code: pinMismatch });
}

/**
 * @param certificate PEM or DER
 * @returns base64 of the SHA-256 of its public key (SPKI), as `tls.pins` takes it
 */
export function pinOf(certificate: string | Uint8Array): string {
  const { publicKey } = new X509Certificate(certificate);
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

/** Whether a connection ended because we do not accept the other side's certificate. */
export function isTrustFailure({ code = '' }: NodeJS.ErrnoException): boolean {
  return (
    code === pinMismatch ||
    code === 'ERR_TLS_CERT_ALTNAME_INVALID' ||
    /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_|ERROR_IN_CERT_|CRL_)/.test(
      code,
    )
  );
}

function bytesOf(material: string | Uint8Array): string | Buffer {
  return typeof material === 'string' ? material : Buffer.from(material);
}
