/** The far side, connected before the agent's own connect goes on: so that the agent sees the error of the real destination. */
import net from 'node:net';

const connectMs = 30_000;

/** Numbers from errno.h; what a failed connect answers the agent. */
const errnoOf: Readonly<Record<string, number>> = {
  ECONNREFUSED: 111,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
  ENETUNREACH: 101,
  ECONNRESET: 104,
  EACCES: 13,
  EADDRNOTAVAIL: 99,
};

/** @returns a paused socket, or the errno for the agent */
export function reach(host: string, port: number): Promise<net.Socket | number> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(110);
    }, connectMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.on('error', () => {});
      socket.pause();
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(errnoOf[error.code ?? ''] ?? 113);
    });
  });
}
