/** A registry of npm and a simple index of Python (PEP 503), each with one small package, as a far side serves them. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

const python = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('tiny.py', 'answer = 42\\n')
    wheel.writestr('tiny-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n')
    wheel.writestr('tiny-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('tiny-1.0.dist-info/RECORD', 'tiny.py,,\\ntiny-1.0.dist-info/METADATA,,\\ntiny-1.0.dist-info/WHEEL,,\\n')`;

export class Packages {
  readonly #tarball: Buffer;
  readonly #wheel: Buffer;

  /** @param hasPython without, there is nothing for pip */
  constructor(hasPython: boolean) {
    const folder = mkdtempSync(path.join(tmpdir(), 'chaperone-packages-'));
    mkdirSync(path.join(folder, 'package'));
    writeFileSync(path.join(folder, 'package/index.js'), 'module.exports = 42;\n');
    const manifest = { name: 'tiny', version: '1.0.0', main: 'index.js' };
    writeFileSync(path.join(folder, 'package/package.json'), JSON.stringify(manifest));
    made('tar', ['-czf', path.join(folder, 'tiny.tgz'), '-C', folder, 'package']);
    this.#tarball = readFileSync(path.join(folder, 'tiny.tgz'));
    if (hasPython) made('python3', ['-c', python, path.join(folder, 'tiny.whl')]);
    this.#wheel = hasPython ? readFileSync(path.join(folder, 'tiny.whl')) : Buffer.alloc(0);
    rmSync(folder, { recursive: true });
  }

  /** @returns whether the path is one of a registry's */
  answer(host: string, request: http.IncomingMessage, response: http.ServerResponse): boolean {
    switch (request.url) {
      case '/npm/tiny':
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(this.#packument(`https://${host}/npm/tiny/-/tiny-1.0.0.tgz`)));
        return true;
      case '/npm/tiny/-/tiny-1.0.0.tgz':
        response.end(this.#tarball);
        return true;
      case '/simple/tiny/':
        response.setHeader('content-type', 'text/html');
        response.end(
          `<a href="/wheels/tiny-1.0-py3-none-any.whl#sha256=${digest(this.#wheel, 'sha256', 'hex')}">tiny</a>`,
        );
        return true;
      case '/wheels/tiny-1.0-py3-none-any.whl':
        response.end(this.#wheel);
        return true;
      default:
        return false;
    }
  }

  #packument(tarball: string): unknown {
    const dist = { tarball, integrity: `sha512-${digest(this.#tarball, 'sha512', 'base64')}` };
    return {
      name: 'tiny',
      'dist-tags': { latest: '1.0.0' },
      versions: { '1.0.0': { name: 'tiny', version: '1.0.0', main: 'index.js', dist } },
    };
  }
}

function digest(bytes: Buffer, algorithm: string, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}

function made(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} fails: ${stderr}`);
}
