/**
 * The far side: HTTP/1.1 over TLS, as little of it as the load needs, so that it costs little beside what is measured.
 * `GET /bytes/N` is answered with N bytes from memory, a body is read and thrown away, all else gets a document of 1 KB.
 * Arguments: certificate, key. Prints its port.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

const chunk = Buffer.alloc(256 << 10, 'chaperone ');
const body = JSON.stringify({ items: Array.from({ length: 12 }, (_, id) => ({ id, note: 'x'.repeat(60) })) });
const json = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
);

class Served {
  readonly #socket: TLSSocket;
  #head = '';
  #bodyBytes = 0;
  #left = 0;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
  }

  #read(bytes: Buffer): void {
    if (this.#bodyBytes > 0) {
      this.#bodyBytes -= bytes.length;
      if (this.#bodyBytes <= 0) this.#socket.write(json);
      return;
    }
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#head.slice(0, end);
    const sent = this.#head.length - end - 4;
    this.#head = '';
    this.#bodyBytes = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0) - sent;
    if (this.#bodyBytes > 0) return;
    const asked = /^GET \/bytes\/(\d+) /.exec(head)?.[1];
    if (asked === undefined) this.#socket.write(json);
    else this.#stream(Number(asked));
  }

  #stream(length: number): void {
    this.#socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`,
    );
    this.#left = length;
    this.#more();
  }

  #more(): void {
    while (this.#left > 0) {
      const bytes = this.#left < chunk.length ? chunk.subarray(0, this.#left) : chunk;
      this.#left -= bytes.length;
      if (!this.#socket.write(bytes)) {
        this.#socket.once('drain', () => this.#more());
        return;
      }
    }
  }
}

const [certificate = '', key = ''] = process.argv.slice(2);
const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key), ALPNProtocols: ['http/1.1'] },
  (socket) => new Served(socket),
);
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', 1024, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
