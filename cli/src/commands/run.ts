/** chaperone run: an agent under policy, as if we were not there. */
import { spawnSync } from 'node:child_process';
import type { SessionNews, SessionResult } from '@chaperone/endpoint';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { Command, Option } from 'commander';
import { currentSession } from '../current-session.ts';
import { examples } from '../examples.ts';
import { Notices, summaryLine } from '../notices.ts';
import { addPolicyOptions, type PolicyChoiceOptions, verificationOf } from '../policy-options.ts';
import { readVersion } from '../version.ts';

type RunOptions = PolicyChoiceOptions & {
  readonly mode?: 'audit' | 'enforce';
  readonly isolation?: 'process' | 'namespace';
  readonly entrypoint?: string;
  readonly journal?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
};

export function defineRun(): Command {
  const command = new Command('run')
    .description(
      'Starts a program inside its policy. Its input, output, signals and exit code are as without chaperone.',
    )
    .argument('<command...>', 'the program and its arguments, after --');
  return addPolicyOptions(command)
    .addOption(
      new Option(
        '-m, --mode <mode>',
        'audit records what would be denied, enforce denies it (default: what the profile says, or enforce)',
      ).choices(['audit', 'enforce']),
    )
    .addOption(
      new Option(
        '-i, --isolation <how>',
        'namespace: own mounts, processes and network; process: neither',
      ).choices(['process', 'namespace']),
    )
    .option('-e, --entrypoint <rule>', 'rule that answers, for example endpoint/access/allow')
    .option('-j, --journal <folder>', 'where decisions are recorded')
    .option('--json', 'denials and the end of the session as JSON lines on standard error')
    .option('-q, --quiet', 'say nothing about denials')
    .option('--verbose', 'tell of denials when standard error is no terminal, too')
    .passThroughOptions()
    .addHelpText(
      'after',
      examples(
        'chaperone run --policy ./policy -- claude',
        'chaperone run --policy ./policy --mode audit -- claude     (denies nothing, records all)',
        'chaperone run --policy assistant.rego --json -- python3 agent.py 2>news.jsonl',
      ),
    )
    .action(async (command: string[], options: RunOptions) => {
      process.exitCode = await run(command, options, readVersion());
    });
}

const ENOENT = 2;
const EACCES = 13;

type Denial = Extract<SessionNews, { kind: 'denied' }>;

/** @param denial the last one; nothing but the start can have met it, because the agent never ran */
function startFailure(errno: number, denial: Denial | undefined, journal: string | undefined): string {
  if (errno === ENOENT) return 'not found';
  if (errno !== EACCES) return `cannot be started (errno ${errno})`;
  if (denial?.id === undefined) return 'not permitted';
  const where = journal === undefined ? '' : ` --journal ${journal}`;
  return `not permitted by the policy; \`chaperone why ${denial.id}${where}\` explains it`;
}

/** @returns the exit code for this process; a signal that ended the agent ends this process, too. */
async function run(command: readonly string[], options: RunOptions, version: string): Promise<number> {
  if (currentSession() !== undefined) return join(command, options);
  if (options.policy === undefined && options.profile === undefined) {
    return fail(
      'which policy? Name a profile with --profile (chaperone profile list), or a folder, .rego file or bundle with --policy',
      2,
    );
  }
  if (options.set !== undefined && options.profile === undefined)
    return fail('--set is for the settings of a profile; name one with --profile', 2);
  const verification = verificationOf(options);
  const { lineModeProbe, runSession, SessionError } = await import('@chaperone/endpoint');
  const teller = tellerFor(options, lineModeProbe);
  let lastDenial: Denial | undefined;
  let result: SessionResult;
  try {
    result = await runSession(
      {
        command,
        version,
        ...(options.policy === undefined ? {} : { policy: options.policy }),
        ...(options.profile === undefined ? {} : { profile: options.profile }),
        ...(options.set ? { set: options.set } : {}),
        ...(verification ? { verification } : {}),
        ...(options.mode ? { mode: options.mode } : {}),
        ...(options.entrypoint ? { entrypoint: options.entrypoint } : {}),
        ...(options.isolation ? { isolation: options.isolation } : {}),
        ...(options.journal ? { journal: options.journal } : {}),
      },
      (item) => {
        if (item.kind === 'denied' && !item.proceeded) lastDenial = item;
        teller.tell(item);
      },
    );
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return fail(error.message, 125);
  } finally {
    teller.end();
  }
  if (options.json) process.stderr.write(`${jsonForTerminal({ event: 'session_end', ...result })}\n`);
  if (result.startFailed !== undefined) {
    const name = escapeForTerminal(command[0] ?? '');
    fail(`${name}: ${startFailure(result.startFailed, lastDenial, options.journal)}`, 0);
  }
  if ('code' in result.exit) return result.exit.code;
  // Node ignores these two; a listener that comes and goes brings the default back.
  for (const name of ['SIGPIPE', 'SIGXFSZ'] as const) process.once(name, () => {}).removeAllListeners(name);
  process.kill(process.pid, result.exit.signal);
  return 128 + result.exit.signal;
}

type Teller = { tell(this: void, item: SessionNews): void; end(): void };

/**
 * Who hears what. Standard error that is no terminal belongs to the agent, byte for byte: it gets only what concerns the
 * session as a whole, unless the person asks for more.
 */
function tellerFor(
  { json, quiet, verbose, journal }: RunOptions,
  lineModeProbe: (fd: number) => () => boolean,
): Teller {
  const write = (text: string): void => void process.stderr.write(text);
  if (json) {
    return { tell: (item) => write(`${jsonForTerminal({ event: item.kind, ...item })}\n`), end() {} };
  }
  const onTerminal = process.stderr.isTTY;
  if (quiet || !(onTerminal || verbose)) {
    const tell = (item: SessionNews): void => {
      if (item.kind === 'note') write(`chaperone: ${escapeForTerminal(item.text)}\n`);
    };
    return { tell, end() {} };
  }
  const notices = new Notices({ write, takesLines: onTerminal ? lineModeProbe(2) : () => true });
  const counts = { denied: 0, wouldBeDenied: 0 };
  const ticks = setInterval(() => notices.tick(), 1_000).unref();
  return {
    tell(item) {
      switch (item.kind) {
        case 'note':
          return notices.note(item.text);
        case 'refused':
          return notices.refused(item);
        case 'denied':
          counts[item.proceeded ? 'wouldBeDenied' : 'denied'] += 1;
          return notices.denied(item);
        default:
          return item satisfies never;
      }
    },
    end() {
      clearInterval(ticks);
      notices.end();
      const line = summaryLine(counts, journal);
      if (line !== undefined) write(`${line}\n`);
    },
  };
}

function fail(message: string, code: number): number {
  for (const line of message.split('\n')) process.stderr.write(`chaperone: ${escapeForTerminal(line)}\n`);
  return code;
}

/** A run inside a run joins it: the session's own policy keeps deciding, and the person is told so. */
function join(command: readonly string[], options: RunOptions): number {
  if (options.policy !== undefined || options.profile !== undefined) {
    process.stderr.write(
      'chaperone: already inside a session; its policy decides, the one given here is not used\n',
    );
  }
  const { status, signal, error } = spawnSync(command[0] ?? '', command.slice(1), { stdio: 'inherit' });
  if (error)
    return fail(
      `${escapeForTerminal(command[0] ?? '')}: ${'code' in error && error.code === 'ENOENT' ? 'not found' : error.message}`,
      'code' in error && error.code === 'ENOENT' ? 127 : 126,
    );
  if (signal) process.kill(process.pid, signal);
  return status ?? 126;
}
