import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile, RegoErrors, RegoEvalError } from '../src/index.ts';
import type { AsyncOptions, EvaluationOptions, Json } from '../src/index.ts';
import { nodeHost } from '../src/node/index.ts';
import type { HttpOptions } from '../src/node/index.ts';

let server: Server;
let port = 0;
const seen: { url: string; method: string; headers: IncomingMessage['headers']; body: string }[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://x');
  switch (pathname) {
    case '/json':
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.end('{"roles":["admin"],"big":12345678901234567890}');
      return;
    case '/cached':
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(String(seen.length));
      return;
    case '/slow':
      setTimeout(() => response.end('late'), 3000).unref();
      return;
    case '/trickle': {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 50);
      request.socket.once('close', () => {
        clearInterval(timer);
      });
      return;
    }
    case '/huge':
      response.writeHead(200);
      for (let i = 0; i < 64; i += 1) response.write('x'.repeat(65_536));
      response.end();
      return;
    case '/lying':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
      response.end('{"allow": true}');
      return;
    case '/garbage':
      request.socket.end('not http at all\r\n\r\n');
      return;
    case '/redirect':
      response.writeHead(302, { Location: '/json' });
      response.end();
      return;
    case '/away':
      response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data' });
      response.end();
      return;
    case '/loop':
      response.writeHead(302, { Location: '/loop' });
      response.end();
      return;
    default:
      response.statusCode = 404;
      response.end('plain');
  }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface How extends EvaluationOptions, AsyncOptions {
  readonly http?: Partial<HttpOptions>;
}

/** `http.send` with this request; PORT stands for the server's port. */
async function send(request: string, { http, ...how }: How = {}): Promise<Json | undefined> {
  const allowed = { hosts: [`127.0.0.1:${port}`], ...http };
  const source = `package t\nr := http.send(${request.replaceAll('PORT', String(port))})`;
  const host = nodeHost({ http: allowed });
  return compile([{ file: 'm.rego', source }], { host })
    .entrypoint('t/r')
    .evaluateAsync({}, how);
}

const get = (path: string, more = ''): string =>
  `{"method": "get", "url": "http://127.0.0.1:PORT${path}"${more}}`;
const strict = { strictBuiltinErrors: true };

test('a response has status, headers, text and decoded body', async () => {
  const r = (await send(get('/json'))) as Record<string, Json>;
  expect(r).toMatchObject({ status: '200 OK', status_code: 200, body: { roles: ['admin'] } });
  expect(r['raw_body']).toContain('12345678901234567890');
  expect((r['headers'] as Record<string, Json>)['content-type']).toEqual(['application/json; charset=utf-8']);
});

test('another status is an answer; a body that is not said to be JSON is not decoded', async () => {
  expect(await send(get('/none'))).toMatchObject({ status_code: 404, body: null, raw_body: 'plain' });
  expect(await send(get('/none', ', "force_json_decode": true'))).toMatchObject({ body: null });
});

test('method, headers and body are sent', async () => {
  await send(
    `{"method": "post", "url": "http://127.0.0.1:PORT/echo", "headers": {"X-One": "1"}, "body": {"b": 1, "a": [true]}}`,
  );
  expect(seen.at(-1)).toMatchObject({ method: 'POST', body: '{"a":[true],"b":1}' });
  expect(seen.at(-1)?.headers['x-one']).toBe('1');
});

test('one evaluation asks the same only once, and the clock stands still', async () => {
  const source = `package t
    r := [http.send(req).raw_body, http.send(req).raw_body, time.now_ns()]
    req := ${get('/none').replaceAll('PORT', String(port))}
    now contains time.now_ns()
    now contains n if { http.send(object.union(req, {"headers": {"a": "b"}})); n := time.now_ns() }`;
  let ticks = 0;
  const host = nodeHost({ http: { hosts: [`127.0.0.1:${port}`] }, now: () => (ticks += 1) });
  const program = compile([{ file: 'm.rego', source }], { host });
  const before = seen.length;
  expect(await program.entrypoint('t/r').evaluateAsync({})).toEqual(['plain', 'plain', expect.any(Number)]);
  expect(seen.length - before).toBe(1);
  expect(await program.entrypoint('t/now').evaluateAsync({})).toHaveLength(1);
});

test('a synchronous evaluation has no answer, which is not undefined', () => {
  const source = `package t\nallow if not http.send({"method": "get", "url": "http://127.0.0.1:1/"})`;
  const host = nodeHost({ http: { hosts: ['127.0.0.1:1'] } });
  const entry = compile([{ file: 'm.rego', source }], { host }).entrypoint('t/allow');
  expect(() => entry.evaluate({})).toThrow(/eval_builtin_error: http.send: this evaluation cannot wait/);
});

test('without a client the policy is refused, by name', () => {
  const load = () =>
    compile([{ file: 'm.rego', source: 'package t\nr := http.send({"method": "get", "url": "x"})' }], {
      host: nodeHost(),
    });
  expect(load).toThrow(RegoErrors);
  expect(load).toThrow(/http\.send is not supported/);
});

test.each([
  ['a host that is not listed', 'http://example.com/', /disallowed host: example\.com/],
  ['another port of a listed host', 'http://127.0.0.1:1/', /disallowed host/],
  ['the metadata address', 'http://169.254.169.254/', /disallowed/],
  ['a local name for a listed address', 'http://localhost:PORT/', /disallowed host/],
  ['a file', 'file:///etc/passwd', /scheme file is not supported/],
  ['a socket', 'unix://localhost/x?socket=/tmp/x', /scheme unix/],
  ['nonsense', 'http://[', /invalid URL/],
])('%s is refused', async (_name, url, message) => {
  const before = seen.length;
  await expect(send(`{"method": "get", "url": "${url}"}`, strict)).rejects.toThrow(message);
  expect(await send(`{"method": "get", "url": "${url}"}`)).toBeUndefined();
  expect(seen.length).toBe(before);
});

test('a listed name does not open addresses of this machine', async () => {
  const request = '{"method": "get", "url": "http://localhost:PORT/json"}';
  await expect(send(request, { ...strict, http: { hosts: [`localhost:${port}`] } })).rejects.toThrow(
    /disallowed address/,
  );
  const both = { hosts: [`localhost:${port}`, `127.0.0.1:${port}`] };
  expect(await send(request, { ...strict, http: both })).toMatchObject({ status_code: 200 });
});

test('redirects are followed when asked for, and each is checked', async () => {
  expect(await send(get('/redirect'))).toMatchObject({ status_code: 302 });
  expect(await send(get('/redirect', ', "enable_redirect": true'))).toMatchObject({ status_code: 200 });
  await expect(send(get('/away', ', "enable_redirect": true'), strict)).rejects.toThrow(
    /disallowed host: 169\.254/,
  );
  await expect(send(get('/loop', ', "enable_redirect": true'), strict)).rejects.toThrow(
    /stopped after 10 redirects/,
  );
});

test('a slow server meets the time limit, also when it keeps sending', async () => {
  await expect(send(get('/slow', ', "timeout": "100ms"'), strict)).rejects.toThrow(/request timed out/);
  await expect(send(get('/trickle', ', "timeout": 100000000'), strict)).rejects.toThrow(/request timed out/);
});

test('the evaluation as a whole has a time limit', async () => {
  const late = send(get('/slow'), { timeoutMs: 100 });
  await expect(late).rejects.toMatchObject({ code: 'eval_cancel_error' });
});

test('a huge body is an error', async () => {
  await expect(send(get('/huge'), { ...strict, http: { maxResponseBytes: 100_000 } })).rejects.toThrow(
    /longer than 100000 bytes/,
  );
});

test('a response that is cut short or is no HTTP is an error', async () => {
  await expect(send(get('/lying'), strict)).rejects.toBeInstanceOf(RegoEvalError);
  await expect(send(get('/garbage'), strict)).rejects.toBeInstanceOf(RegoEvalError);
});

test('raise_error: false turns errors into answers', async () => {
  const r = await send('{"method": "get", "url": "http://example.com/", "raise_error": false}', strict);
  expect(r).toEqual({
    status_code: 0,
    error: { code: 'eval_http_send_network_error', message: 'disallowed host: example.com' },
  });
  const form = await send('{"method": "get", "raise_error": false}', strict);
  expect(form).toMatchObject({ status_code: 0, error: { code: 'eval_http_send_internal_error' } });
});

test.each([
  [
    '{"method": "get", "url": "x", "bad_key": 1}',
    /eval_type_error.*invalid request parameters\(s\): \{"bad_key"\}/,
  ],
  ['{"method": "get"}', /eval_type_error.*missing required request parameters\(s\): \{"url"\}/],
  [get('/json', ', "timeout": "soon"'), /invalid timeout value "soon"/],
  [get('/json', ', "headers": {"a": 1}'), /invalid type for headers value/],
  [get('/json', ', "force_cache": true'), /force_cache_duration_seconds/],
  [get('/json', ', "tls_ca_cert_file": "/etc/passwd"'), /files and environment variables are not allowed/],
  [get('/json', ', "tls_insecure_skip_verify": true'), /tls_insecure_skip_verify is not allowed/],
])('the request %s is checked', async (request, message) => {
  await expect(send(request, strict)).rejects.toThrow(message);
});

test('answers are kept for later evaluations only when asked for', async () => {
  const source = (more: string): string =>
    `package t\nr := http.send(${get('/cached', more).replaceAll('PORT', String(port))}).raw_body`;
  const host = nodeHost({ http: { hosts: [`127.0.0.1:${port}`] } });
  const ask = async (more: string): Promise<Json | undefined> =>
    compile([{ file: 'm.rego', source: source(more) }], { host })
      .entrypoint('t/r')
      .evaluateAsync({});
  expect(await ask('')).not.toBe(await ask(''));
  expect(await ask(', "cache": true')).toBe(await ask(', "cache": true'));
  const forced = ', "force_cache": true, "force_cache_duration_seconds": 60';
  expect(await ask(forced)).toBe(await ask(forced));
});

test('an evaluation that asks for ever is stopped', async () => {
  const source = `package t\nr := [http.send(object.union(${get('/none').replaceAll('PORT', String(port))}, {"headers": {"n": sprintf("%d", [i])}})).status_code | some i in numbers.range(1, 100)]`;
  const host = nodeHost({ http: { hosts: [`127.0.0.1:${port}`] } });
  const entry = compile([{ file: 'm.rego', source }], { host }).entrypoint('t/r');
  await expect(entry.evaluateAsync({}, { maxCalls: 5 })).rejects.toThrow(
    /asked the outside more than 5 times/,
  );
});

test('names are looked up; addresses answer for themselves', async () => {
  const program = (host: Parameters<typeof compile>[1]) =>
    compile([{ file: 'm.rego', source: 'package t\nr := net.lookup_ip_addr(input)' }], host).entrypoint(
      't/r',
    );
  const entry = program({ host: nodeHost({ lookup: true }) });
  expect(entry.evaluate('10.0.0.1')).toEqual(['10.0.0.1']);
  expect(await entry.evaluateAsync('localhost')).toContain('127.0.0.1');
  expect(await entry.evaluateAsync('no name')).toBeUndefined();
  const hanging = program({ host: { lookup: () => new Promise(() => undefined) } });
  await expect(hanging.evaluateAsync('x', { timeoutMs: 50 })).rejects.toThrow(/eval_cancel_error/);
});
