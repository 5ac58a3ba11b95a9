import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { type Carrier, OK, pause, RawFar, startCarrier, talk } from './carrier.ts';

let carrier: Carrier | undefined;

afterEach(async () => {
  await carrier?.close();
});

const HEAD = 'Host: api.example\r\n';
const GET = `GET / HTTP/1.1\r\n${HEAD}\r\n`;

const refusal = {
  effect: 'refuse',
  refusal: { status: 403, reason: 'no_rule', message: 'not allowed — ever', decision: 'd-7' },
} as const;

test('[req: egress:http1] pipelined requests are asked and answered one after the other', async () => {
  const far = http.createServer((request, response) => {
    request.resume().on('end', () => setTimeout(() => response.end(request.url), 5));
  });
  carrier = await startCarrier(far);
  const requests = [...Array(50).keys()].map(
    (n) => `POST /${n} HTTP/1.1\r\n${HEAD}Content-Length: 3\r\n\r\nabc`,
  );
  const answer = await talk(
    carrier.port,
    `${requests.join('')}GET /last HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`,
  );
  expect([...answer.matchAll(/\r\n\r\n(\/[a-z0-9]+)/g)].map(([, body]) => body)).toEqual([
    ...[...Array(50).keys()].map((n) => `/${n}`),
    '/last',
  ]);
  expect(answer.match(/Connection: close/g)).toHaveLength(1);
  await carrier.idle();
});

test('[req: egress:http1] what is pipelined without end waits in the socket of the agent', async () => {
  const far = new RawFar();
  carrier = await startCarrier(far.server, () => ({}), { idleMs: 400 });
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.on('error', () => undefined);
  agent.write(GET.repeat(500_000));
  await pause(200);
  expect(carrier.desk.heads).toHaveLength(1);
  expect(agent.writableLength).toBeGreaterThan(0);
  agent.destroy();
  await carrier.idle();
  expect(carrier.desk.ended).toEqual([{ result: 'failed', sent: 0, received: 0 }]);
});

test('[req: egress:http1] a refused request is told why, and the connection goes on', async () => {
  const far = new RawFar((socket) => socket.write(OK));
  carrier = await startCarrier(far.server, ({ target }) => (target === '/ok' ? {} : refusal));
  const answer = await talk(
    carrier.port,
    `GET /a HTTP/1.1\r\n${HEAD}\r\nHEAD /b HTTP/1.1\r\n${HEAD}\r\nPOST /c HTTP/1.1\r\n${HEAD}Content-Length: 5\r\n\r\nhelloGET /ok HTTP/1.1\r\n${HEAD}\r\n`,
    '\r\nok',
  );
  expect(answer.match(/HTTP\/1.1 403 Forbidden\r\nContent-Type: application\/json\r\n/g)).toHaveLength(3);
  // The answer to HEAD has none.
  expect(answer.match(/\{"error":"denied","reason":"no_rule"/g)).toHaveLength(2);
  expect(answer).toContain('Chaperone-Decision: d-7\r\n');
  expect(answer).not.toContain('Connection: close');
  await carrier.idle();
  expect(far.received.toString()).toBe(`GET /ok HTTP/1.1\r\n${HEAD}\r\n`);
});

test('[req: egress:http1] a client that sends a large refused body still reads the refusal', async () => {
  const far = new RawFar();
  carrier = await startCarrier(far.server, () => refusal, { lingerMs: 5000 });
  const answer = await talk(
    carrier.port,
    Buffer.concat([
      Buffer.from(`POST / HTTP/1.1\r\n${HEAD}Content-Length: 20000000\r\n\r\n`),
      Buffer.alloc(20_000_000, 'a'),
    ]),
    '"d-7"}',
  );
  expect(answer).toContain('HTTP/1.1 403');
  expect(answer).toContain('Connection: close');
  await carrier.idle();
  expect(far.received.length).toBe(0);
});

test('[req: egress:http1] 100-continue comes from the far side, and the body only then', async () => {
  const far = http.createServer();
  const seen: string[] = [];
  far.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
    seen.push(String(request.headers.expect));
    response.writeContinue();
    void text(request).then((body) => response.end(body));
  });
  carrier = await startCarrier(far);
  const request = http.request({
    port: carrier.port,
    method: 'POST',
    headers: { Host: 'api.example', Expect: '100-continue', 'Content-Length': 5 },
  });
  request.flushHeaders();
  await once(request, 'continue');
  request.end('hello');
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(await text(response)).toBe('hello');
  expect(seen).toEqual(['100-continue']);
});

test('[req: egress:http1] a final answer instead of 100 reaches the agent, and ends the connection', async () => {
  const far = new RawFar((socket) => socket.write('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n'));
  carrier = await startCarrier(far.server);
  const answer = await talk(
    carrier.port,
    `POST / HTTP/1.1\r\n${HEAD}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
  );
  expect(answer).toContain('HTTP/1.1 401 Unauthorized\r\n');
  await carrier.idle();
  expect(carrier.desk.ended).toEqual([{ result: 'done', sent: 0, received: 0 }]);
});

test('[req: egress:http1] an early answer comes at once; the request may still go on', async () => {
  const far = new RawFar((socket, own) => {
    if (!own.includes('world') || own.includes('GET')) socket.write(OK);
  });
  carrier = await startCarrier(far.server);
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.write(`POST / HTTP/1.1\r\n${HEAD}Content-Length: 10\r\n\r\n`);
  const [first] = (await once(agent, 'data')) as [Buffer];
  expect(first.toString()).toContain('200 OK');
  expect(carrier.desk.ended).toEqual([]);
  agent.write('helloworld');
  agent.end(GET);
  agent.on('error', () => undefined).resume();
  await carrier.idle();
  expect(far.received.toString()).toContain('helloworldGET /');
  expect(carrier.desk.ended[0]).toEqual({ result: 'done', sent: 10, received: 2 });
});

test.each([
  [
    'HTTP/1.1',
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`,
    /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1.1 200/,
  ],
  ['HTTP/1.0', `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`, /^HTTP\/1.1 200/],
  ['HTTP/1.1', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, /^HTTP\/1.1 200/],
  [
    'HTTP/1.1',
    'HTTP/1.1 200 OK\r\n\r\nabc',
    /Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/,
  ],
  ['HTTP/1.0', 'HTTP/1.1 200 OK\r\n\r\nabc', /^HTTP\/1.1 200 OK\r\nConnection: close\r\n\r\nabc$/],
  [
    'HTTP/1.0',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    /close\r\n\r\nabc$/,
  ],
  [
    'HTTP/1.1',
    'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    /Content-Length: 3\r\nConnection: close\r\n\r\nabc$/,
  ],
  [
    'HTTP/1.1',
    'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
    /^HTTP\/1.1 204 No Content\r\n(Connection: close\r\n)?\r\n$/,
  ],
  [
    'HTTP/1.1',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: "a"\r\n\r\n',
    /ETag: "a"\r\nContent-Length: 9\r\n(Connection: close\r\n)?\r\n$/,
  ],
  [
    'HTTP/1.1',
    'HTTP/1.1 299\r\nKeep-Alive: 5\r\nConnection: close, X\r\nX: y\r\nContent-Length: 0\r\n\r\n',
    /^HTTP\/1.1 299 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n$/,
  ],
])('[req: egress:http1] to %s, %j', async (version, response, arrives) => {
  const far = new RawFar((socket) => socket.end(response));
  carrier = await startCarrier(far.server);
  const answer = await talk(carrier.port, `GET / ${version}\r\n${HEAD}\r\n`);
  expect(answer).toMatch(arrives);
  await carrier.idle();
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['done']);
});

test('[req: egress:http1] an agent that has sent all it has still gets the answer', async () => {
  const far = http.createServer((_request, response) => setTimeout(() => response.end('late'), 50));
  carrier = await startCarrier(far);
  const agent = net.connect({ port: carrier.port, host: '127.0.0.1', allowHalfOpen: true });
  agent.end(GET);
  expect(await text(agent)).toContain('late');
  agent.destroy();
  await carrier.idle();
});

test('[req: egress:http1] when the far side closes an idle connection, so do we', async () => {
  const far = http.createServer((_request, response) => response.end('x'));
  carrier = await startCarrier(far);
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.write(GET);
  await once(agent, 'data');
  far.closeAllConnections();
  await once(agent.resume(), 'end');
  agent.destroy();
  await carrier.idle();
});

test('[req: egress:http1] a slow head, a slow response head and silence each end the connection', async () => {
  const far = new RawFar((socket, own) => {
    if (own.includes('/slow')) socket.write('HTTP/1.1 2');
  });
  carrier = await startCarrier(far.server, () => ({}), { headMs: 100, idleMs: 400 });
  const started = performance.now();
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.on('error', () => undefined);
  agent.write('GET / HT');
  const drip = setInterval(() => agent.write('T'), 10);
  await new Promise((resolve) => agent.resume().on('close', resolve));
  clearInterval(drip);
  expect(performance.now() - started).toBeLessThan(390);
  expect(await talk(carrier.port, `GET /slow HTTP/1.1\r\n${HEAD}\r\n`)).toBe('');
  expect(await talk(carrier.port, GET)).toBe('');
  await carrier.idle();
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['abandoned', 'failed']);
});

test('[req: egress:http1] ended is told once, and nothing is left, whenever the agent goes away', async () => {
  const far = http.createServer((request, response) => {
    request.resume();
    response.write('a');
    setTimeout(() => response.end('b'), 20);
  });
  carrier = await startCarrier(far);
  const { port } = carrier;
  await Promise.all(
    [...Array(60).keys()].map(async (n) => {
      const agent = net.connect(port, '127.0.0.1');
      agent.on('error', () => undefined);
      agent.write(`POST / HTTP/1.1\r\n${HEAD}Content-Length: 6\r\n\r\nabc`);
      await pause(n % 30);
      if (n % 2) agent.resetAndDestroy();
      else agent.destroy();
    }),
  );
  await carrier.idle();
  expect(carrier.open()).toBe(0);
  expect(carrier.desk.ended).toHaveLength(carrier.desk.heads.length);
  expect(carrier.desk.ended.every(({ result }) => result === 'abandoned')).toBe(true);
  expect((far.address() as AddressInfo).port).toBeGreaterThan(0);
});

test('[req: egress:http1] a far side that leaves before there is a decision is told of, and nothing is sent', async () => {
  const far = net.createServer((socket) => {
    socket.on('error', () => undefined);
    setTimeout(() => socket.end(), 20);
  });
  carrier = await startCarrier(far, () => pause(80).then(() => ({})));
  expect(await talk(carrier.port, GET)).toMatch(/^HTTP\/1.1 502 [^]*"error":"failed"/);
  await carrier.idle();
  expect(carrier.desk.ended).toEqual([{ result: 'failed', sent: 0, received: 0 }]);
});

test('[req: egress:http1] a far side that answers early and leaves ends an upload that never comes', async () => {
  const far = new RawFar((socket) => {
    socket.write(OK);
    setTimeout(() => socket.end(), 30);
  });
  carrier = await startCarrier(far.server);
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.write(`POST / HTTP/1.1\r\n${HEAD}Content-Length: 10\r\n\r\nabc`);
  expect(await text(agent)).toContain('ok');
  await carrier.idle();
  expect(carrier.desk.ended).toEqual([{ result: 'done', sent: 3, received: 2 }]);
});
