/** chaperone policy fmt: the layout that `opa fmt` gives. */
import { format, type FormatOptions } from '@chaperone/rego/format';
import { escapeForTerminal } from '@chaperone/protocol';
import { Command, Option } from 'commander';
import { examples } from '../../examples.ts';
import { unifiedDiff } from './diff.ts';
import { policyErrors, readPolicies, writePolicy } from './files.ts';

type FmtOptions = {
  readonly write?: boolean;
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly v0Compatible?: boolean;
  readonly v0V1?: boolean;
};

export function defineFmt(): Command {
  return new Command('fmt')
    .summary('lay out policies as `opa fmt` does')
    .description(
      'Lays out policies as `opa fmt` does. The result means the same, keeps every comment, and stays as it is when it is formatted again.\n\nExit code 0: done. 1: --check found files that would change. 2: a file cannot be read, or is no policy.',
    )
    .argument('<path...>', 'files and folders with .rego files; - is standard input')
    .addOption(new Option('-w, --write', 'change the files').conflicts(['check', 'diff']))
    .addOption(new Option('--check', 'only name the files that would change').conflicts('diff'))
    .option('-d, --diff', 'show what would change')
    .option('--v0-compatible', 'the policies are written in Rego v0')
    .addOption(
      new Option('--v0-v1', 'turn policies of Rego v0 into ones that both versions accept').conflicts(
        'v0Compatible',
      ),
    )
    .addHelpText(
      'after',
      examples(
        'chaperone policy fmt --check ./policy',
        'chaperone policy fmt --diff ./policy/access.rego',
        'chaperone policy fmt --write --v0-v1 ./policy',
      ),
    )
    .action((paths: string[], options: FmtOptions) => {
      process.exitCode = fmt(paths, options);
    });
}

function fmt(paths: readonly string[], options: FmtOptions): 0 | 1 {
  const { v0Compatible = false, v0V1 = false } = options;
  const how: FormatOptions = v0V1 ? { dialect: 'v0', to: 'v1' } : { dialect: v0Compatible ? 'v0' : 'v1' };
  // Everything is laid out before anything is written: a file that cannot be read changes no other.
  const files = readPolicies(paths).map(({ file, source }) => ({
    file,
    source,
    text: policyErrors(() => format(file, source, how)),
  }));
  const changed = files.filter(({ source, text }) => source !== text);
  if (options.check) for (const { file } of changed) process.stdout.write(`${escapeForTerminal(file)}\n`);
  else if (options.diff) for (const { file, source, text } of changed) print(unifiedDiff(file, source, text));
  else if (options.write) for (const { file, text } of changed) writePolicy(file, text);
  else for (const { text } of files) print(text);
  return options.check && changed.length > 0 ? 1 : 0;
}

/** A file gets the exact text; a terminal must not be controlled by what a policy holds. */
function print(text: string): void {
  const escape = (part: string): string => escapeForTerminal(part, Number.MAX_SAFE_INTEGER);
  const safe = (line: string): string => line.split('\t').map(escape).join('\t');
  process.stdout.write(process.stdout.isTTY ? text.split('\n').map(safe).join('\n') : text);
}
