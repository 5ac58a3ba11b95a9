/** A place of its own for one test: folders, a policy, a journal; programs run in it bare or under chaperone. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { processesOf } from './world-processes.ts';

export type Isolation = 'process' | 'namespace';
export type Identity = { readonly name: string; readonly uid: number };
export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export const root = fileURLToPath(new URL('../../', import.meta.url));
const programs = fileURLToPath(new URL('./programs/', import.meta.url));

/** Root and an ordinary user when we may become either, else only who we are. */
export const identities: readonly Identity[] =
  process.getuid?.() === 0
    ? [
        { name: 'root', uid: 0 },
        { name: 'user', uid: 12_345 },
      ]
    : [{ name: 'user', uid: process.getuid?.() ?? 0 }];
if (identities.length === 1) console.log('skipped: every case as root, because the tests do not run as root');

const hasBubblewrap = spawnSync('bwrap', ['--ro-bind', '/', '/', 'true']).status === 0;
export const isolations: readonly Isolation[] = hasBubblewrap ? ['process', 'namespace'] : ['process'];
if (!hasBubblewrap)
  console.log('skipped: every case with namespace isolation, because bubblewrap does not work here');

/** Pairs of who and how, so that each appears; `index` takes them in turn where all of them would take too long. */
export const situations = identities.flatMap((identity) =>
  isolations.map((isolation) => ({ identity, isolation, title: `${identity.name}, ${isolation}` })),
);
export function situation(index: number): (typeof situations)[number] {
  const found = situations[index % situations.length];
  if (!found) throw new Error('no situation to test in');
  return found;
}

/** The two that differ in both, where all four would take too long; CHAPERONE_RACE_EVERYWHERE asks for all. */
export const few = process.env['CHAPERONE_RACE_EVERYWHERE']
  ? situations
  : [situation(0), situation(situations.length - 1)].slice(0, situations.length);

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `probe` holds; throws after `timeoutMs`. */
export async function until(what: string, probe: () => boolean, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!probe()) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(10);
  }
}

/** Runs without chaperone, and gives everything that was printed. */
export function collect(child: ChildProcess, timeoutMs = 120_000): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('latin1').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        new Error(
          `${child.spawnargs.join(' ').slice(0, 300)}: not finished after ${timeoutMs} ms\n${stderr}`,
        ),
      );
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

export class World {
  readonly dir: string;
  readonly identity: Identity;
  readonly isolation: Isolation;
  readonly #journalBase: string;
  readonly #children: ChildProcess[] = [];

  constructor({ identity, isolation }: { identity: Identity; isolation: Isolation }) {
    this.identity = identity;
    this.isolation = isolation;
    this.dir = mkdtempSync(path.join(tmpdir(), 'chaperone-e2e-'));
    // Each denial is synced to the disk at once: where thousands are provoked, the disk is memory.
    const shm = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    this.#journalBase = mkdtempSync(path.join(shm, 'chaperone-e2e-'));
    for (const one of [this.dir, this.#journalBase]) {
      chmodSync(one, 0o755);
      this.own(one);
    }
    this.folder('home');
    this.policy('default decision := {"allow": true}');
  }

  own(file: string): string {
    if (process.getuid?.() === 0) chownSync(file, this.identity.uid, this.identity.uid);
    return file;
  }
  at(name: string): string {
    return path.join(this.dir, name);
  }
  folder(name: string): string {
    mkdirSync(this.at(name), { recursive: true });
    return this.own(this.at(name));
  }
  file(name: string, content: string | Buffer, mode = 0o644): string {
    writeFileSync(this.at(name), content);
    chmodSync(this.at(name), mode);
    return this.own(this.at(name));
  }
  /** Rego rules of package chaperone.access; `data.world` is the world's folder. */
  policy(rules: string): void {
    this.folder('policy');
    this.file('policy/access.rego', `package chaperone.access\n\n${rules}\n`);
    this.file('policy/data.json', JSON.stringify({ world: this.dir }));
  }
  /** Compiles a program of `programs/` into the world. */
  compile(
    source: string,
    as = source.replace(/\.c$/, ''),
    flags: readonly string[] = ['-static', '-pthread'],
  ): string {
    const out = this.at(as);
    const { status, stderr } = spawnSync(
      'cc',
      ['-O2', '-w', '-o', out, path.join(programs, source), ...flags],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`${source} does not compile: ${stderr}`);
    return this.own(out);
  }

  get journal(): string {
    return path.join(this.#journalBase, 'journal');
  }
  get environment(): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    const state = path.join(this.#journalBase, 'state');
    return {
      PATH: `/usr/bin:/bin:${PATH ?? ''}`,
      HOME: this.at('home'),
      XDG_STATE_HOME: state,
      XDG_CACHE_HOME: this.at('home'),
      LC_ALL: 'C',
    };
  }

  /** Starts a program as this world's identity, without chaperone. */
  bare(
    command: readonly string[],
    stdio: 'pipe' | 'inherit' | readonly ('pipe' | 'ignore' | number)[] = 'pipe',
    detached = false,
  ): ChildProcess {
    const who = process.getuid?.() === 0 ? { uid: this.identity.uid, gid: this.identity.uid } : {};
    const child = spawn(command[0] ?? '', command.slice(1), {
      cwd: this.dir,
      env: this.environment,
      stdio: typeof stdio === 'string' ? stdio : [...stdio],
      detached,
      ...who,
    });
    child.on('error', () => {});
    this.#children.push(child);
    return child;
  }
  /** The same under chaperone; the child is chaperone itself. */
  start(
    command: readonly string[],
    stdio?: readonly ('pipe' | 'ignore' | number)[],
    options: readonly string[] = [],
    detached = false,
  ): ChildProcess {
    return this.bare([...this.line(options), ...command], stdio, detached);
  }
  line(options: readonly string[] = []): string[] {
    return [
      process.execPath,
      path.join(root, 'cli/src/main.js'),
      'run',
      '-p',
      this.at('policy'),
      '-j',
      this.journal,
      '-i',
      this.isolation,
      ...options,
      '--',
    ];
  }
  async run(command: readonly string[], timeoutMs?: number): Promise<Ended> {
    return collect(this.start(command, ['ignore', 'pipe', 'pipe']), timeoutMs);
  }
  async runBare(command: readonly string[], timeoutMs?: number): Promise<Ended> {
    return collect(this.bare(command, ['ignore', 'pipe', 'pipe']), timeoutMs);
  }
  verify(): Promise<Ended> {
    return collect(
      this.bare(
        [process.execPath, path.join(root, 'cli/src/main.js'), 'journal', 'verify', this.journal],
        ['ignore', 'pipe', 'pipe'],
      ),
    );
  }

  [Symbol.dispose](): void {
    for (const child of this.#children)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    for (const { pid } of processesOf(this)) process.kill(pid, 'SIGKILL'); // what a failed test left
    for (const one of [this.dir, this.#journalBase]) rmSync(one, { recursive: true, force: true });
  }
}
