import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterEach, expect, test } from 'vitest';
import { type Carrier, pause, type Plan, RawFar, startCarrier, talk } from './carrier.ts';

let carrier: Carrier | undefined;

afterEach(async () => {
  await carrier?.close();
});

const HEAD = 'Host: api.example\r\n';
const GET = `GET / HTTP/1.1\r\n${HEAD}\r\n`;
const MB = 1_048_576;

function* blocks(total: number): Generator<Buffer> {
  const block = Buffer.alloc(65_537, 'abcdefgh');
  for (let left = total; left > 0; left -= block.length)
    yield block.subarray(0, Math.min(left, block.length));
}

test.each([
  ['a length', true],
  ['chunks', false],
])('[req: egress:http1] 50 MB with %s arrive as they were sent, both ways', async (_name, known) => {
  const total = 50 * MB;
  const digest = createHash('sha256');
  for (const block of blocks(total)) digest.update(block);
  const expected = digest.digest('hex');
  const far = http.createServer((request, response) => {
    const hash = createHash('sha256');
    void pipeline(request, hash).then(async () => {
      response.setHeader('Digest', hash.digest('hex'));
      if (known) response.setHeader('Content-Length', total);
      await pipeline(Readable.from(blocks(total)), response);
    });
  });
  carrier = await startCarrier(far, () => ({
    body: new PassThrough(),
    ...(known && { response: (head) => ({ head, body: new PassThrough() }) }),
  }));
  const request = http.request({
    port: carrier.port,
    method: 'POST',
    headers: { Host: 'api.example', ...(known && { 'Content-Length': total }) },
  });
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
  await pipeline(Readable.from(blocks(total)), request);
  const [response] = await answered;
  const hash = createHash('sha256');
  await pipeline(response, hash);
  expect([response.headers.digest, hash.digest('hex')]).toEqual([expected, expected]);
  expect(carrier.desk.ended).toEqual([{ result: 'done', sent: total, received: total }]);
});

test('[req: egress:http1] 200 MB pass without being kept', async () => {
  const far = http.createServer((_request, response) => {
    void pipeline(Readable.from(blocks(200 * MB)), response);
  });
  carrier = await startCarrier(far);
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.write(`GET / HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`);
  const before = process.memoryUsage().rss;
  let [received, most] = [0, 0];
  for await (const chunk of agent as AsyncIterable<Buffer>) {
    received += chunk.length;
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  expect(received).toBeGreaterThan(200 * MB);
  expect(most).toBeLessThan(120 * MB);
});

test('[req: egress:http1] a side that does not read holds up the other', async () => {
  const far = net.createServer({ pauseOnConnect: true });
  carrier = await startCarrier(far);
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.on('error', () => undefined);
  agent.write(`POST / HTTP/1.1\r\n${HEAD}Content-Length: ${100 * MB}\r\n\r\n`);
  agent.write(Buffer.alloc(100 * MB));
  await pause(500);
  expect(agent.writableLength).toBeGreaterThan(80 * MB);
  agent.destroy();
  await carrier.close();

  let sender: net.Socket | undefined;
  const talker = new RawFar((socket) => {
    sender = socket;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${100 * MB}\r\n\r\n`);
    socket.write(Buffer.alloc(100 * MB));
  });
  carrier = await startCarrier(talker.server);
  const deaf = net.connect(carrier.port, '127.0.0.1');
  deaf.pause().write(GET);
  await pause(500);
  expect(sender?.writableLength).toBeGreaterThan(80 * MB);
  deaf.destroy();
  await carrier.idle();
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['abandoned']);
});

test.each([
  ['as it comes', {}],
  ['through a transform', { response: (head) => ({ head, body: new PassThrough() }) }],
] as const satisfies readonly (readonly [string, Awaited<ReturnType<Plan>>])[])(
  '[req: egress:http1] each event of a stream is passed on at once, %s',
  async (_name, plan) => {
    const far = http.createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/event-stream');
      response.flushHeaders();
      let n = 0;
      const timer = setInterval(() => {
        response.write(`data: ${n}\n\n`);
        if ((n += 1) < 5) return;
        clearInterval(timer);
        response.end();
      }, 80);
    });
    carrier = await startCarrier(far, () => plan);
    const request = http.request({ port: carrier.port, headers: { Host: 'api.example' } }).end();
    const started = performance.now();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    // The head does not wait for the first event.
    expect(performance.now() - started).toBeLessThan(75);
    const times: number[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) {
      expect(chunk.toString()).toBe(`data: ${times.length}\n\n`);
      times.push(performance.now());
    }
    expect(times).toHaveLength(5);
    for (const [n, time] of times.slice(1).entries()) expect(time - (times[n] ?? 0)).toBeGreaterThan(40);
  },
);

test('[req: egress:http1] a reset of one side in the middle of a body ends the other at once', async () => {
  const resetting = new RawFar((socket, own) => own.length > 1000 && socket.resetAndDestroy());
  carrier = await startCarrier(resetting.server);
  const upload = `POST / HTTP/1.1\r\n${HEAD}Content-Length: 9000000\r\n\r\n${'a'.repeat(2000)}`;
  expect(await talk(carrier.port, upload)).toBe('');
  await carrier.idle();
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['failed']);
  await carrier.close();

  const halfway = new RawFar((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    setTimeout(() => socket.resetAndDestroy(), 20);
  });
  carrier = await startCarrier(halfway.server);
  const answer = await talk(carrier.port, GET);
  expect(answer).toContain('abc');
  expect(answer).not.toContain('0\r\n\r\n');
  await carrier.idle();
  expect(carrier.desk.ended).toEqual([{ result: 'failed', sent: 0, received: 3 }]);
  await carrier.close();

  const endless = new RawFar((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'));
  const farClosed = new Promise((resolve) => {
    endless.server.on('connection', (socket: net.Socket) => socket.on('close', resolve));
  });
  carrier = await startCarrier(endless.server);
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.write(GET);
  await once(agent, 'data');
  agent.resetAndDestroy();
  await farClosed;
  await carrier.idle();
  expect(carrier.desk.ended).toEqual([{ result: 'abandoned', sent: 0, received: 3 }]);
});

test.each([
  ['bytes after their length', 'Content-Length: 5\r\n\r\nhello', 'X'],
  ['a chunk without size', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', 'zz\r\n'],
])('[req: egress:http1] an upload that goes wrong later is cut off: %s', async (_name, begin, later) => {
  const far = new RawFar();
  carrier = await startCarrier(far.server);
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.on('error', () => undefined);
  agent.write(`POST / HTTP/1.1\r\n${HEAD}${begin.replace(': 5', ': 9')}`);
  await pause(30);
  agent.end(later);
  const answer = await text(agent);
  await carrier.idle();
  expect(far.received.toString()).toContain('hello');
  expect(far.received.toString()).not.toMatch(/0\r\n\r\n$/);
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual([answer === '' ? 'abandoned' : 'failed']);
  expect(answer).toMatch(_name.startsWith('a chunk') ? /^HTTP\/1.1 400 / : /^$/);
});
