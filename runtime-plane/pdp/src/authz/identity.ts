/** Who asks: a bearer token, or the subject of a client certificate. */
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Value } from '@chaperone/rego';
import { describeCertificate, subjectOf } from './certificate.ts';

export type Authentication = 'off' | 'token' | 'tls';

export type Identified = { readonly identity?: string; readonly certificates?: Value };

/** Tokens are not checked here: what they mean is for the authorisation policy to say. */
export function identify(request: IncomingMessage, authentication: Authentication): Identified {
  switch (authentication) {
    case 'off':
      return {};
    case 'token': {
      const token = /^Bearer\s+(\S+)$/.exec(request.headers.authorization ?? '')?.[1];
      return token === undefined ? {} : { identity: token };
    }
    case 'tls': {
      const chain = request.socket instanceof TLSSocket ? chainOf(request.socket) : [];
      const [own] = chain;
      return own === undefined
        ? {}
        : { identity: subjectOf(own), certificates: chain.map(describeCertificate) };
    }
  }
  return authentication satisfies never;
}

function chainOf(socket: TLSSocket): X509Certificate[] {
  const own = socket.getPeerX509Certificate();
  if (own === undefined) return [];
  const chain = [own];
  for (let next = own.issuerCertificate; next !== undefined; next = next.issuerCertificate) {
    if (chain.length > 10 || chain.some((one) => one.fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}
