/** Several folders, files and bundles as the files of one bundle. */
import path from 'node:path';
import { BundleError, type BundleFile, isDataFile, mergeData, parseBundle } from '@chaperone/policy/bundle';
import { type Json, marshal } from '@chaperone/rego';
import { CliError } from '../../errors.ts';

export type Part = {
  /** As it was written on the command line. */
  readonly where: string;
  /** A path that names of its files may begin with. */
  readonly folder: string;
  readonly files: readonly BundleFile[];
};

type Placed = BundleFile & { readonly part: Part };

/**
 * Policies of the same name are told apart by their folders, from where those part; data of the same place are joined, as if they lay
 * in one file. What the parts cannot both say is refused: throws CliError.
 */
export function joinParts(parts: readonly Part[]): readonly BundleFile[] {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return first?.files ?? [];
  const all = parts.flatMap((part) =>
    // Each signature is for its own files only.
    part.files.filter(({ name }) => name !== '.signatures.json').map((file): Placed => ({ ...file, part })),
  );
  const manifest = onlyManifest(all);
  const policies = all.filter(({ name }) => name.endsWith('.rego'));
  const data = all.filter(({ name }) => isDataFile(name));
  const rest = all.filter((file) => file !== manifest && !policies.includes(file) && !data.includes(file));
  return [
    ...(manifest === undefined ? [] : [manifest]),
    ...policiesApart(policies, manifest?.part),
    ...joinedData(data),
    ...rest,
  ].map(({ name, bytes }) => ({ name, bytes }));
}

function onlyManifest(files: readonly Placed[]): Placed | undefined {
  const [manifest, another] = files.filter(({ name }) => name === '.manifest');
  if (manifest !== undefined && another !== undefined)
    throw new CliError(
      2,
      `${manifest.part.where} and ${another.part.where} both have a .manifest; a bundle has one: take one of them away`,
    );
  return manifest;
}

/** @param unchanged its names stay, because its manifest may speak of them */
function policiesApart(files: readonly Placed[], unchanged: Part | undefined): BundleFile[] {
  // `build . ./sub` names the files of sub twice.
  const distinct = [
    ...new Map(files.map((file) => [path.resolve(file.part.folder, file.name), file] as const)).values(),
  ];
  const count = countOf(distinct);
  const base = commonFolder(distinct.map(({ part }) => path.resolve(part.folder)));
  return distinct.map(({ name, bytes, part }) => {
    if (part === unchanged || count.get(name) === 1) return { name, bytes };
    const folder = path.relative(base, path.resolve(part.folder)).replaceAll(path.sep, '/');
    return { name: path.posix.join(folder, name), bytes };
  });
}

function joinedData(files: readonly Placed[]): BundleFile[] {
  const count = countOf(files);
  return [...Map.groupBy(files, ({ name }) => path.posix.dirname(name))].flatMap(([folder, group]) =>
    group.every(({ name }) => count.get(name) === 1) ? group : [joinedFile(folder, group)],
  );
}

function joinedFile(folder: string, group: readonly Placed[]): BundleFile {
  const joined: { [name: string]: Json } = {};
  for (const file of group) mergePart(joined, file);
  const folders = folder === '.' ? [] : folder.split('/');
  // Each step exists: parseBundle has made it.
  const value = folders.reduce<Json>(
    (at, name) => (at as { readonly [name: string]: Json })[name] ?? null,
    joined,
  );
  return { name: path.posix.join(folder, 'data.json'), bytes: new TextEncoder().encode(marshal(value)) };
}

function mergePart(joined: { [name: string]: Json }, { name, bytes, part }: Placed): void {
  const { where, folder } = part;
  try {
    mergeData(joined, parseBundle([{ name, bytes }]).data, where);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    // A conflict begins with the path that was given; what is wrong with a single file, with its name in the bundle.
    const subject = error.message.startsWith(`${where} `) ? where : folder === where ? undefined : name;
    throw new CliError(2, placed(where, error.message, subject), { cause: error });
  }
}

/**
 * What a message is about, said by its path.
 *
 * @param standsFor what the message calls the file that `where` is the path of
 */
export function placed(where: string, message: string, standsFor: string | undefined): string {
  const isSaid = standsFor !== undefined && message.startsWith(`${standsFor} `);
  return isSaid ? `${where}${message.slice(standsFor.length)}` : `${where}: ${message}`;
}

function countOf(files: readonly BundleFile[]): ReadonlyMap<string, number> {
  const count = new Map<string, number>();
  for (const { name } of files) count.set(name, (count.get(name) ?? 0) + 1);
  return count;
}

/** @param folders absolute */
function commonFolder(folders: readonly string[]): string {
  const isAbove = (base: string): boolean =>
    folders.every(
      (folder) => folder === base || folder.startsWith(base === path.sep ? base : `${base}${path.sep}`),
    );
  let base = folders[0] ?? path.sep;
  while (!isAbove(base)) base = path.dirname(base);
  return base;
}
