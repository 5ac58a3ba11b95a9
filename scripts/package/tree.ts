/** What is installed, as a folder: the command compiled, the gate, the policies. Both packages are made from it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle, notices } from './bundle.ts';
import { buildGate } from './gate.ts';

export type Manifest = {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

export type Tree = {
  readonly folder: string;
  readonly manifest: Manifest;
  /** As Node names it: x64. */
  readonly cpu: string;
  /** Licence texts of the third-party code in it. */
  readonly notices: string;
};

/** At the same place in the package as in the checkout, because the code finds them by their place. */
const policies = 'policies';
const gate = 'runtime-plane/native/build/chaperone-gate';

/** The whole list of what npm installs; {@link audit} refuses a tree with anything else in it. */
export const shipped = [
  'LICENSE',
  'README.md',
  'THIRD-PARTY-NOTICES',
  'chaperone',
  'lib',
  'man',
  policies,
  gate,
];

export async function buildTree(root: string, folder: string, date: string): Promise<Tree> {
  const cpu = process.arch;
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  mkdirSync(folder, { recursive: true });

  buildGate(root, path.join(folder, gate));
  const compiled = await bundle({ root, shipped: [policies, gate, 'package.json'] }, folder);
  copyFileSync(path.join(root, 'cli/src/start.js'), path.join(folder, 'lib/start.js'));
  const koffi = path.join(root, `node_modules/@koromix/koffi-linux-${cpu}`);
  copyFileSync(path.join(koffi, `linux_${cpu}/koffi.node`), path.join(folder, 'lib/koffi.node'));
  for (const file of globSync(`${policies}/**/*.*`, { cwd: root })) {
    if (!file.endsWith('_test.rego')) cpSync(path.join(root, file), path.join(folder, file));
  }
  for (const file of ['LICENSE', 'README.md']) copyFileSync(path.join(root, file), path.join(folder, file));

  const ofOthers = notices(compiled, ['LICENSE', 'LICENSE.txt', 'LICENSE.md']);
  const ofGlibc = `GNU C Library (LGPL-2.1-or-later)\n\nIs linked into ${gate}, whose source files are in the\nproject's repository; with them it can be linked to another version.\n`;
  const tree = { folder, manifest, cpu, notices: `${ofOthers}\n${'-'.repeat(80)}\n\n${ofGlibc}` };
  writeFileSync(path.join(folder, 'THIRD-PARTY-NOTICES'), tree.notices);
  writeFileSync(path.join(folder, 'chaperone'), launcher(root), { mode: 0o755 });
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(npmManifest(tree), null, 2)}\n`);
  mkdirSync(path.join(folder, 'man'));
  writeFileSync(path.join(folder, 'man/chaperone.1'), output(root, ['scripts/package/man.ts', date]));
  return tree;
}

/** What a script of the checkout prints, under a home folder that is nobody's. */
export function output(root: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { HOME: '~', XDG_CACHE_HOME: path.join(root, '.cache') },
  });
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

function npmManifest({ manifest, cpu }: Omit<Tree, 'notices'>): Record<string, unknown> {
  const { version, description, license, optionalDependencies } = manifest;
  const node = `node-linux-${cpu}`;
  return {
    name: 'chaperone',
    version,
    description,
    license,
    type: 'module',
    os: ['linux'],
    cpu: [cpu],
    libc: ['glibc'],
    bin: { chaperone: 'chaperone' },
    man: ['man/chaperone.1'],
    files: shipped,
    // Without it (--omit=optional) the machine's own Node is used, when it is new enough.
    optionalDependencies: { [node]: optionalDependencies[node] },
  };
}

/** The start script of the checkout up to where it looks for a Node, then what a package does instead. */
function launcher(root: string): string {
  const script = readFileSync(path.join(root, 'chaperone'), 'utf8');
  const match = /^_chaperone_self=\$0\n[^]*?^export CHAPERONE_ENTRY_.*\n/m.exec(script);
  if (!match) throw new Error('chaperone: the part that every start script shares was not found');
  const head = `#!/bin/sh
# Starts the program. Every variable is named _chaperone_*: an assignment to a name that the user exports would change the
# environment that the launched agent must get unchanged.
`;
  return head + match[0] + readFileSync(path.join(root, 'scripts/package/launcher-end.sh'), 'utf8');
}
