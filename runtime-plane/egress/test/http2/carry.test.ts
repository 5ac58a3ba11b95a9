import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import { Transform } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { answered, begin, rig, type Rig, until } from './rig.ts';

const { constants } = http2;
let open: Rig | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const start = async (...args: Parameters<typeof rig>): Promise<Rig> => (open = await rig(...args));
const echo = (stream: http2.ServerHttp2Stream) => {
  stream.respond({ ':status': 200, 'content-type': 'text/plain' });
  stream.pipe(stream);
};

describe('HTTP/2 is carried [req: egress:http2]', () => {
  test('a request and its response, with what the wire said', async () => {
    let got: string[] = [];
    const { client, desk, server } = await start((stream) => {
      stream.respond([
        ':status',
        '201',
        'set-cookie',
        'a=1',
        'set-cookie',
        'b=2',
        'alt-svc',
        'h3=":443"',
        'x-kept',
        'y',
      ]);
      stream.end('hello');
    });
    server.on('stream', (_stream, _headers, _flags, raw: string[]) => (got = raw));
    const answer = await answered(
      begin(client, { ':path': '/a?b=c', cookie: ['x=1', 'y=2'], te: 'trailers', 'x-many': ['1', '2'] }),
    );
    expect(answer).toMatchObject({ status: 201, rst: 0 });
    expect(answer.body.toString()).toBe('hello');
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(answer.headers['alt-svc']).toBeUndefined();
    expect(answer.headers['x-kept']).toBe('y');
    expect(desk.heads[0]).toEqual({
      method: 'GET',
      target: '/a?b=c',
      host: 'example.test',
      scheme: 'https',
      version: '2',
      headers: [
        ['cookie', 'x=1'],
        ['cookie', 'y=2'],
        ['te', 'trailers'],
        ['x-many', '1'],
        ['x-many', '2'],
      ],
      length: 0,
    });
    expect(got).toContain('example.test');
    expect(got.filter((one) => one === 'x-many')).toHaveLength(2);
    await until(() => desk.ended.length === 1);
    expect(desk.ended).toEqual([{ result: 'done', sent: 0, received: 5 }]);
  });

  test('many streams at once, each with its own answer', async () => {
    const { client, desk } = await start((stream, headers) => {
      stream.respond({ ':status': 200 });
      setTimeout(() => stream.end(headers[':path']), Number(String(headers[':path']).slice(1)) % 7);
    });
    const all = await Promise.all(
      Array.from({ length: 300 }, async (_, n) => await answered(begin(client, { ':path': `/${n}` }))),
    );
    expect(all.map((one) => one.body.toString())).toEqual(all.map((_, n) => `/${n}`));
    await until(() => desk.ended.length === 300);
    expect(desk.ended.every(({ result }) => result === 'done')).toBe(true);
  });

  test('50 MB both ways at once, byte for byte', async () => {
    const { client, desk } = await start(echo);
    const piece = Buffer.alloc(65_536);
    for (let at = 0; at < piece.length; at++) piece[at] = (at * 31) % 251;
    const stream = begin(client, { ':method': 'POST' });
    const sent = createHash('sha256');
    const back = createHash('sha256');
    stream.on('data', (bytes: Buffer) => back.update(bytes));
    for (let n = 0; n < 800; n++) {
      piece.writeUInt32BE(n);
      sent.update(piece);
      if (!stream.write(Buffer.from(piece))) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'close');
    expect(back.digest('hex')).toBe(sent.digest('hex'));
    await until(() => desk.ended.length === 1);
    expect(desk.ended).toEqual([{ result: 'done', sent: 52_428_800, received: 52_428_800 }]);
  });

  test('trailers both ways, and a response of trailers only', async () => {
    let got: http2.IncomingHttpHeaders = {};
    const { client } = await start((stream, headers) => {
      stream.on('trailers', (fields) => (got = fields));
      if (headers[':path'] === '/only') {
        stream.respond({ ':status': 200, 'grpc-status': '5' }, { endStream: true });
        return;
      }
      stream.resume();
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-two': ['a', 'b'] }));
      stream.on('end', () => stream.end('answer'));
    });
    const stream = begin(client, { ':method': 'POST' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc' }));
    stream.end('question');
    const answer = await answered(stream);
    expect(answer.body.toString()).toBe('answer');
    expect(answer.trailers).toMatchObject({ 'grpc-status': '0', 'x-two': 'a, b' });
    expect(got).toMatchObject({ 'x-sum': 'abc' });
    const only = await answered(begin(client, { ':path': '/only' }));
    expect(only).toMatchObject({ status: 200, headers: { 'grpc-status': '5' }, rst: 0 });
  });

  test('pieces of a stream of events arrive as they are sent', async () => {
    const { client } = await start((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.on('data', (bytes: Buffer) => stream.write(`data: ${bytes.toString()}\n\n`));
    });
    const stream = begin(client, { ':method': 'POST' });
    // Each piece is answered only after the one before it arrived: nothing may be held back in either direction.
    for (const word of ['one', 'two', 'three']) {
      stream.write(word);
      const [piece] = (await once(stream, 'data')) as [Buffer];
      expect(piece.toString()).toBe(`data: ${word}\n\n`);
    }
    stream.close(constants.NGHTTP2_CANCEL);
  });

  test('informational responses, HEAD, and statuses without a body', async () => {
    const { client, desk } = await start((stream, headers) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>' });
      const status = Number(String(headers[':path']).slice(1));
      stream.respond({ ':status': status, 'content-length': headers[':method'] === 'HEAD' ? 9 : 0 });
      stream.end();
    });
    const early: unknown[] = [];
    const head = begin(client, { ':method': 'HEAD', ':path': '/200' });
    head.on('headers', (fields) => early.push(fields['link']));
    expect(await answered(head)).toMatchObject({ status: 200, headers: { 'content-length': '9' }, rst: 0 });
    expect(early).toEqual(['</a.css>']);
    for (const status of [204, 205, 304]) {
      expect(await answered(begin(client, { ':path': `/${status}` }))).toMatchObject({ status, rst: 0 });
    }
    await until(() => desk.ended.length === 4);
    expect(desk.ended.every(({ result }) => result === 'done')).toBe(true);
  });

  test('an answer before the body is all there stops the upload', async () => {
    const { client, desk } = await start((stream) => {
      stream.respond({ ':status': 413 });
      stream.end('too long');
      stream.close(constants.NGHTTP2_NO_ERROR);
    });
    const stream = begin(client, { ':method': 'POST' });
    const endless = setInterval(() => stream.writable && stream.write(Buffer.alloc(10_000)), 1);
    const answer = await answered(stream);
    clearInterval(endless);
    expect(answer).toMatchObject({ status: 413, rst: 0 });
    expect(answer.body.toString()).toBe('too long');
    await until(() => desk.ended.length === 1);
    expect(desk.ended[0]?.result).toBe('done');
  });

  test('what a desk put into a request does not come back in trailers or in interim heads', async () => {
    const { client, desk } = await start((stream) => {
      stream.additionalHeaders({ ':status': 103, link: 'secret' });
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-echo': 'secret', 'grpc-status': '0' }));
      stream.end('answer');
    });
    desk.judge = (_head, forward) => ({
      ...forward,
      headers: [...forward.headers, ['x-key', 'secret']],
      trailers: (trailers) => trailers.map(([name, value]) => [name, value.replace('secret', 'placeholder')]),
    });
    const stream = begin(client, {});
    let interim = 0;
    stream.on('headers', () => (interim += 1));
    const answer = await answered(stream);
    expect(answer.body.toString()).toBe('answer');
    expect(answer.trailers).toMatchObject({ 'x-echo': 'placeholder', 'grpc-status': '0' });
    expect(interim).toBe(0);
  });

  test('bodies pass through what the desk gives, and their lengths are corrected', async () => {
    let length: unknown = 'unseen';
    const { client, desk } = await start((stream, headers) => {
      length = headers['content-length'];
      stream.respond({ ':status': 200, 'content-length': headers[':path'] === '/held?x' ? 4 : 0 });
      if (headers[':path'] === '/held?x') stream.pipe(stream);
      else stream.end();
    });
    const upper = () =>
      new Transform({
        transform: (piece: Buffer, _encoding, done) => done(null, piece.toString().toUpperCase()),
      });
    const doubled = () =>
      new Transform({
        transform: (piece: Buffer, _encoding, done) => done(null, Buffer.concat([piece, piece])),
      });
    desk.judge = (_head, forward) => ({
      ...forward,
      target: '/held?x',
      headers: [...forward.headers, ['x-secret', 'put in']],
      body: upper(),
      bodyChanges: true,
      response: (head) => ({ head, body: doubled() }),
    });
    const stream = begin(client, {
      ':method': 'PUT',
      ':path': '/held',
      'content-length': 4,
      expect: '100-continue',
    });
    await once(stream, 'continue');
    stream.end('abcd');
    const answer = await answered(stream);
    expect(answer.body.toString()).toBe('ABCDABCD');
    expect(answer.headers['content-length']).toBeUndefined();
    expect(length).toBeUndefined();
    await until(() => desk.ended.length === 1);
    expect(desk.ended).toEqual([{ result: 'done', sent: 4, received: 4 }]);
  });
});
