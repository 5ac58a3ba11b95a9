import {
  chmodSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { RegoErrors } from '@chaperone/rego';
import { CliError } from '../../errors.ts';

/** A policy file and its text. */
export type PolicySource = { readonly file: string; readonly source: string };

/** The files, and those ending in .rego below the folders, in order of their names; `-` is standard input. */
export function readPolicies(paths: readonly string[]): PolicySource[] {
  const files = new Set(paths.flatMap((one) => (one === '-' ? [one] : attempt(one, () => policiesAt(one)))));
  if (files.size === 0) throw new CliError(2, `there is no .rego file in ${paths.join(', ')}`);
  return [...files].map((file) => ({
    file: file === '-' ? '<stdin>' : file,
    source: decode(
      file,
      attempt(file, () => readFileSync(file === '-' ? 0 : file)),
    ),
  }));
}

function policiesAt(location: string): string[] {
  if (!statSync(location).isDirectory()) return [location];
  return readdirSync(location, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(location, entry.name);
      if (entry.isDirectory())
        return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : policiesAt(file);
      return entry.isFile() && entry.name.endsWith('.rego') ? [file] : [];
    });
}

/** Bytes that are no text would come back as other bytes. */
function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const what = file === '-' ? 'standard input' : file;
    throw new CliError(2, `${what} is not UTF-8 text`, { cause: error });
  }
}

/** Puts the new text in the place of the file as a whole, so that a failure on the way loses nothing. */
export function writePolicy(file: string, text: string): void {
  if (file === '<stdin>') {
    process.stdout.write(text);
    return;
  }
  attempt(
    file,
    () => {
      const target = realpathSync(file);
      const beside = `${target}.${String(process.pid)}.tmp`;
      try {
        writeFileSync(beside, text, { flag: 'wx', mode: 0o600 });
        chmodSync(beside, statSync(target).mode);
        renameSync(beside, target);
      } catch (error) {
        rmSync(beside, { force: true });
        throw error;
      }
    },
    'write',
  );
}

function attempt<T>(file: string, act: () => T, verb: 'read' | 'write' = 'read'): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof CliError) throw error;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    const what = file === '-' ? 'standard input' : file;
    throw new CliError(2, `cannot ${verb} ${what} (${why})`, { cause: error });
  }
}

/** Mistakes in policies are told as such, one per line. */
export function policyErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RegoErrors) throw new CliError(2, error.message, { cause: error });
    throw error;
  }
}
