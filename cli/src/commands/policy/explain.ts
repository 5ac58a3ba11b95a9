/** chaperone policy explain: how a rule got its value, condition by condition. */
import { type BodyTrace, RegoEvalError } from '@chaperone/rego';
import { jsonForTerminal } from '@chaperone/protocol';
import { Command } from 'commander';
import type { ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { fitLines, shown, traceLines } from '../../explanation.ts';
import { styleOf } from '../journal/table.ts';
import { entrypointOf, readValue } from './ask.ts';
import { addFormat } from './format-option.ts';
import { readSources } from './sources.ts';

type Options = {
  readonly input?: string;
  readonly all?: boolean;
  readonly format: 'text' | 'json';
  readonly v0Compatible?: boolean;
};

const maxBodies = 12;

export function defineExplain(): Command {
  const command = new Command('explain')
    .summary('say how a rule got its value, condition by condition')
    .description(
      'Says how a rule got its value: which bodies were tried, and at which condition each of them stopped, with what it read.\n\nExit code 0: the rule has a value. 1: it is undefined, false, or there was an error. 2: the question cannot be answered.',
    )
    .argument('<rule>', 'for example data.endpoint.access.allow')
    .argument('<path...>', 'folders, .rego and data files, bundles')
    .option('-i, --input <file>', 'the input document as JSON, - for standard input')
    .option('--all', `every body; the ${maxBodies} most relevant without it`);
  return addFormat(command, ['text', 'json'], 'for a person, or a program: one object')
    .option('--v0-compatible', 'read the files as Rego before 1.0')
    .addHelpText(
      'after',
      examples(
        'chaperone policy explain data.endpoint.access.allow ./policy --input request.json',
        'echo \'{"action": "read_file"}\' | chaperone policy explain endpoint/access/allow ./policy -i -',
      ),
    )
    .action(async (rule: string, paths: string[], options: Options) => {
      process.exitCode = await explain(rule, paths, options);
    });
}

async function explain(rule: string, paths: readonly string[], options: Options): Promise<ExitCode> {
  const sources = await readSources(paths, { v0: options.v0Compatible === true });
  const explained = entrypointOf(sources, rule).explain(readValue(options.input));
  const bodies = failuresFirst(explained.bodies);
  const value = explained.ok ? explained.value : undefined;
  const error = explained.ok ? undefined : messageOf(explained.error);
  if (options.format === 'json') print(jsonForTerminal({ rule, value, error, bodies }));
  else {
    const { width } = styleOf(process.stdout, process.env);
    const answer =
      error ?? (value === undefined ? 'has no value (undefined)' : `is ${shown(jsonForTerminal(value))}`);
    const most = options.all === true ? bodies.length : maxBodies;
    const hidden = bodies.length - most;
    const lines = [
      `${shown(rule)} ${answer}`,
      ...bodies.slice(0, most).flatMap(traceLines),
      ...(hidden > 0 ? [`    and ${hidden} more (--all shows them)`] : []),
    ];
    for (const line of fitLines(lines, width)) print(line);
  }
  return error !== undefined || value === undefined || value === false ? 1 : 0;
}

/** Errors, then what failed, the closest to holding first, then what held. */
function failuresFirst(bodies: readonly BodyTrace[]): readonly BodyTrace[] {
  const rank = { error: 0, failed: 1, matched: 2 } as const;
  return bodies.toSorted((a, b) => rank[a.outcome] - rank[b.outcome] || b.passed - a.passed);
}

function messageOf(error: unknown): string {
  if (!(error instanceof RegoEvalError)) throw error;
  return shown(error.message);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
