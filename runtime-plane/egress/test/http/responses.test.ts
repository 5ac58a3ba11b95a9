import { once } from 'node:events';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Carrier, OK, pause, RawFar, startCarrier, talk } from './carrier.ts';

let carrier: Carrier | undefined;

afterEach(async () => {
  await carrier?.close();
});

const GET = 'GET / HTTP/1.1\r\nHost: api.example\r\n\r\n';
const LINE = 'HTTP/1.1 200 OK\r\n';

test.each([
  ['length and chunks', `${LINE}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two lengths', `${LINE}Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello`],
  ['a list of lengths', `${LINE}Content-Length: 5, 5\r\n\r\nhello`],
  ['a length with a sign', `${LINE}Content-Length: +5\r\n\r\nhello`],
  ['another coding', `${LINE}Transfer-Encoding: gzip, chunked\r\n\r\n`],
  ['chunked twice', `${LINE}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a bad first chunk', `${LINE}Transfer-Encoding: chunked\r\n\r\nx\r\n`],
  ['a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['a bare CR', `${LINE}X: a\rb\r\nContent-Length: 0\r\n\r\n`],
  ['NUL', `${LINE}X: a\0b\r\nContent-Length: 0\r\n\r\n`],
  ['a folded header', `${LINE}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`],
  ['space before the colon', `${LINE}Content-Length : 0\r\n\r\n`],
  ['another version', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a status below 100', 'HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n'],
  ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['too long a head', `${LINE}X: ${'a'.repeat(70_000)}`],
  ['too many headers', `${LINE}${'X: a\r\n'.repeat(201)}\r\n`],
  ['interim responses without end', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(40)],
])('[req: egress:http1] a response with %s is not passed on', async (_name, response) => {
  const far = new RawFar((socket) => socket.write(response));
  carrier = await startCarrier(far.server);
  const answer = await talk(carrier.port, GET);
  expect(answer.replaceAll('HTTP/1.1 102 Processing\r\n\r\n', '')).toMatch(
    /^HTTP\/1\.1 502 Bad Gateway\r\n[^]*Connection: close\r\n[^]*"error":"failed"/,
  );
  await carrier.idle();
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['failed']);
});

test('[req: egress:http1] a response that nobody asked for is never taken for the next one', async () => {
  // Behind the end of the first response, in one piece with it and later.
  for (const delay of [0, 30]) {
    const far = new RawFar((socket) => {
      if (delay === 0) socket.write(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`);
      else {
        socket.write(OK);
        setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'), delay);
      }
    });
    carrier = await startCarrier(far.server);
    const agent = net.connect(carrier.port, '127.0.0.1');
    let answer = '';
    const closed = new Promise((resolve) => agent.on('error', () => undefined).on('close', resolve));
    agent.on('data', (chunk) => (answer += chunk.toString()));
    agent.write(GET);
    await once(agent, 'data');
    await pause(delay + 20);
    agent.write(GET);
    await closed;
    expect(answer).toContain('ok');
    expect(answer).not.toContain('evil');
    await carrier.idle();
    expect(far.received.toString()).toBe(GET);
    await carrier.close();
  }
});

test('[req: egress:http1] a far side that speaks first is not listened to', async () => {
  const far = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(OK);
  });
  carrier = await startCarrier(far);
  const agent = net.connect(carrier.port, '127.0.0.1');
  let answer = '';
  agent.on('data', (chunk) => (answer += chunk.toString()));
  const closed = new Promise((resolve) => agent.on('error', () => undefined).on('close', resolve));
  await pause(30);
  agent.write(GET);
  await closed;
  expect(answer).toBe('');
});

test('[req: egress:http1] a body that ends too early breaks off; the agent does not take it for whole', async () => {
  for (const body of ['Content-Length: 10\r\n\r\nabc', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n']) {
    const far = new RawFar((socket) => socket.end(`${LINE}${body}`));
    carrier = await startCarrier(far.server);
    const agent = net.connect(carrier.port, '127.0.0.1');
    const failed = new Promise((resolve) => agent.on('error', resolve));
    agent.resume().write(GET);
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
    await carrier.idle();
    expect(carrier.desk.ended).toEqual([{ result: 'failed', sent: 0, received: 3 }]);
    await carrier.close();
  }
});
