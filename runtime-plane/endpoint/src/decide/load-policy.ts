/**
 * Reads a policy from a folder or a file and compiles it. A policy that cannot be read whole is refused: half a policy
 * may lack exactly the rule that denies.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Json, loadPolicy, type Policy, PolicyError, type PolicyProblem } from '@chaperone/policy';

export type PolicyFileErrorCode = 'unreadable' | 'too_large' | 'no_modules' | 'bad_data' | 'refused';

/** The message is complete: file, line, excerpt and caret for each problem. It quotes the files, so escape it. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
  readonly code: PolicyFileErrorCode;

  constructor(code: PolicyFileErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

type JsonObject = { [name: string]: Json };

/** A policy before it is loaded: where it is, and what else becomes `data`. Plain, so that it passes between threads. */
export type PolicySet = {
  readonly locations: readonly string[];
  readonly data?: JsonObject;
  readonly entrypoint?: string;
};

export type LoadPolicyOptions = {
  readonly entrypoint?: string;
  /** Joined with the `data.json` files; a name that both set is refused. */
  readonly data?: JsonObject;
  readonly knownObligations?: ReadonlySet<string>;
  /** Rego that is not on disk, read together with what is. */
  readonly draft?: string;
  readonly steps?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

const maxFileBytes = 4 * 1024 * 1024;
const maxTotalBytes = 32 * 1024 * 1024;
const maxFiles = 2_000;
const maxShownProblems = 20;

type SourceFile = { readonly file: string; readonly text: string };

/**
 * @param where folders (all `*.rego` below each except `*_test.rego`, and `data.json` at any depth) or single `.rego` files
 * @returns the policy; its revision is the first 12 hex digits of SHA-256 over names, contents and given settings
 * Throws PolicyFileError.
 */
export function loadPolicyFiles(
  where: string | readonly string[],
  { draft, ...options }: LoadPolicyOptions = {},
): Policy {
  const sets = (typeof where === 'string' ? [where] : where).map((location) => ({
    location,
    files: readFiles(location),
  }));
  const shown = sets.map(({ location }) => location).join(' and ');
  const files = sets.flatMap((set) => set.files);
  const modules = files.filter(({ file }) => file.endsWith('.rego'));
  if (modules.length === 0) {
    throw new PolicyFileError(
      'no_modules',
      `${shown} holds no .rego file (files that end in _test.rego do not count)`,
    );
  }
  const data: JsonObject = {};
  for (const { location, files: found } of sets) {
    for (const source of found)
      if (path.basename(source.file) === 'data.json') mergeData(data, location, source);
  }
  mergeInto(data, options.data ?? {}, 'the session', 'data');
  try {
    return loadPolicy({
      ...options,
      modules: [
        ...modules.map(({ file, text }) => ({ file, source: text })),
        ...(draft === undefined ? [] : [{ file: 'draft.rego', source: draft }]),
      ],
      data,
      revision: revisionOf(sets, options.data?.['settings']),
    });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PolicyFileError('refused', describe(shown, error.problems, files), { cause: error });
  }
}

function readFiles(location: string): SourceFile[] {
  const found = attempt(location, () => (statSync(location).isDirectory() ? walk(location) : [location]));
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

function walk(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    // Hidden folders hold a version control system's copies, not the policy.
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return walk(file);
    if (/^data\.ya?ml$/.test(entry.name)) {
      throw new PolicyFileError(
        'bad_data',
        `${file} is not read; convert it to data.json, so that no part of the policy is missing`,
      );
    }
    const isModule = entry.name.endsWith('.rego') && !entry.name.endsWith('_test.rego');
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
    .relative(location, path.dirname(file))
    .split(path.sep)
    .filter((name) => name !== '');
  const nested = folders.reduceRight<JsonObject>((inner, name) => ({ [name]: inner }), value);
  mergeInto(data, nested, file, 'data');
}

function mergeInto(target: JsonObject, source: JsonObject, file: string, at: string): void {
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

type FileSet = { readonly location: string; readonly files: readonly SourceFile[] };

/** Facts of the session are no part of it: the same policy keeps its name on every machine. */
function revisionOf(sets: readonly FileSet[], settings: Json | undefined): string {
  const hash = createHash('sha256');
  for (const { location, files } of sets) {
    for (const { file, text } of files)
      hash.update(`${path.relative(location, file)}\0${Buffer.byteLength(text)}\0${text}`);
  }
  if (settings !== undefined) hash.update(`\0settings\0${JSON.stringify(settings)}`);
  return hash.digest('hex').slice(0, 12);
}

function describe(
  location: string,
  problems: readonly PolicyProblem[],
  files: readonly SourceFile[],
): string {
  const shown = problems.slice(0, maxShownProblems).map((problem) => describeProblem(problem, files));
  const hidden = problems.length - shown.length;
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return [
    `the policy in ${location} has ${count}:`,
    ...shown,
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
  ].join('\n');
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
