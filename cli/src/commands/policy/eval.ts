/** chaperone policy eval: ask a policy any query. */
import { compile, marshal, type QueryResult, RegoErrors, RegoEvalError, type Value } from '@chaperone/rego';
import { listProblems } from '@chaperone/endpoint/policy-files';
import { escapeForTerminal, jsonTextForTerminal } from '@chaperone/protocol';
import { Command } from 'commander';
import { CliError, type ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { shown } from '../../explanation.ts';
import { fit, styleOf } from '../journal/table.ts';
import { readValue } from './ask.ts';
import { askingHost, hostAndPort, type Permissions } from './author-host.ts';
import { addFormat } from './format-option.ts';
import { type PolicySources, readSources, refusal } from './sources.ts';

type Options = Permissions & {
  readonly data: readonly string[];
  readonly bundle: readonly string[];
  readonly input?: string;
  readonly package?: string;
  readonly import: readonly string[];
  readonly format: 'json' | 'values' | 'bindings' | 'raw' | 'pretty';
  readonly strictBuiltinErrors?: boolean;
  readonly fail?: boolean;
  readonly failDefined?: boolean;
  readonly v0Compatible?: boolean;
};

export function defineEval(): Command {
  const command = new Command('eval')
    .summary('ask a policy any query')
    .description(
      'Asks a policy a query: any Rego body, for example data.endpoint.access.allow, or x := input.path; startswith(x, "/etc").\n\nExit code 0: it was answered. 1: with --fail it is undefined, with --fail-defined it is defined. 2: the query or the policy has a mistake.',
    )
    .argument('<query>', 'a Rego body')
    .argument('[path...]', 'folders, .rego and data files, bundles: as --data')
    .option('-d, --data <path>', 'folders, .rego and data files, bundles; repeat it', collect, [])
    .option('-b, --bundle <path>', 'a folder or archive read as a bundle; repeat it', collect, [])
    .option('-i, --input <file>', 'the input document as JSON, - for standard input')
    .option('--package <name>', 'the package in which names of the query are looked up')
    .option('--import <path>', 'an import for the query, such as data.lib; repeat it', collect, []);
  return addFormat(command, ['pretty', 'json', 'values', 'bindings', 'raw'], 'as opa eval')
    .option('--strict-builtin-errors', 'an error of a built-in ends the evaluation')
    .option(
      '--allow-host <host[:port]>',
      'http.send may reach this host; repeat it. Without it every request is refused',
      (text: string, known: readonly string[]) => [...known, hostAndPort(text)],
      [],
    )
    .option('--allow-lookup', 'net.lookup_ip_addr may look names up')
    .option('--fail', 'exit with 1 when the query is undefined or empty')
    .option('--fail-defined', 'exit with 1 when the query is defined')
    .option('--v0-compatible', 'read the files as Rego before 1.0')
    .addHelpText(
      'after',
      examples(
        'chaperone policy eval data.endpoint.access.allow ./policy -i request.json',
        "chaperone policy eval 'x := numbers.range(1, 3); y := x[_]' --format bindings",
      ),
    )
    .action(async (query: string, paths: string[], options: Options) => {
      process.exitCode = await run(query, { ...options, data: [...options.data, ...paths] });
    });
}

async function run(query: string, options: Options): Promise<ExitCode> {
  const v0 = options.v0Compatible === true;
  const sources: PolicySources =
    options.data.length + options.bundle.length === 0
      ? { shown: 'the query', modules: [], data: {} }
      : await readSources(options.data, { v0, bundles: options.bundle, modulesOptional: true });
  const results = await ask(sources, query, options);
  const defined = results.some(({ expressions }) => expressions.every(({ value }) => value !== false));
  print(options.format === 'pretty' ? pretty(results) : formatted(results, options.format));
  return (options.fail === true && !defined) || (options.failDefined === true && defined) ? 1 : 0;
}

async function ask(sources: PolicySources, query: string, options: Options): Promise<readonly QueryResult[]> {
  const input = readValue(options.input);
  try {
    const host = {
      ...askingHost(options, (line) => void process.stderr.write(`chaperone: ${escapeForTerminal(line)}\n`)),
      print: (text: string): void => void process.stderr.write(`${escapeForTerminal(text)}\n`),
    };
    const program = compile(sources.modules, { data: sources.data, host });
    const prepared = program.prepareQuery(query, {
      imports: options.import,
      ...(options.package === undefined ? {} : { package: options.package }),
    });
    return await prepared.resultsAsync(input, {
      strictBuiltinErrors: options.strictBuiltinErrors === true,
    });
  } catch (error) {
    if (error instanceof RegoErrors) {
      if (!error.errors.every(({ file }) => file === 'query')) throw refusal(sources, error);
      const text = listProblems('the query', error.errors, [{ file: 'query', text: query }]);
      throw new CliError(2, text, { cause: error });
    }
    if (error instanceof RegoEvalError) throw new CliError(2, `there is no answer: ${error.message}`);
    throw error;
  }
}

function formatted(results: readonly QueryResult[], format: Exclude<Options['format'], 'pretty'>): string {
  switch (format) {
    case 'json':
      return json(results.length === 0 ? {} : { result: results.map(resultObject) });
    case 'bindings':
      return json(results.map(({ bindings }) => bindings));
    case 'values':
      return json(results.map(({ expressions }) => expressions.map(({ value }) => value)));
    case 'raw':
      return results
        .map(({ expressions }) => expressions.map(({ value }) => rawText(value)).join(' '))
        .join('\n');
    default:
      return format satisfies never;
  }
}

/** A text stands for itself, as for scripts. */
function rawText(value: Value): string {
  return typeof value === 'string' ? escapeForTerminal(value) : json(value);
}

function resultObject({ bindings, expressions }: QueryResult): Value {
  return {
    expressions: expressions.map(({ text, value, row, col }) => ({ value, text, location: { row, col } })),
    ...(Object.keys(bindings).length === 0 ? {} : { bindings }),
  };
}

/** One value alone as it is; otherwise a table with a column for each variable and expression. */
function pretty(results: readonly QueryResult[]): string {
  const [first] = results;
  if (first === undefined) return 'undefined';
  const names = Object.keys(first.bindings);
  const [only] = first.expressions;
  if (results.length === 1 && names.length === 0 && first.expressions.length === 1 && only !== undefined)
    return jsonTextForTerminal(marshal(only.value, '  ', '\n'));
  // An expression that only says true beside variables says nothing.
  const columns = first.expressions
    .map((_, i) => i)
    .filter((i) => names.length === 0 || results.some(({ expressions }) => expressions[i]?.value !== true));
  const rows = [
    [...names, ...columns.map((i) => first.expressions[i]?.text ?? '')],
    ...results.map(({ bindings, expressions }) => [
      ...names.map((name) => marshal(bindings[name] ?? null)),
      ...columns.map((i) => marshal(expressions[i]?.value ?? null)),
    ]),
  ];
  return table(rows);
}

function table(rows: readonly (readonly string[])[]): string {
  const { width } = styleOf(process.stdout, process.env);
  const count = rows[0]?.length ?? 1;
  const room = width === undefined ? undefined : Math.max(8, Math.floor(width / count) - 2);
  const widths = (rows[0] ?? []).map((_, column) => {
    const widest = Math.max(...rows.map((row) => shown(row[column] ?? '').length));
    return room === undefined ? widest : Math.min(widest, room);
  });
  return rows
    .map((row) =>
      row
        .map((cell, column) => fit(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function json(value: Value): string {
  return jsonTextForTerminal(marshal(value, '  ', '\n'));
}

function collect(value: string, known: readonly string[]): readonly string[] {
  return [...known, value];
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
