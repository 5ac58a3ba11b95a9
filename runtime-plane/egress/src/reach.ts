/** The far side, connected before the agent's own connect goes on: so that the agent sees the error of the real destination. */
import net from 'node:net';

const connectMs = 30_000;
/** A far side that is gone without a word is noticed so long after its last byte. */
const aliveMs = 60_000;
const EINVAL = 22;
const ENETUNREACH = 101;
const ETIMEDOUT = 110;

/** Numbers from errno.h; what a failed connect answers the agent. */
const errnoOf: Readonly<Record<string, number>> = {
  ECONNREFUSED: 111,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
  ENETUNREACH: 101,
  ECONNRESET: 104,
  EACCES: 13,
  EADDRNOTAVAIL: 99,
  EINVAL: 22,
  // Of ours, which are the agent's: more connections than this machine has room for.
  EMFILE: 99,
  ENFILE: 99,
};

/**
 * @param ip anything else leads nowhere: no name is looked up here
 * @param given up on when aborted
 * @returns a paused socket, or the errno for the agent
 */
export function reach(ip: string, port: number, given: AbortSignal): Promise<net.Socket | number> {
  if (!net.isIP(ip)) return Promise.resolve(EINVAL);
  // Which of the machine's networks is meant, the address alone does not say.
  if (/^fe[89ab][0-9a-f]:/i.test(ip)) return Promise.resolve(ENETUNREACH);
  return new Promise((resolve) => {
    const socket = net.connect({
      host: ip,
      port,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: aliveMs,
    });
    const giveUp = (): void => {
      socket.destroy();
      resolve(ETIMEDOUT);
    };
    const timer = setTimeout(giveUp, connectMs);
    given.addEventListener('abort', giveUp, { once: true });
    socket.once('close', () => clearTimeout(timer));
    socket.once('connect', () => {
      clearTimeout(timer);
      given.removeEventListener('abort', giveUp);
      socket.on('error', () => {});
      socket.pause();
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(errnoOf[error.code ?? ''] ?? 113);
    });
  });
}
