/** The types of a library: what its entries reach, also of other packages of the checkout, in one folder. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Places in the checkout. */
export type TypeSources = {
  readonly root: string;
  /** Folder of the package, relative to the root. */
  readonly home: string;
  /** Entry modules (.ts), relative to the root. */
  readonly entries: readonly string[];
  /** Packages whose types are taken in: from name to entry module, relative to the root. */
  readonly included: Readonly<Record<string, string>>;
};

/**
 * Writes the `.d.ts` files below `into`; what lies in the `src/` of the package lies directly in it.
 * @param scratch an existing folder, for what the compiler emits
 * Throws with the compiler's words when it does not compile.
 */
export function writeDeclarations(sources: TypeSources, into: string, scratch: string): void {
  const emitted = path.join(scratch, 'declarations');
  emit(sources, scratch, emitted);
  const waiting = [...sources.entries];
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const from = file;
    const text = readFileSync(path.join(emitted, from.replace(/\.ts$/, '.d.ts')), 'utf8');
    const moved = text.replace(specifiers, (whole, before: string, quote: string, to: string) => {
      const target = to.startsWith('.')
        ? path.posix.join(path.posix.dirname(from), to)
        : sources.included[to];
      if (target === undefined) return whole;
      if (!seen.has(target)) {
        seen.add(target);
        waiting.push(target);
      }
      const way = path.posix.relative(path.posix.dirname(placeOf(from, sources)), placeOf(target, sources));
      const module = way.replace(/\.ts$/, '.js');
      return `${before}${quote}${module.startsWith('.') ? module : `./${module}`}${quote}`;
    });
    const place = path.join(into, placeOf(from, sources).replace(/\.ts$/, '.d.ts'));
    mkdirSync(path.dirname(place), { recursive: true });
    // Two modules at one place would be types of something else than the code.
    writeFileSync(place, moved, { flag: 'wx' });
  }
}

/** In declarations as the compiler writes them. */
const specifiers = /(\bfrom |^import |\bimport\()(['"])([^'"\n]+)\2/gm;

/** A module of another package goes below the name of its folder. */
function placeOf(file: string, { home }: TypeSources): string {
  const [folder = '', rest = ''] = file.split('/src/');
  return folder === home ? rest : path.posix.join(path.posix.basename(folder), rest);
}

function emit({ root, entries, included }: TypeSources, scratch: string, into: string): void {
  const project = path.join(scratch, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    allowJs: false,
    checkJs: false,
    rootDir: root,
    outDir: into,
    typeRoots: [path.join(root, 'node_modules/@types')],
    // The compiler emits nothing for what it finds in node_modules.
    paths: Object.fromEntries(
      Object.entries(included).map(([name, entry]) => [name, [path.join(root, entry)]]),
    ),
  };
  const files = entries.map((entry) => path.join(root, entry));
  writeFileSync(
    project,
    JSON.stringify({ extends: path.join(root, 'tsconfig.json'), compilerOptions, include: [], files }),
  );
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', project], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the declarations do not compile:\n${stdout}${stderr}`);
}
