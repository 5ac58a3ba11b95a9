/** Both sides of a handshake end the same way: with a socket that can be read, or with one that is gone. */
import type { TLSSocket } from 'node:tls';

export type HandshakeFailure = {
  readonly ok: false;
  /** `closed`: the other side went away; `timeout`: it was not done within its deadline. */
  readonly code: 'certificate' | 'handshake' | 'timeout' | 'closed';
  /** One line; may hold the other side's text, to be escaped by whoever shows it. */
  readonly message: string;
};

const maxMessage = 500;

/**
 * @param event at which the handshake is done
 * @returns undefined when it is done; else the socket is destroyed. Never rejects. Errors after the end of the handshake that
 *   nobody listens for are not thrown: they end the socket, which then says `close`.
 */
export function settleHandshake(
  socket: TLSSocket,
  event: 'secure' | 'secureConnect',
  deadlineMs: number,
): Promise<HandshakeFailure | undefined> {
  return new Promise((resolve) => {
    const settle = (failure: HandshakeFailure | undefined): void => {
      clearTimeout(timer);
      socket.off(event, done);
      socket.off('error', failed);
      socket.off('close', closed);
      if (failure !== undefined) socket.destroy();
      resolve(failure);
    };
    const fail = (code: HandshakeFailure['code'], message: string): void =>
      settle({ ok: false, code, message: message.slice(0, maxMessage) });
    const done = (): void => settle(undefined);
    const closed = (): void => fail('closed', 'the connection was closed before TLS was agreed on');
    const failed = (error: Error): void => {
      const { code = '' } = error as NodeJS.ErrnoException;
      // Set by Node to what made it refuse a certificate.
      const refused: unknown = socket.authorizationError;
      if (refused) fail('certificate', error.message);
      else if (code.startsWith('ERR_SSL') || code === 'EPROTO') fail('handshake', sslReason(error));
      else closed();
    };
    const timer = setTimeout(
      () => fail('timeout', `TLS was not agreed on within ${deadlineMs} ms`),
      deadlineMs,
    );
    socket.on('error', () => {});
    socket.on('error', failed);
    socket.on('close', closed);
    socket.on(event, done);
    if (socket.destroyed) closed();
  });
}

/** OpenSSL's messages hold places in its source; the reason is what a person can use. */
function sslReason(error: Error): string {
  const { reason } = error as Error & { readonly reason?: unknown };
  return typeof reason === 'string' ? reason : error.message;
}
