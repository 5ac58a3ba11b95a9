import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Authority } from '../../src/tls/index.ts';
import { listening, openingServer, portOf } from './pairs.ts';
import { run } from './programs.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-22T12:00:00Z');
const folder = mkdtempSync(path.join(tmpdir(), 'authority-'));
const authority = Authority.create('5f0c', Date.now);
const root = path.join(folder, 'root.pem');
let server: Awaited<ReturnType<typeof openingServer>>;

beforeAll(async () => {
  writeFileSync(root, authority.certificate);
  server = await openingServer(authority, { alpn: 'http/1.1' }, (accepted) => {
    if (!accepted.ok) return;
    accepted.socket.once('data', () => accepted.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
  });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** The certificate that a client is shown for a host. */
async function shown(from: Authority, host: string): Promise<X509Certificate> {
  const far = await listening(
    tls.createServer({ SNICallback: (_, done) => done(null, from.contextFor(host)) }),
  );
  far.on('secureConnection', (near) => near.on('error', () => {}));
  const socket = tls.connect({
    port: portOf(far),
    host: '127.0.0.1',
    servername: 'any.example',
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  far.close();
  if (certificate === undefined) throw new Error('no certificate');
  return certificate;
}

test('[req: egress:tls] the root is an authority of its own that lasts as long as sessions', () => {
  const certificate = new X509Certificate(Authority.create('5f0c', () => now).certificate);
  expect(certificate.subject).toBe('CN=Chaperone session 5f0c');
  expect(certificate.ca).toBe(true);
  expect(certificate.checkIssued(certificate)).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.validFromDate.getTime()).toBe(now - hour);
  expect(certificate.validToDate.getTime()).toBe(now + 90 * 24 * hour);
  expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
});

test('[req: egress:tls] certificates of hosts are signed by the root, for that host alone and to serve', async () => {
  const at = Authority.create('5f0c', () => now);
  const issuer = new X509Certificate(at.certificate);
  const certificate = await shown(at, 'api.example.org');
  expect(certificate.verify(issuer.publicKey)).toBe(true);
  expect(certificate.checkIssued(issuer)).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.subjectAltName).toBe('DNS:api.example.org');
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.validFromDate.getTime()).toBe(now - hour);
  expect(certificate.validToDate.getTime()).toBe(now + 24 * hour);
  expect(certificate.checkHost('other.example.org')).toBeUndefined();
});

test.each([
  ['192.0.2.7', 'IP Address:192.0.2.7'],
  ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
  ['::ffff:192.0.2.7', 'IP Address:0:0:0:0:0:FFFF:C000:207'],
  ['2001:db8:1:2:3:4:5:6', 'IP Address:2001:DB8:1:2:3:4:5:6'],
  [`${'a'.repeat(60)}.${'b'.repeat(60)}.example`, `DNS:${'a'.repeat(60)}.${'b'.repeat(60)}.example`],
])('[req: egress:tls] %s has a certificate, too', async (host, name) => {
  const certificate = await shown(authority, host);
  expect(certificate.subjectAltName).toBe(name);
  expect(certificate.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
});

test('[req: egress:tls] nothing but a host gets a certificate', () => {
  for (const host of ['', '*.example', 'a\0b', 'A.example', 'a.example,DNS:b.example', '127.1'])
    expect(() => authority.contextFor(host), host).toThrow(RangeError);
});

test('[req: egress:tls] certificates are made once and renewed before they end', () => {
  let ms = now;
  const at = Authority.create('5f0c', () => ms);
  const first = at.contextFor('a.example');
  expect(at.contextFor('a.example')).toBe(first);
  ms += 21 * hour;
  expect(at.contextFor('a.example')).toBe(first);
  ms += 2 * hour;
  expect(at.contextFor('a.example')).not.toBe(first);
});

test('[req: egress:tls] the least used of very many hosts is forgotten', () => {
  const kept = authority.contextFor('kept.example');
  const forgotten = authority.contextFor('forgotten.example');
  for (let index = 0; index < 499; index++) {
    authority.contextFor(`h${index}.example`);
    if (index === 300) authority.contextFor('kept.example');
  }
  expect(authority.contextFor('kept.example')).toBe(kept);
  expect(authority.contextFor('forgotten.example')).not.toBe(forgotten);
});

test('[req: egress:tls] times from 2050 on are written in the form that has room for them', async () => {
  for (const year of [2049, 2050]) {
    const start = Date.parse(`${year}-12-31T23:30:00Z`);
    const certificate = await shown(
      Authority.create('5f0c', () => start),
      'a.example',
    );
    expect(certificate.validFromDate.getTime()).toBe(start - hour);
    expect(certificate.validToDate.getTime()).toBe(start + 24 * hour);
    const text = certificate.raw.toString('latin1');
    // The tags of UTCTime and GeneralizedTime, with the length of each.
    expect(text).toContain(year === 2049 ? '\x17\x0d491231223000Z' : '\x18\x0f20501231223000Z');
    expect(text).toContain(`\x18\x0f${year + 2}0101`.slice(0, 2));
  }
});

test('[req: egress:tls] openssl finds nothing to complain about', async () => {
  const leaf = path.join(folder, 'leaf.pem');
  writeFileSync(leaf, (await shown(authority, 'api.example.org')).toString());
  const verify = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', root];
  const said = await run('openssl', [...verify, '-verify_hostname', 'api.example.org', leaf]);
  if (said === undefined) return console.log('skipped: no openssl');
  expect(said).toEqual({ code: 0, output: `${leaf}: OK\n` });
  const other = await run('openssl', [...verify, '-verify_hostname', 'other.example.org', leaf]);
  expect(other?.code).not.toBe(0);
  return undefined;
});

const python = `
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
s = context.wrap_socket(socket.create_connection(('127.0.0.1', int(sys.argv[2]))), server_hostname='api.example.org')
s.sendall(b'x')
sys.exit(0 if s.recv(8) else 1)
`;
const go = `package main
import ("crypto/tls"; "crypto/x509"; "os")
func main() {
  pem, _ := os.ReadFile(os.Args[1])
  pool := x509.NewCertPool()
  if !pool.AppendCertsFromPEM(pem) { os.Exit(3) }
  c, err := tls.Dial("tcp", "127.0.0.1:"+os.Args[2], &tls.Config{RootCAs: pool, ServerName: "api.example.org"})
  if err != nil { println(err.Error()); os.Exit(1) }
  c.Close()
}
`;

test.each(['curl', 'python3', 'go'])('[req: egress:tls] %s takes the certificates', async (program) => {
  const port = String(portOf(server));
  writeFileSync(path.join(folder, 'main.go'), go);
  const args: Record<string, readonly string[]> = {
    curl: [
      '-sS',
      '--noproxy',
      '*',
      '--cacert',
      root,
      '--connect-to',
      `::127.0.0.1:${port}`,
      'https://api.example.org/',
    ],
    python3: ['-c', python, root, port],
    go: ['run', path.join(folder, 'main.go'), root, port],
  };
  const said = await run(program, args[program] ?? [], {
    HOME: process.env['HOME'] ?? folder,
    GOTOOLCHAIN: 'local',
  });
  if (said === undefined) return console.log(`skipped: no ${program}`);
  expect(said).toMatchObject({ code: 0 });
  return undefined;
});
