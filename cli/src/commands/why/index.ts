/** chaperone why: what was asked, what was answered, and which condition made it so. */
import { homedir } from 'node:os';
import path from 'node:path';
import { defaultStateDir } from '@chaperone/endpoint/record';
import { adviceFor, jsonForTerminal, type PolicyPlace, recordId } from '@chaperone/protocol';
import { Command } from 'commander';
import { CliError, type ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { decisionLines, fitLines, headline, pathLines, row, shown } from '../../explanation.ts';
import { styleOf } from '../journal/table.ts';
import { type Again, askAgain } from './again.ts';
import { findLastDenial, findRecord, type Found } from './find.ts';

type WhyOptions = {
  readonly last?: boolean;
  readonly journal?: string;
  readonly policy?: string;
  readonly entrypoint?: string;
  readonly json?: boolean;
};

export function defineWhy(): Command {
  const stateDir = defaultStateDir(process.env, homedir());
  return new Command('why')
    .description(
      'Explains a decision: what was asked, which rule answered, and which condition made it so.\n\nExit code 0: explained. 2: there is no such record.',
    )
    .argument('[id]', 'id of the record, as a denial shows it')
    .option('--last', 'the last denial')
    .option('-j, --journal <folder>', `the journal (default: ${path.join(stateDir, 'journal')})`)
    .option('-p, --policy <path>', 'where the policy is now, if it was moved')
    .option('-e, --entrypoint <rule>', 'rule that answers, with --policy')
    .option('--json', 'as one JSON object')
    .addHelpText('after', examples('chaperone why --last', 'chaperone why s-mwrcx2z4-ee21f121:14'))
    .action(async (id: string | undefined, options: WhyOptions) => {
      process.exitCode = await why(id, stateDir, options);
    });
}

/** Throws CliError and JournalError. */
async function why(id: string | undefined, stateDir: string, options: WhyOptions): Promise<ExitCode> {
  if ((id === undefined) !== (options.last === true))
    throw new CliError(2, 'which decision? Give the id that a denial showed, or --last');
  const dir = path.resolve(options.journal ?? path.join(stateDir, 'journal'));
  const found = id === undefined ? findLastDenial(dir) : findRecord(dir, id);
  const override: PolicyPlace | undefined =
    options.policy === undefined
      ? undefined
      : {
          locations: [path.resolve(options.policy)],
          ...(options.entrypoint ? { entrypoint: options.entrypoint } : {}),
        };
  const again = await askAgain(found, override, { stateDir, journalDir: dir });
  const { width } = styleOf(process.stdout, process.env);
  process.stdout.write(
    options.json ? `${asJson(found, again)}\n` : `${fitLines(asText(found, again), width).join('\n')}\n`,
  );
  return 0;
}

function asJson({ session, record, start }: Found, again: Again): string {
  const advice =
    record.kind === 'refusal'
      ? adviceFor(record.reason)
      : record.decision.effect === 'deny'
        ? adviceFor(record.decision.reason)
        : undefined;
  return jsonForTerminal({ id: recordId(session, record.seq), record, start, advice, again });
}

function asText({ session, record, start }: Found, again: Again): string[] {
  const { seq, time } = record;
  const about = [
    row('record', `${shown(recordId(session, seq))} of ${time.slice(0, 19).replace('T', ' ')} UTC`),
    ...(start ? [row('session', `${shown(start.argv.join(' '))} (${start.mode})`)] : []),
    ...(start?.policy ? [row('policy', shown(start.policy.locations.join(', ')))] : []),
  ];
  if (record.kind === 'refusal') {
    const { reason, message, call, input } = record;
    return [
      `REFUSED  ${shown(call ?? input?.action ?? 'a call')}${input?.process?.exe ? ` by ${shown(input.process.exe)}` : ''}`,
      ...about,
      row('reason', `${reason}: ${shown(message)}`),
      row('advice', adviceFor(reason)),
    ];
  }
  const { input, decision, proceeded } = record;
  const { process: by, user, agent } = input;
  return [
    headline(input, decision),
    ...about,
    row(
      'asked by',
      `${shown(by?.exe || 'the session')}${user ? ` as ${shown(user)}` : ''}${agent?.id ? `, agent ${shown(agent.id)}` : ''}`,
    ),
    ...decisionLines(decision),
    ...(proceeded ? [row('but', 'it went on all the same: audit mode, or the rule only audits')] : []),
    ...againLines(again),
  ];
}

function againLines(again: Again): string[] {
  switch (again.kind) {
    case 'not_asked':
      return [row('note', `Not explained further: ${shown(again.why)}.`)];
    case 'same':
      return [
        ...again.caveats.map((one) => row('note', `Asked again, the answer is the same, but ${shown(one)}.`)),
        ...pathLines(again.answer),
      ];
    case 'differs': {
      const { effect, reason, message } = again.answer.decision;
      return [
        row(
          'note',
          `This cannot be explained: asked again, the answer is ${effect} (${shown(reason)}: ${shown(message)}).`,
        ),
        ...again.causes.map((one) => row('', `Possible cause: ${shown(one)}.`)),
      ];
    }
    default:
      return again satisfies never;
  }
}
