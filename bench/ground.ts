/** Where the loads run: programs, a tree of files, an archive, a repository, all in one temporary folder. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bench = path.join(root, 'bench');

/** Root measures as this user: nobody starts an agent as root, and root is exempt from some checks. */
export const ordinaryUser = 12_345;
export const filesPerFolder = 100;

export type Sizes = {
  readonly treeFiles: number;
  readonly archiveFiles: number;
};

export class Ground {
  readonly dir: string;
  readonly sizes: Sizes;
  readonly #isRoot = process.getuid?.() === 0;
  #fresh = 0;

  /** Builds everything; takes seconds. Throws when the C compiler is missing or refuses. */
  constructor(sizes: Sizes) {
    this.sizes = sizes;
    this.dir = mkdtempSync(path.join(tmpdir(), 'chaperone-bench-'));
    try {
      this.#build();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #build(): void {
    this.#own(this.dir);
    chmodSync(this.dir, 0o755);
    for (const name of ['bin', 'home', 'closed', 'out', 'state', 'policies', 'archive']) this.#folder(name);
    this.#file('closed/secret', 'secret\n');
    for (const name of ['inside', 'opens', 'unpack', 'notify']) this.#compile(name);
    this.#tree('tree/src', this.sizes.treeFiles);
    this.#tree('archive/files', this.sizes.archiveFiles);
    this.#asUser(['tar', '-cf', this.at('archive/files.tar'), '-C', this.at('archive'), 'files']);
    this.#repository();
    this.#headers();
    this.#policies();
  }

  at(name: string): string {
    return path.join(this.dir, name);
  }

  program(name: 'inside' | 'opens' | 'unpack' | 'notify'): string {
    return this.at(`bin/${name}`);
  }

  /** A new empty folder; `clear` removes all of them. */
  freshFolder(): string {
    return this.#folder(`out/${this.#fresh++}`);
  }

  clear(): void {
    rmSync(this.at('out'), { recursive: true, force: true });
    this.#folder('out');
  }

  /** Waits until the disk has what was written, so that one load does not pay for the one before it. */
  settle(): void {
    spawnSync('sync', ['-f', this.dir], { timeout: 60_000 });
  }

  /** A command as the user that everything is measured as. */
  asOrdinaryUser(command: readonly string[]): string[] {
    const id = String(ordinaryUser);
    return this.#isRoot
      ? ['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--', ...command]
      : [...command];
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
      HOME: this.at('home'),
      TMPDIR: this.at('home'),
      XDG_STATE_HOME: this.at('state'),
      LC_ALL: 'C',
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  #own(file: string): string {
    if (this.#isRoot) chownSync(file, ordinaryUser, ordinaryUser);
    return file;
  }

  #folder(name: string): string {
    mkdirSync(this.at(name), { recursive: true });
    return this.#own(this.at(name));
  }

  #file(name: string, content: string): void {
    writeFileSync(this.at(name), content);
    this.#own(this.at(name));
  }

  #compile(name: string): void {
    const source = path.join(bench, 'programs', `${name}.c`);
    const { status, stderr, error } = spawnSync('cc', ['-O2', '-o', this.at(`bin/${name}`), source], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${name}.c does not compile: ${error?.message ?? stderr}`);
  }

  /** Text files of half to two kilobytes in folders of 100. */
  #tree(name: string, files: number): void {
    this.#folder(path.dirname(name));
    this.#folder(name);
    const line = 'the quick brown fox jumps over the lazy dog, and nobody is told about it\n';
    for (let index = 0; index < files; index++) {
      const within = index % filesPerFolder;
      const folder = `${name}/d${String(Math.floor(index / filesPerFolder)).padStart(3, '0')}`;
      if (within === 0) this.#folder(folder);
      const text = `file ${index}\n${line.repeat(7 + (index % 20))}`;
      this.#file(`${folder}/f${String(within).padStart(2, '0')}`, text);
    }
  }

  #repository(): void {
    if (!this.has('git')) return;
    const git = ['git', '-C', this.at('tree'), '-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
    this.#asUser([...git, 'init', '-q']);
    this.#asUser([...git, 'add', '.']);
    this.#asUser([...git, 'commit', '-q', '-m', 'tree']);
  }

  /** What a compiler has to read: all of C++ where there is a compiler for it, else what C has much of. */
  #headers(): void {
    this.#file('bin/heavy.cc', '#include <bits/stdc++.h>\nint main() { return 0; }\n');
    const c = [
      'stdio',
      'stdlib',
      'string',
      'math',
      'complex',
      'tgmath',
      'pthread',
      'signal',
      'time',
      'wchar',
    ];
    const posix = [
      'sys/socket',
      'netinet/in',
      'netdb',
      'sys/stat',
      'sys/mman',
      'sys/wait',
      'regex',
      'glob',
      'aio',
    ];
    const lines = [...c, ...posix].map((name) => `#include <${name}.h>\n`).join('');
    this.#file('bin/heavy.c', `${lines}int main(void) { return 0; }\n`);
  }

  #policies(): void {
    cpSync(path.join(bench, 'policies'), this.at('policies/all'), { recursive: true });
    const data = {
      closed: `${this.at('closed')}/`,
      programs: [this.at('bin')],
      readable: [this.at('tree'), this.at('archive')],
    };
    for (const name of ['static', 'cached', 'uncached']) {
      this.#folder(`policies/${name}`);
      cpSync(this.at(`policies/all/${name}.rego`), this.at(`policies/${name}/access.rego`));
      this.#file(`policies/${name}/data.json`, JSON.stringify({ bench: data }));
    }
    // srt lets a command write only where it is told.
    const srt = {
      network: { allowedDomains: [], deniedDomains: [] },
      filesystem: { denyRead: [this.at('closed')], allowWrite: [this.dir], denyWrite: [] },
    };
    this.#file('policies/srt.json', JSON.stringify(srt));
  }

  /** Whether the user that is measured finds this program. */
  has(name: string): boolean {
    const found = spawnSync('sh', ['-c', 'command -v -- "$1"', 'sh', name], {
      env: this.environment,
      stdio: 'ignore',
    });
    return found.status === 0;
  }

  #asUser(command: readonly string[]): void {
    const [file = '', ...args] = this.asOrdinaryUser(command);
    const { status, stderr, error } = spawnSync(file, args, {
      env: this.environment,
      encoding: 'utf8',
      cwd: this.dir,
      timeout: 300_000,
    });
    if (status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr}`);
  }
}
