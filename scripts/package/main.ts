/**
 * npm run package [-- --out DIR] [--compression xz|none] [--libraries]: builds the npm packages and the Debian package;
 * with --libraries only the npm packages for other programs.
 * Same commit, same compiler, same bytes.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { audit } from './audit.ts';
import { settle, sourceDate, tarOf } from './bytes.ts';
import { buildDebian, dpkgMissing } from './debian.ts';
import { buildLibraries } from './libraries.ts';
import { buildTree, shipped } from './tree.ts';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(root, 'dist') },
      compression: { type: 'string', default: 'xz' },
      libraries: { type: 'boolean', default: false },
    },
  });
  const { compression } = values;
  if (compression !== 'xz' && compression !== 'none') throw new Error('--compression is xz or none');
  const out = path.resolve(values.out);
  const seconds = sourceDate(root, process.env);
  mkdirSync(out, { recursive: true });
  const stage = mkdtempSync(path.join(out, '.stage-'));
  try {
    for (const library of await buildLibraries({ root, stage, out, seconds })) say(library);
    if (values.libraries) return;
    const folder = path.join(stage, 'package');
    const tree = await buildTree(root, folder, new Date(seconds * 1000).toISOString().slice(0, 10));
    audit(folder, shipped, root);
    settle(folder, seconds);
    const tarball = path.join(out, `chaperone-${tree.manifest.version}.tgz`);
    writeFileSync(tarball, gzipSync(tarOf(folder, seconds), { level: 9 }));
    say(tarball);

    const missing = dpkgMissing();
    if (missing) return void process.stdout.write(`no Debian package: ${missing}\n`);
    if (compression === 'xz') process.stdout.write('compressing the Debian package; this takes a while\n');
    const { DEBFULLNAME = 'Chaperone maintainers', DEBEMAIL = 'chaperone@localhost' } = process.env;
    const maintainer = `${DEBFULLNAME} <${DEBEMAIL}>`;
    say(
      buildDebian(tree, { root, stage: path.join(stage, 'debian'), out, seconds, compression, maintainer }),
    );
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function say(file: string): void {
  process.stdout.write(`${file}  ${(statSync(file).size / 1024 / 1024).toFixed(1)} MB\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`package: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
