/** Where all rows run: a folder, certificates, the target; and how programs are started there. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ordinaryUser } from '../ground.ts';
import { hostName } from './channel.ts';

/** Common name of who signs the target's certificate; another one means that a proxy opened the connection. */
export const targetAuthority = 'bench target';
export const proxyAuthority = 'bench proxy';

export class Stage implements AsyncDisposable {
  readonly dir = mkdtempSync(path.join(tmpdir(), 'chaperone-bench-egress-'));
  readonly #isRoot = process.getuid?.() === 0;
  readonly #children: ChildProcess[] = [];
  port = 0;

  /** Throws when openssl is missing or refuses, or the target does not start. */
  static async build(): Promise<Stage> {
    const stage = new Stage();
    try {
      chmodSync(stage.dir, 0o755);
      stage.#own(stage.dir);
      stage.folder('home');
      stage.#authority('target-ca', targetAuthority);
      stage.#authority('proxy-ca', proxyAuthority);
      stage.#targetCertificate();
      const target = stage.start(
        [
          process.execPath,
          path.join(import.meta.dirname, 'target.ts'),
          stage.at('target.pem'),
          stage.at('target.key'),
        ],
        'pipe',
      );
      stage.port = Number(await firstLine(target));
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  at(name: string): string {
    return path.join(this.dir, name);
  }

  folder(name: string): string {
    mkdirSync(this.at(name), { recursive: true });
    return this.#own(this.at(name));
  }

  file(name: string, content: string): string {
    writeFileSync(this.at(name), content);
    return this.#own(this.at(name));
  }

  /** @param from anywhere, or in the folder */
  copy(from: string, to: string): string {
    return this.file(to, readFileSync(path.resolve(this.dir, from), 'utf8'));
  }

  /** As the ordinary user, where root measures. Its standard input and output are pipes with `pipe`. */
  start(command: readonly string[], stdio: 'pipe' | 'quiet'): ChildProcess {
    const [program = '', ...args] = command;
    const log = stdio === 'pipe' ? 'pipe' : 'ignore';
    const child = spawn(program, args, {
      cwd: this.dir,
      env: {
        PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
        HOME: this.at('home'),
        TMPDIR: this.at('home'),
        LC_ALL: 'C',
      },
      stdio: [log, log, 'pipe'],
      ...(this.#isRoot ? { uid: ordinaryUser, gid: ordinaryUser } : {}),
    });
    child.on('error', () => {});
    this.#children.push(child);
    return child;
  }

  /** Waits until it is gone; SIGKILL after five seconds. */
  async stop(child: ChildProcess): Promise<void> {
    this.#children.splice(this.#children.indexOf(child), 1);
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.stop(child)));
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  #own(file: string): string {
    if (this.#isRoot) chownSync(file, ordinaryUser, ordinaryUser);
    return file;
  }

  #openssl(...args: readonly string[]): void {
    const { status, stderr, error } = spawnSync('openssl', args, { cwd: this.dir, encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl makes no certificate: ${error?.message ?? stderr}`);
  }

  /** `NAME.pem`, `NAME.key`, and both in `NAME-both.pem`. */
  #authority(name: string, commonName: string): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    this.#openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-subj',
      `/CN=${commonName}`,
    );
    this.file(`${name}-both.pem`, this.#text(`${name}.key`) + this.#text(`${name}.pem`));
    for (const suffix of ['key', 'pem']) this.#own(this.at(`${name}.${suffix}`));
  }

  #targetCertificate(): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const names = ['-addext', `subjectAltName=DNS:${hostName},IP:127.0.0.1`, '-subj', `/CN=${hostName}`];
    const signer = ['-CA', 'target-ca.pem', '-CAkey', 'target-ca.key'];
    this.#openssl(
      'req',
      '-x509',
      ...key,
      ...names,
      ...signer,
      '-keyout',
      'target.key',
      '-out',
      'target.pem',
      '-days',
      '2',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    );
    for (const suffix of ['key', 'pem']) this.#own(this.at(`target.${suffix}`));
  }

  #text(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout) for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the target does not start');
}
