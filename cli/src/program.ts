/** The command line as a whole: which commands there are, and how a failure is told. */
import { escapeForTerminal } from '@chaperone/protocol';
import { Command, CommanderError } from 'commander';
import { CliError } from './errors.ts';
import { examples } from './examples.ts';
import { readVersion } from './version.ts';

type Entry = { readonly summary: string; readonly define: () => Promise<Command> };

/** Each `define` loads its command with all that it needs; the summaries are what `--help` shows without loading any. */
const commands: Readonly<Record<string, Entry>> = {
  run: {
    summary: 'start an agent inside its policy: chaperone run [options] -- AGENT [ARGS…]',
    define: async () => (await import('./commands/run.ts')).defineRun(),
  },
  profile: {
    summary: 'list and show the profiles that `run --profile` takes',
    define: async () => (await import('./commands/profile.ts')).defineProfile(),
  },
  journal: {
    summary: 'show, follow and verify what was decided',
    define: async () => (await import('./commands/journal/index.ts')).defineJournal(),
  },
  net: {
    summary: 'live connections of agents, what was refused on the network, and what went where',
    define: async () => (await import('./commands/net/index.ts')).defineNet(),
  },
  why: {
    summary: 'explain a decision: chaperone why ID, or chaperone why --last',
    define: async () => (await import('./commands/why/index.ts')).defineWhy(),
  },
  quarantine: {
    summary: 'review what agents wrote: chaperone quarantine list, diff, release, discard',
    define: async () => (await import('./commands/quarantine/index.ts')).defineQuarantine(),
  },
  credential: {
    summary: 'keep secrets that agents use without having them: chaperone credential add ID --host HOST',
    define: async () => (await import('./commands/credential/index.ts')).defineCredential(),
  },
  check: {
    summary: 'what would happen: chaperone check --policy PATH -- read_file PATH',
    define: async () => (await import('./commands/check/index.ts')).defineCheck(),
  },
  pdp: {
    summary: "answer questions to a policy over HTTP, with OPA's REST API",
    define: async () => (await import('./commands/pdp.ts')).definePdp(),
  },
  policy: {
    summary: 'write, test and ship policies: chaperone policy test PATH',
    define: async () => (await import('./commands/policy/index.ts')).definePolicy(),
  },
  scan: {
    summary: 'what is in files: chaperone scan PATH…',
    define: async () => (await import('./commands/scan/index.ts')).defineScan(),
  },
  report: {
    summary: 'what agents did and were refused, and which rules are missing',
    define: async () => (await import('./commands/report/index.ts')).defineReport(),
  },
  doctor: {
    summary: 'what this host supports, which guarantees hold, and how to get the rest',
    define: async () => (await import('./commands/doctor.ts')).defineDoctor(),
  },
  demo: {
    summary: 'see a refusal, its reason and its record in half a minute',
    define: async () => (await import('./commands/demo/index.ts')).defineDemo(),
  },
  completion: {
    summary: 'print the completion script for bash, zsh or fish',
    define: async () =>
      (await import('./commands/completion/index.ts')).defineCompletion(() => describeProgram()),
  },
};

/** @returns the exit code; everything the person should know has been printed */
export async function runProgram(args: readonly string[]): Promise<number> {
  // `chaperone journal show | head`: the reader has seen enough, which is not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    const program = await defineProgram((name) => name === args[0]);
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

/** The program with every command loaded: what completions and the manual page are made from. */
export function describeProgram(): Promise<Command> {
  return defineProgram(() => true);
}

async function defineProgram(isWanted: (name: string) => boolean): Promise<Command> {
  const program = new Command('chaperone')
    .description('Runtime access control for desktop autonomous agents.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText(
      'after',
      examples('chaperone demo', 'chaperone run --profile developer-agent -- claude', 'chaperone why --last'),
    );
  for (const [name, { summary, define }] of Object.entries(commands)) {
    program.addCommand(
      isWanted(name) ? (await define()).summary(summary) : new Command(name).summary(summary),
    );
  }
  tellMistakes(program, 'chaperone');
  return program;
}

/**
 * A mistake is told as every other failure is, with the help to turn to. Commander would end the process itself; the
 * exit code is decided in one place instead.
 */
function tellMistakes(command: Command, name: string): void {
  command
    .exitOverride()
    .showHelpAfterError(`Run \`${name} --help\` to see what there is.`)
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'chaperone: ')),
    });
  for (const child of command.commands) tellMistakes(child, `${name} ${child.name()}`);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed it. It answers 1 for wrong usage, where 2 is what scripts expect.
    return error.exitCode === 0 ? 0 : 2;
  }
  const { message, exitCode } = explain(error);
  const lines = message.split('\n').map((line) => escapeForTerminal(line));
  process.stderr.write(`chaperone: ${lines.join('\n')}\n`);
  if (process.env['CHAPERONE_DEBUG'] === '1') console.error(error);
  return exitCode;
}

function explain(error: unknown): { message: string; exitCode: number } {
  if (error instanceof CliError) return error;
  if (!(error instanceof Error)) return { message: 'internal error', exitCode: 1 };
  // Every package's errors carry a code from a closed list and a message for people.
  if ('code' in error && error.name !== 'Error' && error.name !== 'TypeError')
    return { message: error.message, exitCode: 2 };
  return { message: `internal error: ${error.message} (CHAPERONE_DEBUG=1 shows where)`, exitCode: 1 };
}
