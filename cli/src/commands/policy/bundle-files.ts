/** Files that go into a bundle, and the bundle that comes out. */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PolicyError } from '@chaperone/policy';
import { BundleError, type BundleFile, defaultLimits, unpackBundle } from '@chaperone/policy/bundle';
import { CliError } from '../../errors.ts';
import { joinParts, type Part, placed } from './join-files.ts';

/**
 * @param paths folders with `.rego` files (those that end in `_test.rego` stay out), `data.json`, `data.yaml` and `.manifest`; single
 * files; bundles
 * Rejects with CliError.
 */
export async function readBundleFiles(paths: readonly string[]): Promise<readonly BundleFile[]> {
  const distinct = new Map(paths.map((one) => [path.resolve(one), one] as const));
  const parts: Part[] = [];
  for (const one of distinct.values()) parts.push(await partAt(one));
  return joinParts(parts);
}

async function partAt(where: string): Promise<Part> {
  if (attempt(where, () => statSync(where).isDirectory()))
    return { where, folder: where, files: readFolder(where, { tests: false }) };
  const bytes = readLimited(where);
  if (isArchive(bytes))
    return { where, folder: where, files: await asCliErrors(where, () => unpackBundle(bytes)) };
  const type = path.extname(where);
  if (!['.rego', '.json', '.yaml', '.yml'].includes(type))
    throw new CliError(2, `${where} is no .rego, .json or .yaml file, and no bundle`);
  // Only files of this name are data in a bundle.
  const name = type === '.rego' ? path.basename(where) : `data${type}`;
  return { where, folder: path.dirname(where), files: [{ name, bytes }] };
}

/** Does it begin as gzip does? */
export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The files of a policy below a folder, with their names from there on. Throws CliError.
 *
 * @param options `tests`: those whose names end in `_test.rego`, too
 */
export function readFolder(folder: string, { tests }: { readonly tests: boolean }): readonly BundleFile[] {
  return walk(folder, '', tests).map((name) => ({ name, bytes: readLimited(path.join(folder, name)) }));
}

/** Names below the folder, with slashes. Hidden entries are another program's, but for the manifest at the top. */
function walk(root: string, below: string, tests: boolean): string[] {
  const entries = attempt(root, () => readdirSync(path.join(root, below), { withFileTypes: true }));
  return entries.flatMap((entry) => {
    const name = path.posix.join(below, entry.name);
    if (name === '.manifest' || name === '.signatures.json') return [name];
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return walk(root, name, tests);
    const isModule = entry.name.endsWith('.rego') && (tests || !entry.name.endsWith('_test.rego'));
    return isModule || /^data\.(?:json|ya?ml)$/.test(entry.name) ? [name] : [];
  });
}

export function readLimited(file: string): Uint8Array {
  return attempt(file, () => {
    const { size } = statSync(file);
    if (size > defaultLimits.fileBytes)
      throw new CliError(2, `${file} has ${size} bytes; at most ${defaultLimits.fileBytes} are read`);
    return readFileSync(file);
  });
}

export function attempt<Result>(file: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof CliError) throw error;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new CliError(2, `cannot read ${file} (${why})`, { cause: error });
  }
}

/**
 * What is wrong with a bundle, said with where it is.
 *
 * @param standsFor the name in the bundle of a single file, which `where` is the path of
 */
export async function asCliErrors<Result>(
  where: string,
  act: () => Promise<Result>,
  standsFor?: string,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof BundleError || error instanceof PolicyError)) throw error;
    throw new CliError(2, placed(where, error.message, standsFor), { cause: error });
  }
}

/** In one step: whoever reads the file meanwhile sees the old one or the new one. Throws CliError. */
export function writeBundle(file: string, bytes: Uint8Array): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, bytes, { flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new CliError(2, `cannot write ${file} (${why})`, { cause: error });
  }
}
