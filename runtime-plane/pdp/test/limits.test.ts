import { connect } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../src/index.ts';
import { ask, askJson } from './client.ts';
import { aFolder, aPdp } from './servers.ts';

const echo = { policies: [] as string[] };

async function anEcho(limits: Partial<typeof defaultLimits> = {}) {
  const folder = aFolder({ 'echo.rego': 'package echo\n\nback := input\n\nsize := count(input)\n' });
  return aPdp({ ...echo, policies: [folder], limits: { ...defaultLimits, ...limits } });
}

/** What the server says to bytes on a socket of their own, until it ends the connection or the time is over. */
function raw(url: string, bytes: string | Buffer, waitMs = 5000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.write(bytes);
  });
}

describe('[req: pdp:limits] a body', () => {
  test('that is announced as too long is refused before it is read', async () => {
    const { url } = await anEcho();
    const answer = await raw(
      url,
      'POST /v1/data/echo/back HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n{"input":',
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request/);
    expect(answer).toContain('request body too large: 95.4 MiB exceeds limit of 33554432 bytes');
    expect((await ask(url, '/health')).status).toBe(200);
  });

  test('without announcement is read up to the limit, and no further', async () => {
    const { url } = await anEcho({ maxBytes: 1000 });
    const chunk = `3e8\r\n${'a'.repeat(1000)}\r\n`;
    const answer = await raw(
      url,
      `POST /v1/data/echo/back HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}${chunk}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain(
      'request body too large: exceeds limit of 1000 bytes (server.decoding.max_length)',
    );
  });

  test.each(['/v1/data/echo/back', '/v0/data/echo/back', '/v1/query', '/v1/batch/data/echo'])(
    'one byte beyond the limit is too long for %s',
    async (path) => {
      const { url } = await anEcho({ maxBytes: 20 });
      expect((await ask(url, path, { body: ' '.repeat(21) })).text).toContain('request body too large');
    },
  );

  test('exactly at the limit is read', async () => {
    const body = '{"input":[1,2,3]}';
    const { url } = await anEcho({ maxBytes: body.length });
    expect(await askJson(url, '/v1/data/echo/back', { body })).toEqual({ result: [1, 2, 3] });
  });

  test('that was compressed is decompressed', async () => {
    const { url } = await anEcho();
    const body = gzipSync('{"input":{"a":1}}');
    const headers = { 'Content-Encoding': 'gzip' };
    expect(await askJson(url, '/v1/data/echo/back', { body, headers })).toEqual({ result: { a: 1 } });
  });

  test('that would become too long is not decompressed to the end', async () => {
    const { url } = await anEcho({ maxGunzippedBytes: 100_000 });
    const body = gzipSync(Buffer.alloc(50_000_000, ' '));
    const answer = await ask(url, '/v1/data/echo/back', { body, headers: { 'Content-Encoding': 'gzip' } });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('decompressed size exceeds limit of 100000 bytes');
  });

  test.each([
    ['nope nope nope', 'gzip: invalid header'],
    ['', 'EOF'],
    [gzipSync('{"input":1}').subarray(0, 15), 'unexpected EOF'],
  ])('that only claims to be compressed is told so: %#', async (body, why) => {
    const { url } = await anEcho();
    const answer = await ask(url, '/v1/data/echo/back', { body, headers: { 'Content-Encoding': 'gzip' } });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      code: 'invalid_parameter',
      message: `could not decompress the body: ${why}`,
    });
  });

  test('is refused while many large ones are being read', async () => {
    const { url } = await anEcho({ maxPendingBytes: 1500 });
    const slow = connect(Number(new URL(url).port), '127.0.0.1');
    slow.write(
      `POST /v1/data/echo/back HTTP/1.1\r\nHost: x\r\nContent-Length: 1200\r\n\r\n${' '.repeat(1100)}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    const body = `{"input":"${'a'.repeat(600)}"}`;
    expect((await ask(url, '/v1/data/echo/size', { body })).status).toBe(503);
    slow.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await ask(url, '/v1/data/echo/size', { body })).status).toBe(200);
  });
});

describe('[req: pdp:limits] a value', () => {
  test.each([5000, 9000])('that nests %i deep gets an answer, whatever it is', async (depth) => {
    const { url } = await anEcho();
    const body = `{"input":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const answer = await ask(url, '/v1/data/echo/back', { body });
    expect([200, 500]).toContain(answer.status);
    expect(() => JSON.parse(answer.text) as unknown).not.toThrow();
    expect((await ask(url, '/health')).status).toBe(200);
  });

  test('beyond a depth of 10,000 is told as malformed, brackets in strings not counted', async () => {
    const { url } = await anEcho();
    const deep = await ask(url, '/v1/data/echo/back', { body: `{"input":${'['.repeat(20_000)}` });
    expect(deep.text).toContain('exceeded max depth');
    const text = '['.repeat(20_000);
    const body = JSON.stringify({ input: text });
    expect(await askJson(url, '/v1/data/echo/back', { body })).toEqual({ result: text });
  });

  test('keeps integers of any size, and keys that mean something to JavaScript', async () => {
    const { url } = await anEcho();
    const input = '{"__proto__":{"polluted":1},"constructor":2,"n":123456789012345678901234567890}';
    const { text } = await ask(url, '/v1/data/echo/back', { body: `{"input":${input}}` });
    expect(text).toBe(`{"result":${input}}\n`);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('that is malformed is told with its place', async () => {
    const { url } = await anEcho();
    const answer = await askJson(url, '/v1/data/echo/back', { body: '{\r\n "input": {\r\n  "a" 1}}' });
    expect(answer).toEqual({
      code: 'invalid_parameter',
      message: "body contains malformed input document: invalid character '1' after object key",
      location: { row: 3, col: 7 },
    });
  });

  test('in YAML cannot grow by aliases', async () => {
    const { url } = await anEcho();
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i += 1)
      lines.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`);
    const answer = await ask(url, '/v0/data/echo/size', {
      body: lines.join('\n'),
      headers: { 'Content-Type': 'application/yaml' },
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('yaml: ');
  });
});

describe('[req: pdp:limits] a connection', () => {
  test('that sends its headers too slowly is ended', async () => {
    const { url } = await anEcho({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
    const begun = performance.now();
    const answer = await raw(url, 'POST /v1/data HTTP/1.1\r\nHost: x\r\nX-A', 10_000);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('that sends its body too slowly is ended', async () => {
    const { url } = await anEcho({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
    const answer = await raw(url, 'POST /v1/data HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{', 10_000);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });

  test('with too many headers is ended', async () => {
    const { url } = await anEcho({ maxHeaderBytes: 2000 });
    const answer = await raw(url, `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(3000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
  });

  test('that is not HTTP is told so', async () => {
    const { url } = await anEcho();
    expect(await raw(url, 'hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request/);
  });

  test('beyond the limit is not taken', async () => {
    const { url } = await anEcho({ maxConnections: 1 });
    const first = connect(Number(new URL(url).port), '127.0.0.1');
    await new Promise((resolve) => first.on('connect', resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(ask(url, '/health')).rejects.toThrow();
    first.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await ask(url, '/health')).status).toBe(200);
  });
});

describe('[req: pdp:opa-api] a long answer', () => {
  const body = JSON.stringify({ input: 'x'.repeat(2000) });

  test('is compressed for who accepts that', async () => {
    const { url } = await anEcho();
    const answer = await ask(url, '/v1/data/echo/back', { body, headers: { 'Accept-Encoding': 'br, gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(answer.bytes).toString())).toEqual({ result: 'x'.repeat(2000) });
  });

  test.each(['identity', 'gzip;q=0', 'deflate'])('is not for %s', async (accepted) => {
    const { url } = await anEcho();
    const answer = await ask(url, '/v1/data/echo/back', { body, headers: { 'Accept-Encoding': accepted } });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.text).toContain('xxx');
  });

  test('of more than a hundred thousand bytes is compressed too', async () => {
    const { url } = await anEcho();
    const long = JSON.stringify({ input: 'y'.repeat(200_000) });
    const answer = await ask(url, '/v1/data/echo/back', {
      body: long,
      headers: { 'Accept-Encoding': 'gzip' },
    });
    expect(gunzipSync(answer.bytes)).toHaveLength(200_000 + '{"result":""}\n'.length);
  });
});
