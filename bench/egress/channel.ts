/** One connection of the load: TLS, straight or through CONNECT of a proxy, and requests on it one after the other. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

export type Way = {
  readonly port: number;
  /** Of the proxy on 127.0.0.1; absent: there is none, or none that the client knows of. */
  readonly proxyPort?: number;
};

export type Reply = { readonly status: number; readonly bytes: number };

/** In the certificate of the target, as is 127.0.0.1. */
export const hostName = 'bench.test';

type Waiting = { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void };

export class Channel {
  readonly #socket: TLSSocket;
  #waiting: Waiting | undefined;
  #head = '';
  #status = 0;
  #length = 0;
  #left = -1;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', (error: Error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  /** Rejects when it cannot be opened. Sessions are not resumed: every handshake is a full one. */
  static async open(way: Way): Promise<Channel> {
    const tcp = await opened(way);
    const socket = connectTls({
      socket: tcp,
      servername: hostName,
      ALPNProtocols: ['http/1.1'],
      // Who signed the certificate is what tells an opened connection from one that passes; see `issuer`.
      rejectUnauthorized: false,
    });
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', () => resolve(undefined));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed before the handshake was done')));
    });
    return new Channel(socket);
  }

  get issuer(): string {
    const name = this.#socket.getPeerCertificate().issuer?.CN;
    return Array.isArray(name) ? name.join(' ') : (name ?? '');
  }

  /** One at a time. @param body after the head, in pieces as the socket takes them */
  ask(head: Buffer, body?: { readonly piece: Buffer; readonly bytes: number }): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new Error('the connection was closed'));
        return;
      }
      this.#waiting = { resolve, reject };
      this.#socket.write(head);
      if (body) this.#send(body.piece, body.bytes);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #send(piece: Buffer, bytes: number): void {
    let left = bytes;
    while (left > 0) {
      const next = left < piece.length ? piece.subarray(0, left) : piece;
      left -= next.length;
      if (!this.#socket.write(next)) {
        const rest = left;
        this.#socket.once('drain', () => this.#send(piece, rest));
        return;
      }
    }
  }

  #read(bytes: Buffer): void {
    if (this.#left < 0) {
      this.#head += bytes.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#status = Number(this.#head.slice(9, 12));
      this.#length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#head)?.[1] ?? Number.NaN);
      this.#left = this.#length - (this.#head.length - end - 4);
      this.#head = '';
      if (Number.isNaN(this.#left)) return this.#fail(new Error('an answer without its length'));
    } else this.#left -= bytes.length;
    if (this.#left > 0) return;
    this.#left = -1;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: this.#status, bytes: this.#length });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    this.#socket.destroy();
  }
}

function opened({ port, proxyPort }: Way): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(proxyPort ?? port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('connect', () => {
      if (proxyPort === undefined) return resolve(socket);
      socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
      socket.once('data', (bytes: Buffer) => {
        const line = bytes.toString('latin1');
        if (/^HTTP\/1\.[01] 200 /.test(line)) resolve(socket);
        else reject(new Error(`the proxy does not connect: ${line.slice(0, 40)}`));
      });
    });
  });
}
