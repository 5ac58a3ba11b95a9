/**
 * One throw-away world per attack: a secret behind a policy, an open folder to work from, a journal outside both, and a
 * way to run a program there as somebody, with or without chaperone.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JournalRecord } from '@chaperone/protocol';
import { type PolicyName, policies } from './policies.ts';

export type User = 'user' | 'root';
export type Isolation = 'namespace' | 'process';
export type Cell = { readonly user: User; readonly isolation: Isolation };

/** `signal` is set for a run that did not end by itself within its time, too. */
export type Run = {
  readonly status: number | null;
  readonly signal: string | null;
  readonly hung: boolean;
  readonly output: string;
};

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(checkout, 'cli/src/main.js');
/** Nobody's: a user that no password file knows has no privileges by accident. */
const unprivileged = 12345;
const runsAsRoot = process.getuid?.() === 0;

/** Without root there is only the half of whoever runs the suite. */
export const users: readonly User[] = runsAsRoot ? ['user', 'root'] : ['user'];
export const withoutRoot = runsAsRoot ? undefined : 'the suite does not run as root';

const idsOf = (user: User): { uid: number; gid: number } | undefined =>
  runsAsRoot ? (user === 'root' ? { uid: 0, gid: 0 } : { uid: unprivileged, gid: unprivileged }) : undefined;

/** What all worlds of a file share: the compiled attacks and, per user, a cache that makes Node start faster. */
export class Ground {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'chaperone-escape-'));
  readonly caches: Readonly<Record<User, string>>;
  readonly tools: string;

  constructor() {
    chmodSync(this.folder, 0o755);
    const cache = (user: User): string => ownFolder(path.join(this.folder, `cache-${user}`), user);
    this.caches = { user: cache('user'), root: cache('root') };
    this.tools = path.join(this.folder, 'tools');
    mkdirSync(this.tools);
    setUpOnce();
  }

  /** Compiles programs/<source>.c, statically unless flags are given. False without a compiler. */
  compile(program: string | readonly [source: string, as: string, ...flags: string[]]): boolean {
    const [name, as, ...flags] = typeof program === 'string' ? [program, program, '-static'] : program;
    const source = fileURLToPath(new URL(`programs/${name}.c`, import.meta.url));
    const target = path.join(this.tools, as);
    const built = spawnSync('cc', ['-O1', ...flags, '-pthread', '-o', target, source], { encoding: 'utf8' });
    if (built.error) return false;
    if (built.status !== 0) throw new Error(`${name}.c does not compile: ${built.stderr}`);
    chmodSync(target, 0o755);
    return true;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A session needs what `./chaperone` prepares: the gate program must be built before somebody without rights starts one. */
function setUpOnce(): void {
  const ready = spawnSync(path.join(checkout, 'chaperone'), ['--version'], { encoding: 'utf8' });
  if (ready.status !== 0) throw new Error(`chaperone cannot be set up: ${ready.stderr}`);
}

function ownFolder(folder: string, user: User, mode = 0o755): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, mode);
  const ids = idsOf(user);
  if (ids) chownSync(folder, ids.uid, ids.gid);
  return folder;
}

export class World {
  readonly cell: Cell;
  readonly folder: string;
  /** Above the secret's folder, so that it can be moved by an ancestor. */
  readonly books: string;
  readonly secretFolder: string;
  readonly secret: string;
  readonly open: string;
  readonly run: string;
  readonly home: string;
  readonly journal: string;
  readonly policy: string;
  readonly canary = `CANARY-${randomBytes(12).toString('hex')}`;
  readonly tools: string;
  readonly #ground: Ground;
  readonly #children: ChildProcess[] = [];
  readonly #closers: (() => void)[] = [];

  constructor(ground: Ground, cell: Cell) {
    this.#ground = ground;
    this.cell = cell;
    this.tools = ground.tools;
    this.folder = mkdtempSync(path.join(ground.folder, 'w-'));
    ownFolder(this.folder, cell.user);
    const inside = (name: string): string => ownFolder(path.join(this.folder, name), cell.user);
    this.books = inside('books');
    this.secretFolder = inside('books/financials');
    this.open = inside('open');
    this.run = inside('run');
    this.home = inside('home');
    this.journal = path.join(this.folder, 'journal');
    this.policy = path.join(this.folder, 'policy');
    this.secret = path.join(this.secretFolder, 'Q4.csv');
    this.write(this.secret, `${this.canary}\n`);
  }

  /** As the user of this world. */
  write(file: string, content: string | Uint8Array, mode = 0o644): string {
    writeFileSync(file, content);
    chmodSync(file, mode);
    this.own(file);
    return file;
  }

  own(file: string): void {
    const ids = idsOf(this.cell.user);
    if (ids) lchownSync(file, ids.uid, ids.gid);
  }

  makeFolder(name: string): string {
    return ownFolder(path.join(this.folder, name), this.cell.user);
  }

  /** Tools are copied in where an attack moves or replaces them. */
  copyTool(name: string, to: string): string {
    return this.write(to, readFileSync(path.join(this.tools, name)), 0o755);
  }

  /** @param data what rules are told; `chaperone` in it are settings */
  usePolicy(name: PolicyName, data: Readonly<Record<string, unknown>> = {}): void {
    ownFolder(this.policy, this.cell.user);
    this.write(path.join(this.policy, 'access.rego'), policies[name]);
    const own = { secret: this.secretFolder, open: this.open, run: this.run, tools: this.tools };
    const { chaperone, ...rest } = data;
    this.write(
      path.join(this.policy, 'data.json'),
      JSON.stringify({ chaperone, escape: { ...own, ...rest } }),
    );
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: this.home,
      XDG_CACHE_HOME: this.#ground.caches[this.cell.user],
    };
  }

  /** The command line that runs `argv` in this world's cell. */
  chaperoned(argv: readonly string[]): string[] {
    return [
      process.execPath,
      program,
      'run',
      '--policy',
      this.policy,
      '--isolation',
      this.cell.isolation,
      '--journal',
      this.journal,
      '--',
      ...argv,
    ];
  }

  /** Other commands of chaperone itself, outside any session. */
  runChaperone(argv: readonly string[]): Promise<Run> {
    return this.runBare([process.execPath, program, ...argv]);
  }

  /** Exactly this command line, as the user of this world. */
  runBare(
    [file = '', ...args]: readonly string[],
    { cwd = this.open, timeoutMs = 40_000 } = {},
  ): Promise<Run> {
    const child = spawn(file, args, {
      cwd,
      env: this.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...idsOf(this.cell.user),
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
    return new Promise((resolve, reject) => {
      let hung = false;
      const late = setTimeout(() => {
        hung = true;
        endGroup(child);
      }, timeoutMs);
      child.once('error', reject);
      // Not `close`: what outlives its session may still hold the pipes, and is to be seen by the attack's own check.
      child.once('exit', (status, signal) => {
        clearTimeout(late);
        setTimeout(() => resolve({ status, signal, hung, output }), 20);
      });
    });
  }

  /** A service outside that is there while the attack runs; resolves once it has printed a line. */
  startOutside([file = '', ...args]: readonly string[]): Promise<void> {
    const child = spawn(file, args, {
      cwd: this.folder,
      env: this.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      ...idsOf(this.cell.user),
    });
    this.#children.push(child);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status) => reject(new Error(`${file} ended (${status})`)));
      child.stdout.once('data', () => resolve());
    });
  }

  /** For what the suite itself serves while the attack runs. */
  atStop(close: () => void): void {
    this.#closers.push(close);
  }

  stopOutside(): void {
    for (const close of this.#closers.splice(0)) close();
    for (const child of this.#children.splice(0)) {
      child.removeAllListeners('exit');
      endGroup(child);
    }
  }

  /** All records of all sessions of this world. */
  records(): JournalRecord[] {
    if (!existsSync(this.journal)) return [];
    return readdirSync(this.journal, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .toSorted()
      .flatMap((name) => readFileSync(path.join(this.journal, name), 'utf8').split('\n'))
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalRecord);
  }

  /** Every regular file of this world but the secret where it belongs. */
  files(): string[] {
    return walk(this.folder).filter((file) => file !== this.secret);
  }

  remove(): void {
    this.stopOutside();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' }).flatMap((entry) => {
    const name = entry.name.toString('latin1');
    // A name that is not ASCII is one of the attacks' own and is looked at by them.
    if (/[^\x20-\x7e]/.test(name)) return [];
    const at = path.join(folder, name);
    if (entry.isDirectory()) return walk(at);
    return entry.isFile() ? [at] : [];
  });
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Anything about a file that an agent could have changed. */
export function fingerprint(file: string): string {
  const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (!stat) return 'absent';
  const { ino, size, mode, uid, gid, nlink, mtimeNs, ctimeNs } = stat;
  const content = stat.isFile() ? readFileSync(file, 'latin1') : '';
  return [ino, size, mode, uid, gid, nlink, mtimeNs, ctimeNs, content].join(' ');
}
