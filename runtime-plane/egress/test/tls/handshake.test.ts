import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { type Accepted, acceptTls, Authority, connectUpstream, upstreamTrust } from '../../src/tls/index.ts';
import { connected, destination, listening, openingServer, portOf } from './pairs.ts';

const authority = Authority.create('5f0c', Date.now);
const trust = upstreamTrust([authority.certificate]);
const host = 'api.example.org';

/** One connection of a client through `acceptTls`. */
async function accept(
  options: { alpn?: string; deadlineMs?: number },
  client: tls.ConnectionOptions,
): Promise<{ accepted: Accepted; socket: tls.TLSSocket; failed: Error | undefined; done: () => void }> {
  const { promise, resolve } = Promise.withResolvers<Accepted>();
  const server = await openingServer(authority, options, resolve);
  const socket = tls.connect({
    port: portOf(server),
    host: '127.0.0.1',
    servername: host,
    ca: authority.certificate,
    ...client,
  });
  const failing = once(socket, 'error').then(
    ([error]: unknown[]) => error as Error,
    () => undefined,
  );
  socket.on('error', () => {});
  const secure = once(socket, 'secureConnect').catch(() => {});
  const accepted = await promise;
  if (accepted.ok) await secure;
  const failed = accepted.ok ? undefined : await failing;
  const done = (): void => {
    socket.destroy();
    if (accepted.ok) accepted.socket.destroy();
    server.close();
  };
  return { accepted, socket, failed, done };
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  '[req: egress:tls] %s is spoken over a socket whose first bytes were read, one half may end before the other',
  async (version) => {
    const { accepted, socket, done } = await accept(
      { alpn: 'http/1.1' },
      { maxVersion: version, ALPNProtocols: ['h2', 'http/1.1'] },
    );
    if (!accepted.ok) throw new Error(accepted.message);
    expect(accepted.socket.getProtocol()).toBe(version);
    expect(socket.alpnProtocol).toBe('http/1.1');
    const sent = Buffer.alloc(3_000_000, 'chaperone ');
    const parts: Buffer[] = [];
    accepted.socket.on('data', (part: Buffer) => parts.push(part));
    socket.end(sent);
    await once(accepted.socket, 'end');
    expect(Buffer.concat(parts).equals(sent)).toBe(true);
    accepted.socket.end('after the end');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('after the end');
    done();
  },
);

test('[req: egress:tls] the client is told of no protocol but the one that the far side agreed to', async () => {
  const none = await accept({}, { ALPNProtocols: ['h2', 'http/1.1'] });
  expect(none.accepted.ok).toBe(true);
  expect(none.socket.alpnProtocol).toBe(false);
  none.done();
  const other = await accept({ alpn: 'h2' }, { ALPNProtocols: ['http/1.1'] });
  expect(other.accepted).toMatchObject({ ok: false, code: 'handshake' });
  expect(other.failed?.message).toContain('no application protocol');
  other.done();
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('[req: egress:tls] clients of %s can resume', async (version) => {
  const first = await accept({}, { maxVersion: version });
  // Tickets of TLS 1.3 come with what the server says first.
  const held = version === 'TLSv1.3' ? (once(first.socket, 'session') as Promise<[Buffer]>) : undefined;
  if (first.accepted.ok) first.accepted.socket.write('x');
  first.socket.resume();
  const session = held === undefined ? first.socket.getSession() : (await held)[0];
  first.done();
  const second = await accept({}, { maxVersion: version, session });
  expect(second.socket.isSessionReused()).toBe(true);
  second.done();
});

test('[req: egress:tls] a client that offers TLS 1.1 only is told and let go', async () => {
  const old = await accept({}, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
  expect(old.accepted).toMatchObject({ ok: false, code: 'handshake' });
  old.done();
});

test('[req: egress:tls] a client that goes away or says no more does not hold anything', async () => {
  for (const [leave, code] of [
    [(socket: net.Socket) => socket.resetAndDestroy(), 'closed'],
    [() => {}, 'timeout'],
  ] as const) {
    const { promise, resolve } = Promise.withResolvers<Accepted>();
    const server = await openingServer(authority, { deadlineMs: 300 }, resolve);
    const relay = await listening(
      net.createServer((socket) => {
        socket.on('error', () => {});
        const onward = net.connect(portOf(server), '127.0.0.1');
        onward.on('error', () => {});
        socket.on('data', (part) => onward.write(part));
        // The hello arrives; what the server answers never does.
        setTimeout(() => leave(onward), 100);
      }),
    );
    const client = tls.connect({ port: portOf(relay), host: '127.0.0.1', servername: host });
    client.on('error', () => {});
    expect(await promise).toMatchObject({ ok: false, code });
    client.destroy();
    relay.close();
    const left = new Promise((done) => server.getConnections((_, count) => done(count)));
    expect(await left).toBe(0);
    server.close();
  }
});

test('[req: egress:tls] sockets that are gone, or whose other side ended, come to nothing', async () => {
  const context = authority.contextFor(host);
  for (const leave of [
    (socket: net.Socket) => socket.destroy(),
    // Both halves by turns: the other side ends, and that was heard.
    async (socket: net.Socket) => {
      socket.resume();
      await once(socket, 'end');
    },
  ]) {
    const server = await listening(net.createServer((socket) => socket.on('error', () => {}).end()));
    const options = { alpn: undefined, deadlineMs: 300, first: Uint8Array.of(22, 3, 1), context };
    const near = await connected(portOf(server));
    await leave(near);
    // Nobody else hears of its errors.
    near.removeAllListeners('error');
    expect(await acceptTls({ ...options, near })).toMatchObject({ ok: false, code: 'closed' });
    expect(near.destroyed).toBe(true);
    const far = await connected(portOf(server));
    await leave(far);
    expect(await connectUpstream({ far, host, alpn: [], trust, deadlineMs: 300 })).toMatchObject({
      ok: false,
    });
    expect(far.destroyed).toBe(true);
    server.close();
  }
});

async function reach(
  far: net.Server,
  options: { host?: string; alpn?: string[]; deadlineMs?: number } = {},
): ReturnType<typeof connectUpstream> {
  return connectUpstream({
    far: await connected(portOf(far)),
    host: options.host ?? host,
    alpn: options.alpn ?? [],
    trust,
    deadlineMs: options.deadlineMs ?? 5000,
  });
}

test('[req: egress:tls] the far side is checked and described', async () => {
  const far = await destination(authority, host);
  const upstream = await reach(far);
  if (!upstream.ok) throw new Error(upstream.message);
  expect(upstream.certificate).toMatchObject({
    subject: `CN=${host}`,
    issuer: 'CN=Chaperone session 5f0c',
    san: `DNS:${host}`,
  });
  expect(upstream.certificate.fingerprint256).toMatch(/^[0-9a-f]{64}$/);
  expect(Date.parse(upstream.certificate.validTo)).toBeGreaterThan(Date.now());
  const [data] = (await once(upstream.socket, 'data')) as [Buffer];
  expect(data.toString()).toBe('hello');
  upstream.socket.destroy();
  far.close();
});

test.each<[string, () => Promise<net.Server>, string | undefined]>([
  ['another name', () => destination(authority, 'other.example.org'), undefined],
  ['a name for an address', () => openingServer(authority, { host }, () => {}), '127.0.0.1'],
  ['an unknown authority', () => destination(Authority.create('other', Date.now), host), undefined],
  [
    'an end in the past',
    () =>
      destination(
        Authority.create('5f0c', () => Date.now() - 30 * 24 * 3_600_000),
        host,
      ),
    undefined,
  ],
])('[req: egress:tls] a far side with a certificate with %s is refused', async (_, make, name) => {
  const far = await make();
  const upstream = await reach(far, name === undefined ? {} : { host: name });
  expect(upstream).toMatchObject({ ok: false, code: 'certificate' });
  far.close();
});

test('[req: egress:tls] a certificate for an address is taken for that address', async () => {
  const far = await openingServer(authority, { host: '127.0.0.1' }, () => {});
  const upstream = await reach(far, { host: '127.0.0.1' });
  expect(upstream).toMatchObject({ ok: true, certificate: { san: 'IP Address:127.0.0.1' } });
  if (upstream.ok) upstream.socket.destroy();
  far.close();
});

test.each([
  [['http/1.1', 'h2'], ['h2', 'http/1.1'], 'h2'],
  [['h2', 'http/1.1'], ['http/1.1'], 'http/1.1'],
  [['spdy/3', 'http/1.1'], ['spdy/3', 'http/1.1'], 'http/1.1'],
  [['acme-tls/1'], ['acme-tls/1'], undefined],
  [[], ['h2'], undefined],
])(
  '[req: egress:tls] of %j a far side with %j is asked for what can be carried: %s',
  async (offered, known, agreed) => {
    const far = await destination(authority, host, { ALPNProtocols: known });
    const upstream = await reach(far, { alpn: offered });
    expect(upstream).toMatchObject({ ok: true });
    if (upstream.ok) {
      expect(upstream.alpn).toBe(agreed);
      upstream.socket.destroy();
    }
    far.close();
  },
);

test.each<[string, (socket: net.Socket) => void, string]>([
  ['ends', (socket) => socket.end(), 'closed'],
  ['resets', (socket) => socket.resetAndDestroy(), 'closed'],
  ['says nothing', () => {}, 'timeout'],
  ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'handshake'],
  ['sends what is no TLS', (socket) => socket.end(Buffer.alloc(100_000, 0x16)), 'handshake'],
])('[req: egress:tls] a far side that %s is let go', async (_, act, code) => {
  const far = await listening(
    net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => act(socket));
    }),
  );
  const socket = await connected(portOf(far));
  const upstream = await connectUpstream({ far: socket, host, alpn: [], trust, deadlineMs: 300 });
  expect(upstream).toMatchObject({ ok: false, code });
  expect(socket.destroyed).toBe(true);
  far.close();
});

test('[req: egress:tls] TLS below 1.2 is not spoken to the far side', async () => {
  const far = await destination(authority, host, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
  expect(await reach(far)).toMatchObject({ ok: false, code: 'handshake' });
  far.close();
});
