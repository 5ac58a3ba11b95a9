/** Reads what the commands for policy authors work on, and says what is wrong with it. */
import { describeProblems, PolicyFileError, readPolicyFiles } from '@chaperone/endpoint/policy-files';
import type { Json, Module, RegoErrors } from '@chaperone/rego';
import { CliError } from '../../errors.ts';

export type PolicySources = {
  readonly shown: string;
  readonly modules: readonly Module[];
  readonly data: { readonly [name: string]: Json };
};

/** Throws CliError. */
export function readSources(paths: readonly string[], { v0 }: { readonly v0: boolean }): PolicySources {
  try {
    const { shown, modules, data } = readPolicyFiles(paths, { tests: true });
    const dialect = v0 ? 'v0' : 'v1';
    return { shown, modules: modules.map(({ file, text }) => ({ file, source: text, dialect })), data };
  } catch (error) {
    throw error instanceof PolicyFileError ? new CliError(2, error.message, { cause: error }) : error;
  }
}

/** Every problem with its place, the line and a caret. */
export function refusal({ shown, modules }: PolicySources, { errors }: RegoErrors): CliError {
  const files = modules.map(({ file, source }) => ({ file, text: source }));
  return new CliError(2, describeProblems(shown, errors, files));
}
