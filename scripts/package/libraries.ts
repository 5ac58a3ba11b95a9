/** The packages for other people's programs: the policy engine and the client of a decision point, as JavaScript. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { audit } from './audit.ts';
import { bundleLibrary } from './bundle.ts';
import { settle, tarOf } from './bytes.ts';
import { writeDeclarations } from './declarations.ts';

type Library = {
  /** Relative to the root. */
  readonly home: string;
  /** The versions of Node that it works with. */
  readonly node: string;
};

const libraries: readonly Library[] = [
  // It requires ES modules; before 22 `JSON.parse` gives no digits, so that large numbers would not be exact.
  { home: 'core/rego', node: '>=22.12.0' },
  { home: 'runtime-plane/pep', node: '>=20' },
];

type Manifest = {
  readonly name: string;
  readonly description: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};

const shipped = ['LICENSE', 'README.md', 'lib', 'types'];

export type LibraryOptions = {
  readonly root: string;
  /** An existing folder that is removed afterwards. */
  readonly stage: string;
  readonly out: string;
  /** The time of every file, since 1970. */
  readonly seconds: number;
};

/** @returns the tarballs, as `npm install` takes them */
export async function buildLibraries(options: LibraryOptions): Promise<string[]> {
  const { version } = manifestOf(options.root, '') as { version?: string } & Manifest;
  if (version === undefined) throw new Error('package.json has no version');
  const tarballs: string[] = [];
  for (const library of libraries) tarballs.push(await buildLibrary(library, version, options));
  return tarballs;
}

async function buildLibrary(
  { home, node }: Library,
  version: string,
  { root, stage, out, seconds }: LibraryOptions,
): Promise<string> {
  const manifest = manifestOf(root, home);
  const scratch = path.join(stage, path.basename(home));
  const folder = path.join(scratch, 'package');
  mkdirSync(folder, { recursive: true });

  const { others, included } = dependenciesOf(root, manifest);
  const entries = Object.fromEntries(
    Object.entries(manifest.exports).map(([name, file]) => [entryName(name), path.posix.join(home, file)]),
  );
  await bundleLibrary(root, entries, Object.keys(others), folder);
  const sources = { root, home, entries: Object.values(entries), included };
  writeDeclarations(sources, path.join(folder, 'types'), scratch);
  copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
  writeFileSync(
    path.join(folder, 'README.md'),
    withoutLinks(readFileSync(path.join(root, home, 'README.md'), 'utf8')),
  );
  const { name, description, license } = manifest;
  const built = {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node },
    exports: exportsOf(manifest),
    files: shipped,
    dependencies: others,
  };
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(built, null, 2)}\n`);

  audit(folder, shipped, root);
  settle(folder, seconds);
  const tarball = path.join(out, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
  writeFileSync(tarball, gzipSync(tarOf(folder, seconds), { level: 9 }));
  return tarball;
}

function manifestOf(root: string, home: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, home, 'package.json'), 'utf8')) as Manifest;
}

/** Those of other people, to be installed beside it, and our own, whose code and types are taken in. */
function dependenciesOf(root: string, { dependencies = {} }: Manifest) {
  const isOwn = (name: string): boolean => name.startsWith('@chaperone/');
  const others = Object.fromEntries(Object.entries(dependencies).filter(([name]) => !isOwn(name)));
  const included = Object.fromEntries(
    Object.keys(dependencies)
      .filter(isOwn)
      .map((name) => {
        const home = path.posix.join('core', name.slice('@chaperone/'.length));
        return [name, path.posix.join(home, manifestOf(root, home).exports['.'] ?? '')];
      }),
  );
  return { others, included };
}

function entryName(exported: string): string {
  return exported === '.' ? 'index' : exported.slice('./'.length);
}

/** From sources to what was built of them: `./src/node/index.ts` has its types in `./types/node/index.d.ts`. */
function exportsOf(manifest: Manifest): Record<string, { types: string; default: string }> {
  const entries = Object.entries(manifest.exports).map(([name, file]) => {
    const types = file.replace('./src/', './types/').replace(/\.ts$/, '.d.ts');
    return [name, { types, default: `./lib/${entryName(name)}.js` }];
  });
  return Object.fromEntries(entries) as Record<string, { types: string; default: string }>;
}

/** Links into the checkout lead nowhere from a package; their texts name the files. */
function withoutLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\(\.[^)]*\)/g, '$1');
}
