/** chaperone check: what would happen, answered by the code that enforces. */
import { homedir } from 'node:os';
import path from 'node:path';
import type { AnsweredAct, QuestionPlace } from '@chaperone/endpoint/question';
import { defaultStateDir } from '@chaperone/endpoint/record';
import { jsonForTerminal } from '@chaperone/protocol';
import { Command, Option } from 'commander';
import { CliError, type ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { decisionLines, fitLines, headline, pathLines, row, shown } from '../../explanation.ts';
import { styleOf } from '../journal/table.ts';
import { addPolicyOptions, type PolicyChoiceOptions, verificationOf } from '../../policy-options.ts';
import { readInput } from './input.ts';

type CheckOptions = PolicyChoiceOptions & {
  readonly entrypoint?: string;
  readonly mode?: 'audit' | 'enforce';
  readonly asAgent?: string;
  readonly exe?: string;
  readonly journal?: string;
  readonly input?: string;
  readonly json?: boolean;
};

export function defineCheck(): Command {
  const command = new Command('check')
    .description(
      'Says what would happen, and why, without doing it.\n\nExit code 0: allowed. 1: denied. 2: the question cannot be answered.',
    )
    .usage('[options] -- ACT ARGUMENT...')
    .argument('[act...]', 'the act and what it is about, after --');
  return addPolicyOptions(command)
    .option('-e, --entrypoint <rule>', 'rule that answers, for example endpoint/access/allow')
    .addOption(new Option('-m, --mode <mode>', 'as for run').choices(['audit', 'enforce']))
    .option('--as-agent <id>', 'id of the agent that asks (default: that of the profile)')
    .option('--exe <path>', 'the program that asks; rules about it see nothing when it is left out')
    .option('-j, --journal <folder>', 'the journal of the session that is supposed: it is closed to it')
    .option('--input <file>', 'the whole input document as JSON, - for standard input, instead of an act')
    .option('--json', 'the answer as one JSON object')
    .addHelpText(
      'after',
      '\nActs:\n  read_file PATH\n  write_file PATH\n  create_file PATH\n  delete_file PATH\n  rename_file FROM TO\n  execute PROGRAM [ARGUMENT…]\n  connect HOST:PORT\n  resolve_name HOST [TYPE]\n  http_request METHOD URL\n  ipc_connect SOCKET\n' +
        examples(
          'chaperone check --policy ./policy -- read_file ~/.ssh/id_ed25519',
          'chaperone check --profile developer-agent -- connect registry.npmjs.org:443',
        ),
    )
    .passThroughOptions()
    .action(async (words: string[], options: CheckOptions) => {
      if (options.policy === undefined && options.profile === undefined)
        throw new CliError(
          2,
          'which policy? Name a profile with --profile, or a folder, .rego file or bundle with --policy',
        );
      process.exitCode = await check(words, options);
    });
}

type Asked = {
  readonly answers: readonly AnsweredAct[];
  readonly notes: readonly string[];
  readonly revision: string;
};

/** Throws CliError, SessionError and SupposeError. */
async function check(words: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const { answers, notes, revision } = await ask(words, options);
  const last = answers.at(-1);
  if (!last) throw new CliError(1, 'internal error: no answer');
  const denied = answers.find(({ decision }) => decision.effect === 'deny');
  const { decision } = denied ?? last;
  if (options.json) {
    const { effect, reason, message } = decision;
    const body = { effect, reason, message, proceeds: last.proceeds, revision, notes, acts: answers };
    process.stdout.write(`${jsonForTerminal(body)}\n`);
  } else {
    const lines = answers.flatMap((answer) => describe(answer));
    const { width } = styleOf(process.stdout, process.env);
    const all = [...lines, ...notes.map((note) => row('note', shown(note)))];
    process.stdout.write(`${fitLines(all, width).join('\n')}\n`);
  }
  return decision.effect === 'allow' ? 0 : 1;
}

async function ask(words: readonly string[], options: CheckOptions): Promise<Asked> {
  if (words.length > 0 === (options.input !== undefined))
    throw new CliError(
      2,
      'what about? Name one act after --, or a document with --input (see chaperone check --help)',
    );
  const { chooseVerifiedPolicy, openQuestions, personOf, supposeActs } =
    await import('@chaperone/endpoint/question');
  const notes: string[] = [];
  const person = personOf();
  const { policy, profile, set, entrypoint } = options;
  const verification = verificationOf(options);
  const choice = {
    ...(policy === undefined ? {} : { policy }),
    ...(profile === undefined ? {} : { profile }),
    ...(set === undefined ? {} : { set }),
    ...(verification === undefined ? {} : { verification }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
  };
  const who = { user: person.user, cwd: process.cwd(), command: options.exe ?? '' };
  const chosen = await chooseVerifiedPolicy(choice, who);
  const stateDir = defaultStateDir(process.env, homedir());
  const place: QuestionPlace = {
    policy: chosen.policy,
    sealed: chosen.sealed,
    mode: options.mode ?? chosen.mode,
    person,
    agent: { ...chosen.agent, ...(options.asAgent === undefined ? {} : { id: options.asAgent }) },
    command: [],
    cwd: process.cwd(),
    stateDir,
    journalDir: path.resolve(options.journal ?? path.join(stateDir, 'journal')),
  };
  const questions = openQuestions(place, (text) => notes.push(text));
  const { revision } = questions.policy;
  if (options.input !== undefined)
    return { answers: [questions.askInput(readInput(options.input))], notes, revision };
  const supposed = await supposeActs(words, { cwd: process.cwd(), searchPath: process.env['PATH'] ?? '' });
  const exe = options.exe === undefined ? '' : path.resolve(options.exe);
  return {
    answers: questions.askActs(supposed.acts, { pid: 0, exe }),
    notes: [...notes, ...supposed.notes],
    revision,
  };
}

function describe(answer: AnsweredAct): string[] {
  const { input, decision, proceeds } = answer;
  const audited = decision.effect === 'deny' && proceeds;
  return [
    headline(input, decision),
    ...decisionLines(decision),
    ...(audited ? [row('mode', 'it is recorded and goes on all the same')] : []),
    row('policy', `revision ${shown(decision.revision)}`),
    ...pathLines(answer),
    '',
  ];
}
