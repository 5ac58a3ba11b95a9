/** chaperone run: an agent under policy, as if we were not there. */
import { spawnSync } from 'node:child_process';
import type { SessionNews, SessionResult } from '@chaperone/endpoint';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { Command, Option } from 'commander';
import { currentSession } from '../current-session.ts';
import { examples } from '../examples.ts';
import { readVersion } from '../version.ts';

type RunOptions = {
  readonly policy?: string;
  readonly mode: 'audit' | 'enforce';
  readonly isolation?: 'process' | 'namespace';
  readonly entrypoint?: string;
  readonly journal?: string;
  readonly json?: boolean;
};

export function defineRun(): Command {
  return new Command('run')
    .description(
      'Starts a program inside its policy. Its input, output, signals and exit code are as without chaperone.',
    )
    .argument('<command...>', 'the program and its arguments, after --')
    .option('-p, --policy <path>', 'folder with .rego files, or one file')
    .addOption(
      new Option('-m, --mode <mode>', 'audit records what would be denied, enforce denies it')
        .choices(['audit', 'enforce'])
        .default('enforce'),
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

/** @returns the exit code for this process; a signal that ended the agent ends this process, too. */
async function run(command: readonly string[], options: RunOptions, version: string): Promise<number> {
  if (currentSession() !== undefined) return join(command, options);
  if (options.policy === undefined) {
    return fail('which policy? Name a folder or a .rego file with --policy', 2);
  }
  const { runSession, SessionError } = await import('@chaperone/endpoint');
  let result: SessionResult;
  try {
    result = await runSession(
      {
        command,
        policy: options.policy,
        mode: options.mode,
        version,
        ...(options.entrypoint ? { entrypoint: options.entrypoint } : {}),
        ...(options.isolation ? { isolation: options.isolation } : {}),
        ...(options.journal ? { journal: options.journal } : {}),
      },
      (item) => tell(item, options.json === true),
    );
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return fail(error.message, 125);
  }
  if (options.json) process.stderr.write(`${jsonForTerminal({ event: 'session_end', ...result })}\n`);
  if (result.startFailed !== undefined) {
    const name = escapeForTerminal(command[0] ?? '');
    const why =
      result.startFailed === ENOENT
        ? 'not found'
        : result.startFailed === 13
          ? 'not permitted'
          : `cannot be started (errno ${result.startFailed})`;
    fail(`${name}: ${why}`, 0);
  }
  if ('code' in result.exit) return result.exit.code;
  // Node ignores these two; a listener that comes and goes brings the default back.
  for (const name of ['SIGPIPE', 'SIGXFSZ'] as const) process.once(name, () => {}).removeAllListeners(name);
  process.kill(process.pid, result.exit.signal);
  return 128 + result.exit.signal;
}

function tell(item: SessionNews, json: boolean): void {
  if (json) process.stderr.write(`${jsonForTerminal({ event: item.kind, ...item })}\n`);
  else if (item.kind === 'note') process.stderr.write(`chaperone: ${escapeForTerminal(item.text)}\n`);
}

function fail(message: string, code: number): number {
  for (const line of message.split('\n')) process.stderr.write(`chaperone: ${escapeForTerminal(line)}\n`);
  return code;
}

/** A run inside a run joins it: the session's own policy keeps deciding, and the person is told so. */
function join(command: readonly string[], options: RunOptions): number {
  if (options.policy !== undefined) {
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
