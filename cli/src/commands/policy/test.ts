/** chaperone policy test: run the `test_*` rules of a policy. */
import { RegoErrors, tests, type TestResult } from '@chaperone/rego';
import { authorHost } from './author-host.ts';
import { Command, InvalidArgumentError } from 'commander';
import { CliError, type ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { progressLine } from '../../progress.ts';
import { positiveNumber } from '../../whole-number.ts';
import { styleOf } from '../journal/table.ts';
import { coverageJson, coverageLines, coveredPercent } from './coverage.ts';
import { addFormat } from './format-option.ts';
import { junit } from './junit.ts';
import { type PolicySources, readSources, refusal } from './sources.ts';
import { resultJson, resultLines, summaryLine } from './test-report.ts';
import { rerunOnChange } from './watch.ts';

type Options = {
  readonly verbose?: boolean;
  readonly run?: RegExp;
  readonly coverage?: boolean;
  readonly threshold?: number;
  readonly format: 'pretty' | 'json' | 'junit';
  readonly steps?: number;
  readonly watch?: boolean;
  readonly v0Compatible?: boolean;
};

export function defineTest(): Command {
  const command = new Command('test')
    .summary('run the test_* rules of a policy')
    .description(
      'Runs the rules whose names begin with test_, in all .rego files below the paths.\n\nA test holds when its rule is true; a rule such as test_x[name] is one test with a case for each name. Rules that begin with todo_test_ are skipped.\n\nExit code 0: all hold. 1: a test failed, or too little is covered. 2: there is no test, or the policy has a mistake.',
    )
    .argument('<path...>', 'folders, .rego and data files, bundles')
    .option('-v, --verbose', 'every test, and what print() printed in it')
    .option(
      '-r, --run <regex>',
      'only tests whose full names match, for example data.access_test',
      parseRegex,
    )
    .option('-c, --coverage', 'which rows were evaluated')
    .option('--threshold <percent>', 'fail when less is covered', parsePercent);
  const formats = 'for a person, a program (as opa test), or a CI server';
  return addFormat(command, ['pretty', 'json', 'junit'], formats)
    .option('--steps <count>', 'rule entries and loop iterations that one test may take', positiveNumber)
    .option('-w, --watch', 'run them again whenever a file changes')
    .option('--v0-compatible', 'read the files as Rego before 1.0')
    .addHelpText(
      'after',
      examples(
        'chaperone policy test policies/',
        "chaperone policy test . --run 'files' -v",
        'chaperone policy test . --watch',
        'chaperone policy test . --coverage --threshold 90 --format junit > report.xml',
      ),
    )
    .action(async (paths: string[], options: Options) => {
      const once = async (): Promise<void> => {
        const sources = await readSources(paths, { v0: options.v0Compatible === true });
        process.exitCode = run(sources, options);
      };
      await (options.watch === true ? rerunOnChange(paths, once) : once());
    });
}

function run(sources: PolicySources, options: Options): ExitCode {
  const { format, run: only, steps } = options;
  const covers = options.coverage === true || options.threshold !== undefined;
  const started = performance.now();
  const found = load(sources, () =>
    tests(sources.modules, {
      data: sources.data,
      host: authorHost(),
      clock: () => performance.now(),
      coverage: covers,
      ...(only === undefined ? {} : { only: (name: string) => only.test(name) }),
      ...(steps === undefined ? {} : { steps }),
    }),
  );
  if (found.count === 0) {
    const which = only === undefined ? '' : ` whose name matches ${only.source}`;
    throw new CliError(2, `there is no test${which}: no rule whose name begins with test_ was found`);
  }
  const results: TestResult[] = [];
  const style = styleOf(process.stdout, process.env);
  {
    using progress = progressLine(process.stderr, process.env, () => performance.now());
    for (const result of found.results) {
      results.push(result);
      progress.say(`${results.length} of ${found.count} tests`);
      if (format !== 'pretty') continue;
      const lines = resultLines(result, options.verbose === true, style);
      if (lines.length > 0) progress.clear();
      for (const line of lines) print(line);
    }
  }
  const files = covers ? found.coverage() : [];
  const percent = coveredPercent(files);
  const enough = options.threshold === undefined || percent >= options.threshold;
  if (format === 'pretty') {
    print(summaryLine(results, performance.now() - started, style));
    if (covers) for (const line of coverageLines(files, style.width)) print(line);
  } else if (format === 'junit') print(junit(results));
  else print(JSON.stringify(covers ? coverageJson(files) : results.map(resultJson), null, 2));
  if (!enough)
    process.stderr.write(
      `chaperone: ${percent.toFixed(1)} % is covered, less than the ${options.threshold} % asked for\n`,
    );
  const failed = results.some(({ outcome }) => outcome === 'fail' || outcome === 'error');
  return failed || !enough ? 1 : 0;
}

/** What is wrong with a policy, as text with places in place of an exception. */
function load<T>(sources: PolicySources, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof RegoErrors ? refusal(sources, error) : error;
  }
}

function parseRegex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new InvalidArgumentError('It is not a regular expression.');
  }
}

function parsePercent(text: string): number {
  const value = Number(text);
  if (text === '' || !(value >= 0 && value <= 100)) throw new InvalidArgumentError('From 0 to 100.');
  return value;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
