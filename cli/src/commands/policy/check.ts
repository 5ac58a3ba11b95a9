/** chaperone policy check: everything that is wrong with a policy. */
import { describeProblems } from '@chaperone/endpoint/policy-files';
import { knownEntrypoints, type PolicyProblem } from '@chaperone/policy';
import { jsonForTerminal } from '@chaperone/protocol';
import { compile, type Program, RegoErrors } from '@chaperone/rego';
import { knownRules } from './ask.ts';
import { authorHost } from './author-host.ts';
import { Command } from 'commander';
import type { ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { shown } from '../../explanation.ts';
import { addFormat } from './format-option.ts';
import { type PolicySources, readSources, sourceFiles } from './sources.ts';

type Options = {
  readonly strict?: boolean;
  readonly contract?: boolean;
  readonly format: 'text' | 'json';
  readonly bundle: readonly string[];
  readonly v0Compatible?: boolean;
};

export function defineCheck(): Command {
  const command = new Command('check')
    .summary('say everything that is wrong with a policy')
    .description(
      'Compiles a policy and says everything that is wrong with it: syntax, names, types, variables without a value, rules that refer to themselves. What `opa check` refuses is refused, with the place, the line and a hint.\n\nExit code 0: it is valid. 1: it is not. 2: it cannot be read.',
    )
    .argument('[path...]', 'folders, .rego and data files, bundles')
    .option('-b, --bundle <path>', 'a folder or archive read as a bundle; repeat it', collect, [])
    .option('-S, --strict', 'refuse what is unused, shadowed or deprecated, too')
    .option('--contract', `also ask for a rule that decides: ${names().join(' or ')}`);
  return addFormat(command, ['text', 'json'], 'for a person, or a program (as opa check)')
    .option('--v0-compatible', 'read the files as Rego before 1.0')
    .addHelpText(
      'after',
      examples(
        'chaperone policy check ./policy',
        'chaperone policy check --strict --contract ./policy',
        'chaperone policy check --format json bundle.tar.gz',
      ),
    )
    .action(async (paths: string[], options: Options, command: Command) => {
      if (paths.length + options.bundle.length === 0)
        command.error("error: missing required argument 'path'");
      const { bundle: bundles, v0Compatible: v0 = false } = options;
      process.exitCode = check(await readSources(paths, { v0, bundles }), options);
    });
}

function check(sources: PolicySources, { strict = false, contract = false, format }: Options): ExitCode {
  const problems = problemsOf(sources, strict, contract);
  if (format === 'json')
    print(jsonForTerminal(problems.length === 0 ? {} : { errors: problems.map(problemJson) }));
  else if (problems.length === 0) print(`${shown(sources.shown)}: ${fileCount(sources)}, no problem`);
  else {
    const text = describeProblems(sources.shown, problems, sourceFiles(sources.modules), problems.length);
    for (const line of text.split('\n')) print(shown(line));
  }
  return problems.length === 0 ? 0 : 1;
}

function problemsOf(sources: PolicySources, strict: boolean, contract: boolean): readonly PolicyProblem[] {
  let program: Program;
  try {
    program = compile(sources.modules, { data: sources.data, host: authorHost(), strict });
  } catch (error) {
    if (error instanceof RegoErrors) return error.errors;
    throw error;
  }
  const conflicts = program.rules().filter(({ path }) => isTaken(sources.data, path));
  const decides = knownEntrypoints.some((path) => program.has(path));
  return [
    ...conflicts.map(({ path, at }) => {
      const place = `${at.file}:${at.row}:${at.col}`;
      const reason = `conflicting rule for data path ${path.join('/')} found`;
      return { code: 'rego_compile_error', message: `${place}: rego_compile_error: ${reason}`, ...at };
    }),
    ...(contract && !decides
      ? [
          {
            code: 'no_entrypoint',
            message: `no rule decides: define ${names().join(' or ')}; there are: ${knownRules(program)}`,
          },
        ]
      : []),
  ];
}

/** Data at the place of a rule would answer instead of it. */
function isTaken(data: unknown, path: readonly string[]): boolean {
  let at = data;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, name)) return false;
    at = (at as { readonly [name: string]: unknown })[name];
  }
  return true;
}

/** The members are those of `opa check --format json`, and a hint. */
function problemJson({ message, code, hint, file, row, col }: PolicyProblem): object {
  return {
    message,
    code,
    ...(file === undefined ? {} : { location: { file, row, col } }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function fileCount({ modules }: PolicySources): string {
  return modules.length === 1 ? 'one file' : `${modules.length} files`;
}

function names(): string[] {
  return knownEntrypoints.map((path) => `data.${path.replaceAll('/', '.')}`);
}

function collect(value: string, known: readonly string[]): readonly string[] {
  return [...known, value];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
