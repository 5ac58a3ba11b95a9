/** The Debian package: the tree below /usr/lib/chaperone with a Node of its own, and what the system looks for elsewhere. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesBelow } from './audit.ts';
import { settle } from './bytes.ts';
import { output, type Tree } from './tree.ts';

export type DebianOptions = {
  readonly root: string;
  /** A folder to build in; must not exist. */
  readonly stage: string;
  readonly out: string;
  readonly seconds: number;
  readonly compression: 'xz' | 'none';
  readonly maintainer: string;
};

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const lib = 'usr/lib/chaperone';
const doc = 'usr/share/doc/chaperone';

/** @returns the file. Throws with dpkg-deb's words. */
export function buildDebian(tree: Tree, options: DebianOptions): string {
  const { root, stage, seconds } = options;
  const architecture = architectures[tree.cpu] ?? tree.cpu;
  const put = (file: string, content: string | Buffer, mode = 0o644): void => {
    mkdirSync(path.dirname(path.join(stage, file)), { recursive: true });
    writeFileSync(path.join(stage, file), content, { mode });
  };
  const from = (name: string): string =>
    readFileSync(path.join(root, 'scripts/package/debian', name), 'utf8');
  const gzipped = (text: string | Buffer): Buffer => gzipSync(text, { level: 9 });

  for (const part of ['chaperone', 'lib', 'policies', 'runtime-plane', 'package.json'])
    cpSync(path.join(tree.folder, part), path.join(stage, lib, part), { recursive: true });
  const node = path.join(root, 'node_modules', `node-linux-${tree.cpu}`);
  mkdirSync(path.join(stage, lib, 'node/bin'), { recursive: true });
  copyFileSync(path.join(node, 'bin/node'), path.join(stage, lib, 'node/bin/node'));
  mkdirSync(path.join(stage, 'usr/bin'));
  symlinkSync('../lib/chaperone/chaperone', path.join(stage, 'usr/bin/chaperone'));

  put('usr/share/man/man1/chaperone.1.gz', gzipped(readFileSync(path.join(tree.folder, 'man/chaperone.1'))));
  for (const [shell, file] of [
    ['bash', 'bash-completion/completions/chaperone'],
    ['zsh', 'zsh/vendor-completions/_chaperone'],
    ['fish', 'fish/vendor_completions.d/chaperone.fish'],
  ] as const)
    put(`usr/share/${file}`, output(root, ['cli/src/main.js', 'completion', shell]));
  for (const unit of ['chaperone-verify.service', 'chaperone-verify.timer'])
    put(`usr/lib/systemd/user/${unit}`, from(unit));
  put('usr/share/chaperone/apparmor.d/chaperone', from('apparmor'));
  put('usr/share/lintian/overrides/chaperone', from('lintian-overrides'));

  put(`${doc}/copyright`, `${from('copyright').trimEnd()}\n\n${'-'.repeat(80)}\n\n${tree.notices}`);
  put(`${doc}/nodejs-license.txt.gz`, gzipped(readFileSync(path.join(node, 'LICENSE'))));
  put(`${doc}/changelog.gz`, gzipped(changelog(tree.manifest.version, options)));

  const files = filesBelow(stage).filter((file) => file !== 'usr/bin/chaperone');
  put('DEBIAN/md5sums', files.map((file) => `${md5(path.join(stage, file))}  ${file}\n`).join(''));
  put('DEBIAN/control', control(tree, architecture, installedKilobytes(stage), options.maintainer));
  for (const script of ['postinst', 'postrm']) put(`DEBIAN/${script}`, from(script), 0o755);

  settle(stage, seconds);
  const file = path.join(options.out, `chaperone_${tree.manifest.version}_${architecture}.deb`);
  const { status, stderr } = spawnSync(
    'dpkg-deb',
    ['--root-owner-group', `-Z${options.compression}`, '--build', stage, file],
    { encoding: 'utf8', env: { ...process.env, SOURCE_DATE_EPOCH: String(seconds) } },
  );
  if (status !== 0) throw new Error(`dpkg-deb failed: ${stderr}`);
  return file;
}

function control({ manifest }: Tree, architecture: string, size: number, maintainer: string): string {
  const fields = [
    ['Package', 'chaperone'],
    ['Version', manifest.version],
    ['Architecture', architecture],
    ['Maintainer', maintainer],
    ['Installed-Size', String(size)],
    // The libraries are those of the Node inside.
    ['Depends', 'bubblewrap, libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 6)'],
    ['Recommends', 'xdg-dbus-proxy'],
    ['Built-Using', builtUsing()],
    ['Section', 'admin'],
    ['Priority', 'optional'],
    ['Description', description],
  ];
  return fields.flatMap(([name, value]) => (value ? [`${name}: ${value}\n`] : [])).join('');
}

const description = `runtime access control for desktop autonomous agents
 Chaperone decides what an agent that works on a person's behalf may do.
 Every file it opens, every program it starts and every connection it makes
 is put to a policy written in Rego before it happens. The kernel enforces
 the answer, and the answer is recorded in a journal that cannot be
 rewritten unseen.
 .
 It runs without privileges and brings its own Node.js.`;

/** The C library that is linked into the gate: its source has to stay available. */
function builtUsing(): string | undefined {
  const { status, stdout } = spawnSync(
    'dpkg-query',
    ['-W', '-f', '${source:Package} (= ${source:Version})', 'libc6-dev'],
    { encoding: 'utf8' },
  );
  return status === 0 && stdout ? stdout : undefined;
}

function changelog(version: string, { seconds, maintainer }: DebianOptions): string {
  const date = new Date(seconds * 1000).toUTCString().replace('GMT', '+0000');
  return `chaperone (${version}) unstable; urgency=medium\n\n  * Release ${version}.\n\n -- ${maintainer}  ${date}\n`;
}

function md5(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex');
}

function installedKilobytes(stage: string): number {
  const sizes = filesBelow(stage)
    .filter((file) => file !== 'usr/bin/chaperone')
    .map((file) => Math.ceil(statSync(path.join(stage, file)).size / 1024));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @returns undefined when dpkg-deb can be used, else why not */
export function dpkgMissing(): string | undefined {
  try {
    execFileSync('dpkg-deb', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'dpkg-deb is missing (Debian: apt-get install dpkg)';
  }
}
