import { afterEach, expect, test } from 'vitest';
import { type Carrier, OK, RawFar, startCarrier, talk } from './carrier.ts';

let carrier: Carrier | undefined;

afterEach(async () => {
  await carrier?.close();
});

const HEAD = 'Host: api.example\r\n';
const CHUNKED = `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

const refused: readonly (readonly [name: string, bytes: string, status: number, reason?: string])[] = [
  ['a bare LF after the request line', `GET / HTTP/1.1\n${HEAD}\r\n`, 400],
  ['a bare LF after a header', 'GET / HTTP/1.1\r\nHost: api.example\nX: y\r\n\r\n', 400],
  ['bare LFs only, never CRLF', 'GET / HTTP/1.1\nHost: api.example\n\n', 400],
  ['a bare CR in a value', `GET / HTTP/1.1\r\n${HEAD}X: a\rb\r\n\r\n`, 400],
  ['a bare CR between headers', 'GET / HTTP/1.1\r\nHost: api.example\rX: y\r\n\r\n', 400],
  ['a bare CR in the request line', `GET /\r HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['NUL in a value', `GET / HTTP/1.1\r\n${HEAD}X: a\0b\r\n\r\n`, 400],
  ['NUL in a name', `GET / HTTP/1.1\r\n${HEAD}X\0: a\r\n\r\n`, 400],
  ['space before the colon', `POST / HTTP/1.1\r\n${HEAD}Content-Length : 5\r\n\r\nhello`, 400],
  ['tab before the colon', `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a folded header', `GET / HTTP/1.1\r\n${HEAD}X: a\r\n b\r\n\r\n`, 400],
  ['a folded first header', `GET / HTTP/1.1\r\n X: a\r\n${HEAD}\r\n`, 400],
  ['a header without colon', `GET / HTTP/1.1\r\n${HEAD}Foo\r\n\r\n`, 400],
  ['a header without name', `GET / HTTP/1.1\r\n${HEAD}: x\r\n\r\n`, 400],
  ['two lengths', `POST / HTTP/1.1\r\n${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, 400],
  ['two equal lengths', `POST / HTTP/1.1\r\n${HEAD}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, 400],
  ['a list of lengths', `POST / HTTP/1.1\r\n${HEAD}Content-Length: 5, 5\r\n\r\nhello`, 400],
  ['a length with a sign', `POST / HTTP/1.1\r\n${HEAD}Content-Length: +5\r\n\r\nhello`, 400],
  ['a negative length', `POST / HTTP/1.1\r\n${HEAD}Content-Length: -5\r\n\r\nhello`, 400],
  ['a hexadecimal length', `POST / HTTP/1.1\r\n${HEAD}Content-Length: 0x5\r\n\r\nhello`, 400],
  ['an empty length', `POST / HTTP/1.1\r\n${HEAD}Content-Length:\r\n\r\nhello`, 400],
  ['a length beyond numbers', `POST / HTTP/1.1\r\n${HEAD}Content-Length: 99999999999999999999\r\n\r\n`, 400],
  [
    'length and chunks',
    `POST / HTTP/1.1\r\n${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'chunks and length',
    `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'chunked twice',
    `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['chunked and more', `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400],
  ['another coding', `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding: identity\r\n\r\n`, 400],
  ['nearly chunked', `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, 400],
  ['quoted chunked', `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`, 400],
  ['chunks in HTTP/1.0', `POST / HTTP/1.0\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a chunk size with a sign', `${CHUNKED}+5\r\nhello\r\n0\r\n\r\n`, 400],
  ['a chunk size with 0x', `${CHUNKED}0x5\r\nhello\r\n0\r\n\r\n`, 400],
  ['a chunk size after a space', `${CHUNKED} 5\r\nhello\r\n0\r\n\r\n`, 400],
  ['a chunk size before a space', `${CHUNKED}5 \r\nhello\r\n0\r\n\r\n`, 400],
  ['a chunk size that is too large', `${CHUNKED}fffffffffffffffff\r\nhello\r\n0\r\n\r\n`, 400],
  ['an empty chunk size', `${CHUNKED}\r\nhello\r\n0\r\n\r\n`, 400],
  ['a chunk longer than its size', `${CHUNKED}5\r\nhelloX\r\n0\r\n\r\n`, 400],
  ['a chunk line that ends with LF', `${CHUNKED}5\nhello\r\n0\r\n\r\n`, 400],
  ['a chunk that ends with LF', `${CHUNKED}5\r\nhello\n0\r\n\r\n`, 400],
  ['a bare CR in an extension', `${CHUNKED}5;a\rb\r\nhello\r\n0\r\n\r\n`, 400],
  ['a bare LF in an extension', `${CHUNKED}5;a\nhello\r\n0\r\n\r\n`, 400],
  ['an endless extension', `${CHUNKED}5;${'a'.repeat(5000)}`, 400],
  ['a trailer that is no header', `${CHUNKED}0\r\nFoo\r\n\r\n`, 400],
  ['endless trailers', `${CHUNKED}0\r\n${'Foo: bar\r\n'.repeat(2000)}\r\n`, 400],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', `GET / HTTP/1.1\r\n${HEAD}${HEAD}\r\n`, 400],
  ['two different Hosts', `GET / HTTP/1.1\r\n${HEAD}host: evil.example\r\n\r\n`, 400],
  ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', 400],
  ['a Host with a user', 'GET / HTTP/1.1\r\nHost: a@api.example\r\n\r\n', 400],
  ['a Host with a path', 'GET / HTTP/1.1\r\nHost: api.example/x\r\n\r\n', 400],
  ['two names in Host', 'GET / HTTP/1.1\r\nHost: api.example, evil.example\r\n\r\n', 400],
  ['a Host with an empty port', 'GET / HTTP/1.1\r\nHost: api.example:\r\n\r\n', 400],
  ['another Host', 'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n', 421, 'host_mismatch'],
  ['a name below the Host', 'GET / HTTP/1.1\r\nHost: x.api.example\r\n\r\n', 421, 'host_mismatch'],
  ['another port', 'GET / HTTP/1.1\r\nHost: api.example:8080\r\n\r\n', 421, 'host_mismatch'],
  ['an absolute target elsewhere', `GET http://evil.example/ HTTP/1.1\r\n${HEAD}\r\n`, 421, 'host_mismatch'],
  ['an absolute target, other Host', 'GET http://api.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n', 421],
  ['an absolute target, other allowed name', `GET http://other.example/ HTTP/1.1\r\n${HEAD}\r\n`, 421],
  ['an absolute target of another scheme', `GET https://api.example/ HTTP/1.1\r\n${HEAD}\r\n`, 421],
  ['a user in the target', `GET http://u:p@api.example/ HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['another kind of target', `GET file:///etc/passwd HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n', 400, 'refused_upgrade'],
  ['* for GET', `GET * HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['a relative target', `GET x HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['a fragment', `GET /a#b HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['bytes beyond ASCII in the target', `GET /\xc3\xa4 HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['a control character in the target', `GET /\x01 HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['a tab in the request line', `GET\t/ HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['two spaces in the request line', `GET  / HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['a space in the target', `GET /a b HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['a space after the version', `GET / HTTP/1.1 \r\n${HEAD}\r\n`, 400],
  ['a method that is no token', `G(T / HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['HTTP/0.9', 'GET /\r\n\r\n', 505],
  ['HTTP/1.2', `GET / HTTP/1.2\r\n${HEAD}\r\n`, 505],
  ['HTTP/3.0', `GET / HTTP/3.0\r\n${HEAD}\r\n`, 505],
  ['lower-case http', `GET / http/1.1\r\n${HEAD}\r\n`, 400],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, 'refused_upgrade'],
  ['what is not HTTP', '\x16\x03\x01\x02\x00\x01\x00', 400],
  ['two empty lines first', `\r\n\r\nGET / HTTP/1.1\r\n${HEAD}\r\n`, 400],
  ['too long a head', `GET / HTTP/1.1\r\n${HEAD}X: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
  ['a head that has no end', `GET / HTTP/1.1\r\n${'X: aaaa\r\n'.repeat(9000)}`, 431],
  ['too many headers', `GET / HTTP/1.1\r\n${HEAD}${'X: a\r\n'.repeat(200)}\r\n`, 431],
  ['too long a target', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${HEAD}\r\n`, 414],
  ['an expectation nobody knows', `POST / HTTP/1.1\r\n${HEAD}Expect: x\r\nContent-Length: 1\r\n\r\na`, 417],
  ['Connection: Host', `GET / HTTP/1.1\r\n${HEAD}Connection: Host\r\n\r\n`, 400],
  [
    'Connection: Content-Length',
    `POST / HTTP/1.1\r\n${HEAD}Content-Length: 1\r\nConnection: close, content-length\r\n\r\na`,
    400,
  ],
  [
    'Connection: Authorization',
    `GET / HTTP/1.1\r\n${HEAD}Authorization: x\r\nConnection: authorization\r\n\r\n`,
    400,
  ],
  ['Connection with a space in it', `GET / HTTP/1.1\r\n${HEAD}Connection: a b\r\n\r\n`, 400],
  [
    'WebSocket without a key',
    `GET / HTTP/1.1\r\n${HEAD}Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    400,
    'refused_upgrade',
  ],
  [
    'WebSocket by POST',
    `POST / HTTP/1.1\r\n${HEAD}Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    400,
    'refused_upgrade',
  ],
];

test.each(refused)(
  '[req: egress:http1] nothing reaches the far side of %s',
  async (_name, bytes, status, reason) => {
    const far = new RawFar((socket) => socket.write(OK));
    carrier = await startCarrier(far.server);
    // Behind it stands a request that would be good: it must not be reached either.
    const answer = await talk(carrier.port, `${bytes}GET /smuggled HTTP/1.1\r\n${HEAD}\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('Connection: close\r\n');
    expect(answer).toContain('Chaperone-Decision: d-1\r\n');
    const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    expect(body).toEqual({
      error: 'denied',
      reason: reason ?? (status === 421 ? 'host_mismatch' : 'malformed_request'),
      message: carrier.desk.malformedWhys[0],
      decision: 'd-1',
    });
    await carrier.idle();
    expect(far.received.toString('latin1')).toBe('');
    expect(carrier.desk.malformedWhys).toHaveLength(1);
    expect(carrier.desk.ended).toHaveLength(carrier.desk.heads.length);
  },
);

const changed: readonly (readonly [name: string, bytes: string, arrives: string])[] = [
  [
    'an absolute target',
    `GET http://API.example?x HTTP/1.1\r\nHost: api.example\r\n\r\n`,
    `GET /?x HTTP/1.1\r\n${HEAD}\r\n`,
  ],
  [
    'OPTIONS for the server',
    `OPTIONS http://api.example HTTP/1.1\r\n${HEAD}\r\n`,
    `OPTIONS * HTTP/1.1\r\n${HEAD}\r\n`,
  ],
  [
    'Host with the port',
    'GET / HTTP/1.1\r\nHost: Api.Example:80\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: Api.Example:80\r\n\r\n',
  ],
  [
    'another allowed name',
    'GET / HTTP/1.1\r\nHost: other.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: other.example\r\n\r\n',
  ],
  ['an empty line first', `\r\nGET / HTTP/1.1\r\n${HEAD}\r\n`, `GET / HTTP/1.1\r\n${HEAD}\r\n`],
  [
    'what is of the connection',
    `GET / HTTP/1.1\r\n${HEAD}Connection: keep-alive, X-Hop\r\nKeep-Alive: 5\r\nX-Hop: a\r\nProxy-Authorization: b\r\nProxy-Connection: c\r\nTE: gzip\r\nTrailer: d\r\nX: e\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HEAD}X: e\r\n\r\n`,
  ],
  [
    'h2c',
    `GET / HTTP/1.1\r\n${HEAD}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HEAD}\r\n`,
  ],
  [
    'WebSocket or something else',
    `GET / HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HEAD}\r\n`,
  ],
  [
    'chunks with extensions and trailers',
    `${CHUNKED}5;a="b"\r\nhello\r\n1\r\n!\r\n0;c\r\nX: y\r\n\r\n`,
    `POST / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n0\r\n\r\n`,
  ],
  [
    'a length with zeros',
    `POST / HTTP/1.1\r\n${HEAD}Content-Length: 0005\r\n\r\nhello`,
    `POST / HTTP/1.1\r\n${HEAD}Content-Length: 5\r\n\r\nhello`,
  ],
  [
    'an empty body',
    `POST / HTTP/1.1\r\n${HEAD}Content-Length: 0\r\n\r\n`,
    `POST / HTTP/1.1\r\n${HEAD}Content-Length: 0\r\n\r\n`,
  ],
  [
    'HTTP/1.0 without Host',
    'GET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n',
  ],
  ['HTTP/1.0', `GET / HTTP/1.0\r\n${HEAD}\r\n`, `GET / HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`],
  [
    'spaces around a value',
    `GET / HTTP/1.1\r\n${HEAD}x-y: \t a b\xe4 \t\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HEAD}x-y: a b\xe4\r\n\r\n`,
  ],
];

test.each(changed)('[req: egress:http1] %s arrives in one form', async (_name, bytes, arrives) => {
  const far = new RawFar((socket) => socket.write(OK));
  carrier = await startCarrier(far.server);
  expect(await talk(carrier.port, bytes, 'ok')).toContain('HTTP/1.1 200 OK\r\n');
  await carrier.idle();
  expect(far.received.toString('latin1')).toBe(arrives);
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['done']);
});
