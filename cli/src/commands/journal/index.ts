/** `chaperone journal`: what was decided, and proof that nobody changed it. */
import { homedir } from 'node:os';
import path from 'node:path';
import { isSessionId } from '@chaperone/protocol';
import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultStateDir } from '@chaperone/endpoint/record';
import { examples } from '../../examples.ts';

export type ReadOptions = { readonly json?: boolean; readonly session?: string; readonly all?: boolean };
export type VerifyOptions = { readonly json?: boolean; readonly key?: string };

export function defineJournal(): Command {
  const stateDir = defaultStateDir(process.env, homedir());
  const dir = path.join(stateDir, 'journal');
  const journal = new Command('journal')
    .description('Show, follow and verify what was decided.')
    .addHelpText('after', examples('chaperone journal show', 'chaperone journal verify'));

  reading('show', 'print the records')
    .option('--last <count>', 'only the last COUNT records of each session', parseCount)
    .addHelpText(
      'after',
      examples(
        'chaperone journal show --last 20',
        `chaperone journal show --json | jq 'select(.decision.effect == "deny")'`,
      ),
    )
    .action(async (given: string | undefined, options: ReadOptions & { last?: number }) => {
      const { showJournal } = await import('./show.ts');
      process.exitCode = showJournal(given ?? dir, options);
    });
  reading('follow', 'print the last records, then new ones as they are written')
    .addHelpText('after', examples('chaperone journal follow', 'chaperone journal follow --json'))
    .action(async (given: string | undefined, options: ReadOptions) => {
      const { followJournal } = await import('./follow.ts');
      await followJournal(given ?? dir, options);
    });
  journal
    .command('verify')
    .summary('check that nothing was altered, removed, moved or added')
    .description(
      'Check that nothing was altered, removed, moved or added.\n\nExit code 0: whole. 1: tampered, and the record is named. 2: cannot be read.',
    )
    .argument('[dir]', 'the journal', dir)
    .option('--json', 'print the report as JSON')
    .option('--key <id>', 'id of the device key that must have signed it')
    .addHelpText(
      'after',
      examples(
        'chaperone journal verify',
        'chaperone journal verify --json',
        'chaperone journal verify --key 0123456789abcdef0123456789abcdef ./from-another-machine',
      ),
    )
    .action(async (given: string, options: VerifyOptions) => {
      const { verifyCommand } = await import('./verify.ts');
      process.exitCode = verifyCommand(given, stateDir, options);
    });
  return journal;

  function reading(name: string, summary: string): Command {
    return journal
      .command(name)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
      .argument('[dir]', `the journal (default: ${dir})`)
      .option('--json', 'one JSON object per line, nothing left out')
      .option('-a, --all', 'also that an allowed act was done')
      .addOption(new Option('--session <id>', 'only this session').argParser(parseSession));
  }
}

function parseSession(text: string): string {
  if (!isSessionId(text)) throw new InvalidArgumentError('It is not a session id.');
  return text;
}

function parseCount(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a number.');
  return Number(text);
}
