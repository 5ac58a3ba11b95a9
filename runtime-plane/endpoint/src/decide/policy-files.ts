/**
 * Reads the files of a policy: modules and base data, from folders or single files. What cannot be read whole is refused:
 * half a policy may lack exactly the rule that denies.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Json, PolicyProblem } from '@chaperone/policy';
import { isBundleFile } from './bundle-file.ts';
import { PolicyFileError } from './policy-file-error.ts';

export { PolicyFileError } from './policy-file-error.ts';

export type JsonObject = { [name: string]: Json };

const maxFileBytes = 4 * 1024 * 1024;
const maxTotalBytes = 32 * 1024 * 1024;
const maxFiles = 2_000;
const maxShownProblems = 20;

export type SourceFile = { readonly file: string; readonly text: string };

export type PolicyFiles = {
  /** Where they came from, for a person. */
  readonly shown: string;
  readonly sets: readonly FileSet[];
  readonly modules: readonly SourceFile[];
  readonly data: JsonObject;
};

export type FileSet = { readonly location: string; readonly files: readonly SourceFile[] };

/**
 * @param where folders (all `*.rego` below each, and `data.json` at any depth) or single files
 * @param options `tests`: those whose names end in `_test.rego`, too
 * Throws PolicyFileError.
 */
export function readPolicyFiles(where: readonly string[], options: { readonly tests: boolean }): PolicyFiles {
  const sets = where.map((location) => ({ location, files: readFiles(location, options.tests) }));
  const shown = where.join(' and ');
  const files = sets.flatMap((set) => set.files);
  const modules = files.filter(({ file }) => file.endsWith('.rego'));
  if (modules.length === 0) {
    const but = options.tests ? '' : ' (files that end in _test.rego do not count)';
    throw new PolicyFileError('no_modules', `${shown} holds no .rego file${but}`);
  }
  const data: JsonObject = {};
  for (const { location, files: found } of sets) {
    for (const source of found)
      if (path.basename(source.file) === 'data.json' || isDataFile(location, source))
        mergeData(data, location, source);
  }
  return { shown, sets, modules, data };
}

/** A JSON file that was named itself becomes `data`, whatever it is called. */
function isDataFile(location: string, { file }: SourceFile): boolean {
  if (file !== location) return false;
  if (/\.ya?ml$/.test(file)) throw new PolicyFileError('bad_data', `${file} is not read; convert it to JSON`);
  return file.endsWith('.json');
}

function readFiles(location: string, tests: boolean): SourceFile[] {
  if (isBundleFile(location))
    throw new PolicyFileError(
      'bad_bundle',
      `${location} is a bundle, which cannot be used here; unpack it into a folder`,
    );
  const found = attempt(location, () =>
    statSync(location).isDirectory() ? walk(location, tests) : [location],
  );
  if (found.length > maxFiles) {
    throw new PolicyFileError(
      'too_large',
      `${location} holds ${found.length} policy files; at most ${maxFiles} are read`,
    );
  }
  let total = 0;
  return found.map((file) => {
    const bytes = attempt(file, () => {
      const { size } = statSync(file);
      if (size > maxFileBytes) throw tooLarge(file, size, maxFileBytes);
      return readFileSync(file);
    });
    total += bytes.length;
    if (total > maxTotalBytes) throw tooLarge(location, total, maxTotalBytes);
    return { file, text: decode(file, bytes) };
  });
}

function walk(folder: string, tests: boolean): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    // Hidden folders hold a version control system's copies, not the policy.
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return walk(file, tests);
    if (/^data\.ya?ml$/.test(entry.name)) {
      throw new PolicyFileError(
        'bad_data',
        `${file} is not read; convert it to data.json, so that no part of the policy is missing`,
      );
    }
    const isModule = entry.name.endsWith('.rego') && (tests || !entry.name.endsWith('_test.rego'));
    return isModule || entry.name === 'data.json' ? [file] : [];
  });
}

function mergeData(data: JsonObject, location: string, { file, text }: SourceFile): void {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not JSON';
    throw new PolicyFileError('bad_data', `${file} is not JSON: ${why}`, { cause: error });
  }
  if (!isObject(value))
    throw new PolicyFileError('bad_data', `${file} must hold a JSON object, because it becomes data`);
  // As in OPA's bundles, the folder names are the path: roles/data.json becomes data.roles.
  const folders = path
    .relative(file === location ? path.dirname(file) : location, path.dirname(file))
    .split(path.sep)
    .filter((name) => name !== '');
  const nested = folders.reduceRight<JsonObject>((inner, name) => ({ [name]: inner }), value);
  mergeInto(data, nested, file, 'data');
}

export function mergeInto(target: JsonObject, source: JsonObject, file: string, at: string): void {
  for (const [name, value] of Object.entries(source)) {
    const present = Object.hasOwn(target, name) ? target[name] : undefined;
    if (present === undefined) {
      Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
    } else if (isObject(present) && isObject(value)) {
      mergeInto(present, value, file, `${at}.${name}`);
    } else {
      throw new PolicyFileError('bad_data', `${file} sets ${at}.${name}, which another data.json sets, too`);
    }
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every problem, up to `most`, with its place, the source line and a caret. */
export function describeProblems(
  location: string,
  problems: readonly PolicyProblem[],
  files: readonly SourceFile[],
  most = maxShownProblems,
): string {
  return listProblems(`the policy in ${location}`, problems, files, most);
}

/** @param subject what has the problems, as the sentence begins */
export function listProblems(
  subject: string,
  problems: readonly PolicyProblem[],
  files: readonly SourceFile[],
  most = maxShownProblems,
): string {
  const shown = problems.slice(0, most).map((problem) => describeProblem(problem, files));
  const hidden = problems.length - shown.length;
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return [`${subject} has ${count}:`, ...shown, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join('\n');
}

/** `file:row:col: message`, the source line, and a caret under the column. */
function describeProblem(
  { message, file, row, col, hint }: PolicyProblem,
  files: readonly SourceFile[],
): string {
  if (file === undefined || row === undefined || col === undefined) return message;
  const place = `${file}:${row}:${col}`;
  const lines = [message.startsWith(place) ? message : `${place}: ${message}`];
  const text = files.find((source) => source.file === file)?.text.split('\n')[row - 1];
  if (text !== undefined && text.length <= 400) {
    const margin = `${row} | `;
    // A tab is a control character to whoever prints this: escaped, it would move the caret from its place.
    const plain = (part: string): string => part.replaceAll('\t', '    ');
    const indent = ' '.repeat(margin.length + plain(text.slice(0, col - 1)).length);
    lines.push(`  ${margin}${plain(text)}`, `  ${indent}^`);
  }
  if (hint !== undefined && !message.includes(hint)) lines.push(`  hint: ${hint}`);
  return lines.join('\n');
}

function attempt<Result>(file: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof PolicyFileError) throw error;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new PolicyFileError('unreadable', `cannot read the policy ${file} (${why})`, { cause: error });
  }
}

function decode(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new PolicyFileError('unreadable', `${file} is not UTF-8 text`, { cause: error });
  }
}

function tooLarge(file: string, bytes: number, limit: number): PolicyFileError {
  return new PolicyFileError('too_large', `${file} has ${bytes} bytes; at most ${limit} are read`);
}
