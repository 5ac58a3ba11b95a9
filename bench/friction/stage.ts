/** The home folder of somebody who has just moved in; every run of a task begins with a new one under the same name. */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { ordinaryUser } from '../ground.ts';

const searchPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/go/bin'];

/** Where a machine has certificates of its own, programs are told so in the environment; they are no part of a task. */
const passedOn = [
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'CURL_CA_BUNDLE',
];

export class Stage {
  /** Not below /tmp: everybody's scratch folder is open in most profiles, and would hide what they deny. */
  readonly dir: string;
  readonly uid: number;
  readonly #isRoot = process.getuid?.() === 0;

  constructor() {
    const base = this.#isRoot ? '/home' : path.join(homedir(), '.cache');
    mkdirSync(base, { recursive: true });
    this.uid = this.#isRoot ? ordinaryUser : (process.getuid?.() ?? ordinaryUser);
    this.dir = mkdtempSync(path.join(base, 'chaperone-friction-'));
    chmodSync(this.dir, 0o755);
    this.#own(this.dir);
  }

  get home(): string {
    return path.join(this.dir, 'home');
  }
  get workspace(): string {
    return path.join(this.home, 'work');
  }
  /** Where chaperone writes when nobody says otherwise. */
  get journal(): string {
    return path.join(this.home, '.local/state/chaperone/journal');
  }

  /** Removes what the last run left, and lays out an empty home. */
  clear(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    for (const one of ['', '.config', '.local', '.local/share', '.local/state', 'work'].map((name) =>
      path.join(this.home, name),
    )) {
      mkdirSync(one);
      this.#own(one);
    }
    this.write(
      '.gitconfig',
      '[user]\n\tname = A. Person\n\temail = person@example.org\n[init]\n\tdefaultBranch = main\n',
    );
    this.write('.bashrc', '# nothing\n');
    this.write('.profile', '# nothing\n');
  }

  /** @param name relative to the home folder */
  write(name: string, content: string): string {
    const file = path.join(this.home, name);
    const missing: string[] = [];
    for (let folder = path.dirname(file); !exists(folder); folder = path.dirname(folder))
      missing.unshift(folder);
    for (const folder of missing) {
      mkdirSync(folder);
      this.#own(folder);
    }
    writeFileSync(file, content);
    return this.#own(file);
  }

  /** For `spawn`: who runs, where and with what. */
  get spawnOptions(): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
    const who = this.#isRoot ? { uid: this.uid, gid: this.uid } : {};
    return { cwd: this.workspace, env: this.#environment, ...who };
  }

  /** Whether the user that runs the tasks finds this program. */
  has(name: string): boolean {
    const { status } = spawnSync('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name], {
      ...this.spawnOptions,
      cwd: '/',
      stdio: 'ignore',
    });
    return status === 0;
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  get #environment(): NodeJS.ProcessEnv {
    const user = nameOf(this.uid) ?? 'person';
    const given = passedOn.flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    );
    return {
      HOME: this.home,
      USER: user,
      LOGNAME: user,
      PATH: searchPath.join(':'),
      SHELL: '/bin/bash',
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      // The same bytes twice: times that programs write into what they make.
      SOURCE_DATE_EPOCH: '1700000000',
      GIT_AUTHOR_DATE: '1700000000 +0000',
      GIT_COMMITTER_DATE: '1700000000 +0000',
      PYTHONDONTWRITEBYTECODE: '1',
      ...(Object.fromEntries(given) as Record<string, string>),
    };
  }

  #own(file: string): string {
    if (this.#isRoot) chownSync(file, this.uid, this.uid);
    return file;
  }
}

function exists(file: string): boolean {
  try {
    accessSync(file, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}

function nameOf(uid: number): string | undefined {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[2] === String(uid))?.[0];
}
