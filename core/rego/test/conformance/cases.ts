import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseJson } from '../../src/index.ts';
import type { Value } from '../../src/index.ts';

/** One case of the Open Policy Agent's conformance suite. Documents are exact, as OPA reads them. */
export interface Case {
  readonly note: string;
  readonly query: string;
  readonly modules: readonly string[];
  readonly data: Value;
  readonly input: Value | undefined;
  /** The input as a Rego term, for inputs that JSON cannot spell. */
  readonly inputTerm: string | undefined;
  readonly wantResult: readonly Value[] | undefined;
  readonly wantDefined: boolean | undefined;
  readonly wantErrorCode: string | undefined;
  readonly wantError: string | undefined;
  readonly sortBindings: boolean;
  /** Errors of built-ins end the evaluation. */
  readonly strictError: boolean;
}

/** Where the cases are when no file is named. */
export const DEFAULT_FILE = path.join(
  process.env['CHAPERONE_SHARED_DATA'] ?? path.resolve(import.meta.dirname, '../../../../../shared/data'),
  'rego-conformance/cases.jsonl',
);

/** All cases of the default file, or (printed too) why there are none. */
export function readCases(): readonly Case[] | string {
  if (existsSync(DEFAULT_FILE)) return parseCases(readFileSync(DEFAULT_FILE, 'utf8'));
  const why = `there is no conformance data at ${DEFAULT_FILE}`;
  console.log(`skipped: the conformance suite, because ${why}`);
  return why;
}

/** Reads cases, one JSON object a line; throws an Error that names the line of what is no case. */
export function parseCases(text: string): Case[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [parseCase(parseJson(line))];
    } catch (error) {
      throw new Error(`line ${i + 1}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  });
}

type Fields = Readonly<Record<string, Value | undefined>>;

function parseCase(v: Value | undefined): Case {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) throw new Error('is not a JSON object');
  const fields = v as Fields;
  const text = (name: string): string | undefined => {
    const found = fields[name] ?? undefined;
    if (found !== undefined && typeof found !== 'string') throw new Error(`"${name}" is not a string`);
    return found;
  };
  const flag = (name: string): boolean => fields[name] === true;
  const list = (name: string): readonly Value[] | undefined => {
    const found = fields[name] ?? undefined;
    if (found !== undefined && !Array.isArray(found)) throw new Error(`"${name}" is not an array`);
    return found as readonly Value[] | undefined;
  };
  const query = text('query');
  if (query === undefined) throw new Error('has no "query"');
  const modules = list('modules') ?? [];
  if (!modules.every((source) => typeof source === 'string'))
    throw new Error('"modules" is not an array of strings');
  return {
    note: text('note') ?? query,
    query,
    modules,
    data: fields['data'] ?? {},
    input: fields['input'] ?? undefined,
    inputTerm: text('input_term'),
    wantResult: list('want_result'),
    wantDefined: typeof fields['want_defined'] === 'boolean' ? fields['want_defined'] : undefined,
    wantErrorCode: text('want_error_code'),
    wantError: text('want_error'),
    sortBindings: flag('sort_bindings'),
    strictError: flag('strict_error'),
  };
}
