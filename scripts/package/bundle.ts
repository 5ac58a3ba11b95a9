/** Compiles the command to JavaScript: a few files in one folder, third-party code included. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type InputOptions, type OutputChunk, type Plugin, rolldown } from 'rolldown';

/** Folders of the checkout that are at the same place in the package, so that file URLs into them keep working. */
export type Layout = { readonly root: string; readonly shipped: readonly string[] };

/**
 * Writes `lib/` below `into`.
 * @returns the folders of the third-party packages whose code is in it
 */
export async function bundle({ root, shipped }: Layout, into: string): Promise<string[]> {
  const options: InputOptions = {
    cwd: root,
    input: { main: 'cli/src/main.js' },
    // Packages that also have ES modules: only these can be taken in parts.
    resolve: { mainFields: ['module', 'main'] },
    plugins: [fileUrls({ root, shipped }), nativeKoffi(root)],
  };
  return writeModules(options, into);
}

/**
 * Writes `lib/` of a library below `into`: one file for each entry, what they share in others.
 * @param entries from name to module, relative to the root
 * @param external packages that are installed beside it
 * Throws when it takes in code of other packages than ours.
 */
export async function bundleLibrary(
  root: string,
  entries: Readonly<Record<string, string>>,
  external: readonly string[],
  into: string,
): Promise<void> {
  const options: InputOptions = {
    cwd: root,
    input: { ...entries },
    external: [...external],
    transform: { target: 'node20' },
    plugins: [fileUrls({ root, shipped: [] })],
  };
  const taken = await writeModules(options, into);
  if (taken.length > 0) throw new Error(`the library has code of others in it: ${taken.join(', ')}`);
}

/** @returns the folders of the third-party packages whose code was taken in */
async function writeModules(options: InputOptions, into: string): Promise<string[]> {
  const build = await rolldown({
    ...options,
    platform: 'node',
    onLog(level, log) {
      if (level !== 'debug' && level !== 'info') throw new Error(`bundling: ${log.message}`);
    },
  });
  try {
    const { output } = await build.write({
      dir: path.join(into, 'lib'),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    });
    return packagesOf(output.filter((one) => one.type === 'chunk'));
  } finally {
    await build.close();
  }
}

const fileUrl = /new URL\(\s*(['"])([^'"]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/**
 * A module's own URL names the bundle it went into. Ours get the URL they would have in the checkout; a worker's file
 * becomes a bundle of its own. Anything else that a file URL names has to be shipped, or the build fails.
 */
function fileUrls({ root, shipped }: Layout): Plugin {
  return {
    name: 'file-urls',
    transform(code, id) {
      const file = path.relative(root, id);
      const isOurs = path.isAbsolute(id) && !file.startsWith('..') && !file.includes('node_modules');
      if (!isOurs || !code.includes('import.meta')) return null;
      const folder = path.dirname(id);
      const moved = code.replace(fileUrl, (whole, _quote: string, to: string) => {
        const target = path.resolve(folder, to);
        if (/\.[jt]s$/.test(to)) {
          const name = path.basename(to).replace(/\.[jt]s$/, '');
          this.emitFile({ type: 'chunk', id: target, fileName: `${name}.js` });
          return `new URL('./${name}.js', import.meta.url)`;
        }
        const inside = path.relative(root, target);
        if (inside !== '' && !shipped.some((one) => inside === one || inside.startsWith(`${one}/`)))
          throw new Error(`${file} uses ${inside || target}, which is not part of the package`);
        return `new URL('${path.posix.join('..', inside)}${to.endsWith('/') || inside === '' ? '/' : ''}', import.meta.url)`;
      });
      const rest = moved.replace(/new URL\('[^']*', import\.meta\.url\)/g, '');
      if (rest.includes('import.meta'))
        throw new Error(`${file}: only new URL('…', import.meta.url) can be packaged`);
      return { code: moved };
    },
  };
}

/** koffi looks for its compiled part in its own folder; here it lies beside the bundles. */
function nativeKoffi(root: string): Plugin {
  const loader = path.join(root, 'node_modules/koffi/src/koffi/src/static.js');
  if (!existsSync(loader))
    throw new Error(`${loader} is missing: koffi loads its native part differently now`);
  return {
    name: 'native-koffi',
    load(id) {
      if (id !== loader) return null;
      return `import { createRequire } from 'node:module';
export function loadStatic() { return createRequire(import.meta.url)('./koffi.node'); }
`;
    },
  };
}

function packagesOf(chunks: readonly OutputChunk[]): string[] {
  const found = new Set<string>();
  for (const { moduleIds } of chunks) {
    for (const id of moduleIds) {
      const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id);
      if (match?.[1]) found.add(match[1]);
    }
  }
  return [...found].toSorted();
}

/** The licence texts of third-party packages, one after the other. Throws when a package has none. */
export function notices(packages: readonly string[], licences: readonly string[]): string {
  const parts = packages.map((folder) => {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    const name = licences.find((file) => existsSync(path.join(folder, file)));
    if (!name) throw new Error(`${manifest.name} has no licence file`);
    const text = readFileSync(path.join(folder, name), 'utf8').trim();
    return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})\n\n${text}\n`;
  });
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}
