/** A repository that git serves by its own CGI program (git-http-backend(1)), which takes pushes from anybody. */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

const anybody = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@allowed.test',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@allowed.test',
};

export class FarGit {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'chaperone-git-'));
  readonly #log: string[] = [];

  /** A repository `tiny.git` with one commit: `file` of some hundred kilobytes. */
  constructor() {
    const work = path.join(this.#folder, 'work');
    mkdirSync(work);
    this.#git(work, 'init', '-q', '-b', 'main');
    writeFileSync(path.join(work, 'file'), randomBytes(300_000));
    this.#git(work, 'add', 'file');
    this.#git(work, 'commit', '-q', '-m', 'first');
    this.#git(this.#folder, 'clone', '-q', '--bare', work, 'tiny.git');
    this.#git(path.join(this.#folder, 'tiny.git'), 'config', 'http.receivepack', 'true');
  }

  /** What main points to. */
  get head(): string {
    return this.#git(path.join(this.#folder, 'tiny.git'), 'rev-parse', 'main');
  }

  /** What the program complained of. */
  get log(): string {
    return this.#log.join('');
  }

  /** @returns whether the path is one of the repository's */
  answer(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): boolean {
    const { method, headers } = request;
    const [file = '', query = ''] = (request.url ?? '').split('?');
    if (!file.startsWith('/tiny.git/')) return false;
    const child = spawn('git', ['http-backend'], {
      env: {
        ...anybody,
        GIT_PROJECT_ROOT: this.#folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: file,
        QUERY_STRING: query,
        REQUEST_METHOD: method,
        CONTENT_TYPE: headers['content-type'],
        HTTP_CONTENT_ENCODING: headers['content-encoding'],
        HTTP_GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      },
    });
    child.stderr.on('data', (text: Buffer) => this.#log.push(text.toString()));
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stdin.on('error', () => {});
    child.stdin.end(body);
    child.on('close', () => {
      const all = Buffer.concat(parts);
      const end = all.indexOf('\r\n\r\n');
      for (const line of all.toString('latin1', 0, end).split('\r\n')) {
        const [name = '', value = ''] = line.split(': ');
        if (name === 'Status') response.statusCode = Number(value.slice(0, 3));
        else response.setHeader(name, value);
      }
      response.end(all.subarray(end + 4));
    });
    return true;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #git(cwd: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync('git', args, { cwd, env: anybody, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')} fails: ${stderr}`);
    return stdout.trim();
  }
}
