/** The network of a session with namespaces: only what the policy allows reaches the host, and it does so unchanged. Loopback only. */
import { spawn, type SpawnOptions, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { existsSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import dns from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { denials } from './programs/records.ts';
import { collect, isolations, situations, World } from './world.ts';

const inNamespace = situations.filter(({ isolation }) => isolation === 'namespace');
if (!isolations.includes('namespace'))
  console.log('skipped: the network of sessions, because there are no namespaces here');

const rules = (allowed: readonly number[]): string => `import rego.v1

default decision := {"allow": true}

decision := {"allow": false, "message": "not there"} if {
	input.action == "connect"
	not input.destination.port in {${[0, 53, ...allowed].join(', ')}}
}

decision := {"allow": false, "message": "not this name"} if {
	input.action == "resolve_name"
	not endswith(input.destination.host, "allowed.test")
}

floor := {"isolation": "namespace"}
`;

const listen = (server: net.Server, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });

/** Python in the session; prints what it sees. */
const python = (lines: string): string[] => [
  '/usr/bin/python3',
  '-c',
  `import socket, errno, os, sys\n${lines}`,
];

describe.each(inNamespace)(
  '[req: run:network] the network of a session ($title)',
  ({ identity, isolation }) => {
    const body = randomBytes(5 << 20);
    const digest = createHash('sha256').update(body).digest('hex');
    const web = http.createServer((request, response) => {
      const hash = createHash('sha256');
      request.on('data', (chunk: Buffer) => hash.update(chunk));
      request.on('end', () =>
        request.method === 'POST' ? response.end(hash.digest('hex')) : response.end(body),
      );
    });
    const web6 = http.createServer((_, response) => response.end('six'));
    /** Answers only after the other side has finished: a half-closed connection. */
    const half = net.createServer({ allowHalfOpen: true }, (socket) => {
      let count = 0;
      socket.on('data', (chunk) => (count += chunk.length));
      socket.on('end', () => socket.end(`got ${count}`));
      socket.on('error', () => {});
    });
    const forbidden = net.createServer((socket) => socket.end('must not be seen'));
    let seen = 0;
    forbidden.on('connection', () => (seen += 1));
    const udp = dgram.createSocket('udp4');
    let datagrams = 0;
    udp.on('message', () => (datagrams += 1));
    let ports = { web: 0, web6: 0, half: 0, forbidden: 0, udp: 0, closed: 0 };
    let allowed: number[] = [];

    beforeAll(async () => {
      const spare = net.createServer();
      const closed = await listen(spare, '127.0.0.1');
      spare.close();
      await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
      const six = await listen(web6, '::1').catch(() => 0);
      if (six === 0) console.log('skipped: IPv6, because this machine has no ::1');
      ports = {
        web: await listen(web, '127.0.0.1'),
        web6: six,
        half: await listen(half, '127.0.0.1'),
        forbidden: await listen(forbidden, '127.0.0.1'),
        udp: udp.address().port,
        closed,
      };
      allowed = [ports.web, ports.web6, ports.half, ports.closed];
    });
    afterAll(() => {
      for (const server of [web, web6, half, forbidden]) server.close();
      udp.close();
    });

    const place = (): World => {
      const world = new World({ identity, isolation });
      world.policy(rules(allowed));
      return world;
    };

    test('an allowed server outside is reached, five megabytes both ways', async () => {
      using world = place();
      world.file('body', body);
      const url = `http://127.0.0.1:${ports.web}/`;
      const script = `curl -sS --max-time 60 -o got ${url} && sha256sum <got; curl -sS --max-time 60 -X POST -H 'Expect:' --data-binary @body ${url}; echo; for i in 1 2 3 4; do curl -sS --max-time 60 ${url} | sha256sum & done; wait`;
      const ended = await world.run(['sh', '-c', script]);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(
        ended.stdout
          .split('\n')
          .map((line) => line.slice(0, 64))
          .filter(Boolean),
      ).toEqual(Array(6).fill(digest));
    });

    test('one direction may end before the other', async () => {
      using world = place();
      const ended = await world.run(
        python(`s = socket.create_connection(('127.0.0.1', ${ports.half}), 20)
peer = s.getpeername(); s.sendall(b'x' * 1000000); s.shutdown(socket.SHUT_WR); print(s.makefile().read(), peer)`),
      );
      expect(ended).toMatchObject({ stdout: `got 1000000 ('127.0.0.1', ${ports.half})\n`, code: 0 });
    });

    test('asyncio, which connects without waiting; a mapped address; and IPv6', async () => {
      using world = place();
      const ended = await world.run(
        python(`import asyncio
async def get(host, port):
    r, w = await asyncio.wait_for(asyncio.open_connection(host, port), 20)
    w.write(b'GET / HTTP/1.0\\r\\n\\r\\n'); data = await asyncio.wait_for(r.read(), 20); w.close(); return len(data)
async def main():
    print(all(n > ${body.length} for n in await asyncio.gather(*[get('127.0.0.1', ${ports.web}) for _ in range(10)])))
    print(await get('::ffff:127.0.0.1', ${ports.web}) > ${body.length})
    print(await get('::1', ${ports.web6}) > 3 if ${ports.web6} else True)
    try: await get('127.0.0.1', ${ports.closed})
    except OSError as e: print(errno.errorcode[e.errno])
asyncio.run(main())`),
      );
      expect(ended).toMatchObject({ stdout: 'True\nTrue\nTrue\nECONNREFUSED\n', code: 0 });
    });

    test('a closed port is refused by the far side, a denied one by the policy, with a record', async () => {
      using world = place();
      const before = seen;
      const ended = await world.run(
        python(`for port in (${ports.closed}, ${ports.forbidden}):
    s = socket.socket(); s.settimeout(20); print(errno.errorcode[s.connect_ex(('127.0.0.1', port))])`),
      );
      expect(ended).toMatchObject({ stdout: 'ECONNREFUSED\nEACCES\n', code: 0 });
      expect(seen).toBe(before);
      expect(denials(world).map(({ input }) => input)).toMatchObject([
        { action: 'connect', destination: { ip: '127.0.0.1', port: ports.forbidden } },
      ]);
    });

    test('servers inside the session are found, also by whoever asked too early', async () => {
      using world = place();
      world.policy(rules([...allowed, 4711, 4712]));
      const ended = await world.run(
        python(`import threading
for host, port in (('127.0.0.1', 4711), ('::1', 4712)):
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    if family == socket.AF_INET6 and not ${ports.web6}: print('inside'); continue
    early = socket.socket(family); print(errno.errorcode[early.connect_ex((host, port))])
    s = socket.socket(family); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind((host, port))
    early = socket.socket(family); print(errno.errorcode[early.connect_ex((host, port))])
    s.listen(); threading.Thread(target=lambda: (lambda c: (c.sendall(b'inside'), c.close()))(s.accept()[0])).start()
    c = socket.create_connection((host, port), 20); print(c.makefile().read())`),
      );
      const once = 'ECONNREFUSED\nECONNREFUSED\ninside\n';
      expect(ended).toMatchObject({ stdout: ports.web6 ? once + once : `${once}inside\n`, code: 0 });
    });

    test('nothing else leaves: datagrams, raw sockets, other families', async () => {
      using world = place();
      world.policy(rules(allowed).replace('"connect"', '"no such action"'));
      const ended = await world.run(
        python(`u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(3):
    try: u.sendmsg([b'out'], [], 0, ('127.0.0.1', ${ports.udp})); print('sent')
    except OSError as e: print(errno.errorcode[e.errno])
for family, kind in ((socket.AF_INET, socket.SOCK_RAW), (socket.AF_PACKET, socket.SOCK_RAW), (40, socket.SOCK_STREAM), (socket.AF_NETLINK, socket.SOCK_RAW)):
    try: socket.socket(family, kind, 0); print('made')
    except OSError as e: print('refused')
print(sorted(n for i, n in socket.if_nameindex()))`),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(datagrams).toBe(0);
      expect(ended.stdout).toMatch(/\['lo'\]\n$/);
      expect(ended.stdout).toMatch(/(refused\n){3}/);
    });

    const asRoot = process.getuid?.() === 0 && existsSync('/etc/resolv.conf');
    const free =
      asRoot &&
      spawnSync('python3', ['-c', 'import socket; socket.socket(2, 2).bind(("127.0.0.1", 53))']).status === 0;
    if (!free) console.log('skipped: names, because 127.0.0.1:53 cannot be taken here');
    test.skipIf(!free)(
      'each name is decided: a denied one is refused and recorded, an allowed one is known by its name',
      async () => {
        using world = new World({ identity, isolation });
        world.file('resolv.conf', 'nameserver 127.0.0.1\noptions timeout:2 attempts:1\n');
        world.policy(
          rules(allowed)
            .replace(
              'not input.destination.port in',
              'not input.destination.host == "web.allowed.test"\n\tnot input.destination.port in',
            )
            .replaceAll(`, ${ports.web}`, ''),
        );
        const settings = { chaperone: { egress: { names: { private: ['*.allowed.test'] } } } };
        world.file('policy/data.json', JSON.stringify(settings));
        const asked: string[] = [];
        const server = dgram.createSocket('udp4');
        server.on('message', (packet, from) => {
          const { id, questions = [] } = dns.decode(packet);
          asked.push(...questions.map(({ name }) => name));
          const answers = questions
            .filter(({ type }) => type === 'A')
            .map(({ name }) => ({ type: 'A' as const, name, ttl: 60, data: '127.0.0.1' }));
          server.send(dns.encode({ type: 'response', id, questions, answers }), from.port, from.address);
        });
        await new Promise<void>((resolve) => server.bind(53, '127.0.0.1', resolve));
        try {
          const script = `for n in web.allowed.test WEB.Allowed.Test secret.denied.test; do getent ahostsv4 $n | head -1 || true; done; curl -sS --max-time 20 http://web.allowed.test:${ports.web}/ | wc -c`;
          // The host's resolv.conf is replaced for this session only, in a mount namespace of its own.
          const become = [
            'setpriv',
            `--reuid=${identity.uid}`,
            `--regid=${identity.uid}`,
            '--clear-groups',
            '--',
          ];
          const hide = [
            'unshare',
            '-m',
            'sh',
            '-c',
            'mount --bind "$0" /etc/resolv.conf && exec "$@"',
            world.at('resolv.conf'),
          ];
          const command = [...hide, ...become, ...world.line(), 'sh', '-c', script];
          const options: SpawnOptions = {
            cwd: world.dir,
            env: world.environment,
            stdio: ['ignore', 'pipe', 'pipe'],
          };
          const ended = await collect(spawn(command[0] ?? '', command.slice(1), options), 60_000);
          expect(ended.stdout).toMatch(/^127\.0\.0\.1 .*\n127\.0\.0\.1 .*\n\d+\n$/);
          expect(Number(ended.stdout.trim().split('\n').at(-1))).toBe(body.length);
          expect(asked.map((name) => name.toLowerCase())).not.toContain('secret.denied.test');
          expect(denials(world).map(({ input }) => input)).toContainEqual(
            expect.objectContaining({
              action: 'resolve_name',
              destination: expect.objectContaining({ host: 'secret.denied.test' }),
            }),
          );
        } finally {
          server.close();
        }
      },
    );
  },
);
