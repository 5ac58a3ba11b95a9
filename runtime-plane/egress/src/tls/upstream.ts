/** TLS to the far side, checked in full: nobody else looks at that certificate once a connection is opened. */
import type { CertificateSeen } from '@chaperone/protocol';
import { isIP, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { type HandshakeFailure, settleHandshake } from './handshake.ts';
import { machineRoots } from './roots.ts';

/** What can be carried, and so agreed on. */
const carried = ['h2', 'http/1.1'];

export type CertificateFacts = CertificateSeen & {
  /** As Node writes it: `DNS:example.org, IP Address:192.0.2.1`. */
  readonly san: string;
};

export type Upstream =
  | {
      readonly ok: true;
      readonly socket: TLSSocket;
      readonly alpn: string | undefined;
      readonly certificate: CertificateFacts;
    }
  | HandshakeFailure;

/**
 * Whom a far side may have its certificate from; made once, because reading them takes some milliseconds.
 *
 * @param authorities PEMs beside those of the machine and those that Node brings along, as other programs do
 */
export function upstreamTrust(authorities: readonly string[]): SecureContext {
  const ca = [...machineRoots(), ...getCACertificates('bundled'), ...authorities];
  return createSecureContext({ ca, minVersion: 'TLSv1.2' });
}

export type UpstreamOptions = {
  /** Connected; nothing was read from it. It belongs to the TLS socket from here on, and ends with it. */
  readonly far: Socket;
  /** A name in lower case or an address, for which the certificate must be. */
  readonly host: string;
  /** What the client offered, in its order. */
  readonly alpn: readonly string[];
  readonly trust: SecureContext;
  readonly deadlineMs: number;
};

/** Never rejects. No early data: it could be replayed, and nothing of ours goes out before the certificate was checked. */
export async function connectUpstream(options: UpstreamOptions): Promise<Upstream> {
  const { far, host, alpn, trust, deadlineMs } = options;
  const offered = alpn.filter((name) => carried.includes(name));
  const socket = connect({
    socket: far,
    secureContext: trust,
    host,
    ...(isIP(host) > 0 ? {} : { servername: host }),
    ...(offered.length > 0 ? { ALPNProtocols: offered } : {}),
    rejectUnauthorized: true,
  });
  socket.disableRenegotiation();
  const failure = await settleHandshake(socket, 'secureConnect', deadlineMs);
  if (failure !== undefined) return failure;
  const certificate = factsOf(socket);
  if (certificate === undefined) {
    socket.destroy();
    return { ok: false, code: 'certificate', message: 'the far side showed no certificate' };
  }
  return { ok: true, socket, alpn: agreed(socket), certificate };
}

/** @returns undefined when both sides did without ALPN */
export function agreed({ alpnProtocol }: TLSSocket): string | undefined {
  return typeof alpnProtocol === 'string' && alpnProtocol !== '' ? alpnProtocol : undefined;
}

const maxText = 1000;

function factsOf(socket: TLSSocket): CertificateFacts | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const line = (text: string | undefined): string => (text ?? '').replaceAll('\n', ', ').slice(0, maxText);
  return {
    subject: line(certificate.subject),
    issuer: line(certificate.issuer),
    fingerprint256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    validTo: certificate.validToDate.toISOString(),
    san: line(certificate.subjectAltName),
  };
}
