/** TLS towards the agent, with a certificate of the session's authority. */
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { type HandshakeFailure, settleHandshake } from './handshake.ts';

export type Accepted = { readonly ok: true; readonly socket: TLSSocket } | HandshakeFailure;

export type AcceptOptions = {
  /** Paused. It belongs to the TLS socket from here on, and ends with it; half-closed when it was made with `allowHalfOpen`. */
  readonly near: Socket;
  /** What was read from it: the hello, and what came with it. */
  readonly first: Uint8Array;
  readonly context: SecureContext;
  /** What the far side agreed to: nothing else is spoken; undefined: nothing is named. */
  readonly alpn: string | undefined;
  readonly deadlineMs: number;
};

/** Never rejects. */
export async function acceptTls({
  near,
  first,
  context,
  alpn,
  deadlineMs,
}: AcceptOptions): Promise<Accepted> {
  near.pause();
  // TLSSocket takes what a paused socket holds before it takes over the socket's handle, where bytes pass without JavaScript.
  if (first.length > 0) near.unshift(first);
  const socket = new TLSSocket(near, {
    isServer: true,
    secureContext: context,
    ...(alpn === undefined ? {} : { ALPNProtocols: [alpn] }),
  });
  socket.disableRenegotiation();
  const failure = await settleHandshake(socket, 'secure', deadlineMs);
  if (failure) return failure;
  // Set only by a server of Node's own; HTTP/2 waits for it.
  (socket as { secureConnecting?: boolean }).secureConnecting = false;
  return { ok: true, socket };
}
