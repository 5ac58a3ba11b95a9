/** A model behind an interface like those of the usual providers: answers in pieces, by events, WebSocket and gRPC. */
import { createHash } from 'node:crypto';
import type http from 'node:http';
import type { Duplex } from 'node:stream';

const pieces = 4;

export class FarModel {
  /** Of the answer that is under way. */
  #next: (() => void) | undefined;

  /** `POST /v1/chat/completions`: the first piece at once, each other one when {@link went} is told that the one before arrived. */
  answer(request: http.IncomingMessage, response: http.ServerResponse): boolean {
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return false;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    let count = 0;
    this.#next = () => {
      count += 1;
      if (count <= pieces) return void response.write(`data: {"piece":${count}}\n\n`);
      this.#next = undefined;
      response.end('data: [DONE]\n\n');
    };
    this.#next();
    return true;
  }

  went(): void {
    this.#next?.();
  }

  /** `POST /Model/Talk` of gRPC: gives every message back as it comes, and says in trailers how it went. */
  talk(request: http.IncomingMessage, response: http.ServerResponse): boolean {
    if (request.url !== '/Model/Talk') return false;
    response.writeHead(200, { 'content-type': 'application/grpc' });
    request.on('data', (part: Buffer) => response.write(part));
    request.on('end', () => {
      response.addTrailers({ 'grpc-status': '0', 'grpc-message': 'well' });
      response.end();
    });
    return true;
  }

  /** Gives every message of WebSocket (RFC 6455) back. */
  echo(request: http.IncomingMessage, socket: Duplex): void {
    const accept = createHash('sha1')
      .update(`${String(request.headers['sec-websocket-key'])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.on('error', () => {});
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    let pending = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      for (let size = echoed(pending, socket); size > 0; size = echoed(pending, socket))
        pending = pending.subarray(size);
    });
  }
}

/** @returns bytes of the first frame, 0 when it is not whole yet. Up to 64 kB each. */
function echoed(bytes: Buffer, socket: Duplex): number {
  const short = (bytes[1] ?? 0) & 0x7f;
  const head = short === 126 ? 4 : 2;
  if (bytes.length < head + 4) return 0;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const start = head + 4;
  if (bytes.length < start + length) return 0;
  const mask = bytes.subarray(head, start);
  const text = Buffer.from(
    bytes.subarray(start, start + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0)),
  );
  const answer = Buffer.from(bytes.subarray(0, head));
  answer[1] = short;
  socket.write(Buffer.concat([answer, text]));
  // A close is answered by a close, and that is the end.
  if (((bytes[0] ?? 0) & 0x0f) === 8) socket.end();
  return start + length;
}
