import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { Transform } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { Frames } from '../../src/http/frames.ts';
import { type Carrier, pause, RawFar, startCarrier, talk } from './carrier.ts';

let carrier: Carrier | undefined;

afterEach(async () => {
  await carrier?.close();
});

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const OPENING = `GET /ws HTTP/1.1\r\nHost: api.example\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: chat, other\r\n\r\n`;

function accept(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function agreed(key = KEY, more = ''): string {
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept(key)}\r\n${more}\r\n`;
}

function frame(first: number, payload: Buffer, masked: boolean): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (length >= 65_536) head.writeBigUInt64BE(BigInt(length), 2);
  else if (length >= 126) head.writeUInt16BE(length, 2);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

/** Sends back what it gets, frame by frame; for one frame at a time. */
function echo(): RawFar {
  let opened = false;
  let seen = 0;
  return new RawFar((socket, own) => {
    if (!opened) {
      const end = own.indexOf('\r\n\r\n');
      if (end < 0) return;
      opened = true;
      seen = end + 4;
      socket.write(agreed(/Sec-WebSocket-Key: (.*)\r\n/i.exec(own.toString('latin1'))?.[1]));
    }
    for (;;) {
      const rest = own.subarray(seen);
      if (rest.length < 6) return;
      const short = (rest[1] ?? 0) & 0x7f;
      const at = short < 126 ? 2 : short === 126 ? 4 : 10;
      const length =
        short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < at + 4 + length) return;
      const mask = rest.subarray(at, at + 4);
      const payload = Buffer.from(rest.subarray(at + 4, at + 4 + length)).map(
        (byte, n) => byte ^ (mask[n % 4] ?? 0),
      );
      seen += at + 4 + length;
      socket.write(frame(rest[0] ?? 0, Buffer.from(payload), false));
      if (rest[0] === 0x88) socket.end();
    }
  });
}

test('[req: egress:http1] messages of any length pass both ways through a WebSocket', async () => {
  const far = echo();
  carrier = await startCarrier(far.server);
  // A client of Node names in Host where it connects to; there the port is not 80.
  const forward = net.createServer((socket) => {
    const to = net.connect(carrier?.port ?? 0, '127.0.0.1');
    socket.once('data', (chunk) => {
      to.write(chunk.toString('latin1').replace(/Host: .*/i, 'Host: api.example'), 'latin1');
      socket.pipe(to).pipe(socket);
    });
    to.on('error', () => undefined);
    socket.on('error', () => undefined);
  });
  await once(forward.listen(0, '127.0.0.1'), 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(forward.address() as net.AddressInfo).port}/ws`);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  for (const length of [0, 5, 125, 126, 65_535, 65_536, 1_000_000]) {
    const text = 'x'.repeat(length);
    const answer = new Promise((resolve) => {
      socket.addEventListener(
        'message',
        ({ data }) => {
          resolve(data);
        },
        { once: true },
      );
    });
    socket.send(text);
    expect(await answer).toBe(text);
  }
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
  socket.close(1000);
  await closed;
  await carrier.idle();
  forward.close();
  expect(carrier.desk.heads.map(({ upgrade, method, length }) => [upgrade, method, length])).toEqual([
    ['websocket', 'GET', 0],
  ]);
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['done']);
  expect(carrier.desk.ended[0]?.sent).toBeGreaterThan(1_131_000);
});

test('[req: egress:http1] what the far side sends into a tunnel passes through what the desk gives', async () => {
  const secret = frame(0x81, Buffer.from('secret'), false);
  const far = new RawFar((socket, own) => {
    if (own.toString().endsWith('\r\n\r\n')) socket.write(Buffer.concat([Buffer.from(agreed()), secret]));
  });
  carrier = await startCarrier(far.server, () => ({
    response: (head) => ({
      head,
      body: new Transform({
        transform(chunk: Buffer, _encoding, done) {
          done(null, Buffer.from(chunk.toString('latin1').replace('secret', 'hidden'), 'latin1'));
        },
      }),
    }),
  }));
  const answer = await talk(carrier.port, OPENING, 'hidden');
  expect(answer).toMatch(/^HTTP\/1.1 101 /);
  expect(answer).not.toContain('secret');
  await carrier.idle();
  expect(carrier.desk.ended[0]?.received).toBe(secret.length);
});

test.each([
  ['another protocol', agreed().replace('Upgrade: websocket', 'Upgrade: h2c')],
  ['two protocols', agreed().replace('Upgrade: websocket', 'Upgrade: websocket, h2c')],
  ['no Connection', agreed().replace('Connection: Upgrade\r\n', '')],
  ['the key of somebody else', agreed('AAAAAAAAAAAAAAAAAAAAAA==')],
  ['no key', agreed().replace(/Sec-WebSocket-Accept.*\r\n/, '')],
  ['a subprotocol that was not offered', agreed(KEY, 'Sec-WebSocket-Protocol: tunnel\r\n')],
  ['an extension that was not offered', agreed(KEY, 'Sec-WebSocket-Extensions: permessage-deflate\r\n')],
])('[req: egress:http1] a 101 with %s is not passed on', async (_name, response) => {
  const far = new RawFar((socket) => socket.write(`${response}raw bytes`));
  carrier = await startCarrier(far.server);
  const answer = await talk(carrier.port, OPENING);
  expect(answer).toMatch(/^HTTP\/1.1 502 /);
  expect(answer).not.toContain('raw bytes');
  await carrier.idle();
  expect(carrier.desk.ended).toEqual([{ result: 'failed', sent: 0, received: 0 }]);
});

test('[req: egress:http1] a 101 that nobody asked for ends the connection', async () => {
  const far = new RawFar((socket) => socket.write(agreed()));
  carrier = await startCarrier(far.server);
  expect(await talk(carrier.port, 'GET / HTTP/1.1\r\nHost: api.example\r\n\r\n')).toMatch(/^HTTP\/1.1 502 /);
});

test('[req: egress:http1] an opening that is answered otherwise leaves a connection for requests', async () => {
  const far = new RawFar((socket) =>
    socket.write('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n'),
  );
  carrier = await startCarrier(far.server);
  // What pretends to be a tunnel already is a request, and is asked about.
  const answer = await talk(
    carrier.port,
    `${OPENING}GET /behind HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n`,
  );
  expect(answer.match(/HTTP\/1.1 426/g)).toHaveLength(2);
  expect(carrier.desk.heads.map(({ target }) => target)).toEqual(['/ws', '/behind']);
});

test('[req: egress:http1] a tunnel carries frames and nothing else, either way', async () => {
  const text = Buffer.from('hello');
  const good = frame(0x81, text, true);
  const bad = [
    Buffer.from('SSH-2.0-OpenSSH\r\n'),
    Buffer.concat([good, Buffer.from('GET / HTTP/1.1\r\n\r\n')]),
  ];
  for (const bytes of bad) {
    const far = new RawFar((socket, own) => own.toString().endsWith('\r\n\r\n') && socket.write(agreed()));
    carrier = await startCarrier(far.server);
    const agent = net.connect(carrier.port, '127.0.0.1');
    const closed = new Promise((resolve) => agent.on('error', () => undefined).on('close', resolve));
    agent.write(OPENING);
    await once(agent, 'data');
    agent.write(good);
    await pause(20);
    agent.write(bytes);
    await closed;
    await carrier.idle();
    expect(far.received.subarray(far.received.indexOf('\r\n\r\n') + 4)).toEqual(good);
    expect(carrier.desk.ended).toEqual([{ result: 'failed', sent: good.length, received: 0 }]);
    await carrier.close();
  }
  const far = new RawFar((socket) => socket.write(`${agreed()}220 smtp ready\r\n`));
  carrier = await startCarrier(far.server);
  expect(await talk(carrier.port, OPENING)).not.toContain('220');
});

test('[req: egress:http1] frames are told from other bytes wherever they are cut', () => {
  const text = Buffer.from('hello');
  const good = Buffer.concat([
    frame(0x01, text, true),
    frame(0x89, text, true),
    frame(0x80, Buffer.alloc(300), true),
    frame(0xc2, Buffer.alloc(70_000), true),
    frame(0x88, text, true),
  ]);
  for (const size of [1, 2, 3, 7, 100, good.length]) {
    const frames = new Frames(true, true);
    for (let at = 0; at < good.length; at += size)
      expect(frames.accept(good.subarray(at, at + size))).toBe(true);
    expect(frames.accept(frame(0x81, text, true))).toBe(false);
  }
  const wrong: readonly (readonly [string, Buffer])[] = [
    ['not masked', frame(0x81, text, false)],
    ['RSV2', frame(0xa1, text, true)],
    ['RSV3', frame(0x91, text, true)],
    ['RSV1 of a control frame', frame(0xc9, text, true)],
    ['an opcode for nothing', frame(0x83, text, true)],
    ['an opcode for no control', frame(0x8b, text, true)],
    ['a control frame in parts', frame(0x09, text, true)],
    ['a long control frame', frame(0x89, Buffer.alloc(126), true)],
    ['a continuation of nothing', frame(0x80, text, true)],
    ['a length that could be shorter', Buffer.from([0x82, 0xfe, 0, 125])],
    ['a long length that could be shorter', Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff])],
    ['a length beyond numbers', Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0])],
    ['a message within a message', Buffer.concat([frame(0x01, text, true), frame(0x81, text, true)])],
  ];
  for (const [name, bytes] of wrong) expect(new Frames(true, true).accept(bytes), name).toBe(false);
  expect(new Frames(true, false).accept(frame(0xc1, text, true))).toBe(false);
  expect(new Frames(false, false).accept(frame(0x81, text, true))).toBe(false);
  expect(new Frames(false, false).accept(frame(0x81, text, false))).toBe(true);
});
