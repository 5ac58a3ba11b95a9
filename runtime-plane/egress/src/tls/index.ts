export { Authority } from './authority.ts';
export { type ClientHello, type ReadHello, readClientHello } from './client-hello.ts';
export type { HandshakeFailure } from './handshake.ts';
export { isHostName } from './host-name.ts';
export { type Accepted, acceptTls } from './server.ts';
export { type CertificateFacts, connectUpstream, type Upstream, upstreamTrust } from './upstream.ts';
