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
      if (pause && index < scenes.length - 1) await enter();
    }
    return true;
  } finally {
    if (keep) {
      const home = escapeForTerminal(stage.home);
      stage.say(`\nLeft for you: ${home}\n  HOME=${home} chaperone journal show`);
    } else rmSync(folder, { recursive: true, force: true });
  }
}

function enter(): Promise<void> {
  process.stdout.write('\n[Enter] ');
  return new Promise((resolve) => {
    process.stdin.once('data', () => {
      process.stdin.pause();
      resolve();
    });
  });
}
