/** chaperone demo: an assistant at work under a shipped profile, told in six short scenes. */
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { escapeForTerminal } from '@chaperone/protocol';
import { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { scenes } from './scenes.ts';
import { Stage } from './stage.ts';

type DemoOptions = { readonly pause?: boolean; readonly keep?: boolean };

export function defineDemo(): Command {
  return new Command('demo')
    .description(
      'Runs an assistant under a shipped profile: what it may do works, what it may not is refused, explained and recorded, and one altered byte of the record is found.\n\nExit code 0: everything came out as it must. 1: something did not.',
    )
    .option('--pause', 'wait for Enter after each scene')
    .option('--keep', 'leave the folder with the documents and the journal, to look around in')
    .addHelpText('after', examples('chaperone demo', 'chaperone demo --pause --keep'))
    .action(async (options: DemoOptions) => {
      process.exitCode = (await demo(options)) ? 0 : 1;
    });
}

/** @returns whether everything came out as it must */
async function demo({ pause, keep }: DemoOptions): Promise<boolean> {
  if (pause && !process.stdin.isTTY)
    throw new CliError(2, '--pause waits for Enter, but there is no terminal');
  // A random name would be taken for a secret and fingerprinted in what follows.
  const folder = path.join(tmpdir(), `chaperone-demo-${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  const stage = new Stage(folder, process.env);
  try {
    for (const [index, { title, play }] of scenes.entries()) {
      stage.say(`\n${stage.bold(`${index + 1}. ${title}`)}\n`);
      if (!play(stage)) {
        stage.say(
          `\nThis is not how it should have come out. \`chaperone doctor\` says what this host lacks.`,
        );
        return false;
      }
      if (pause && index < scenes.length - 1) await enter(folder);
    }
    stage.say(
      `\nNow yours: chaperone run --profile developer-agent -- AGENT (others: chaperone profile list)`,
    );
    return true;
  } finally {
    if (keep) {
      const home = escapeForTerminal(stage.home);
      stage.say(`\nLeft for you: ${home}\n  HOME=${home} chaperone journal show`);
    } else rmSync(folder, { recursive: true, force: true });
  }
}

/** Ctrl-C leaves nothing behind; the end of the input (Ctrl-D) goes on as Enter does. */
function enter(folder: string): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const leave = (): void => {
      rmSync(folder, { recursive: true, force: true });
      process.removeListener('SIGINT', leave);
      process.kill(process.pid, 'SIGINT');
    };
    const goOn = (): void => {
      stdin.removeListener('data', goOn).removeListener('end', goOn).pause();
      process.removeListener('SIGINT', leave);
      resolve();
    };
    process.once('SIGINT', leave);
    stdin.once('data', goOn).once('end', goOn);
    // A stream that was paused does not start again by itself; one that has ended never tells so twice.
    if (stdin.readableEnded) goOn();
    else stdin.resume();
    process.stdout.write('\n[Enter] ');
  });
}
