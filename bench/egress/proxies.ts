/** The proxies of others, each configured to do what its row says and nothing else: no log, no cache. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../pdp-http/server.ts';
import { hostName } from './channel.ts';
import type { Stage } from './stage.ts';

export type Proxy = { readonly process: ChildProcess; readonly port: number };

/** Named by the variable, or found in PATH. Throws where the variable names none. */
export function found(variable: string, name: string): string | undefined {
  const named = process.env[variable];
  if (named !== undefined && !isProgram(named)) throw new Error(`${variable} names no program: ${named}`);
  if (named !== undefined) return path.resolve(named);
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

/** @returns what it says of itself, in one line */
export function versionOf(program: string, stage: Stage): string {
  const { stdout } = spawnSync(program, [program.endsWith('squid') ? '-v' : '--version'], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', HOME: stage.at('home') },
  });
  return /(?:Squid Cache: Version|Mitmproxy:) *([\d.]+)/.exec(stdout)?.[1] ?? 'unknown version';
}

export async function startMitmproxy(program: string, stage: Stage): Promise<Proxy> {
  const port = await freePort();
  const folder = stage.folder('mitmproxy');
  stage.copy('proxy-ca-both.pem', 'mitmproxy/mitmproxy-ca.pem');
  const settings = {
    confdir: folder,
    ssl_verify_upstream_trusted_ca: stage.at('target-ca.pem'),
    // Bodies pass as they come instead of being collected.
    stream_large_bodies: '1m',
    flow_detail: '0',
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const command = [program, '--quiet', '--listen-host', '127.0.0.1', '--listen-port', String(port), ...set];
  return listening(stage, command, port);
}

/** @param opens whether TLS is opened, else CONNECT is all it sees */
export async function startSquid(program: string, stage: Stage, opens: boolean): Promise<Proxy> {
  const port = await freePort();
  const shared = [
    'http_access allow all',
    'cache deny all',
    'cache_mem 0',
    'access_log none',
    `cache_log ${stage.at('squid.log')}`,
    'cache_store_log none',
    'pid_filename none',
    'pinger_enable off',
    'shutdown_lifetime 0 seconds',
    `coredump_dir ${stage.dir}`,
    `hosts_file ${stage.file('hosts', `127.0.0.1 ${hostName}\n`)}`,
  ];
  if (!opens) {
    const config = stage.file('squid.conf', [`http_port 127.0.0.1:${port}`, ...shared, ''].join('\n'));
    return listening(stage, [program, '-N', '-f', config], port);
  }
  const generator = process.env['SQUID_CERTGEN'] ?? '/usr/lib/squid/security_file_certgen';
  const store = stage.at('squid-certificates');
  const made = stage.start([generator, '-c', '-s', store, '-M', '4MB'], 'quiet');
  await new Promise((resolve) => made.once('close', resolve).once('error', resolve));
  const authority = `tls-cert=${stage.at('proxy-ca.pem')} tls-key=${stage.at('proxy-ca.key')}`;
  const config = [
    `http_port 127.0.0.1:${port} ssl-bump ${authority} generate-host-certificates=on dynamic_cert_mem_cache_size=4MB`,
    `sslcrtd_program ${generator} -s ${store} -M 4MB`,
    'sslcrtd_children 2',
    `tls_outgoing_options cafile=${stage.at('target-ca.pem')}`,
    'acl first at_step SslBump1',
    'ssl_bump peek first',
    'ssl_bump bump all',
    ...shared,
    '',
  ].join('\n');
  return listening(stage, [program, '-N', '-f', stage.file('squid-bump.conf', config)], port);
}

async function listening(stage: Stage, command: readonly string[], port: number): Promise<Proxy> {
  const child = stage.start(command, 'quiet');
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    if (await accepts(port)) return { process: child, port };
    await sleep(100);
  }
  await stage.stop(child);
  throw new Error(`it does not start: ${said.trim().split('\n').at(-1) ?? ''}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
