/** Questions over TCP (RFC 7766): each with its length before it, several under way, answers as they come. */
import type { Duplex } from 'node:stream';

const mostUnderWay = 8;
/** A question with every option is shorter. */
const mostBytes = 4096;

/**
 * @param socket stays writable when the other side has finished (`allowHalfOpen`)
 * @param answer never rejects; undefined for what is no question, which ends the stream
 * @param idleMs without a whole question and without an answer taken, the stream ends
 * @returns when the socket is closed. Never rejects
 */
export function serveQuestions(
  socket: Duplex,
  answer: (packet: Uint8Array) => Promise<Uint8Array | undefined>,
  idleMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    let underWay = 0;
    let ended = false;
    // What is under way has deadlines of its own.
    const idle = setTimeout(() => {
      if (underWay > 0) idle.refresh();
      else socket.destroy();
    }, idleMs);

    const proceed = (): void => {
      while (underWay < mostUnderWay && !socket.writableNeedDrain && received.length >= 2) {
        const length = received.readUInt16BE(0);
        if (length > mostBytes) {
          socket.destroy();
          return;
        }
        if (received.length < length + 2) break;
        const packet = Uint8Array.from(received.subarray(2, length + 2));
        received = received.subarray(length + 2);
        underWay += 1;
        idle.refresh();
        void answer(packet).then(send);
      }
      const waits = underWay >= mostUnderWay || socket.writableNeedDrain;
      if (waits) socket.pause();
      else socket.resume();
      if (ended && underWay === 0 && !waits) socket.end();
    };
    const send = (reply: Uint8Array | undefined): void => {
      underWay -= 1;
      if (socket.destroyed) return;
      if (!reply || !socket.writable) {
        socket.destroy();
        return;
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
      idle.refresh();
      proceed();
    };

    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      proceed();
    });
    socket.on('drain', () => {
      idle.refresh();
      proceed();
    });
    socket.on('end', () => {
      ended = true;
      proceed();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(idle);
      resolve();
    });
    if (socket.destroyed) {
      clearTimeout(idle);
      resolve();
      return;
    }
    proceed();
  });
}
