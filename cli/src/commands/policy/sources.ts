/** Reads what the commands for policy authors work on, and says what is wrong with it. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { describeProblems, mergeInto, PolicyFileError } from '@chaperone/endpoint/policy-files';
import { PolicyError, type PolicyProblem } from '@chaperone/policy';
import { type Bundle, type BundleFile, parseBundle, unpackBundle } from '@chaperone/policy/bundle';
import type { Json, Module } from '@chaperone/rego';
import { CliError } from '../../errors.ts';
import { asCliErrors, attempt, isArchive, readFolder, readLimited } from './bundle-files.ts';

export type PolicySources = {
  readonly shown: string;
  readonly modules: readonly Module[];
  readonly data: { readonly [name: string]: Json };
};

export type SourceOptions = {
  readonly v0: boolean;
  /** Folders read as bundles: without tests, with what their manifests say. */
  readonly bundles?: readonly string[];
  /** Data alone will do. */
  readonly modulesOptional?: boolean;
};

type Part = Omit<PolicySources, 'shown'>;

/**
 * @param paths folders (all `.rego` files below, `data.json` and `data.yaml` at the path of their folder), single files, bundles
 * Rejects with CliError.
 */
export async function readSources(
  paths: readonly string[],
  { v0, bundles = [], modulesOptional = false }: SourceOptions,
): Promise<PolicySources> {
  const dialect = v0 ? 'v0' : 'v1';
  const shown = [...paths, ...bundles].join(' and ');
  const parts: Part[] = [];
  for (const one of paths) parts.push(await partAt(one, dialect));
  for (const one of bundles) parts.push(await bundleAt(one, dialect));
  const modules = parts.flatMap((part) => part.modules);
  if (modules.length === 0 && !modulesOptional) throw new CliError(2, `${shown} holds no .rego file`);
  const data: { [name: string]: Json } = {};
  [...paths, ...bundles].forEach((from, i) => join(data, parts[i]?.data ?? {}, from));
  return { shown, modules: withoutRepeated(modules), data };
}

async function partAt(where: string, dialect: 'v0' | 'v1'): Promise<Part> {
  if (attempt(where, () => statSync(where).isDirectory()))
    return plainFiles(where, dialect, (name) => path.join(where, name), readFolder(where, { tests: true }));
  const bytes = readLimited(where);
  if (isArchive(bytes)) return bundleAt(where, dialect);
  const type = path.extname(where);
  if (!['.rego', '.json', '.yaml', '.yml'].includes(type))
    throw new CliError(2, `${where} is no .rego, .json or .yaml file, and no bundle`);
  const name = type === '.rego' ? path.basename(where) : `data${type}`;
  return plainFiles(where, dialect, () => where, [{ name, bytes }]);
}

/** Modules stay text, so that every problem in them is found later, and not only the first. */
function plainFiles(
  where: string,
  dialect: 'v0' | 'v1',
  place: (name: string) => string,
  files: readonly BundleFile[],
): Promise<Part> {
  const isModule = ({ name }: BundleFile): boolean => name.endsWith('.rego');
  return asCliErrors(
    where,
    async () => ({
      modules: files.filter(isModule).map(({ name, bytes }) => ({
        file: place(name),
        source: attempt(place(name), () => textOf(bytes, place(name))),
        dialect,
      })),
      data: parseBundle(files.filter((file) => !isModule(file) && !file.name.startsWith('.'))).data,
    }),
    files.find(({ name }) => place(name) === where)?.name,
  );
}

/** An archive, or a folder that is to become one. */
function bundleAt(where: string, dialect: 'v0' | 'v1'): Promise<Part> {
  return asCliErrors(where, async () => {
    const isFolder = attempt(where, () => statSync(where).isDirectory());
    const files = isFolder ? readFolder(where, { tests: false }) : await unpackBundle(readLimited(where));
    const place = (name: string): string => (isFolder ? path.join(where, name) : `${where}/${name}`);
    const { modules, data } = parsed(files, dialect, place);
    return {
      modules: modules.map(({ file, source, dialect: own }) => ({ file: place(file), source, dialect: own })),
      data,
    };
  });
}

function parsed(files: readonly BundleFile[], dialect: 'v0' | 'v1', place: (name: string) => string): Bundle {
  try {
    return parseBundle(files, dialect === 'v0' ? { dialect } : {});
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const text = new TextDecoder();
    const modules = files.map(({ name, bytes }) => ({ file: name, source: text.decode(bytes) }));
    throw refusal({ shown: place(''), modules, data: {} }, { errors: error.problems });
  }
}

function join(data: { [name: string]: Json }, more: { readonly [name: string]: Json }, from: string): void {
  try {
    mergeInto(data, more, from, 'data');
  } catch (error) {
    throw error instanceof PolicyFileError ? new CliError(2, error.message, { cause: error }) : error;
  }
}

function withoutRepeated(modules: readonly Module[]): readonly Module[] {
  return [...new Map(modules.map((module) => [module.file, module] as const)).values()];
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CliError(2, `${file} is not UTF-8 text`, { cause: error });
  }
}

/** Every problem with its place, the line and a caret. */
export function refusal(
  { shown, modules }: PolicySources,
  { errors }: { readonly errors: readonly PolicyProblem[] },
): CliError {
  return new CliError(2, describeProblems(shown, errors, sourceFiles(modules)));
}

/** As `describeProblems` takes them. */
export function sourceFiles(modules: readonly Module[]): { readonly file: string; readonly text: string }[] {
  return modules.map(({ file, source }) => ({ file, text: source }));
}
