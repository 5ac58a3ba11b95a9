/** One question to one nameserver. */
import dgram from 'node:dgram';
import net from 'node:net';
import { type Asked, readResponse, type Response, responseBytes } from './response.ts';

export type Nameserver = { readonly address: string; readonly port: number };

export type Exchanged =
  | { readonly kind: 'response'; readonly response: Response }
  /** Over TCP it may be better: too long, or too many wrong answers before the right one. */
  | { readonly kind: 'again' }
  | { readonly kind: 'silent' }
  /** Nobody there, or nothing that can be read. */
  | { readonly kind: 'failed' };

export type Exchange = (
  server: Nameserver,
  packet: Buffer,
  asked: Asked,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<Exchanged>;

/** Who guesses the number of a question sends many. */
const mostForeign = 16;

/** With a socket of its own, so that the port is hard to guess; the kernel drops what comes from elsewhere. */
export const exchangeUdp: Exchange = (server, packet, asked, timeoutMs, signal) =>
  new Promise((resolve) => {
    const socket = dgram.createSocket(net.isIPv6(server.address) ? 'udp6' : 'udp4');
    const end = ending(timeoutMs, signal, resolve, () => socket.close());
    let foreign = 0;
    socket.on('error', () => end({ kind: 'failed' }));
    socket.on('message', (message) => {
      const read = readResponse(message, asked, 'udp');
      switch (read.kind) {
        case 'foreign':
          foreign += 1;
          if (foreign >= mostForeign) end({ kind: 'again' });
          return;
        case 'respelled':
        case 'truncated':
          end({ kind: 'again' });
          return;
        case 'broken':
          end({ kind: 'failed' });
          return;
        case 'response':
          end(read);
          return;
        default:
          read satisfies never;
      }
    });
    socket.connect(server.port, server.address, () => {
      if (!signal.aborted) socket.send(packet);
    });
  });

export const exchangeTcp: Exchange = (server, packet, asked, timeoutMs, signal) =>
  new Promise((resolve) => {
    const socket = net.connect({ host: server.address, port: server.port, noDelay: true });
    const end = ending(timeoutMs, signal, resolve, () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('error', () => end({ kind: 'failed' }));
    socket.on('close', () => end({ kind: 'failed' }));
    socket.on('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(packet.length);
      socket.write(Buffer.concat([length, packet]));
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (length > responseBytes) end({ kind: 'failed' });
      else if (received.length >= length + 2) {
        const read = readResponse(received.subarray(2, length + 2), asked, 'tcp');
        end(read.kind === 'response' ? read : { kind: 'failed' });
      }
    });
  });

/** @returns what ends the exchange: the first time counts */
function ending(
  timeoutMs: number,
  signal: AbortSignal,
  resolve: (exchanged: Exchanged) => void,
  close: () => void,
): (exchanged: Exchanged) => void {
  let ended = false;
  const end = (exchanged: Exchanged): void => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', abandon);
    close();
    resolve(exchanged);
  };
  const abandon = (): void => end({ kind: 'silent' });
  const timer = setTimeout(abandon, timeoutMs);
  signal.addEventListener('abort', abandon);
  return end;
}
