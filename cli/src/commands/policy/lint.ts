/** chaperone policy lint: what a policy's author probably did not mean. */
import { lint, lintRules, type Finding, type Severity } from '@chaperone/rego/lint';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { Command, Option } from 'commander';
import { CliError } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { addFormat } from './format-option.ts';
import { policyErrors, readPolicies } from './files.ts';

type LintOptions = {
  readonly format: 'text' | 'json';
  readonly disable: readonly string[];
  readonly failOn: Severity;
  readonly v0Compatible?: boolean;
};

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

export function defineLint(): Command {
  const command = new Command('lint')
    .summary('look for mistakes in policies')
    .description(
      'Looks for mistakes in policies: paths that match too much, fields that do not exist, decisions without a default. docs/reference/lint.md describes every rule. A comment `# chaperone-lint ignore=RULE` on a line or above it makes an exception.\n\nExit code 0: nothing found. 1: something was found. 2: a file cannot be read, or is no policy.',
    )
    .argument('<path...>', 'files and folders with .rego files; - is standard input');
  return addFormat(command, ['text', 'json'], 'for a person, or a program: one object in each line')
    .option('--disable <rules>', 'rules that are left out, with commas between them', collect, [])
    .addOption(
      new Option('--fail-on <severity>', 'what makes the exit code 1: findings as severe as this')
        .choices(SEVERITIES)
        .default('warning'),
    )
    .option('--v0-compatible', 'the policies are written in Rego v0')
    .addHelpText(
      'after',
      examples(
        'chaperone policy lint ./policy',
        'chaperone policy lint --disable line-length,todo-comment ./policy',
        'chaperone policy lint --format json ./policy | jq .rule',
      ),
    )
    .action((paths: string[], options: LintOptions) => {
      process.exitCode = lintPaths(paths, options);
    });
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, ...text.split(',').map((id) => id.trim())];
}

function lintPaths(paths: readonly string[], options: LintOptions): 0 | 1 {
  const { disable, failOn, v0Compatible = false } = options;
  const unknown = disable.find((id) => !lintRules.some((rule) => rule.id === id));
  if (unknown !== undefined)
    throw new CliError(
      2,
      `there is no rule ${unknown}; there are: ${lintRules.map(({ id }) => id).join(', ')}`,
    );
  const sources = readPolicies(paths).map(
    (one) => ({ ...one, dialect: v0Compatible ? 'v0' : 'v1' }) as const,
  );
  const findings = policyErrors(() => lint(sources, { disable }));
  if (options.format === 'json')
    for (const one of findings) process.stdout.write(`${jsonForTerminal(one)}\n`);
  else printText(findings, sources.length);
  const limit = SEVERITIES.indexOf(failOn);
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit) ? 1 : 0;
}

function printText(findings: readonly Finding[], files: number): void {
  for (const { file, row, col, rule, severity, message, hint } of findings) {
    const place = `${file}:${String(row)}:${String(col)}`;
    const advice = hint === undefined ? '' : ` (${hint})`;
    process.stdout.write(`${escapeForTerminal(`${place}: ${severity}: ${message}${advice} [${rule}]`)}\n`);
  }
  const counts = SEVERITIES.map(
    (one) => [one, findings.filter(({ severity }) => severity === one).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([one, count]) => `${String(count)} ${one}${count === 1 || one === 'info' ? '' : 's'}`);
  const looked = `${String(files)} ${files === 1 ? 'file' : 'files'}`;
  process.stdout.write(`${looked}: ${counts.join(', ') || 'nothing found'}\n`);
}
