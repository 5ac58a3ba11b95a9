import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compile } from '../src/index.ts';
import type { Entrypoint, Json } from '../src/index.ts';

/** One case of the Open Policy Agent's conformance suite. */
export interface Case {
  readonly note: string;
  readonly query: string;
  readonly modules?: readonly string[];
  readonly data?: Json;
  readonly input?: Json;
  /** The input as a Rego term, for inputs that JSON cannot spell. */
  readonly input_term?: string;
  readonly want_result?: readonly Record<string, Json>[] | null;
  readonly sort_bindings?: boolean;
  readonly want_error_code?: string;
  readonly want_error?: string;
  /** The case wants built-in errors to be fatal. Here they are undefined, as by default in OPA. */
  readonly strict_error?: boolean;
}

const SHARED =
  process.env['CHAPERONE_SHARED_DATA'] ?? path.resolve(import.meta.dirname, '../../../../shared/data');
const FILE = path.join(SHARED, 'rego-conformance/cases.jsonl');

/** All cases, or (printed too) why there are none. */
export function readCases(): readonly Case[] | string {
  if (!existsSync(FILE)) {
    const why = `there is no conformance data at ${FILE}`;
    console.log(`skipped: the conformance suite, because ${why}`);
    return why;
  }
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
}

/** The variables that a query binds. */
function variables(found: Case): string[] {
  if (found.want_result?.length) return [...new Set(found.want_result.flatMap((b) => Object.keys(b)))];
  return [...found.query.matchAll(/= ([a-z]\w*)(?=$|;|\s)/g)]
    .map((m) => m[1] ?? '')
    .filter((name) => name !== 'input');
}

/** The document that answers a query, and what to ask it with. */
export interface Asked {
  readonly entry: Entrypoint;
  readonly input: Json | undefined;
  /** It is the document of the query itself; otherwise a rule that collects the query's bindings. */
  readonly direct: boolean;
}

/** Compiles a case; throws RegoErrors when it does not load. */
export function load(found: Case): Asked {
  const modules = (found.modules ?? []).map((source, i) => ({ file: `m${i}.rego`, source }));
  const { data = {} } = found;
  let { input, input_term: term } = found;
  try {
    if (term !== undefined) {
      input = JSON.parse(term) as Json;
      term = undefined;
    }
  } catch {
    // It needs Rego's own notation, and is given by `with`.
  }
  if (/^data(\.\w+)* = x$/.test(found.query) && term === undefined) {
    const program = compile(modules, { data, steps: 5e7 });
    const document = found.query.slice('data'.length, -' = x'.length).replaceAll('.', '/');
    if (program.has(document)) return { entry: program.entrypoint(document), input, direct: true };
  }
  const overrides = term === undefined ? '' : ` with input as ${term}`;
  const parts = found.query.startsWith('x = $') ? [found.query] : found.query.trim().split('; ');
  const head = variables(found)
    .map((name) => `"${name}": ${name}`)
    .join(', ');
  const source = `package conformance_query\nbindings := [{${head}} | ${parts.map((part) => part + overrides).join('\n')}\n]`;
  const program = compile([...modules, { file: 'query.rego', source }], { data, steps: 5e7 });
  return { entry: program.entrypoint('conformance_query/bindings'), input, direct: false };
}
