import { once } from 'node:events';
import http2 from 'node:http2';
import { Transform } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { type Header, RefusedBody, type Refusal } from '../../src/http/desk.ts';
import { parseHead } from '../../src/http2/head.ts';
import { answered, begin, rig, type Rig, until } from './rig.ts';

const { constants } = http2;
let open: Rig | undefined;
let reached: http2.ServerHttp2Stream[] = [];
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const start = async (): Promise<Rig> => {
  reached = [];
  return (open = await rig((stream) => {
    reached.push(stream);
    stream.respond({ ':status': 200 });
    stream.resume();
    stream.on('end', () => stream.end('reached'));
  }));
};
const denied: Refusal = { status: 403, reason: 'not_allowed', message: 'no: “ask”', decision: 'd-1' };

describe('refusals [req: egress:http2]', () => {
  test('nothing reaches the destination before the verdict, and nothing at all after a refusal', async () => {
    const { client, desk } = await start();
    let say: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (say = resolve));
    desk.judge = async () => {
      await asked;
      return { effect: 'refuse', refusal: denied };
    };
    const stream = begin(client, { ':method': 'POST' });
    let taken = 0;
    const fill = () => stream.write(Buffer.alloc(65_536), () => ((taken += 65_536), taken < 4e6 && fill()));
    fill();
    await until(() => desk.heads.length === 1);
    await new Promise((resolve) => void setTimeout(resolve, 100));
    // What is not read stays with the agent, but for the window.
    expect(taken).toBeLessThanOrEqual(262_144 + 65_536);
    expect(reached).toEqual([]);
    say();
    const answer = await answered(stream);
    expect(answer).toMatchObject({
      status: 403,
      rst: 0,
      headers: { 'content-type': 'application/json', 'chaperone-decision': 'd-1' },
    });
    expect(JSON.parse(answer.body.toString())).toEqual({
      error: 'denied',
      reason: 'not_allowed',
      message: 'no: “ask”',
      decision: 'd-1',
    });
    expect(reached).toEqual([]);
    desk.judge = (_head, forward) => forward;
    expect((await answered(begin(client))).body.toString()).toBe('reached');
  });

  test('gRPC gets PERMISSION_DENIED in trailers only; HEAD gets no body', async () => {
    const { client, desk } = await start();
    desk.judge = () => ({ effect: 'refuse', refusal: denied });
    const grpc = begin(client, { ':method': 'POST', 'content-type': 'application/grpc+proto' });
    grpc.write('x');
    expect(await answered(grpc)).toMatchObject({
      status: 200,
      rst: 0,
      headers: {
        'content-type': 'application/grpc',
        'grpc-status': '7',
        'grpc-message': 'not_allowed%3A no%3A %E2%80%9Cask%E2%80%9D',
      },
    });
    const head = await answered(begin(client, { ':method': 'HEAD' }));
    expect(head).toMatchObject({ status: 403, rst: 0 });
    expect(head.body).toHaveLength(0);
  });

  test('a body that is refused half-way is never a whole message at the far side', async () => {
    const { client, desk } = await start();
    const ends: string[] = [];
    desk.judge = (_head, forward) => {
      let seen = 0;
      const body = new Transform({
        transform: (piece: Buffer, _encoding, done) => {
          seen += piece.length;
          if (seen > 100_000) done(new RefusedBody(denied));
          else done(null, piece);
        },
      });
      return { ...forward, body };
    };
    open?.server.removeAllListeners('stream');
    open?.server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.on('aborted', () => ends.push('aborted'));
      stream.on('data', () => undefined);
      stream.on('close', () => ends.push(`closed ${stream.rstCode}`));
    });
    const stream = begin(client, { ':method': 'POST' });
    const answer = answered(stream);
    for (let n = 0; n < 40; n++) stream.write(Buffer.alloc(10_000));
    stream.end();
    expect(await answer).toMatchObject({ status: 403, rst: 0 });
    await until(() => ends.length === 2);
    expect(ends).toEqual(['aborted', `closed ${constants.NGHTTP2_CANCEL}`]);
    await until(() => desk.ended.length === 1);
    expect(desk.ended[0]?.result).toBe('failed');
  });

  test('a body that is held and refused leaves nothing at the far side', async () => {
    const { client, desk } = await start();
    desk.judge = (_head, forward) => ({
      ...forward,
      bodyChanges: true,
      body: new Transform({
        transform: (_piece, _encoding, done) => done(),
        flush: (done) => done(new RefusedBody(denied)),
      }),
    });
    const stream = begin(client, { ':method': 'POST' });
    stream.end('4111 1111 1111 1111');
    expect(await answered(stream)).toMatchObject({ status: 403, rst: 0 });
    await until(() => desk.ended.length === 1);
    expect(desk.ended).toEqual([{ result: 'failed', sent: 0, received: 0 }]);
    expect(reached).toEqual([]);
  });

  test('a response that is refused is reset, not shortened', async () => {
    const { client, desk } = await start();
    desk.judge = (_head, forward) => ({
      ...forward,
      response: (head) => ({
        head,
        body: new Transform({ transform: (_piece, _encoding, done) => done(new RefusedBody(denied)) }),
      }),
    });
    expect(await answered(begin(client))).toMatchObject({ status: 200, rst: constants.NGHTTP2_CANCEL });
  });

  test.each([
    [{ ':authority': 'evil.test' }, 421, 'host_mismatch'],
    [{ ':authority': 'example.test:8443' }, 421, 'host_mismatch'],
    [{ ':authority': 'example.test.' }, 421, 'host_mismatch'],
    [{ host: 'evil.test' }, 421, 'host_mismatch'],
    [{ ':scheme': 'http' }, 400, 'malformed_request'],
    [{ ':path': '/a#b' }, 400, 'malformed_request'],
    [{ ':path': '/é' }, 400, 'malformed_request'],
  ])('%j is answered with %i', async (fields, status, reason) => {
    const { client, desk } = await start();
    const answer = await answered(begin(client, fields));
    expect(answer).toMatchObject({ status, rst: 0 });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ error: 'denied', reason });
    expect(desk.heads).toEqual([]);
    expect(desk.faults).toEqual([reason]);
    expect(reached).toEqual([]);
  });

  test('the true port, another name of the address and capitals are the same place', async () => {
    const { client, desk } = await start();
    for (const authority of ['example.test:443', 'other.test', 'EXAMPLE.test']) {
      const answer = await answered(begin(client, { ':authority': authority, host: authority }));
      expect(answer.body.toString()).toBe('reached');
    }
    expect(desk.heads.map(({ host }) => host)).toEqual(['example.test', 'other.test', 'example.test']);
    expect(desk.heads.every(({ headers }) => headers.every(([name]) => name !== 'host'))).toBe(true);
  });

  test('CONNECT is refused, and the extended one is not offered', async () => {
    const { client, desk } = await start();
    const connect = client.request({ ':method': 'CONNECT', ':authority': 'example.test:443' });
    connect.on('error', () => undefined);
    expect((await answered(connect)).status).toBe(400);
    expect(desk.faults).toEqual(['refused_upgrade']);
    expect(client.remoteSettings.enableConnectProtocol).toBe(false);
    const socket = begin(client, { ':method': 'CONNECT', ':protocol': 'websocket' });
    expect(await answered(socket)).toMatchObject({ status: 0 });
    expect(reached).toEqual([]);
  });

  test('fields that a proxy could be led astray with', () => {
    const place = { host: 'example.test', hosts: [], port: 443 };
    const good = [':method', 'GET', ':scheme', 'https', ':authority', 'example.test', ':path', '/'];
    const reason = (extra: string[], head = good) => {
      const parsed = parseHead([...head, ...extra], false, place);
      return 'why' in parsed ? parsed.reason : undefined;
    };
    expect(reason(['te', 'trailers', 'content-length', '3'])).toBeUndefined();
    const bad: Header[] = [
      ['connection', 'close'],
      ['keep-alive', '1'],
      ['transfer-encoding', 'chunked'],
      ['upgrade', 'h2c'],
      ['proxy-connection', 'x'],
      ['te', 'gzip'],
      ['Upper', 'x'],
      ['a b', 'x'],
      ['a', 'x\r\nb: c'],
      ['a', 'x\0b'],
      ['content-length', '+3'],
      ['content-length', '3, 3'],
      [':path', '/twice'],
      [':other', 'x'],
    ];
    for (const field of bad) expect(reason([...field]), field.join(': ')).toBe('malformed_request');
    expect(reason(['content-length', '3', 'content-length', '3'])).toBe('malformed_request');
    expect(reason(['host', 'example.test', 'host', 'example.test'])).toBe('malformed_request');
    for (const path of ['', 'x', '*', 'https://evil.test/', '/\u0001', '/a b', '/\u007f']) {
      expect(reason([], [...good.slice(0, 7), path]), path).toBe('malformed_request');
    }
    for (const name of [
      'user@example.test',
      'example.test:',
      'example.test:0443x',
      'example.test, evil.test',
      '',
    ]) {
      expect(reason([], [...good.slice(0, 5), name, ':path', '/']), name).toBe('host_mismatch');
    }
    expect(parseHead([...good, 'content-length', '3'], true, place)).toMatchObject({
      reason: 'malformed_request',
    });
  });

  test('what the desk may not say ends one request only', async () => {
    const { client, desk } = await start();
    desk.judge = (_head, forward) => ({ ...forward, headers: [['x-secret', 'a\0:path\0/other']] });
    expect(await answered(begin(client))).toMatchObject({ status: 0, rst: constants.NGHTTP2_INTERNAL_ERROR });
    expect(reached).toEqual([]);
    desk.judge = (_head, forward) => forward;
    const stream = begin(client, { ':method': 'POST' });
    stream.end('x');
    await once(stream, 'response');
    expect((await answered(stream)).body.toString()).toBe('reached');
  });
});
