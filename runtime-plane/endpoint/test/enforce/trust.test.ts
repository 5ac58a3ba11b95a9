import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Authority } from '@chaperone/egress/tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBubblewrap } from '../../src/enforce/launch.ts';
import { type Trust, trustFor } from '../../src/enforce/trust.ts';
import { browserMounts } from '../../src/enforce/trust/browsers.ts';
import { javaTrustStore } from '../../src/enforce/trust/java.ts';
import { programs, run, serve } from './trust-programs.ts';

const root = mkdtempSync(path.join(tmpdir(), 'trust-'));
const home = path.join(root, 'home');
const authority = Authority.create('5f0c', Date.now);
const stranger = Authority.create('other', Date.now).certificate.trim();
let far: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  mkdirSync(home);
  // Other users' programs are tried, too.
  chmodSync(root, 0o755);
  far = await serve(authority);
});
afterAll(() => {
  far.server.close();
  rmSync(root, { recursive: true });
});

function trust(
  isolation: 'process' | 'namespace',
  environment: Readonly<Record<string, string | undefined>> = { PATH: process.env['PATH'] },
  from = home,
): Trust & { folder: string } {
  const folder = mkdtempSync(path.join(root, 'session-'));
  const { certificate } = authority;
  return { ...trustFor({ authority: certificate, folder, isolation, environment, home: from }), folder };
}

const read = (file: string | undefined): string => readFileSync(file ?? '', 'utf8');
const own = authority.certificate.trim();

test('[req: egress:trust] there is a file with all authorities and one with that of the session', () => {
  const { environment, readable, folder } = trust('namespace', {});
  expect(readable).toEqual([folder]);
  const bundle = read(environment['SSL_CERT_FILE']);
  expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(20);
  expect(bundle).toContain(own);
  expect(read(environment['NODE_EXTRA_CA_CERTS'])).toBe(`${own}\n`);
  for (const file of Object.values(environment)) {
    expect(path.dirname(file)).toBe(folder);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
  expect(environment).not.toHaveProperty('SSL_CERT_DIR');
  expect(environment).not.toHaveProperty('npm_config_cafile');
});

test('[req: egress:trust] where the user names a file of their own, that and the session are trusted, and no others', () => {
  const file = path.join(root, 'corporate.pem');
  writeFileSync(file, `# ours\n${stranger}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`);
  const expected = `${stranger}\n${own}\n`;
  const { environment } = trust('namespace', {
    CURL_CA_BUNDLE: file,
    NODE_EXTRA_CA_CERTS: file,
    npm_config_cafile: file,
    AWS_CA_BUNDLE: '/nonexistent.pem',
    CONDA_SSL_VERIFY: 'true',
  });
  for (const name of ['CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'npm_config_cafile'])
    expect(read(environment[name]), name).toBe(expected);
  expect(environment['AWS_CA_BUNDLE']).toBe(environment['SSL_CERT_FILE']);
  expect(read(environment['SSL_CERT_FILE'])).not.toContain(stranger);
  expect(environment).not.toHaveProperty('CONDA_SSL_VERIFY');
});

test('[req: egress:trust] files that git and npm are configured with are kept', () => {
  const configured = path.join(root, 'configured');
  mkdirSync(configured);
  writeFileSync(path.join(configured, 'ca.pem'), `${stranger}\n`);
  writeFileSync(path.join(configured, '.gitconfig'), '[http]\n\tsslCAInfo = ~/ca.pem\n');
  writeFileSync(path.join(configured, '.npmrc'), `cafile=${configured}/ca.pem\n`);
  const { environment } = trust('namespace', {}, configured);
  for (const name of ['GIT_SSL_CAINFO', 'npm_config_cafile'])
    expect(read(environment[name]), name).toBe(`${stranger}\n${own}\n`);
});

test('[req: egress:trust] npm is also configured beside its Node, below what the user says', () => {
  const home = path.join(root, 'plain-home');
  const prefix = path.join(root, 'prefix');
  for (const folder of [home, `${prefix}/bin`, `${prefix}/etc`]) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(prefix, 'bin/node'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(path.join(prefix, 'ca.pem'), `${stranger}\n`);
  writeFileSync(path.join(prefix, 'etc/npmrc'), `cafile=${prefix}/ca.pem\n`);
  const found = (): string | undefined =>
    trust('process', { PATH: `${prefix}/bin` }, home).environment['npm_config_cafile'];
  expect(read(found())).toBe(`${stranger}\n${own}\n`);
  writeFileSync(path.join(home, '.npmrc'), 'cafile=/nonexistent.pem\n');
  expect(found()).toBeUndefined();
});

test('[req: egress:trust] configuration that an agent wrote makes nobody wait and fills no memory', () => {
  const written = path.join(root, 'written');
  mkdirSync(written);
  execFileSync('mkfifo', [path.join(written, '.gitconfig'), path.join(written, 'pipe')]);
  for (const file of [`${written}/pipe`, '/dev/zero', '/dev/tty', `${written}/loop`]) {
    symlinkSync('loop', path.join(written, 'loop.new'));
    renameSync(path.join(written, 'loop.new'), path.join(written, 'loop'));
    writeFileSync(path.join(written, '.npmrc'), `cafile="${file}"\ncafile${' '.repeat(100_000)}\n`);
    const { environment } = trust('namespace', {}, written);
    expect(environment['GIT_SSL_CAINFO']).toBe(environment['SSL_CERT_FILE']);
    expect(environment).not.toHaveProperty('npm_config_cafile');
  }
});

test('[req: egress:trust] a folder of certificates is told of', () => {
  expect(trust('namespace', { SSL_CERT_DIR: '/etc/ssl/certs' }).notes).toHaveLength(1);
  expect(trust('namespace', { SSL_CERT_DIR: '' }).notes).toHaveLength(0);
});

test.concurrent.each(Object.keys(programs(path.join(root, 'sources'), '0')))(
  '[req: egress:trust] %s trusts the session by its variables, and would not without',
  async (name) => {
    const { environment } = trust('process');
    const [program = '', ...args] = programs(path.join(root, 'sources'), far.port)[name] ?? [];
    // Its cache makes go some ten times quicker.
    const plain = {
      HOME: name === 'go' ? (process.env['HOME'] ?? home) : home,
      GOTOOLCHAIN: 'local',
      GIT_TERMINAL_PROMPT: '0',
    };
    const without = await run(program, args, plain);
    if (without === undefined) return console.log(`skipped: no ${program}`);
    if (without.output.includes('no requests')) return console.log('skipped: no requests for python3');
    expect(without).not.toMatchObject({ code: 0 });
    expect(without.output).toMatch(/certificat|PKIX/i);
    const said = await run(program, args, { ...plain, ...environment });
    expect(said).toMatchObject({ code: 0 });
    if (name === 'openssl') expect(said?.output).toContain('Verification: OK');
    else if (name !== 'git') expect(said?.output).toContain('the far end');
    return undefined;
  },
);

test('[req: egress:trust] keytool reads the trust stores, with what was in them', async () => {
  const first = path.join(root, 'first.jks');
  writeFileSync(first, javaTrustStore(undefined, [stranger]));
  const second = path.join(root, 'second.jks');
  writeFileSync(second, javaTrustStore(first, [own]));
  expect(readFileSync(second).readUInt32BE(8)).toBe(2);
  expect(readFileSync(second).includes(new X509Certificate(stranger).raw)).toBe(true);
  const said = await run('keytool', ['-list', '-keystore', second, '-storepass', 'changeit'], {});
  if (said === undefined) return console.log('skipped: no keytool');
  expect(said.code).toBe(0);
  expect(said.output.match(/trustedCertEntry/g)).toHaveLength(2);
  const broken = path.join(root, 'broken.jks');
  writeFileSync(broken, readFileSync(second).fill(1, 40, 41));
  expect((await run('keytool', ['-list', '-keystore', broken, '-storepass', 'changeit'], {}))?.code).not.toBe(
    0,
  );
  return undefined;
});

test('[req: egress:trust] a trust store in another format is replaced by the authorities of the machine', () => {
  const other = path.join(root, 'cacerts.p12');
  writeFileSync(other, Buffer.alloc(100, 0x30));
  const store = javaTrustStore(other, [own], () => [stranger]);
  expect(store.readUInt32BE(8)).toBe(2);
});

test("[req: egress:trust] a browser's policies are kept, with one authority more", () => {
  const policies = path.join(root, 'browser');
  mkdirSync(path.join(policies, 'policies/managed'), { recursive: true });
  writeFileSync(path.join(policies, 'policies/managed/own.json'), '{"CACertificates":["AAAA"],"Other":1}');
  const folder = mkdtempSync(path.join(root, 'session-'));
  const [mount, ...others] = browserMounts(folder, authority.certificate, [policies, '/nonexistent']);
  expect(others).toEqual([]);
  expect(mount?.target).toBe(policies);
  const managed = path.join(mount?.source ?? '', 'policies/managed');
  expect(read(path.join(managed, 'own.json'))).toContain('"Other":1');
  const { CACertificates: all } = JSON.parse(read(path.join(managed, 'zzzz-chaperone.json'))) as {
    CACertificates: string[];
  };
  expect(all[0]).toBe('AAAA');
  expect(new X509Certificate(Buffer.from(all[1] ?? '', 'base64')).subject).toBe('CN=Chaperone session 5f0c');
  // What nobody can read is not replaced by less.
  writeFileSync(path.join(policies, 'policies/managed/broken.json'), '{');
  expect(browserMounts(mkdtempSync(path.join(root, 'session-')), own, [policies])).toEqual([]);
});

test('[req: egress:trust] mounts stand over what is there, not over links', () => {
  for (const { source, target } of trust('namespace').mounts) {
    expect(statSync(source).isDirectory()).toBe(statSync(target).isDirectory());
    expect(statSync(target).isDirectory() || statSync(target).isFile()).toBe(true);
  }
  expect(trust('process').mounts).toEqual([]);
});

test.concurrent.each(['curl', 'wget', 'java', 'chromium'])(
  '[req: egress:trust] %s trusts the session by its mounts alone',
  async (name) => {
    const bubblewrap = findBubblewrap(process.env);
    const { mounts } = trust('namespace');
    const url = `https://localhost:${far.port}/`;
    const commands: Readonly<Record<string, readonly string[]>> = {
      ...programs(path.join(root, 'sources'), far.port),
      wget: ['wget', '-qO-', '--no-proxy', url],
      chromium: [
        ['chromium', '--headless', '--no-sandbox', '--disable-gpu'],
        [`--user-data-dir=${root}/chromium`, '--dump-dom', url],
      ].flat(),
    };
    const command = commands[name] ?? [];
    const binds = mounts.flatMap(({ source, target }) => ['--ro-bind', source, target]);
    const base = ['--dev-bind', '/', '/'];
    const works = bubblewrap && (await run(bubblewrap, [...base, 'true'], {}));
    if (!bubblewrap || !works || works.code !== 0)
      return console.log('skipped: bubblewrap makes no mounts here');
    const said = await run(bubblewrap, [...base, ...binds, '--', ...command], { HOME: home });
    if (/execvp .*No such file/.test(said?.output ?? '')) return console.log(`skipped: no ${name}`);
    expect(said?.output).toContain('the far end');
    return undefined;
  },
);
